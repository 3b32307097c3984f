"""What the centres would truly answer: calibrated on published figures, in harmonised units.

Published for the Hauts-de-Seine, data 2011: 24 federated centres, 95 % with parentality actions,
60 % of employees vacataires, near 2,000 hours of volunteering (read as a mean per centre).
Published for France: 10.7 ETP, 14 employees and 447 k€ per centre, shares of funders and of
actions, volunteers and persons touched per centre. Everything else is our choice.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from senacs.simulation.demo.centres import Centre, centres
from senacs.simulation.demo.draws import Draws, scale_to_total

Value = int | float | str
Answers = dict[str, Value]

# Per centre, first for members of the federation (published), then for others (our choice).
PERMANENTS = (14, 12)
"""14 employees a centre is a national figure about jobs: we read it without vacataires."""
VACATAIRES = (20.9, 16.5)
ETP = (10.7, 9.4)
HOURS = (1975, 1500)
VOLUNTEERS = (31, 24)
BUDGET = (450_000, 400_000)

FUNDERS = {
    "commune": 0.38,
    "interco": 0.03,
    "caf": 0.30,
    "etat": 0.07,
    "departement": 0.08,
    "region": 0.02,
    "usagers": 0.08,
    "autres": 0.04,
}
"""Commune with interco 41 %, Caf 30 % and État 7 % are published; the rest is our choice."""

RARE_FUNDERS = {"interco": 0.25, "region": 0.4}
"""Funders that most centres do not have, and how many have them."""

BUDGET_STEP = 100
"""Budgets are in hundreds of euros, so that 2012's k€ with one decimal lose nothing."""

ACTIONS = {
    "action_parentalite": 23 / 24,
    "action_petite_enfance": 0.9,
    "action_enfance_6_11": 0.75,
    "action_jeunes": 0.75,
    "action_vacances": 0.55,
    "action_scolarite": 0.85,
    "action_seniors": 0.6,
    "action_acces_droits": 0.8,
    "action_numerique": 0.45,
    "action_insertion": 0.48,
    "action_francais": 0.62,
    "action_culture": 0.93,
    "action_sante": 0.84,
    "action_logement": 0.35,
    "action_developpement_durable": 0.4,
    "convention_pluripartenariale": 0.6,
    "partenaire_commune": 0.9,
}

PUBLICS = {"enfants": 0.36, "jeunes": 0.155, "adultes": 0.33, "seniors": 0.155}
PUBLICS_PER_CENTRE = 780


class Change(NamedTuple):
    """How an action's answer may change from one year to the next."""

    chance: float
    into: str


CHANGES = {"oui": Change(0.02, "non"), "non": Change(0.15, "oui")}
"""Actions start more often than they stop."""

CHOICES: dict[str, dict[str, float]] = {
    "echelle_territoire": {"quartier": 0.5, "quartiers": 0.3, "commune": 0.2},
    "politique_ville": {"zus": 0.4, "cucs": 0.25, "hors": 0.35},
    "instance_habitants": {
        "comite_usagers": 0.4,
        "conseil_habitants": 0.2,
        "commissions": 0.25,
        "aucune": 0.15,
    },
}


def true_answers(data_year: int) -> Mapping[str, Answers]:
    """The true answers of every centre of the register, asked or not."""
    return _first_year() if data_year == 2011 else _next_year()  # noqa: PLR2004


@cache
def _first_year() -> dict[str, Answers]:
    made: dict[str, Answers] = {}
    for rank, member in enumerate((True, False)):
        group = [centre for centre in centres() if centre.federe is member]
        made |= _group(group, rank)
    return made


def _group(group: Sequence[Centre], rank: int) -> dict[str, Answers]:
    """One stratum at once: totals are set for the stratum, then shared out between its centres."""
    size = len(group)

    def draw(topic: str, spread: float) -> list[float]:
        return [Draws(topic, c.structure_id).around(1, spread) for c in group]

    def share(weights: Sequence[float], per_centre: float) -> list[int]:
        return scale_to_total(weights, round(per_centre * size))

    permanents = share(draw("permanents", 0.9), PERMANENTS[rank])
    vacataires = share(_times(permanents, draw("vacataires", 0.7)), VACATAIRES[rank])
    work = [6 * p + v for p, v in zip(permanents, vacataires, strict=True)]
    etp_tenths = share(_times(work, draw("etp", 0.12)), ETP[rank] * 10)
    volunteers = share(draw("volunteers", 0.7), VOLUNTEERS[rank])
    hours = share(_times(volunteers, draw("hours", 0.6)), HOURS[rank] / 10)
    budgets = _budgets(group, _times(etp_tenths, draw("budget", 0.3)), BUDGET[rank])
    actions = {name: _yes(group, name, part) for name, part in ACTIONS.items()}
    return {
        centre.structure_id: {
            **_territory(centre),
            "mode_gestion": centre.mode_gestion,
            "nb_salaries": permanents[i] + vacataires[i],
            "nb_cdi": round(permanents[i] * Draws("cdi", centre.structure_id).between(0.6, 0.95)),
            "nb_vacataires": vacataires[i],
            "etp_total": etp_tenths[i] / 10,
            "benevoles_activite": volunteers[i],
            "benevoles_jeunes": round(
                volunteers[i] * Draws("young", centre.structure_id).between(0.05, 0.35)
            ),
            "heures_benevolat": hours[i] * 10,
            **budgets[i],
            **{
                name: "oui" if centre.structure_id in yes else "non"
                for name, yes in actions.items()
            },
            **_governance(centre),
            **_publics(centre),
        }
        for i, centre in enumerate(group)
    }


