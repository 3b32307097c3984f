"""How a territory writes each answer: the text of a cell, or its typed value in a workbook."""

from collections.abc import Sequence
from datetime import date, datetime

from senacs.codebook import CodeItem, Collection, Kind, Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.simulation.campaign.answers import Cell, Standing, TrueColumn
from senacs.simulation.campaign.dialects import Dialect
from senacs.simulation.campaign.streams import Floats

Written = str | float | date
"""What stands in a cell: a text, or in a workbook a number or a day."""

NOT_CONCERNED_CODE = "Vous n'êtes pas concerné par cette question"


def written(
    column: TrueColumn, collection: Collection, dialect: Dialect, chance: Floats
) -> list[Written]:
    """The cells of one question. `chance` (one in [0, 1[ a cell) picks among equal spellings."""
    said = _said(column, collection, dialect)
    silent = {
        Standing.MISSING: dialect.missing,
        Standing.NOT_ASKED: ("",),
        Standing.NOT_CONCERNED: dialect.not_concerned,
    }
    if not column.standing.any():
        return said
    cells: list[Written] = list(said)
    for i in column.standing.nonzero()[0].tolist():
        words = silent[Standing(int(column.standing[i]))]
        cells[i] = words[int(chance[i] * len(words))]
    if column.question.question == "geographie_prioritaire":
        cells = [
            NOT_CONCERNED_CODE if standing == Standing.NOT_CONCERNED else cell
            for cell, standing in zip(cells, column.standing.tolist(), strict=True)
        ]
    return cells


def _said(column: TrueColumn, collection: Collection, dialect: Dialect) -> list[Written]:
    question = column.question
    if question.kind in NUMERIC or question.kind is Kind.DATE:
        if dialect.form.workbook and not dialect.numbers_as_text:
            return list(column.cells)
        return [*_as_text(column, dialect)]
    if question.kind is Kind.YES_NO:
        yes, no = dialect.booleans
        return [yes if cell == "oui" else no for cell in column.cells]
    if question.kind is Kind.CODE:
        spelt = _spellings(collection.codes_of(question.codes), dialect.codes)
        return [spelt[str(cell)] for cell in column.cells]
    if question.kind is Kind.SIRET and dialect.spaced_siret:
        return [_grouped(str(cell)) for cell in column.cells]
    return [str(cell) for cell in column.cells]


def _as_text(column: TrueColumn, dialect: Dialect) -> Sequence[str]:
    if column.question.kind is Kind.DATE:
        return [_day(cell, dialect.day) for cell in column.cells]
    numbers = [float(cell) for cell in column.cells if not isinstance(cell, (str, date))]
    return _numbers(numbers, column.decimals, column.question, dialect)


def _numbers(
    numbers: Sequence[float], decimals: int, question: Question, dialect: Dialect
) -> list[str]:
    sign = " €" if dialect.euros and question.unit == "€" else ""
    swap = str.maketrans({",": dialect.thousands or None, ".": dialect.decimal})
    texts = [f"{number:,.{decimals}f}".translate(swap) for number in numbers]
    if decimals:
        whole = f"{dialect.decimal}{'0' * decimals}"
        texts = [text.removesuffix(whole) for text in texts]
    return [f"{text}{sign}" for text in texts] if sign else texts


def _spellings(codes: Sequence[CodeItem], style: str) -> dict[str, str]:
    if style == "code":
        return {item.code: item.code for item in codes}
    if style == "both":
        return {item.code: f"{item.code} - {item.label}" for item in codes}
    if style == "spelling":
        return {item.code: (item.spellings or (item.label,))[-1] for item in codes}
    return {item.code: item.label for item in codes}


def _day(cell: Cell, form: str) -> str:
    if not isinstance(cell, date):
        raise TypeError(f"a day is expected, not {cell!r}")
    return f"{cell:{form}}"


def _grouped(siret: str) -> str:
    return " ".join((siret[:3], siret[3:6], siret[6:9], siret[9:])).strip()


def as_midnight(day: date) -> datetime:
    """The moment that a workbook stores for a day."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone
