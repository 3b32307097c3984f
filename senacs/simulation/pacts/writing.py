"""Lines of sheets as the workbook that a territory sends."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter

from senacs.codebook import Collection, Kind, Question
from senacs.simulation.pacts.agreements import Cell, Lines

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same lines give the same bytes: a clock would not."""


def workbook(lines: Lines, collection: Collection, data_year: int) -> bytes:
    """A workbook with every sheet that the collection declares, titles and codes as it spells them.

    Amounts are numbers: the fifteen digits that a workbook keeps hold any sum to the cent.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": collection.label, "comments": "Simulé", "created": _CREATED})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        euros = book.add_format({"num_format": "#,##0.00"})
        for name, declared in collection.sheets.items():
            sheet = book.add_worksheet(declared.title)
            asked = collection.questions_for(data_year, name)
            sheet.write_row(0, 0, [question.header for question in asked])
            for row, line in enumerate(lines.get(name, ()), start=1):
                for column, question in enumerate(asked):
                    cell = line.get(question.question)
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif isinstance(cell, Decimal):
                        sheet.write_number(row, column, float(cell), euros)
                    elif isinstance(cell, int):
                        sheet.write_number(row, column, cell)
                    elif cell is not None:
                        sheet.write_string(row, column, _said(cell, question, collection))
    return out.getvalue()


def _said(cell: Cell, question: Question, collection: Collection) -> str:
    """A code by its label, as people choose it from a list."""
    if question.kind is Kind.YES_NO:
        return str(cell).capitalize()
    items = {item.code: item.label for item in collection.codes_of(question.codes)}
    return items.get(str(cell), str(cell))
