"""One search over everything; `asking.finding.find` is its front."""
