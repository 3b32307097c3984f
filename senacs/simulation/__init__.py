"""Simulated exports, seeded and reproducible; nothing in them is about a real structure.

`demo` makes the demonstration's, `campaign` any data year and territory (`senacs simulate`).
"""
