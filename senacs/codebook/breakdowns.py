"""What figures are broken down by, as data."""

from typing import Self

from pydantic import Field, model_validator

from senacs.codebook.declared import Declared

UNKNOWN_CATEGORY = "inconnu"
"""Where a unit is of which no category is known."""

RESERVED_BREAKDOWNS = frozenset({"all", "epci"})
"""Names that the warehouse gives itself: everyone, and the EPCI of the unit's commune."""


class Category(Declared):
    """One category: the codes that are in it, or the numbers from `at_least` to below `below`.

    A missing bound leaves that side open.
    """

    category: str
    label: str
    codes: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _codes_or_numbers(self) -> Self:
        if bool(self.codes) == (self.at_least is not None or self.below is not None):
            raise ValueError("either codes, or at_least and below")
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError("`at_least` is not under `below`")
        return self


class Breakdown(Declared):
    """A way to part the units: each one is in one category, or in `inconnu`.

    Attributes:
        variable: what says a unit's category.
        of_register: whether it is a variable of the register, known of all in scope; else one of
            the collection itself, known of those that answered it.
        alike: whether a structure is shown beside those of its category (« se situer »).
        source: in words, what is attested and what is our choice.
    """

    breakdown: str
    label: str
    variable: str
    of_register: bool = False
    alike: bool = False
    categories: tuple[Category, ...] = Field(min_length=2)
    source: str = ""