def _times(left: Sequence[float], right: Sequence[float]) -> list[float]:
    return [a * b for a, b in zip(left, right, strict=True)]


def _yes(group: Sequence[Centre], question: str, part: float) -> set[str]:
    """The structures that say yes: as many as the published share, drawn."""
    ranked = sorted(
        (Draws(question, centre.structure_id).unit(), centre.structure_id) for centre in group
    )
    return {structure_id for _, structure_id in ranked[: round(part * len(group))]}


def _territory(centre: Centre) -> Answers:
    draws = Draws("territory", centre.structure_id)
    return {
        "type_territoire": "urbain",  # the whole département is
        "population_zone": 500 * draws.whole(5, 30) + draws.pick((0, 137, -212), (0.7, 0.15, 0.15)),
        **{
            question: Draws(question, centre.structure_id).pick(
                list(weights), list(weights.values())
            )
            for question, weights in CHOICES.items()
            if question != "instance_habitants"
        },
    }


def _governance(centre: Centre) -> Answers:
    draws = Draws("governance", centre.structure_id)
    weights = CHOICES["instance_habitants"]
    association = centre.mode_gestion == "associatif"
    administrators = draws.whole(9, 21) if association else draws.whole(5, 12)
    return {
        "instance_habitants": draws.pick(list(weights), list(weights.values())),
        "benevoles_admin": round(administrators * draws.between(0.6, 0.95)),
        "nb_administrateurs": administrators,
        "usagers_ca": "oui" if association or draws.unit() < 0.4 else "non",  # noqa: PLR2004
    }


def _budgets(group: Sequence[Centre], weights: Sequence[float], mean: int) -> list[Answers]:
    made: list[Answers] = [{} for _ in group]
    for funder, part in FUNDERS.items():
        having = _yes(group, f"has_{funder}", RARE_FUNDERS.get(funder, 1))
        own = [
            weight * Draws(funder, centre.structure_id).around(1, 0.35)
            if centre.structure_id in having
            else 0.0
            for weight, centre in zip(weights, group, strict=True)
        ]
        amounts = scale_to_total(own, round(part * mean * len(group) / BUDGET_STEP))
        for answers, amount in zip(made, amounts, strict=True):
            answers[f"budget_{funder}"] = amount * BUDGET_STEP
    for answers in made:
        answers["budget_total"] = _sum(answers, "budget_")
    return made


def _publics(centre: Centre) -> Answers:
    draws = Draws("publics", centre.structure_id)
    size = draws.around(PUBLICS_PER_CENTRE, 0.7)
    parts: Answers = {
        f"publics_{age}": round(size * draws.around(part, 0.3)) for age, part in PUBLICS.items()
    }
    return {**parts, "publics_total": _sum(parts, "publics_")}


def _sum(answers: Answers, prefix: str) -> int:
    return sum(int(value) for name, value in answers.items() if name.startswith(prefix))


@cache
def _next_year() -> dict[str, Answers]:
    return {
        structure_id: one_year_on(structure_id, answers)
        for structure_id, answers in _first_year().items()
    }


def one_year_on(structure_id: str, answers: Answers) -> Answers:
    """The same centre a year later: numbers drift by a few percent, a few actions change."""
    draws = Draws("drift", structure_id)

    def grown(name: str, step: int = 1) -> int:
        return round(float(answers[name]) * draws.between(0.95, 1.08) / step) * step

    vacataires = grown("nb_vacataires")
    permanents = max(
        int(answers["nb_salaries"]) - int(answers["nb_vacataires"]) + draws.whole(-1, 1), 1
    )
    salaries = permanents + vacataires
    made: Answers = {
        **answers,
        "nb_salaries": salaries,
        "nb_cdi": min(int(answers["nb_cdi"]) + draws.whole(-1, 1), permanents),
        "nb_vacataires": vacataires,
        "etp_total": min(
            round(float(answers["etp_total"]) * draws.between(0.96, 1.05), 1), float(salaries)
        ),
        "heures_benevolat": grown("heures_benevolat", 10),
    }
    for name in ("benevoles_activite", *(f"publics_{age}" for age in PUBLICS)):
        made[name] = grown(name)
    for funder in FUNDERS:
        made[f"budget_{funder}"] = grown(f"budget_{funder}", BUDGET_STEP)
    for prefix in ("budget_", "publics_"):
        parts = {k: v for k, v in made.items() if not k.endswith("_total")}
        made[f"{prefix}total"] = _sum(parts, prefix)
    for name in ACTIONS:
        change = CHANGES[str(made[name])]
        if Draws("change", name, structure_id).unit() < change.chance:
            made[name] = change.into
    return made
