"""What estimates must be, by another path: exact fractions over plain rows, no SQL."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count

import polars as pl

from benchmarks.laboratory import OBSERVATIONS, UNITS

_NUMBERS = count(1)


@dataclass(frozen=True)
class Answerer:
    """A unit in scope and what it says to one figure, in one year."""

    unit_id: str
    departement: str
    population: str
    federated: bool | None
    responded: bool
    amount: Fraction | None = None
    """None: it left the item out."""
    weight: Fraction | None = Fraction(1)
    concerned: bool = True

    @property
    def known(self) -> bool:
        return self.amount is not None and self.weight is not None


@dataclass(frozen=True)
class Part:
    """One département's part, as `indicator.estimate_part` holds it."""

    covered: bool
    imputed: dict[str, str]
    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    variance: Fraction = Fraction(0)
    covariance: Fraction = Fraction(0)
    denominator_variance: Fraction = Fraction(0)
    degrees: int = 0
    open: int = 0


def too_few(of_units: int, answered: int) -> bool:
    return answered < of_units and (answered < 3 or Fraction(answered, of_units) < Fraction(1, 3))


def pools(units: Sequence[Answerer]) -> list[list[Answerer]]:
    """The units of a département's population, in the pools that they are estimated in."""
    strata = defaultdict(list)
    for unit in units:
        strata[{True: "true", False: "false", None: "unknown"}[unit.federated]].append(unit)

    def poor(some: Sequence[Answerer]) -> bool:
        base = [unit for unit in some if unit.responded and unit.concerned]
        return too_few(len(some), sum(unit.responded for unit in some)) or too_few(
            len(base), sum(unit.known for unit in base)
        )

    kept = sorted((n for n in strata if not poor(strata[n])), key=lambda n: (len(strata[n]), n))
    together = [unit for name in strata if poor(strata[name]) for unit in strata[name]]
    while together and poor(together) and kept:
        together += strata[kept.pop(0)]
    return [strata[name] for name in kept] + ([together] if together else [])


def part(units: Sequence[Answerer], before: Iterable[Answerer], *, by_last_year: bool) -> Part:
    """What a département's units of one population add to an estimate."""
    base = [unit for unit in units if unit.responded and unit.concerned]
    former = {b.unit_id: b for b in before if b.responded and b.concerned and b.known}
    pairs = [(u, former[u.unit_id]) for u in base if u.known and u.unit_id in former]
    moved = _moved(pairs) if by_last_year else None
    split = pools(units)
    for pool in split if len(split) == 1 else []:
        own = [unit for unit in pool if unit.responded and unit.concerned]
        answered, known = sum(u.responded for u in pool), sum(u.known for u in own)
        if (answered < min(3, len(pool))) or (known < min(3, len(own))):
            return Part(False, {})
    made = Part(True, {})
    for pool in split:
        made = _added(made, pool, former, moved)
    return made


def _moved(pairs: Sequence[tuple[Answerer, Answerer]]) -> tuple[Fraction, Fraction] | None:
    if len(pairs) < 5:
        return None
    found = []
    for name in ("amount", "weight"):
        now, then = (sum(getattr(pair[i], name) for pair in pairs) for i in (0, 1))
        if then <= 0 or not Fraction(1, 2) <= Fraction(now) / then <= 2:
            return None
        found.append(Fraction(now) / then)
    return found[0], found[1]


def _added(made: Part, pool: Sequence[Answerer], former, moved) -> Part:
    responded = [unit for unit in pool if unit.responded]
    base = [unit for unit in responded if unit.concerned]
    known = [unit for unit in base if unit.known]
    n_all, n, b, m = len(pool), len(responded), len(base), len(known)
    imputed = dict(made.imputed)
    mean_y = sum((u.amount for u in known), Fraction(0)) / m if m else Fraction(0)
    mean_x = sum((u.weight for u in known), Fraction(0)) / m if m else Fraction(0)
    amounts = [(u.amount, u.weight) for u in known]
    for unit in base:
        if not unit.known:
            if moved and unit.unit_id in former:
                then = former[unit.unit_id]
                amounts.append((_six(then.amount * moved[0]), _six(then.weight * moved[1])))
                imputed[unit.unit_id] = "last_year"
            else:
                amounts.append((mean_y, mean_x))
                imputed[unit.unit_id] = "stratum"
    weight = Fraction(n_all, n)

    def spread(left: int, right: int) -> Fraction:
        """Variance of the first phase, of z over the n, and of the second, of y over the m."""
        means = (mean_y, mean_x)
        own = [(u.amount, u.weight) for u in known]
        s = sum(((o[left] - means[left]) * (o[right] - means[right]) for o in own), Fraction(0))
        s = s / (m - 1) if m > 1 else Fraction(0)
        z = (max(b - 1, 0) * s + b * (1 - Fraction(b, n)) * means[left] * means[right]) if b else 0
        first = n_all**2 * (1 - Fraction(n, n_all)) / n * z / (n - 1) if n > 1 else Fraction(0)
        second = weight**2 * b**2 * (1 - Fraction(m, b)) / m * s if m else Fraction(0)
        return first + second

    is_open = n < n_all or m < b
    return replace(
        made,
        imputed=imputed,
        numerator=made.numerator + weight * sum((y for y, _ in amounts), Fraction(0)),
        denominator=made.denominator + weight * sum((x for _, x in amounts), Fraction(0)),
        variance=made.variance + spread(0, 0),
        covariance=made.covariance + spread(0, 1),
        denominator_variance=made.denominator_variance + spread(1, 1),
        degrees=made.degrees + (max(n - b + m - 1, 0) if is_open else 0),
        open=made.open + is_open,
    )


def _six(number: Fraction) -> Fraction:
    """Rounded as PostgreSQL rounds: half away from zero."""
    scaled = abs(number) * 10**6
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole, 10**6)


def rows(units: Iterable[Answerer]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same units as the laboratory loads them: variables `y`, `x`, `c` and `membre`.

    `c` is oui where y is not 0; `membre` is oui where the register says so.
    """
    told, said = [], []
    for unit in units:
        territory = unit.departement
        told.append(
            (territory, unit.departement, unit.unit_id, unit.population, unit.unit_id,
             unit.federated, True, unit.responded)
        )  # fmt: skip
        if not unit.responded:
            continue
        y = None if unit.amount is None else float(unit.amount)
        x = None if unit.weight is None else float(unit.weight)
        code = None if y is None else ("oui" if y else "non")
        status = "missing" if y is None else "reported"
        if not unit.concerned:
            y = x = code = None
            status = "not_concerned"
        said += [
            (territory, unit.unit_id, "y", y, None, status),
            (territory, unit.unit_id, "x", x, None, status),
            (territory, unit.unit_id, "c", None, code, status),
            (territory, unit.unit_id, "membre", None,
             {True: "oui", False: "non", None: None}[unit.federated], "reported"),
        ]  # fmt: skip
    return (
        pl.DataFrame(told, schema=UNITS, orient="row"),
        pl.DataFrame(said, schema=OBSERVATIONS, orient="row"),
    )


def collection_name() -> str:
    return f"essai_{next(_NUMBERS)}"
