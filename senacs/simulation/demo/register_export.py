"""The register's export of a data year."""

from datetime import date

from senacs.codebook.loading import load_collection
from senacs.codebook.model import Kind
from senacs.simulation.demo.centres import Centre, centres, register_entry
from senacs.simulation.demo.draws import Draws
from senacs.simulation.demo.writing import CODEBOOK, Dialect

DIALECT = Dialect("utf-8", "\n")

SPACED_SIRETS = 0.3
"""The share of managers who write their SIRET with spaces, as on the public pages."""


def register_export(data_year: int) -> bytes:
    """The register of that data year."""
    collection = load_collection(CODEBOOK, "registre")
    questions = collection.questions_of(data_year)
    rows = [[question.header for question in questions]]
    for centre in centres():
        texts = _texts(centre, data_year)
        codes = {
            "type": "CS",
            "mode_gestion": centre.mode_gestion,
            "statut_locaux": register_entry(centre, data_year).statut_locaux,
        }
        draws = Draws("register writing", centre.structure_id)
        rows.append(
            [
                DIALECT.answer(codes[question.question], question, collection, draws)
                if question.kind is Kind.CODE
                else texts[question.question]
                for question in questions
            ]
        )
    return DIALECT.encoded(rows)


def _texts(centre: Centre, data_year: int) -> dict[str, str]:
    entry = register_entry(centre, data_year)
    return {
        "structure_id": centre.structure_id,
        "nom": centre.nom,
        "commune": centre.commune,
        "nom_commune": centre.nom_commune,
        "siret": _siret_text(entry.siret, centre.gestionnaire),
        "gestionnaire": centre.gestionnaire,
        "federe": _yes(centre.federe),
        "date_premier_agrement": _french(entry.date_premier_agrement),
        "fin_agrement": _french(entry.fin_agrement),
        "agrement_acf": _yes(entry.agrement_acf),
        "agrement_agc": "Oui",
        "debut_agc": _french(entry.debut_agrement),
        "fin_agc": _french(entry.fin_agrement),
        "debut_acf": _french(entry.debut_agrement) if entry.agrement_acf else "",
        "fin_acf": _french(entry.fin_agrement) if entry.agrement_acf else "",
        "debut_evs": "",
        "fin_evs": "",
        "qpv": _yes(entry.qpv),
    }


def _yes(holds: bool) -> str:
    return "Oui" if holds else "Non"


def _siret_text(siret: str, manager: str) -> str:
    if siret and Draws("siret spacing", manager).unit() < SPACED_SIRETS:
        return " ".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
    return siret


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"
