"""What the structures of a place would truly answer, question by question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from senacs.codebook import Collection, Kind, Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.simulation.campaign.calibration import Calibration, calibration
from senacs.simulation.campaign.groups import Columns, Draws, all_groups
from senacs.simulation.campaign.streams import Floats, Mask, Stream
from senacs.simulation.campaign.structures import Structures

Cell = float | str | date
ITEM_NON_RESPONSE = 0.03
"""The share of questions left empty by those who answer: our choice."""

_LONGEST_TENURE = 25
"""Years of a director in one structure, at most: our choice."""

_ALISFA = 0.85
"""The share of associations under the agreement of their branch: our choice."""

_ALWAYS_ANSWERED = frozenset({"structure_id", "nom", "commune_nom", "type_structure"})
_OTHER_MANAGERS = (("collectivite", 0.8), ("autre", 0.12), ("caf", 0.08))
_PHRASES = (
    "Renforcer le pouvoir d'agir des habitants",
    "Accompagner les familles dans leur rôle éducatif",
    "Rompre l'isolement des personnes âgées",
    "Faire du centre un lieu ouvert à toutes et à tous",
    "L'accès aux droits, d'abord numériques",
    "Mieux vivre ensemble : fêtes, œuvres partagées, sorties",
    "La place des jeunes ; « aller vers » ceux qui ne viennent pas",
    "Soutenir les initiatives, même petites",
    "Éducation à l'environnement et jardin partagé",
    "Le logement et la précarité énergétique",
)
_TEXTS: dict[str, tuple[str, ...]] = {
    "federation_autre": ("Francas", "Ligue de l'enseignement", "Familles rurales", "Aucune"),
    "quartier_nom": ("Les Ormeaux", "La Prairie haute", "Le Val fleuri", "La Tuilerie neuve"),
}


class Standing(IntEnum):
    """What a true answer is, before anyone writes it."""

    REPORTED = 0
    MISSING = 1
    NOT_ASKED = 2
    NOT_CONCERNED = 3


@dataclass(frozen=True)
class TrueColumn:
    """The answers to one question, one a structure, in the unit that the question asks.

    `decimals` is how many a number has. A cell counts only where its standing is `REPORTED`.
    """

    question: Question
    cells: list[Cell]
    standing: NDArray[np.int8]
    decimals: int = 0


def true_columns(
    seed: int, collection: Collection, structures: Structures, data_year: int
) -> list[TrueColumn]:
    """The answers of all these structures to every question of the data year, in its order."""
    form = _Form(seed, collection, structures)
    return [form.column(question) for question in collection.questions_of(data_year)]


class _Form:
    """The answers of one block of structures, made as they are asked for."""

    def __init__(self, seed: int, collection: Collection, structures: Structures) -> None:
        self.collection = collection
        self.structures = structures
        self.draws = Draws(seed, structures)
        self.numbers: Columns = all_groups(self.draws)
        self.made: dict[str, TrueColumn] = {}
        self.seed = seed

    def column(self, question: Question) -> TrueColumn:
        """The answers to one question; those it is filtered by were asked before."""
        cells, decimals = self._cells(question)
        standing = self._standing(question)
        made = TrueColumn(question, cells, standing, decimals)
        self.made[question.question] = made
        return made

    def _standing(self, question: Question) -> NDArray[np.int8]:
        own = self.structures
        standing = np.zeros(len(own), dtype=np.int8)
        if own.population not in self.collection.populations_of(question):
            standing[:] = Standing.NOT_ASKED
            return standing
        if question.question not in _ALWAYS_ANSWERED and not question.required:
            silent = Stream(
                self.seed, self.draws.place, "silent", question.question, own.data_year
            ).unit(own.capacity)[own.ranks]
            standing[silent < ITEM_NON_RESPONSE] = Standing.MISSING
        if question.question == "siret":
            standing[np.array([not siret for siret in own.siret])] = Standing.MISSING
        if question.question == "geographie_prioritaire":
            standing[~own.urban] = Standing.NOT_CONCERNED
        if question.filter and (asked := self.made.get(question.filter.question)):
            # Who left the filter empty leaves what depends on it empty too.
            standing[asked.standing == Standing.MISSING] = Standing.MISSING
            outside = np.array([cell not in question.filter.codes for cell in asked.cells])
            outside &= asked.standing == Standing.REPORTED
            outside |= asked.standing == Standing.NOT_ASKED
            outside |= asked.standing == Standing.NOT_CONCERNED
            standing[outside] = Standing.NOT_CONCERNED
        return standing

    def _cells(self, question: Question) -> tuple[list[Cell], int]:
        if given := self._identity(question.question):
            return list(given), 0
        if question.kind in NUMERIC:
            return self._numeric(question)
        if question.kind in (Kind.YES_NO, Kind.CODE):
            return list(self._coded(question)), 0
        return list(self._texts(question)), 0

    def _years_of_creation(self) -> list[float]:
        return [
            float(first.year - int(at * 20))
            for first, at in zip(
                self.structures.first_agrement, self.draws.fixed("creation"), strict=True
            )
        ]

    def _employed_under(self) -> list[str]:
        """The collective agreement, which follows from who manages."""
        drawn = self.draws.fixed("agreement")
        managed = managed_as(self.seed, self.structures)
        of_others = {"collectivite": "fpt", "caf": "autre", "autre": "autre"}
        return [
            of_others.get(by, "alisfa" if at < _ALISFA else "animation")
            for by, at in zip(managed, drawn.tolist(), strict=True)
        ]

    def _numeric(self, question: Question) -> tuple[list[Cell], int]:
        name = question.variable or question.question
        values = self._number(name, question) / question.factor
        decimals = 0
        if question.kind is Kind.NUMBER:
            decimals = 2 if name.startswith("etp_") else 1
            if question.unit == "€":
                decimals = 0
        low = -np.inf if question.minimum is None else question.minimum
        high = np.inf if question.maximum is None else question.maximum
        rounded = np.round(np.clip(values, low, high), decimals)
        return [float(value) for value in rounded], decimals

    def _number(self, name: str, question: Question) -> Floats:
        """A number in the harmonised unit."""
        if name not in self.numbers:
            how = calibration(question, (), self.structures.population)
            self.numbers[name] = self._drawn(name, how)
        return self.numbers[name]

    def _drawn(self, name: str, how: Calibration) -> Floats:
        if how.of:
            whole = self.numbers.get(how.of)
            if whole is None:
                # Its whole is drawn as it would be if it were asked.
                (first, *_) = self.collection.asked(how.of)
                whole = self._number(how.of, first)
            part = np.minimum(how.mean * self.draws.steady(name, how.spread), 1)
            return np.asarray(np.floor(np.maximum(whole, 0) * part))
        size = self.structures.size**0.5
        made = np.rint(how.mean * size * self.draws.steady(name, how.spread) * 2) / 2
        return np.asarray(np.maximum(made, 2) if name == "nb_sites" else made)

    def _coded(self, question: Question) -> Sequence[str]:
        how = calibration(
            question, self.collection.codes_of(question.codes), self.structures.population
        )
        drawn = self.draws.lasting(question.question)
        if how.model == "share":
            holds = drawn < how.mean
            if question.column == "convention" and question.table == "financeurs":
                holds &= self.numbers[f"budget_{question.row}"] > 0
            return _yes(holds)
        codes = [code for code, _ in how.weights]
        steps = np.cumsum([weight for _, weight in how.weights])
        places = np.searchsorted(steps, drawn * steps[-1], side="right")
        return [codes[min(place, len(codes) - 1)] for place in places.tolist()]

    def _texts(self, question: Question) -> Sequence[str]:
        pool = _TEXTS.get(question.question, _PHRASES)
        drawn = self.draws.lasting(question.question, 0.2)
        return [pool[int(at * len(pool))] for at in drawn]

    def _identity(self, name: str) -> Sequence[Cell] | None:
        """What the register says too, and what follows from it."""
        own = self.structures
        said: dict[str, Callable[[], Sequence[Cell]]] = {
            "structure_id": lambda: own.structure_id,
            "nom": lambda: own.nom,
            "commune_nom": lambda: own.nom_commune,
            "type_structure": lambda: [own.population] * len(own),
            "siret": lambda: own.siret,
            "gestionnaire_nom": lambda: own.gestionnaire,
            "mode_gestion": lambda: managed_as(self.seed, own),
            "date_premier_agrement": lambda: own.first_agrement,
            "fin_agrement": lambda: own.end_of_agrement,
            "duree_agrement": lambda: [
                4.0 if at < 0.8 else 1.0 + int(at * 40) % 3  # noqa: PLR2004
                for at in self.draws.fixed("duration")
            ],
            "agrement_acf": lambda: _yes(own.acf),
            "annee_creation": self._years_of_creation,
            "direction_anciennete": lambda: [
                float(int(at * min(own.data_year - year, _LONGEST_TENURE)))
                for year, at in zip(
                    self._years_of_creation(), self.draws.lasting("tenure", 0.1), strict=True
                )
            ],
            "federation_fcsf": lambda: _yes(own.federated),
            "type_territoire": lambda: np.where(own.urban, "urbain", "rural").tolist(),
            "geographie_prioritaire": lambda: np.where(own.qpv, "qpv", "hors").tolist(),
            "zrr": lambda: _yes(~own.urban & (self.draws.fixed("zrr") < 0.6)),  # noqa: PLR2004
            "frr": lambda: _yes(~own.urban & (self.draws.fixed("zrr") < 0.7)),  # noqa: PLR2004
            "usagers_ca": lambda: _yes(
                own.association | (self.draws.fixed("users") < 0.4)  # noqa: PLR2004
            ),
            "contrat_ville": lambda: _yes(
                own.qpv | (self.draws.fixed("city contract") < 0.15)  # noqa: PLR2004
            ),
            "convention_collective": self._employed_under,
            "site_internet": lambda: [
                f"www.{identifier}.exemple.invalid" for identifier in own.structure_id
            ],
        }
        maker = said.get(name)
        return maker() if maker else None


def managed_as(seed: int, structures: Structures) -> list[str]:
    """The code of each structure's kind of management."""
    steps = np.cumsum([share for _, share in _OTHER_MANAGERS])
    places = np.searchsorted(steps, Draws(seed, structures).fixed("manager"), side="right")
    return [
        "associatif" if association else _OTHER_MANAGERS[min(place, 2)][0]
        for association, place in zip(structures.association, places.tolist(), strict=True)
    ]


def _yes(mask: Mask) -> list[str]:
    return ["oui" if holds else "non" for holds in mask.tolist()]
