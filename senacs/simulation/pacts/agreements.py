"""Invented agreements as lines of their sheets, as they stand at the end of a data year.

An agreement is drawn once, by seed and number: its years are views on it. What is drawn of one
moves no other. Amounts are whole cents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from senacs.simulation.sirets import invented_siren

Cell = str | int | Decimal | date | None
Line = Mapping[str, Cell]
"""The answers of a line by question; None for an empty cell."""
Lines = Mapping[str, Sequence[Line]]
"""The lines of each sheet."""

_YEARS = 4
"""An agreement lasts as long as an agrément at most."""
_SLOTS = 10
"""Numbers that an agreement has for the SIRENs of its signatories."""
_RENEWED = 0.8
_AMENDED = 0.25
_FUNDERS = (
    # nature, name, purpose, least and most euros a year
    ("commune", "Commune fictive", "droit_commun", 40_000, 160_000),
    ("caf", "Caf fictive", "droit_commun", 60_000, 90_000),
    ("departement", "Département fictif", "droit_commun", 5_000, 30_000),
    ("etat", "État (service fictif)", "politique_ville", 5_000, 25_000),
    ("region", "Région fictive", "projet", 2_000, 15_000),
    ("interco", "Intercommunalité fictive", "politique_ville", 3_000, 20_000),
)
_AIMS = (
    ("Faire reconnaître le mode d'intervention du centre", "Réunir les financeurs deux fois l'an"),
    ("Promouvoir le pouvoir d'agir des habitants", "Tenir un conseil d'habitants"),
    ("Sécuriser le financement sur la durée de l'agrément", "Verser un acompte avant avril"),
)


@dataclass(frozen=True)
class Covered:
    """A centre that an agreement may be about, and its agrément."""

    structure_id: str
    kind: str
    begins: date
    ends: date


class _Draws:
    """Only `Random.random`, which alone gives the same sequence on all versions of Python."""

    def __init__(self, *path: object) -> None:
        self._random = Random("/".join(map(str, path)))  # noqa: S311 - not for secrets

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def whole(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))


def agreements(
    seed: object,
    numbers: Sequence[int],
    centres: Sequence[Covered],
    data_year: int,
    departement: str,
) -> Lines:
    """The agreements of these numbers, in a département whose centres these are.

    Args:
        seed: whatever tells one world from another.
        numbers: of the agreements: one number is one agreement for ever.
        centres: who may be covered; at least one.
        data_year: at whose end they are told. One that begins later has no line.
        departement: where they are.
    """
    sheets: dict[str, list[Line]] = {}
    for number in numbers:
        for sheet, line in _lines(seed, number, centres, data_year, departement):
            sheets.setdefault(sheet, []).append(line)
    return sheets


def _lines(
    seed: object, number: int, centres: Sequence[Covered], data_year: int, departement: str
) -> Iterator[tuple[str, Line]]:
    draws = _Draws(seed, number)
    first = draws.whole(2009, 2011)
    amended = draws.chance(_AMENDED)
    covered = _covered(draws, centres)
    renewals = [draws.chance(_RENEWED) for _ in covered]
    if data_year < first:
        return
    name: dict[str, Cell] = {"convention": f"PF-{number:05}"}
    last = first + _YEARS - 1
    amendment = date(first + 1, 7, 1)
    in_force = 2 if amended and amendment.year <= data_year else 1
    money = list(_commitments(draws, _Terms(number, first, in_force, data_year, amended), covered))
    yield (
        "convention",
        name
        | {
            "libelle": f"Pacte fictif nº {number} (données simulées)",
            "departement": departement,
            "territoire": f"Quartier fictif nº {number}",
            "quartiers": f"QPF{number:05}" if draws.chance(0.5) else None,
            "debut": date(first, 1, 1),
            "fin": date(last, 12, 31),
            "montant_total": _promised(money),
        },
    )
    yield "version", name | {
        "version": 1, "date_signature": date(first - 1, 12, 10), "date_effet": date(first, 1, 1),
        "objet_version": "Texte initial",
    }  # fmt: skip
    if in_force > 1:
        yield "version", name | {
            "version": 2, "date_signature": amendment - timedelta(days=20), "date_effet": amendment,
            "objet_version": "Avenant fictif : montants de la commune",
        }  # fmt: skip
    for slot, (nature, title, *_) in enumerate(_FUNDERS):
        siren = _siren(number, slot)
        own = [one for one in money if one.siren == siren]
        yield "signataire", name | {
            "siren": siren, "nom_signataire": f"{title} nº {number}", "nature": nature,
            "role": "financeur", "total_promis": _promised(own),
        }  # fmt: skip
    yield "signataire", name | {
        "siren": _siren(number, len(_FUNDERS)),
        "nom_signataire": f"Gestionnaire fictif nº {number}", "nature": "gestionnaire",
        "role": "beneficiaire", "total_promis": None,
    }  # fmt: skip
    for centre, renewed in zip(covered, renewals, strict=True):
        its = name | {"structure_id": centre.structure_id}
        yield "centre", its | {"nom_centre": f"Centre {centre.structure_id} (pacte fictif)"}
        yield from (
            ("agrement", its | dict(line)) for line in _agrements(centre, first, last, renewed)
        )
    for place, (aim, means) in enumerate(_AIMS, start=1):
        its = name | {"objectif": f"O{place}"}
        yield "objectif", its | {"libelle_objectif": aim}
        yield "mesure", its | {
            "mesure": f"M{place}", "libelle_mesure": means,
            "etat_mesure": "realisee" if data_year > first else "en_cours",
            "echeance": date(first + place, 6, 30),
        }  # fmt: skip
    for one in money:
        yield "engagement", name | one.line
    for year in range(first, last + 1):
        held = year <= data_year
        yield "revue", name | {
            "date_revue": date(year, 11, 15), "etat_revue": "tenue" if held else "prevue",
            "conclusion": "Revue fictive, sans réserve" if held else None,
        }  # fmt: skip


def _covered(draws: _Draws, centres: Sequence[Covered]) -> list[Covered]:
    """One to three neighbours in the list."""
    start = draws.whole(0, len(centres) - 1)
    count = min(draws.whole(1, 3), len(centres))
    return [centres[(start + step) % len(centres)] for step in range(count)]


def _agrements(centre: Covered, first: int, last: int, renewed: bool) -> Iterator[Line]:
    """The agrément that covers the first day, and those after it as far as they are known."""
    begins, ends = centre.begins, centre.ends
    while begins > date(first, 1, 1):
        begins, ends = date(begins.year - _YEARS, 1, 1), begins - timedelta(days=1)
    while True:
        yield {"agrement": centre.kind, "debut_agrement": begins, "fin_agrement": ends}
        if ends >= date(last, 12, 31) or not renewed:
            return
        begins = ends + timedelta(days=1)
        ends = date(begins.year + _YEARS - 1, 12, 31)


@dataclass(frozen=True)
class _Commitment:
    """What a funder promises for a year, as it stands at the end of the data year."""

    siren: str
    structure_id: str | None
    purpose: str
    year: int
    version: int
    initial: Decimal
    promised: Decimal
    notified: Decimal | None
    paid: Decimal | None

    @property
    def line(self) -> dict[str, Cell]:
        """Its line in the workbook."""
        return {
            "siren": self.siren,
            "structure_id": self.structure_id,
            "objet": self.purpose,
            "annee": self.year,
            "version": self.version,
            "pour_qpv": "oui" if self.purpose == "politique_ville" else "non",
            "montant_initial": self.initial,
            "montant_promis": self.promised,
            "montant_notifie": self.notified,
            "montant_verse": self.paid,
        }


def _promised(commitments: Sequence[_Commitment]) -> Decimal:
    return sum((one.promised for one in commitments), Decimal(0))


@dataclass(frozen=True)
class _Terms:
    """What the amounts of an agreement depend on, beside what is drawn."""

    number: int
    first: int
    in_force: int
    data_year: int
    amended: bool


def _commitments(draws: _Draws, terms: _Terms, covered: Sequence[Covered]) -> Iterator[_Commitment]:
    """One a funder and year; the commune's are of each centre, the others' of all together."""
    for slot, (nature, _, purpose, low, high) in enumerate(_FUNDERS):
        for centre in covered if nature == "commune" else [None]:
            yearly = _cents(draws, low, high)
            more = _cents(draws, 1_000, 9_000)
            for year in range(terms.first, terms.first + _YEARS):
                after = terms.amended and nature == "commune" and year > terms.first
                changed = after and terms.in_force > 1
                promised = yearly + more if changed else yearly
                yield _Commitment(
                    _siren(terms.number, slot),
                    centre.structure_id if centre else None,
                    purpose,
                    year,
                    2 if changed else 1,
                    yearly,
                    promised,
                    promised if year <= terms.data_year else None,
                    _paid(promised, year, terms.data_year),
                )


def _paid(promised: Decimal, year: int, data_year: int) -> Decimal | None:
    """All of past years; of the year itself an advance of 70 %, to the cent."""
    if year > data_year:
        return None
    return promised if year < data_year else (promised * 7 / 10).quantize(Decimal("0.01"))


def _cents(draws: _Draws, low: int, high: int) -> Decimal:
    return Decimal(draws.whole(low * 100, high * 100)) / 100


def _siren(number: int, slot: int) -> str:
    return invented_siren((number * _SLOTS + slot) % 100_000)
