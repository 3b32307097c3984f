"""Simulated campaigns of the survey: any data year, any territories up to all of France.

Everything is drawn from a seed: the same seed, data year and territory give the same bytes,
whichever other territories and years are made beside them. Nothing in it is about a real
structure: communes are real, names, managers, SIRETs and answers are invented.
"""
