"""Generated campaigns for disclosure control: structures, their answers, and all the cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from senacs.disclosure.linking import sums
from senacs.disclosure.rules import Facts, Kind, Rule, verdict
from senacs.disclosure.table import Cell, Key, Standing, Sum, Table

FRANCE = ("france", "FR")


@dataclass(frozen=True)
class Answer:
    """One structure of a generated campaign: who runs it, where, of what kind, and its number."""

    departement: str
    manager: str
    federation: str
    gestion: str
    taille: str
    qpv: str
    number: float


def campaign(seed: int, departements: int = 6, most: int = 14) -> list[Answer]:
    """Some départements of 2 to `most` structures; some managers run several, also everywhere."""
    random = np.random.default_rng(seed)
    answers = []
    for place in range(departements):
        for number in range(int(random.integers(2, most + 1))):
            runs = random.choice(["one", "several", "several everywhere"], p=[0.65, 0.25, 0.1])
            manager = {
                "one": f"m{place}-s{number}",
                "several": f"m{place}-{random.integers(2)}",
                "several everywhere": f"n{random.integers(2)}",
            }[str(runs)]
            answers.append(
                Answer(
                    f"{place:03}",
                    manager,
                    str(random.choice(["oui", "non", "inconnu"], p=[0.55, 0.4, 0.05])),
                    str(random.choice(["associatif", "collectivite", "caf"], p=[0.7, 0.22, 0.08])),
                    str(random.choice(["petite", "moyenne", "grande"])),
                    str(random.choice(["qpv", "hors_qpv"])),
                    float(np.round(random.lognormal(4, 1))),
                )
            )
    return answers


def eight_of_nine(others: Sequence[Answer]) -> list[Answer]:
    """A first département where one association manages five of the eight that answered."""
    managers = ("asso", "asso", "asso", "asso", "asso", "b", "c", "d")
    return [
        *(
            Answer("000", manager, "oui", "associatif", "petite", "qpv", 40.0 + 7 * turn)
            for turn, manager in enumerate(managers)
        ),
        *(answer for answer in others if answer.departement != "000"),
    ]


def holders(
    departements: Sequence[str], together: int = 2
) -> dict[tuple[str, str], tuple[str, str]]:
    """So many départements an old region, two old regions one of today."""
    holder: dict[tuple[str, str], tuple[str, str]] = {}
    for code in departements:
        region, today = f"r{int(code) // together}", f"t{int(code) // together // 2}"
        holder["departement", code] = ("region", region)
        holder["region", region] = ("region_today", today)
        holder["region_today", today] = FRANCE
    return holder


def table(
    answers: Sequence[Answer],
    rules: Sequence[Rule],
    kind: Kind = Kind.AMOUNT,
    *,
    vintage: int = 0,
    breakdowns: Sequence[str] = ("federation", "gestion"),
    together: int = 2,
) -> Table:
    """Every area × category of each breakdown, with the primary rules applied."""
    holder = holders(sorted({answer.departement for answer in answers}), together)
    groups: dict[Key, list[Answer]] = {}
    for answer in answers:
        areas = [("departement", answer.departement)]
        while areas[-1] in holder:
            areas.append(holder[areas[-1]])
        groups_of = [("all", "all"), *((name, getattr(answer, name)) for name in breakdowns)]
        for (level, area), (breakdown, category) in product(areas, groups_of):
            key = Key("x", "CS", level, area, breakdown, category, 2023, vintage)
            groups.setdefault(key, []).append(answer)
    cells = tuple(cell(key, members, rules, kind) for key, members in sorted(groups.items()))
    held = {part: (whole,) for part, whole in holder.items()}
    return Table(cells, tuple(sums(groups, held)))


def cell(key: Key, members: Sequence[Answer], rules: Sequence[Rule], kind: Kind) -> Cell:
    """One cell of these structures; of a count, those whose number is at least 60."""
    numbers = [float(a.number >= 60) if kind is Kind.COUNT else a.number for a in members]
    value = sum(numbers)
    managers = {answer.manager for answer in members}
    facts = Facts(kind, value, len(members), len(managers), max(numbers), sum(numbers))
    said = verdict(rules, facts)
    margin = said.margin if said else 0.0
    return Cell(
        key,
        value,
        weight=len(members) ** 0.5,
        reason=said.rule if said else "",
        below=margin,
        above=margin,
        upper=float(len(members)) if kind is Kind.COUNT else np.inf,
        whole=kind is Kind.COUNT,
        knower=managers.pop() if len(managers) == 1 else "",
    )


def two_vintages(
    before: Sequence[Answer],
    late: Sequence[Answer],
    rules: Sequence[Rule],
    printed: frozenset[Key],
) -> Table:
    """A second vintage beside a first one: what was printed is told, what came late is between.

    `printed` are the cells of the first vintage that were not hidden.
    """
    first, second = table(before, rules), table([*before, *late], rules, vintage=1)
    added = {c.key: c for c in table(late, rules).cells}
    cells: list[Cell] = []
    links: list[Sum] = [*first.sums, *second.sums]
    for old in first.cells:
        told = Standing.TOLD if old.key in printed else Standing.UNTOLD
        cells.append(replace(old, standing=told, reason="" if old.key in printed else old.reason))
        new = old.key._replace(vintage=1)
        between = added.get(old.key)
        if between is None:
            links.append(Sum(new, (old.key,)))
        else:
            key = old.key._replace(quantity="x: late")
            cells.append(replace(between, key=key, standing=Standing.UNTOLD))
            links.append(Sum(new, (old.key, key)))
    return Table((*cells, *second.cells), tuple(links))
