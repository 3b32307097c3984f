"""Small exports of the declared collections, right in everything until a test changes them."""

import csv
import io
from collections.abc import Iterable, Mapping

import polars as pl

from expectations.frames import SCOPE_SCHEMA, Setting
from senacs.codebook import Collection, load_collection
from senacs.reading import Evidence, read_export
from senacs.settings import PROJECT_ROOT

CODEBOOK = PROJECT_ROOT / "codebook"

PLACES = {
    "senacs": ("92", 2012),
    "senacs 2024": ("92", 2024),
    "registre": ("92", 2012),
    "adulte_relais": ("france", 2020),
    "fonjep": ("france", 2020),
}
"""Territory and data year of each collection's small export; a second one says its year."""

_BUDGET = ("commune", "interco", "caf", "etat", "departement", "region", "usagers", "autres")
_AGES = ("enfants", "jeunes", "adultes", "seniors")

GOOD: dict[str, dict[str, str]] = {
    "senacs": {
        "structure_id": "92-001",
        "type_territoire": "Urbain",
        "echelle_territoire": "quartier",
        "politique_ville": "ZUS",
        "population_zone": "12 000",
        "mode_gestion": "Associatif",
        "nb_salaries": "30",
        "nb_cdi": "10",
        "nb_vacataires": "15",
        "etp_total": "10,5",
        "benevoles_activite": "20",
        "benevoles_admin": "10",
        "heures_benevolat": "1 500",
        "budget_total": "800",
        "publics_total": "400",
        "instance_habitants": "Comité",
        "nb_administrateurs": "12",
    }
    | {f"budget_{funder}": "100" for funder in _BUDGET}
    | {f"publics_{age}": "100" for age in _AGES},
    "senacs 2024": {
        "structure_id": "92-001",
        "type_structure": "Centre social",
        "siret": "775 544 026 01284",
        "mode_gestion": "Associatif",
        "date_premier_agrement": "12/06/2003",
        "type_territoire": "Urbain",
        "echelle_territoire": "quartier",
        "geographie_prioritaire": "QPV",
        "population_zone": "12 000",
        "nb_salaries": "30",
        "etp_total": "10,5",
        "nb_administrateurs": "12",
        "budget_total": "400 000",
        "detail_caf_agc": "30 000",
        "detail_caf_acf": "10 000",
        "detail_caf_animation_locale": "",
        "charges_total": "390 000",
        "charges_personnel": "260 000",
        "resultat": "10 000",
        "publics_total": "4",
    }
    | {f"budget_{funder}": "50 000" for funder in _BUDGET},
    "registre": {
        "structure_id": "92-001",
        "nom": "Centre social d'essai",
        "type": "Centre social",
        "commune": "92002",
        "nom_commune": "Antony",
        "siret": "775 544 026 01284",
        "gestionnaire": "Association d'essai",
        "mode_gestion": "Associatif",
        "federe": "Oui",
        "date_premier_agrement": "12/06/2003",
        "fin_agrement": "31/12/2014",
        "agrement_acf": "Non",
        "debut_agc": "01/01/2011",
        "fin_agc": "31/12/2014",
        "debut_acf": "",
        "fin_acf": "",
        "debut_evs": "",
        "fin_evs": "",
        "statut_locaux": "Locataire",
    },
    "adulte_relais": {
        "id_poste": "00112R000102",
        "code_tiers": "77554402601284",
        "raison_sociale": "CENTRE SOCIAL D'ESSAI",
        "annee": "2020",
        "montant": "19875.06",
        "code_cv": "CV002",
        "insee_dep": "01",
        "insee_reg": "84",
    },
    "fonjep": {
        "id_poste": "D00001",
        "code_tiers": "77554402601284",
        "raison_sociale": "CENTRE SOCIAL D'ESSAI",
        "montant": "7164",
        "annee": "2020",
        "code_cv": "CV002",
        "insee_dep": "01",
        "insee_reg": "84",
    },
}
"""The answers of one row, by question; those of yes or no are all yes."""


def declared(place: str) -> Collection:
    return load_collection(CODEBOOK, place.split(maxsplit=1)[0])


def answers(collection: str, **changed: str) -> dict[str, str]:
    """The answers of a good row, with some changed."""
    _, data_year = PLACES[collection]
    questions = declared(collection).questions_of(data_year)
    row = {
        q.question: GOOD[collection].get(q.question, "Oui" if q.kind == "yes_no" else "1")
        for q in questions
    }
    assert set(changed) <= set(row)
    return row | changed


def table(collection: str, *rows: Mapping[str, str]) -> list[list[str]]:
    """Header and cells, in the codebook's own spelling; one good row by default."""
    _, data_year = PLACES[collection]
    questions = declared(collection).questions_of(data_year)
    return [
        [q.header for q in questions],
        *([row[q.question] for q in questions] for row in rows or (answers(collection),)),
    ]


def written(cells: Iterable[Iterable[str]], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(cells)
    return out.getvalue().encode(encoding)


def setting(collection: str, *structures: tuple[str, bool], population: str = "CS") -> Setting:
    """The place of a small export; by default its structure is in the register and in scope."""
    territory, data_year = PLACES[collection]
    made = declared(collection)
    scope = None
    departements: tuple[str, ...] = ("92",)
    if made.register_collection:
        known = structures or (("92-001", True),)
        scope = pl.DataFrame(
            [(code, f"Centre {code}", "92", asked, population) for code, asked in known],
            schema=SCOPE_SCHEMA,
            orient="row",
        )
    else:
        departements = made.campaign(data_year).territory(territory).departements
    return Setting(made, territory, data_year, departements, scope)


def evidence(collection: str, data: bytes, file_name: str = "essai.csv") -> Evidence:
    territory, data_year = PLACES[collection]
    return read_export(data, file_name, declared(collection), territory, data_year)
