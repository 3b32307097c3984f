"""Vintages: the figures of a data year as published, frozen, never changed.

`model` says what a vintage is and what everybody may see of it. Pages, brochures and open data
are made of an `Edition` and of nothing else: what is hidden is not in it.
"""
