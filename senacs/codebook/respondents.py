"""Who counts as a respondent, and whose answers are usable."""

from typing import Annotated

from pydantic import Field

from senacs.codebook.declared import Declared


class Respondent(Declared):
    """When a record makes its structure a respondent, by its key items.

    Attributes:
        populations: whom this is about; empty for all.
        key_items: harmonised variables.
        least: how many of them must have a value.
        usable_share: share of the items that concern a respondent that must have a value for its
            answers to be usable, 0 to 1.
        source: in words, what is attested and what is our choice.
    """

    populations: tuple[str, ...] = ()
    key_items: tuple[str, ...] = Field(min_length=1)
    least: Annotated[int, Field(ge=1)]
    usable_share: Annotated[float, Field(ge=0, le=1)]
    source: str
