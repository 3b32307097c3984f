"""An export's bytes, read by the codebook of its collection, territory and data year."""

from senacs.codebook import Collection
from senacs.reading.answers import cells_by_column, typed_answers
from senacs.reading.evidence import Evidence
from senacs.reading.found import column_frame, file_frame, unread, with_units
from senacs.reading.headers import Titles, map_columns
from senacs.reading.records import records_of
from senacs.reading.sheets import read_sheets
from senacs.reading.table import MAX_CELLS, FileProblem, too_large
from senacs.reading.tables import table_of


def read_export(
    data: bytes, file_name: str, collection: Collection, territory: str, data_year: int
) -> Evidence:
    """Read an export. Never raises on its content: what is wrong is in the evidence."""
    if collection.sheets:
        return read_sheets(data, file_name, collection, territory, data_year)
    titles = Titles(collection, territory, data_year)
    table = table_of(data, file_name, titles.score)
    if len(table.rows) * max(len(titles.questions), 1) > MAX_CELLS:
        table = too_large(f"{len(table.rows)} lignes")
    if table.problem is not FileProblem.NONE:
        return unread(table, file_name, len(data))
    columns = map_columns(table.header, titles)
    cells = cells_by_column(table, columns)
    answers = typed_answers([number for number, _ in table.rows], cells, columns, collection)
    records = records_of(table, answers, columns)
    return Evidence(
        file_frame(table, file_name, len(data)),
        column_frame(cells, columns),
        records,
        with_units(answers, records),
    )
