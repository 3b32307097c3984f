"""One step each, with its effects: collect, archive, read, validate, load, refresh, notify."""
