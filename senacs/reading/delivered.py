"""An export's own rows and columns, as its supplier laid them out."""

from dataclasses import dataclass

from senacs.codebook import Collection
from senacs.reading.headers import Column, ColumnStatus, Titles, map_columns
from senacs.reading.table import FileProblem, Rows
from senacs.reading.tables import table_of


@dataclass(frozen=True)
class DeliveredTable:
    """The table of an export.

    Attributes:
        header: its titles; empty where the file cannot be read.
        rows: its rows, each with its number in the file.
        places: column (from 0) of each question and of each title; the first of its kind counts.
        ignored: columns that are declared ignored, such as contacts.
        key_column: the one that identifies a row; None where it is missing.
    """

    header: list[str]
    rows: Rows
    places: dict[str, int]
    ignored: frozenset[int]
    key_column: int | None

    @property
    def header_row(self) -> int:
        """The row that the titles are shown on: just above the first record."""
        return max(self.rows[0][0] - 1, 1) if self.rows else 1


def delivered_table(
    data: bytes, file_name: str, collection: Collection, territory: str, data_year: int
) -> DeliveredTable:
    """The rows and columns of an export; none where it cannot be read, or has several sheets."""
    if collection.sheets:
        return DeliveredTable([], [], {}, frozenset(), None)
    titles = Titles(collection, territory, data_year)
    table = table_of(data, file_name, titles.score)
    if table.problem is not FileProblem.NONE:
        return DeliveredTable([], [], {}, frozenset(), None)
    columns = [c for c in map_columns(table.header, titles) if c.position]
    places = _places(columns)
    ignored = frozenset(c.position - 1 for c in columns if c.status is ColumnStatus.IGNORED)
    key = places.get(collection.key_question(data_year).question)
    return DeliveredTable(table.header, table.rows, places, ignored, key)


def _places(columns: list[Column]) -> dict[str, int]:
    places: dict[str, int] = {}
    for column in columns:
        if column.question:
            places.setdefault(column.question.question, column.position - 1)
    for column in columns:
        places.setdefault(column.header, column.position - 1)
    return places
