"""The rules on what territories send, and the one door to Great Expectations."""
