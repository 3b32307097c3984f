"""The survey's export of a data year, with what was planted in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from senacs.codebook.loading import load_collection
from senacs.codebook.model import Collection, Question
from senacs.simulation.demo.answers import Answers, one_year_on, true_answers
from senacs.simulation.demo.centres import DATA_YEARS, centres
from senacs.simulation.demo.draws import Draws
from senacs.simulation.demo.planted import (
    SECOND_ANSWER,
    SECOND_DELIVERY,
    UNKNOWN_COLUMN,
    UNKNOWN_STRUCTURE,
    UNKNOWN_STRUCTURE_NAME,
    planted_cell,
    responded,
)
from senacs.simulation.demo.writing import CODEBOOK, TERRITORY, Dialect

TIMESTAMP = "Horodateur"
CONTACT = "Courriel du contact"

DIALECTS = {
    2011: Dialect("utf-8-sig", "\n", thousands=("\u202f", "\u00a0")),
    2012: Dialect("cp1252", "\r\n", thousands=("\u00a0", " ", ""), code_spelling=-1),
}


@dataclass(frozen=True)
class Row:
    """One row of the survey's export, before it is written."""

    data_year: int
    structure_id: str
    nom: str
    nom_commune: str
    sent: datetime
    answers: Answers


def survey_export(data_year: int) -> bytes:
    """The survey's answers about that data year."""
    collection = load_collection(CODEBOOK, "senacs")
    dialect = DIALECTS[data_year]
    questions = collection.questions_of(data_year)
    headers = survey_headers(collection, data_year)
    extra = [UNKNOWN_COLUMN] if data_year == SECOND_DELIVERY.data_year else []
    lines = [[TIMESTAMP, *(headers[question.question] for question in questions), CONTACT, *extra]]
    lines += [
        [
            f"{row.sent:%d/%m/%Y %H:%M}",
            *(_cell(row, question, collection, dialect) for question in questions),
            f"accueil@{row.structure_id}.exemple.invalid",
            *(str(Draws("ovens", row.structure_id).whole(0, 3)) for _ in extra),
        ]
        for row in survey_rows(data_year)
    ]
    return dialect.encoded(lines)


def survey_headers(collection: Collection, data_year: int) -> dict[str, str]:
    """Question to header: the territory's own spelling where it has one."""
    own = {
        spelling.question: spelling.header
        for spelling in collection.header_spellings
        if spelling.data_year == data_year and spelling.territory == TERRITORY
    }
    return {
        question.question: own.get(question.question, question.header)
        for question in collection.questions_of(data_year)
    }


def survey_rows(data_year: int) -> list[Row]:
    """The rows of the export in its order: 2011 was sorted by structure, 2012 as sent."""
    rows = list(_rows(data_year))
    key: Callable[[Row], tuple[object, ...]] = (
        (lambda row: (row.structure_id,))
        if data_year == DATA_YEARS[0]
        else (lambda row: (row.sent, row.structure_id))
    )
    return sorted(rows, key=key)


def _rows(data_year: int) -> Iterator[Row]:
    answers = true_answers(data_year)
    for centre in centres():
        if centre.structure_id not in responded(data_year):
            continue
        row = Row(
            data_year=data_year,
            structure_id=centre.structure_id,
            nom=centre.nom,
            nom_commune=centre.nom_commune,
            sent=_sent(data_year, centre.structure_id),
            answers=answers[centre.structure_id],
        )
        yield row
        if (data_year, centre.structure_id) == SECOND_DELIVERY[:2]:
            yield _second_delivery(row)
        if data_year == SECOND_DELIVERY.data_year and centre is centres()[0]:
            yield _unknown_structure(row)


def _second_delivery(row: Row) -> Row:
    return replace(
        row,
        sent=row.sent + timedelta(days=20),
        answers={**row.answers, SECOND_DELIVERY.question: SECOND_ANSWER},
    )


def _unknown_structure(neighbour: Row) -> Row:
    """Plausible answers of a centre that the register does not have."""
    return replace(
        neighbour,
        structure_id=UNKNOWN_STRUCTURE,
        nom=UNKNOWN_STRUCTURE_NAME,
        sent=_sent(neighbour.data_year, UNKNOWN_STRUCTURE),
        answers=one_year_on(UNKNOWN_STRUCTURE, neighbour.answers),
    )


def _sent(data_year: int, structure_id: str) -> datetime:
    draws = Draws("sent", data_year, structure_id)
    opens = load_collection(CODEBOOK, "senacs").campaign(data_year).opens
    day = opens + timedelta(days=draws.whole(20, 150))
    return datetime.combine(day, time(draws.whole(8, 18), draws.whole(0, 59)))


def _cell(row: Row, question: Question, collection: Collection, dialect: Dialect) -> str:
    identity = {
        "structure_id": row.structure_id,
        "nom": row.nom,
        "commune_nom": row.nom_commune,
    }
    if question.question in identity:
        return identity[question.question]
    planted = planted_cell(row.data_year, row.structure_id, question.question)
    if planted is not None:
        return planted.raw
    draws = Draws("writing", row.data_year, row.structure_id, question.question)
    return dialect.answer(row.answers[question.question], question, collection, draws)
