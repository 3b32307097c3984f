"""Plaquettes: what is said of an area in a vintage, once, for pages and for print.

`content.plaquette` makes it of an edition; a `model.Plaquette` is plain data in French, with the
typography done. Whoever renders it adds form, never a figure, and never a word about one.
"""
