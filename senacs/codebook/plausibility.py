"""What is plausible of a variable, as data: the thresholds that rules are derived from."""

from typing import Self

from pydantic import Field, model_validator

from senacs.codebook.declared import Declared


class Threshold(Declared):
    """How far an answer may be from last year's, and from those of the territory.

    Attributes:
        variable: harmonised variable that it is about.
        relative: change that is plausible, as a share of last year's value.
        absolute: change that is plausible whatever the share, in the variable's unit.
        robust: distance that is plausible from the median of the territory's structures of the
            same population, in robust standard deviations of the logarithm.
        minimum_n: fewest structures with a value for a median to say anything.
        stable: a word, code or date that hardly ever changes from one year to the next.
        source: where the thresholds come from; *notre choix* where no guide gives them.
    """

    variable: str
    relative: float | None = Field(default=None, gt=0)
    absolute: float | None = Field(default=None, gt=0)
    robust: float | None = Field(default=None, gt=0)
    minimum_n: int = Field(default=12, ge=5)
    stable: bool = False
    source: str

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        numbers = (self.relative, self.absolute, self.robust)
        if self.stable == any(number is not None for number in numbers):
            raise ValueError("either stable, or with a relative, absolute or robust threshold")
        return self


class PartOfWhole(Declared):
    """A variable that counts a part of what another one counts, and so never exceeds it."""

    part: str
    whole: str
    source: str
