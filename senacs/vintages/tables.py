"""The tables that disclosure control works on, from what the warehouse knows of its figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isclose, sqrt

from senacs.codebook import Collection
from senacs.codebook.model import Indicator, Statistic
from senacs.disclosure.linking import EVERYONE, sums
from senacs.disclosure.quantities import Quantity, quantities
from senacs.disclosure.rules import Facts, Kind, Rule, verdict
from senacs.disclosure.table import Cell, Key, Standing, Sum, Table
from senacs.errors import DisclosureError
from senacs.vintages.areas import AreaParts, holders
from senacs.vintages.model import FigureKey, OfFigure

_ALIKE = 1e-9
"""How far apart two sums of the same numbers may come out, as a share of them."""


@dataclass(frozen=True, slots=True)
class Fact(OfFigure):
    """A row of `publication/facts`: what rules have to know of the sums behind a figure.

    Attributes:
        n_managers: managing bodies of those that answered; 3 stands for three or more.
        manager: the only one of them; empty where there are several, or none is known.
        numerator: sum, or number of units that count; None where nobody answered.
        denominator: what it is divided by.
        largest: largest amount of one unit, without its sign.
        spread: sum of the amounts, each without its sign.
    """

    n_responded: int
    n_base: int
    n_item: int
    n_managers: int
    manager: str
    numerator: float | None
    denominator: float | None
    largest: float
    spread: float


@dataclass(frozen=True)
class Layout:
    """Which sums the figures of a data year print, and how they are named in its vintage."""

    collection: Collection
    data_year: int
    number: int

    def keys(self, figure: FigureKey) -> tuple[tuple[Key, Quantity], ...]:
        """The sums that a figure is made of and that may have to be hidden.

        A figure with a condition keeps it in the name of its sum, whatever it is broken down by.
        """
        return tuple(
            (
                Key(_name(quantity), figure.population, figure.level, figure.area,
                    figure.breakdown, figure.category, self.data_year, self.number),
                quantity,
            )
            for quantity in self._quantities(figure.indicator)
        )  # fmt: skip

    def alike(self, key: Key, quantity: Quantity) -> Key | None:
        """The category of another breakdown that the same units are; None: there is none."""
        if quantity.breakdown == EVERYONE or key.breakdown != EVERYONE:
            return None
        return key._replace(
            quantity=quantity.name, breakdown=quantity.breakdown, category=quantity.category
        )

    def _quantities(self, name: str) -> tuple[Quantity, ...]:
        indicator = self.indicators[name]
        made_of = quantities(self.collection, indicator, frozenset(self.collection.pay))
        return tuple(one for one in made_of if one.kind is not Kind.UNITS)

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by their name."""
        return self.collection.indicator_by_name

    @property
    def quantity_by_name(self) -> Mapping[str, Quantity]:
        """Every sum that may have to be hidden, by its name in a key."""
        return {_name(one): one for name in self.indicators for one in self._quantities(name)}


@dataclass(frozen=True, slots=True)
class _Sum:
    """One sum, as a figure that prints it knows it."""

    kind: Kind
    variable: str
    value: float
    n_units: int
    n_managers: int
    manager: str
    largest: float
    spread: float


def disclosure_table(
    layout: Layout, rules: Sequence[Rule], facts: Iterable[Fact], areas: Sequence[AreaParts]
) -> Table:
    """All sums of a data year's figures, what rules say of each, and how they add up.

    Raises:
        DisclosureError: two figures print one sum and do not agree on it, or parts do not make up
            their whole.
    """
    found: dict[Key, _Sum] = {}
    links: list[Sum] = []
    for fact in facts:
        indicator = layout.indicators[fact.indicator]
        for place, (key, quantity) in enumerate(layout.keys(fact.figure)):
            one = _sum_of(fact, indicator, quantity, over=place > 0)
            if (other := found.setdefault(key, one)) is not one:
                _agree(key, other, one)
            elif (same := layout.alike(key, quantity)) is not None:
                links.append(Sum(key, (same,)))
    cells = _cells(layout.collection, rules, found, {a.place for a in areas if not a.complete})
    pooled = next(iter(layout.collection.pooled), "")
    return Table(
        tuple(cells),
        (
            *sums(found, holders(areas), pooled),
            *(link for link in links if link.parts[0] in found),
        ),
    )


def hidden_figures(
    layout: Layout, facts: Iterable[Fact], hidden: frozenset[Key]
) -> Iterator[FigureKey]:
    """The figures that are not told: those of which a sum is hidden."""
    for fact in facts:
        if any(key in hidden for key, _ in layout.keys(fact.figure)):
            yield fact.figure


def _name(quantity: Quantity) -> str:
    if quantity.breakdown == EVERYONE:
        return quantity.name
    return f"{quantity.name} where {quantity.breakdown} is {quantity.category}"


def _sum_of(fact: Fact, indicator: Indicator, quantity: Quantity, *, over: bool) -> _Sum:
    """The numerator, or what it is divided by (of which the largest part is not known)."""
    if indicator.statistic is Statistic.COUNT:
        value, n_units = float(fact.n_base), fact.n_responded
    else:
        value, n_units = (fact.denominator if over else fact.numerator) or 0.0, fact.n_item
    known = quantity.kind is not Kind.COUNT and not over
    return _Sum(
        quantity.kind,
        quantity.variable,
        value,
        n_units,
        fact.n_managers,
        fact.manager,
        fact.largest if known else 0.0,
        fact.spread if known else abs(value),
    )


def _agree(key: Key, one: _Sum, other: _Sum) -> None:
    if one.n_units != other.n_units or not isclose(one.value, other.value, rel_tol=_ALIKE):
        raise DisclosureError(
            f"{key}: {one.value} of {one.n_units} in one figure, {other.value} of {other.n_units} "
            f"in another"
        )


def _cells(
    collection: Collection,
    rules: Sequence[Rule],
    found: Mapping[Key, _Sum],
    untold: set[tuple[str, str]],
) -> Iterator[Cell]:
    signed = {key.quantity for key, one in found.items() if one.spread > one.value * (1 + _ALIKE)}
    for key, one in found.items():
        etp = found.get(key._replace(quantity=collection.pay.get(one.variable, "")))
        facts = Facts(
            one.kind, one.value, one.n_units, one.n_managers, one.largest, one.spread,
            etp.value if etp else None,
        )  # fmt: skip
        said = verdict(rules, facts)
        margin = said.margin if said else 0.0
        counted = one.kind is Kind.COUNT
        yield Cell(
            key,
            one.value,
            weight=sqrt(max(one.n_units, 1)),
            reason=said.rule if said else "",
            below=margin,
            above=margin,
            lower=-inf if key.quantity in signed and one.n_units else 0.0,
            upper=(float(one.n_units) if counted else inf) if one.n_units else 0.0,
            whole=counted,
            knower=one.manager,
            standing=Standing.UNTOLD if (key.level, key.area) in untold else Standing.OPEN,
        )
