"""What a person looks at before a vintage is released."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Response(_Kept):
    """How many of a population's structures answered, over the whole of what was collected."""

    population: str
    n_scope: int
    n_responded: int


class Movement(_Kept):
    """A figure of the whole that is far from the year before's: both are told.

    `share`: the change as a share of the earlier value.
    """

    indicator: str
    label: str
    population: str
    before: float
    after: float
    share: float


class Hiding(_Kept):
    """What disclosure control did, and whether the attack found anything.

    Weights are the square roots of the numbers of structures; `least`: what no protection beats.
    """

    n_cells: int
    n_primary: int
    n_hidden: int
    weight: float
    primary_weight: float
    total_weight: float
    least: float
    breaches: int
    first_breaches: tuple[str, ...] = ()


class Checklist(_Kept):
    """All of it; kept with the vintage.

    Attributes:
        territories: how many were asked.
        missing: those of which nothing is loaded.
        refused: those whose newest export was refused: a blocking finding is open.
        queries: findings that wait for an answer.
        sums: how many sums were checked to add up: départements, regions, categories, populations.
        compared_with: data year whose newest vintage it is compared with; None: there is none.
    """

    territories: int
    missing: tuple[str, ...]
    refused: tuple[str, ...]
    queries: int
    response: tuple[Response, ...]
    sums: int
    hiding: Hiding
    compared_with: int | None
    movements: tuple[Movement, ...]

    def obstacles(self) -> Iterator[str]:
        """Why it cannot be released, in English; nothing: a person may decide."""
        if self.hiding.breaches:
            yield (
                f"the attack finds {self.hiding.breaches} hidden figures, the first of them "
                f"{'; '.join(self.hiding.first_breaches)}"
            )
        if len(self.missing) == self.territories:
            yield "nothing is loaded"
