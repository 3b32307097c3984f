"""Disclosure control: what leaves the house tells nothing of one structure or one manager.

`rules` says which figures tell too much by themselves, `protection` what else has to be hidden so
that they cannot be computed from the rest, `attack` tries just that on what would be published,
and `audit` refuses what it finds. All of it is pure: no database, no file but the rules.
See docs/disclosure.md.
"""
