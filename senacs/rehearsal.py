"""What a rerun would change: the model of a rehearsal's result."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import TypeAdapter

from senacs.findings import Severity


@dataclass(frozen=True)
class FindingChange:
    """How many findings of one rule come and go."""

    severity: Severity
    rule: str
    new: int
    gone: int


@dataclass(frozen=True)
class FigureChange:
    """One headline figure before and after, with its base.

    Attributes:
        level, area: where it is of; `area_label` in French.
        unit: what the value is in; `share` is 0 to 1.
        value_before, value_after: None where there is none, or it is confidential.
        n_item_before, n_item_after: how many answered it.
        n_responded_before, n_responded_after: how many answered anything.
        n_scope_before, n_scope_after: how many are in scope.
    """

    label: str
    population: str
    level: str
    area: str
    area_label: str
    statistic: str
    unit: str
    decimals: int
    value_before: Decimal | None
    value_after: Decimal | None
    n_item_before: int | None
    n_item_after: int | None
    n_responded_before: int | None
    n_responded_after: int | None
    n_scope_before: int | None
    n_scope_after: int | None
    confidential: bool

    @property
    def moves(self) -> bool:
        """Whether value or base would be another."""
        return (self.value_before, self.n_item_before, self.n_responded_before,
                self.n_scope_before) != (self.value_after, self.n_item_after,
                                         self.n_responded_after, self.n_scope_after)  # fmt: skip


@dataclass(frozen=True)
class Rehearsal:
    """What a rerun of one territory and data year would change.

    Attributes:
        may_load: False where the export would be refused: nothing would change then but findings.
        message: one French sentence, as the run would end with.
        structures_before, structures_after: how many the territory has in the warehouse.
        answers_before, answers_after: how many answers they gave; what was not asked is none.
        new, changed, gone: how these differ, answer by answer.
    """

    may_load: bool
    message: str
    structures_before: int
    structures_after: int
    answers_before: int
    answers_after: int
    new: int
    changed: int
    gone: int
    findings: tuple[FindingChange, ...]
    figures: tuple[FigureChange, ...]


REHEARSAL = TypeAdapter(Rehearsal)
"""Writes a rehearsal as JSON and reads it back; numbers stay exact."""
