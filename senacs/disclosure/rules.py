"""Primary rules as data: what tells too much by itself, and who decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from senacs.codebook.declared import Declared
from senacs.errors import DisclosureError

FILE = "disclosure.yml"
"""In the codebook's folder, beside the collections: the rules are the same for all of them."""


class Kind(StrEnum):
    """What a sum is of, as far as rules care."""

    UNITS = "units"
    """Structures, by what the public register says of them."""
    COUNT = "count"
    """Structures, by what they answered: the numerator of a share."""
    AMOUNT = "amount"
    """Persons, hours, euros."""
    PAY = "pay"
    """Euros that are somebody's wage."""


class Test(StrEnum):
    """What a rule looks at."""

    FEW_UNITS = "few_units"
    FEW_MANAGERS = "few_managers"
    DOMINANCE = "dominance"
    SMALL_TEAM = "small_team"
    SMALL_COUNT = "small_count"


class Margin(Declared):
    """How far from the true value a reader has to think possible, to either side.

    `share` of the value, and at least `least` in the sum's unit.
    """

    share: float = Field(ge=0, le=1)
    least: float = Field(gt=0)

    def of(self, value: float) -> float:
        """The margin of that value, in its unit."""
        return max(self.share * abs(value), self.least)


class Rule(Declared):
    """A primary rule.

    Attributes:
        threshold: strictly fewer units, managers or answers than this; a larger share of the sum;
            at most as many ETP.
        source: where the threshold comes from; *notre choix* where nobody gives it.
        decided_by: who answers for it.
        since: from what day on it is applied.
    """

    rule: str = Field(pattern=r"^SEC-\d\d$")
    label: str = Field(min_length=1)
    test: Test
    threshold: float = Field(gt=0)
    applies_to: tuple[Kind, ...] = Field(min_length=1)
    margin: Margin
    source: str = Field(min_length=1)
    decided_by: str = Field(min_length=1)
    since: date

    def hides(self, facts: "Facts") -> bool:
        """Whether the rule hides a sum."""
        if facts.kind not in self.applies_to or facts.n_units == 0:
            return False
        match self.test:
            case Test.FEW_UNITS:
                return facts.n_units < self.threshold
            case Test.FEW_MANAGERS:
                return facts.n_managers < self.threshold
            case Test.DOMINANCE:
                return facts.largest > self.threshold * facts.spread
            case Test.SMALL_TEAM:
                return facts.etp is not None and facts.etp <= self.threshold
            case Test.SMALL_COUNT:
                few = min(facts.value, facts.n_units - facts.value)
                return 0 < few < self.threshold


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules have to know of a sum.

    Attributes:
        value: the sum.
        n_units: structures that it is made of: those that answered. Of none, nothing can be told.
        n_managers: their managing bodies; 3 may stand for three or more.
        largest: largest amount of one of them, without its sign.
        spread: sum of the amounts, each without its sign.
        etp: full-time equivalents that a pay is of; None: not known, or no pay.
    """

    kind: Kind
    value: float
    n_units: int
    n_managers: int
    largest: float = 0.0
    spread: float = 0.0
    etp: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first rule that hides a sum, and the widest margin of all that do."""

    rule: str
    margin: float


def verdict(rules: Sequence[Rule], facts: Facts) -> Verdict | None:
    """What hides a sum; None: nothing does."""
    hiding = [rule for rule in rules if rule.hides(facts)]
    if not hiding:
        return None
    return Verdict(hiding[0].rule, max(rule.margin.of(facts.value) for rule in hiding))


def load_rules(codebook: Path) -> tuple[Rule, ...]:
    """The primary rules, in their order.

    Raises:
        DisclosureError: the file cannot be read, declares none, or one twice.
    """
    path = codebook / FILE
    try:
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules = TypeAdapter(tuple[Rule, ...]).validate_python(declared)
    except ValidationError as error:
        problems = (
            f"entry {int(p['loc'][0]) + 1 if p['loc'] else '?'},"
            f" {'.'.join(map(str, p['loc'][1:]))}: {p['msg']}"
            for p in error.errors()
        )
        raise DisclosureError(f"{path}: {'; '.join(problems)}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DisclosureError(f"{path}: {' '.join(str(error).split())}") from None
    names = [rule.rule for rule in rules]
    if not names or len(set(names)) < len(names):
        raise DisclosureError(f"{path}: rules are needed, and each one once")
    return rules
