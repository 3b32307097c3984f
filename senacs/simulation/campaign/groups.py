"""Answers that hold together: employees, money, persons touched, volunteers, governance.

Every function gives columns by question, in harmonised units, one number a structure. Parts sum to
their whole, a part never exceeds it, full-time equivalents never exceed heads. Means are published
figures for the centres (14 employees, 10.7 ETP, about 450 k€, 36 volunteers, 780 persons
touched); those of the espaces de vie sociale, and every split that no source gives, are our choice.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from senacs.simulation.campaign.streams import Floats, Mask, Series, Stream, shared_out
from senacs.simulation.campaign.structures import Structures

Columns = dict[str, Floats]
Whole = NDArray[np.int64]

HEADS = {"CS": 14.0, "EVS": 3.2}
EUROS_PER_ETP = {"CS": 42_000.0, "EVS": 46_000.0}
PUBLICS = {"CS": 780.0, "EVS": 230.0}
VOLUNTEERS = {"CS": 36.0, "EVS": 18.0}
HOURS_PER_VOLUNTEER = 52.0
EUROS_PER_HOUR = 14.0
EURO_STEP = 100
"""Amounts are in hundreds of euros, so that a year that asks k€ with one decimal loses nothing."""

_CONTRACTS = {  # share of heads where an association employs, where not, and ETP for one head
    "nb_cdi": (0.58, 0.25, 0.92),
    "nb_cdd": (0.13, 0.14, 0.76),
    "nb_vacataires": (0.16, 0.16, 0.24),
    "nb_aide": (0.06, 0.04, 0.72),
    "nb_adulte_relais": (0.02, 0.01, 0.98),
    "nb_apprenti": (0.02, 0.02, 0.9),
    "nb_mise_a_disposition": (0.03, 0.03, 0.7),
    "nb_titulaire": (0.0, 0.35, 0.92),
}
_ETP_OF = {
    "nb_cdi": "etp_cdi",
    "nb_cdd": "etp_cdd",
    "nb_vacataires": "etp_vacataire",
    "nb_aide": "etp_aide",
    "nb_adulte_relais": "etp_adulte_relais",
    "nb_apprenti": "etp_apprenti",
    "nb_mise_a_disposition": "etp_mise_a_disposition",
    "nb_titulaire": "etp_titulaire",
}
_FUNCTIONS = {
    "direction": 0.09, "referent_famille": 0.08, "accueil": 0.1, "animation": 0.42,
    "petite_enfance": 0.1, "administration": 0.09, "entretien": 0.08, "mediation": 0.04,
}  # fmt: skip
_AGES = {"moins_26": 0.2, "26_44": 0.42, "45_54": 0.23, "55_plus": 0.15}
_FUNDERS = {  # share of the total, and how many have that funder
    "commune": (0.38, 0.97),
    "interco": (0.03, 0.25),
    "caf": (0.30, 1.0),
    "etat": (0.07, 0.9),
    "departement": (0.08, 0.85),
    "region": (0.02, 0.4),
    "usagers": (0.08, 0.98),
    "autres": (0.04, 0.9),
}
_CAF = {
    "detail_caf_agc": 0.34, "detail_caf_acf": 0.09, "detail_caf_animation_locale": 0.2,
    "detail_caf_alsh": 0.22, "detail_caf_petite_enfance": 0.12, "detail_caf_parentalite": 0.1,
    "detail_caf_autres": 0.1,
}  # fmt: skip
_ETAT = {
    "detail_etat_politique_ville": 0.45, "detail_etat_emplois_aides": 0.25,
    "detail_etat_fonjep": 0.1, "detail_etat_autres": 0.2,
}  # fmt: skip
_CHARGES = {
    "charges_achats": 0.09, "charges_services_exterieurs": 0.07, "charges_autres_services": 0.1,
    "charges_impots": 0.03, "charges_personnel": 0.66, "charges_gestion_courante": 0.02,
    "charges_financieres": 0.003, "charges_exceptionnelles": 0.007, "charges_dotations": 0.02,
}  # fmt: skip
_PUBLIC_AGES = {"enfants": 0.36, "jeunes": 0.155, "adultes": 0.33, "seniors": 0.155}
_VOLUNTEER_AGES = {"jeunes": 0.16, "adultes": 0.42, "seniors": 0.42}
_BOARD_AGES = {"moins_26": 0.03, "26_40": 0.13, "41_60": 0.39, "plus_60": 0.45}
"""84 % of board members over 40: published for Rhône-Alpes, 2009."""


class Draws:
    """The draws of one block of structures: they stay with a structure from year to year."""

    def __init__(self, seed: int, structures: Structures) -> None:
        self.seed = seed
        self.structures = structures
        self.place = f"{structures.departement}-{structures.population}"

    def steady(self, topic: str, sigma: float, drift: float = 0.04) -> Floats:
        """Factors around 1."""
        return self._series(topic).steady(sigma, drift)[self.structures.ranks]

    def lasting(self, topic: str, change: float = 0.03) -> Floats:
        """Numbers in [0, 1[ that seldom change."""
        return self._series(topic).lasting(change)[self.structures.ranks]

    def _series(self, topic: str) -> Series:
        own = self.structures
        return Series(self.seed, self.place, topic, own.capacity, own.data_year)

    def fixed(self, topic: str) -> Floats:
        """Numbers in [0, 1[ that never change."""
        stream = Stream(self.seed, self.place, topic)
        return stream.unit(self.structures.capacity)[self.structures.ranks]

    def split(
        self,
        topic: str,
        total: Whole,
        parts: Mapping[str, float],
        sigma: float = 0.25,
        only: Mapping[str, Mask] | None = None,
    ) -> dict[str, Whole]:
        """A total in parts that sum to it, each structure a little away from the mean shares.

        `only` says which structures have a part at all.
        """
        having = only or {}
        weights = np.column_stack(
            [
                share * self.steady(f"{topic}/{name}", sigma, 0.02) * having.get(name, 1)
                for name, share in parts.items()
            ]
        )
        made = shared_out(total, weights)
        return {name: made[:, i] for i, name in enumerate(parts)}


def all_groups(draws: Draws) -> Columns:
    """Every column that holds together with others."""
    columns = employees(draws)
    columns |= money(draws, columns["etp_total"])
    columns |= publics(draws)
    columns |= volunteers(draws)
    return columns


def employees(draws: Draws) -> Columns:
    """Heads and ETP in all, by contract, by function, and heads by age."""
    own = draws.structures
    mean = HEADS[own.population]
    heads = np.maximum(np.rint(mean * own.size * draws.steady("heads", 0.2)), 1).astype(np.int64)
    columns: Columns = {"nb_salaries": heads.astype(float)}
    place = np.where(own.association, 0, 1)
    weights = np.column_stack(
        [
            np.array(shares[:2])[place] * draws.steady(f"contract/{name}", 0.35, 0.02)
            for name, shares in _CONTRACTS.items()
        ]
    )
    by_contract = shared_out(heads, weights)
    whole = np.zeros(len(own), dtype=np.int64)
    for i, (name, (_, _, rate)) in enumerate(_CONTRACTS.items()):
        count = by_contract[:, i]
        part = np.minimum(rate * draws.steady(f"rate/{name}", 0.06, 0.01), 1)
        hundredths = np.floor(count * part * 100).astype(np.int64)
        whole += hundredths
        columns[name] = count.astype(float)
        columns[_ETP_OF[name]] = hundredths / 100
    columns["etp_total"] = whole / 100
    by_function = draws.split("function", heads, _FUNCTIONS, only={"referent_famille": own.acf})
    etp = shared_out(whole, np.column_stack([n.astype(float) for n in by_function.values()]))
    for i, (name, count) in enumerate(by_function.items()):
        columns[f"nb_fonction_{name}"] = count.astype(float)
        columns[f"etp_fonction_{name}"] = etp[:, i] / 100
    for name, count in draws.split("age", heads, _AGES).items():
        columns[f"salaries_{name}"] = count.astype(float)
    return columns


def money(draws: Draws, etp: Floats) -> Columns:
    """Income by funder and its details, charges by nature, the result: in euros."""
    own = draws.structures
    wanted = np.maximum(etp, 0.3) * EUROS_PER_ETP[own.population] * draws.steady("budget", 0.12)
    total = np.maximum(np.rint(wanted / EURO_STEP), 1).astype(np.int64)
    weights = np.column_stack(
        [
            share / having * draws.steady(f"funder/{name}", 0.25) * (draws.fixed(name) < having)
            for name, (share, having) in _FUNDERS.items()
        ]
    )
    amounts = shared_out(total, weights)
    by_funder = {name: amounts[:, i] for i, name in enumerate(_FUNDERS)}
    parts = {f"budget_{name}": amount for name, amount in by_funder.items()}
    parts["budget_total"] = total
    caf = _without(_CAF, "detail_caf_animation_locale" if own.population == "CS" else "_acf")
    parts |= draws.split("caf", by_funder["caf"], caf, only={"detail_caf_acf": own.acf})
    towns = {"detail_etat_politique_ville": own.qpv}
    parts |= draws.split("etat", by_funder["etat"], _ETAT, only=towns)
    charges = np.rint(total * (1 + 0.06 * (draws.steady("charges", 0.4, 0.1) - 1)))
    parts["charges_total"] = np.maximum(charges, 1).astype(np.int64)
    parts |= draws.split("charges", parts["charges_total"], _CHARGES, 0.12)
    parts["resultat"] = total - parts["charges_total"]
    return {name: (amount * EURO_STEP).astype(float) for name, amount in parts.items()}


def _without(parts: Mapping[str, float], ending: str) -> dict[str, float]:
    return {name: share for name, share in parts.items() if not name.endswith(ending)}


def publics(draws: Draws) -> Columns:
    """Persons touched in the year by age, and the regular ones among them."""
    own = draws.structures
    wanted = PUBLICS[own.population] * own.size**0.7 * draws.steady("publics", 0.2)
    total = np.maximum(np.rint(wanted), 4).astype(np.int64)
    columns: Columns = {"publics_total": total.astype(float)}
    regulars = np.zeros(len(own))
    for name, count in draws.split("publics", total, _PUBLIC_AGES, 0.2).items():
        share = np.minimum(0.45 * draws.steady(f"regular/{name}", 0.2), 1)
        regular = np.floor(count * share)
        columns[f"publics_{name}"] = count.astype(float)
        columns[f"reguliers_{name}"] = regular
        regulars = regulars + regular
    columns["reguliers_total"] = regulars
    return columns


def volunteers(draws: Draws) -> Columns:
    """Volunteers by age and their hours, members of the board by age."""
    own = draws.structures
    wanted = VOLUNTEERS[own.population] * own.size**0.6 * draws.steady("volunteers", 0.3)
    active = np.maximum(np.rint(wanted), 1).astype(np.int64)
    columns: Columns = {"benevoles_activite": active.astype(float)}
    for name, count in draws.split("volunteers", active, _VOLUNTEER_AGES).items():
        columns[f"benevoles_{name}"] = count.astype(float)
    tens = HOURS_PER_VOLUNTEER * active * draws.steady("hours", 0.3) / 10
    columns["heures_benevolat"] = np.maximum(np.rint(tens), 1) * 10
    worth = EUROS_PER_HOUR * columns["heures_benevolat"] * draws.steady("worth", 0.15)
    columns["valorisation_benevolat"] = np.rint(worth / EURO_STEP) * EURO_STEP
    lowest, highest = np.where(own.association, 9, 5), np.where(own.association, 21, 12)
    board = lowest + np.floor(draws.lasting("board") * (highest - lowest + 1))
    columns["nb_administrateurs"] = board
    columns["benevoles_admin"] = np.floor(board * (0.6 + 0.35 * draws.lasting("board volunteers")))
    for name, count in draws.split("board", board.astype(np.int64), _BOARD_AGES).items():
        columns[f"administrateurs_{name}"] = count.astype(float)
    return columns
