"""How well search answers: judged queries over the demo's content, misspellings, any collection in the SMART format."""
