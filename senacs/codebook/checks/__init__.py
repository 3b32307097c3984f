"""What a collection's files must agree on; each module yields the contradictions it finds."""
