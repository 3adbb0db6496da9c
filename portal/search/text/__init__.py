"""What text is to search: its words, what somebody typed, synonyms, and the piece of a text that is shown."""
