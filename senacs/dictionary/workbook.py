"""The dictionary as a workbook: one line a question and year, frozen headers, filters."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import xlsxwriter

from senacs.dictionary.content import KINDS, MARKS, Dictionary

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same codebook gives the same bytes: a clock would not."""

_WIDEST = 60

Cell = str | int | float


def workbook(dictionary: Dictionary) -> bytes:
    """The workbook's bytes. Every text is written as text: nothing in it is a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {"title": f"Dictionnaire : {dictionary.collection.label}", "created": _CREATED}
    )
    sheets: tuple[tuple[str, Sequence[str], Iterable[Sequence[Cell]]], ...] = (
        ("Variables", _VARIABLES, _variables(dictionary)),
        ("Matrice", ("question", "libellé", "thème", *map(str, dictionary.years)),
         _matrix(dictionary)),
        ("Questions", _QUESTIONS, _questions(dictionary)),
        ("Codes", ("liste", "code", "libellé"), _codes(dictionary)),
        ("Sources", ("publication", "libellé", "adresse"), _sources(dictionary)),
    )  # fmt: skip
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, header, rows in sheets:
        _fill(book.add_worksheet(name), bold, header, list(rows))
    book.close()
    return out.getvalue()


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    bold: xlsxwriter.format.Format,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
) -> None:
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
        longest = max([len(title), *(len(str(row[column])) for row in rows)])
        sheet.set_column(column, column, min(longest + 2, _WIDEST))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(number, column, cell)
            else:
                sheet.write_number(number, column, cell)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(header) - 1)


_VARIABLES = ("variable", "thème", "libellé", "type", "unité", "liste de codes", "à savoir")


def _variables(dictionary: Dictionary) -> Iterable[Sequence[Cell]]:
    themes = dictionary.collection.themes
    for v in dictionary.collection.variables:
        yield v.variable, themes[v.theme], v.label, KINDS[v.kind], v.unit, v.codes, v.note


def _matrix(dictionary: Dictionary) -> Iterable[Sequence[Cell]]:
    for entry in dictionary.entries:
        yield (
            entry.question, entry.label, entry.theme_label,
            *(MARKS[entry.years[year].comparability] if year in entry.years else ""
              for year in dictionary.years),
        )  # fmt: skip


_QUESTIONS = (
    "année", "question", "intitulé", "variable", "thème", "bloc", "population", "filtre",
    "tableau", "ligne", "colonne", "libellé", "type", "liste de codes", "unité", "facteur",
    "minimum", "maximum", "comparabilité", "note", "attesté par", "source",
)  # fmt: skip


def _questions(dictionary: Dictionary) -> Iterable[Sequence[Cell]]:
    collection = dictionary.collection
    for year in dictionary.years:
        for q in collection.questions_of(year):
            theme = collection.theme_of(q)
            yield (
                year, q.question, q.header, q.variable, collection.themes.get(theme, theme),
                collection.blocks.get(q.block, ""), "|".join(collection.populations_of(q)),
                str(q.filter or ""), q.table, q.row, q.column, q.label, KINDS[q.kind], q.codes,
                q.unit, q.factor, "" if q.minimum is None else q.minimum,
                "" if q.maximum is None else q.maximum, str(q.comparability), q.note,
                "|".join(q.attested), q.source,
            )  # fmt: skip


def _codes(dictionary: Dictionary) -> Iterable[Sequence[Cell]]:
    for items in dictionary.code_lists.values():
        for item in items:
            yield item.list, item.code, item.label


def _sources(dictionary: Dictionary) -> Iterable[Sequence[Cell]]:
    for publication in dictionary.collection.publications:
        yield publication.publication, publication.label, publication.url
