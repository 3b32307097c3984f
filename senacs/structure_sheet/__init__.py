"""The sheet « se situer »: one structure among its like, for its own eyes only.

It is made of the structure's own answers and of what is published. What others answered is not
asked for, so nothing hidden of them can be in it.
"""

from senacs.structure_sheet.own import Answer, OwnAnswers, category_of, own_value
from senacs.structure_sheet.position import Mark, Place, Position, places_of, positions
from senacs.structure_sheet.sheet import structure_sheet

__all__ = [
    "Answer",
    "Mark",
    "OwnAnswers",
    "Place",
    "Position",
    "category_of",
    "own_value",
    "places_of",
    "positions",
    "structure_sheet",
]
