"""The sheet « se situer » of one structure: reads its own answers, and what is published."""

from sqlalchemy import Connection

from senacs.errors import RequestError
from senacs.structure_sheet import Answer, OwnAnswers, structure_sheet
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.editions import edition


def sheet_of(collection: str, data_year: int, unit_id: str, number: int | None = None) -> bytes:
    """The sheet as PDF, for the structure's eyes and theirs who may read its answers.

    Args:
        collection: declared collection.
        data_year: year of the activity described.
        unit_id: identifier of the structure.
        number: the vintage that it is put beside; None: the newest.

    Raises:
        VintageError: nothing of that year is published.
        RequestError: the structure has not answered, or is not in scope.
        PressError: the sheet cannot be set.
    """
    with warehouse().connect() as connection:
        published = edition(connection, collection, data_year, number)
        own = own_answers(connection, collection, data_year, unit_id)
    return structure_sheet(published, own)


def own_answers(
    connection: Connection, collection: str, data_year: int, unit_id: str
) -> OwnAnswers:
    """What one structure answered, as it counts in the figures.

    Raises:
        RequestError: it has not answered, is not in scope, or the connection may not read it.
    """
    rows = fetch(
        connection, "report/own_answers", collection=collection, data_year=data_year,
        unit_id=unit_id,
    )  # fmt: skip
    if not rows:
        raise RequestError(
            f"Pas de réponse de {unit_id} pour les données {data_year} : la structure n'a pas "
            "répondu, n'était pas interrogée, ou l'identifiant n'est pas le bon."
        )
    answers: dict[bool, dict[str, Answer]] = {False: {}, True: {}}
    for row in rows:
        if row["variable"] is not None:
            answers[row["registered"]][row["variable"]] = Answer(
                row["number"], row["code"], row["out_of_base"]
            )
    return OwnAnswers(
        unit_id, rows[0]["name"], rows[0]["population"], rows[0]["departement"],
        answers[False], answers[True],
    )  # fmt: skip
