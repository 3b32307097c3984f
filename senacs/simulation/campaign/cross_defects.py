"""Cells that contradict others of their row, and the rule that is to find it."""

from collections.abc import Callable
from dataclasses import dataclass

from senacs.simulation.campaign.export import Meaning
from senacs.simulation.campaign.planting import Planting

Number = Callable[[str], float]
"""The answer of a row to a question."""


@dataclass(frozen=True)
class CrossDefect:
    """A cell whose value contradicts the answers to other questions (`needs`) of its row."""

    rule: str
    question: str
    needs: tuple[str, ...]
    value: Callable[[Number], float]


_FUNDERS = ("commune", "interco", "caf", "etat", "departement", "region", "usagers", "autres")
_AGES = ("enfants", "jeunes", "adultes", "seniors")
_VOLUNTEERS = ("benevoles_activite", "benevoles_admin")

CROSS_DEFECTS = {
    "etp_above_heads": CrossDefect(
        "EMP-01", "etp_total", ("nb_salaries",), lambda number: number("nb_salaries") + 3
    ),
    "vacataires_above_heads": CrossDefect(
        "EMP-02", "nb_vacataires", ("nb_salaries",), lambda number: number("nb_salaries") + 4
    ),
    "cdi_above_heads": CrossDefect(
        "EMP-03", "nb_cdi", ("nb_salaries",), lambda number: number("nb_salaries") + 2
    ),
    "funders_do_not_sum": CrossDefect(
        "FIN-01",
        "budget_total",
        tuple(f"budget_{funder}" for funder in _FUNDERS),
        lambda number: round(number("budget_total") * 1.3),
    ),
    "ages_do_not_sum": CrossDefect(
        "PUB-01",
        "publics_total",
        tuple(f"publics_{age}" for age in _AGES),
        lambda number: number("publics_total") + 37,
    ),
    "hours_beyond_reason": CrossDefect(
        "BEN-01",
        "heures_benevolat",
        _VOLUNTEERS,
        lambda number: sum(map(number, _VOLUNTEERS)) * 2000,
    ),
}

CROSSED = frozenset(
    name for defect in CROSS_DEFECTS.values() for name in (defect.question, *defect.needs)
)
"""Every question that some defect here needs."""


def contradict(planting: Planting, kind: str) -> int:
    """Make one clean row contradict itself so, if its questions are asked; how many were."""
    defect = CROSS_DEFECTS[kind]
    asked = {q.question: q for q in planting.draft.delivered}
    needed = (*defect.needs, defect.question)
    if not asked.keys() >= set(needed) or not all(map(planting.is_free, needed)):
        return 0
    most = asked[defect.question].maximum
    for place in planting.clean_lines(defect.question):
        meaning = planting.draft.lines[place].meaning
        if any((place, name) in planting.spoilt for name in needed):
            continue
        said = {name: meaning[name].value for name in needed}
        if any(meaning[name].status != "reported" or said[name] is None for name in needed):
            continue
        value = defect.value(lambda name, said=said: float(said[name] or 0))  # type: ignore[misc]
        if most is not None and value > most:
            continue
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        planting.write(
            kind, defect.rule, place, defect.question,
            raw=text.replace(".", ","), meaning=Meaning("reported", text),
        )  # fmt: skip
        planting.spoilt |= {(place, name) for name in needed}
        return 1
    return 0
