"""Simulated exports, seeded and reproducible; nothing in them is about a real structure.

The modules here make the demonstration's: the Hauts-de-Seine in 2011 and 2012, kept under `demo/`
(`python -m senacs.simulation` rewrites them; `truth.truth` says what they hold). `campaign` makes
any data year and territory, up to all of France (`senacs simulate`).
"""
