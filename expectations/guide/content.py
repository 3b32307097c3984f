"""What the guide says of each rule, before it becomes a page or a list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from expectations.catalogue import rules_for
from expectations.consistency import Blank
from expectations.derived import Member, members
from expectations.examples import rows_of
from expectations.rule import Layer, Rule
from expectations.wording import sentences
from senacs.codebook import Collection
from senacs.findings import Severity
from senacs.french import number, typography

_PLACE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Line:
    """A member of a family over the years."""

    code: str
    about: str
    thresholds: str
    years: str


@dataclass(frozen=True)
class Entry:
    """A rule, or a family with its members.

    Attributes:
        sentence: with an ellipsis where the values stand.
        example: the sentence on the rule's own bad example; empty where it has none.
        thresholds: in French, one each.
        years: data years in which there is something to look at, in French.
        populations: in French, empty for all.
    """

    code: str
    layer: Layer
    severity: Severity
    sentence: str
    example: str
    advice: str
    thresholds: tuple[str, ...]
    years: str
    populations: str
    source: str
    lines: tuple[Line, ...]

    @property
    def count(self) -> int:
        """How many rules it stands for."""
        return len(self.lines) or 1


@dataclass(frozen=True)
class Guide:
    """Every rule of a collection, by layer."""

    collection: Collection
    entries: tuple[Entry, ...]

    def of_layer(self, layer: Layer) -> tuple[Entry, ...]:
        """The entries of a layer, in the order of the files."""
        return tuple(entry for entry in self.entries if entry.layer is layer)

    def count(self, layer: Layer | None = None) -> int:
        """How many rules there are, each member of a family counted; of one layer or in all."""
        return sum(e.count for e in self.entries if layer is None or e.layer is layer)


def guide_of(collection: Collection, data_year: int | None = None) -> Guide:
    """The guide of a collection's rules, of one data year or of all.

    Rules that have nothing to look at are left out.
    """
    blank = Blank(collection)
    entries = []
    for rule in rules_for(collection.collection):
        years = blank.years_of(rule)
        if data_year is not None:
            years = tuple(year for year in years if year == data_year)
        if years:
            entries.append(_entry(rule, collection, years))
    return Guide(collection, tuple(entries))


def _entry(rule: Rule, collection: Collection, years: tuple[int, ...]) -> Entry:
    return Entry(
        code=rule.rule,
        layer=rule.layer,
        severity=rule.severity,
        sentence=typography(_PLACE.sub("…", _with_thresholds(rule))).replace("….", "…"),
        example=_example(rule),
        advice=typography(rule.advice),
        thresholds=tuple(f"{_words(n)} : {number(v)}" for n, v in rule.thresholds.items()),
        years=_years(years, collection.data_years),
        populations=", ".join(collection.populations[p] for p in rule.applies_to),
        source=typography(rule.source),
        lines=_lines(rule, collection, years),
    )


def _with_thresholds(rule: Rule) -> str:
    message = rule.message
    for name, value in rule.thresholds.items():
        message = message.replace(f"{{{name}}}", number(value))
    return message


def _example(rule: Rule) -> str:
    if not rule.examples:
        return ""
    rows = rows_of(rule, rule.examples.bad).with_columns(
        **{name: pl.sql_expr(text) for name, text in rule.derive.items()}
    )
    said = typography(sentences(rule, rows)[-1])
    return said if said != typography(rule.message) else ""


def _lines(rule: Rule, collection: Collection, years: Iterable[int]) -> tuple[Line, ...]:
    if not rule.each:
        return ()
    latest: dict[str, Member] = {}
    asked: dict[str, list[int]] = {}
    for year in years:
        for member in members(rule, collection, year):
            latest[member.code] = member
            asked.setdefault(member.code, []).append(year)
    return tuple(
        Line(code, m.about, m.thresholds, _years(tuple(asked[code]), collection.data_years))
        for code, m in latest.items()
    )


def _years(years: tuple[int, ...], all_years: tuple[int, ...]) -> str:
    """`2013–2022, 2024`, or `toutes`."""
    if years == all_years:
        return "toutes"
    spells: list[list[int]] = []
    for year in years:
        if spells and spells[-1][-1] == year - 1:
            spells[-1].append(year)
        else:
            spells.append([year])
    return ", ".join(str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spells)


def _words(name: str) -> str:
    return name.replace("_", " ")
