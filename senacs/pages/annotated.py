"""The annotated spreadsheet: a territory's own export, with what was found, and where to answer.

Every text is written as text and made inert; columns declared ignored (contacts) stay empty. The
same state gives the same bytes.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from senacs.deliveries import TerritoryYear
from senacs.findings import Finding, Severity
from senacs.fingerprint import hash_of
from senacs.french import counted, typography
from senacs.pages.annotated_look import ANSWERED, COLOURS, Look, row_height
from senacs.pages.annotated_manual import fill_manual
from senacs.pages.inert import shown
from senacs.reading.delivered import DeliveredTable
from senacs.reading.records import cell_gap
from senacs.replies.constats import Constat
from senacs.replies.model import ReplyKind
from senacs.replies.sheet import EXPORT, FINDINGS, ORIGIN

MANUAL = "Mode d'emploi"
TITLES = (
    "Ligne", "Structure", "Colonne", "Valeur reçue", "Gravité", "Règle", "Constat", "Que faire",
    "État", "Réponse", "Nouvelle valeur", "Motif", "Auteur", "Référence",
)  # fmt: skip
"""Columns of the sheet of findings; people answer in the last ones but one."""

_WIDTHS = (7, 28, 26, 22, 12, 9, 54, 40, 26, 12, 18, 34, 18, 12)
_FIRST_ANSWER, _REFERENCE = TITLES.index("Réponse"), TITLES.index("Référence")
_HEADER_ROW = 3
_LONGEST = 32_000
_RAW_SHOWN = 120
_MOST_COMMENTS = 20_000
_MOST_LINKS = 60_000
MOST_ROWS = 1_048_000
"""Rows that a sheet holds, a few left for titles."""
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same state gives the same bytes: a clock would not."""
_WIDEST, _NARROWEST = 28, 9
_FROZEN = 3
"""A key further to the right is not kept in sight: it would take half the screen."""
_WRITTEN_BY = ("annotated", "annotated_look", "annotated_manual")
_NOT_TAKEN = "Colonne non reprise (contact, horodatage…)."


@dataclass(frozen=True)
class Annotated:
    """What the spreadsheet says.

    Attributes:
        names: names of structures by their identifier.
        table: the export's rows and columns; None where it is not in the archive.
        sha256: content of that export.
        refused: whether the export is refused: what was found in the former one is not in it.
    """

    label: str
    territory_label: str
    key: TerritoryYear
    file_name: str
    simulated: bool
    constats: Sequence[Constat]
    names: Mapping[str, str]
    table: DeliveredTable | None
    sha256: str = ""
    refused: bool = False

    @property
    def summary(self) -> str:
        """Where the findings stand, in a sentence."""
        asked = sum(one.asked for one in self.constats)
        given = sum(one.answered for one in self.constats)
        said = "Le fichier est refusé : rien n'en a été chargé. " if self.refused else ""
        return (
            f"{said}{counted(asked, 'constat attend', 'constats attendent')} une réponse ; "
            f"{counted(given, 'réponse donnée', 'réponses données')}."
        )

    @property
    def mark(self) -> str:
        """Hash of all that the workbook depends on."""
        shown_names = sorted(self.names.items())
        return hash_of(_own_code(), repr(replace(self, names={}, table=None)), repr(shown_names))


@cache
def _own_code() -> str:
    here = Path(__file__).parent
    return "".join((here / f"{name}.py").read_text(encoding="utf-8") for name in _WRITTEN_BY)


def mark_of(workbook: Path) -> str:
    """The mark of a workbook that was written before; empty for none."""
    try:
        with zipfile.ZipFile(workbook) as package:
            core = package.read("docProps/core.xml").decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return ""
    found = re.search(r"<cp:keywords>([0-9a-f]{64})</cp:keywords>", core)
    return found[1] if found else ""


def annotated_workbook(view: Annotated) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    title = f"{view.label}, {view.territory_label}, données {view.key.data_year} : constats"
    book.set_properties(
        {"title": title, "author": "Senacs", "created": _CREATED, "keywords": view.mark}
    )
    look = Look(book)
    findings = book.add_worksheet(FINDINGS)
    export = book.add_worksheet(EXPORT) if view.table and view.table.header else None
    manual = book.add_worksheet(MANUAL)
    _fill_findings(findings, look, view, links=export is not None)
    if export and view.table:
        _fill_export(export, look, view, view.table)
    fill_manual(manual, look, view.constats, simulated=view.simulated)
    findings.activate()
    book.close()
    return out.getvalue()


def _colour(one: Constat) -> str:
    severity = one.finding.severity
    settled = one.answered or (one.state is not None and not one.asked)
    return ANSWERED if settled else COLOURS[severity]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _fill_findings(sheet: Any, look: Look, view: Annotated, *, links: bool) -> None:  # noqa: ANN401
    key = view.key
    sheet.write_string(
        0, 0, shown(f"{view.label} – {view.territory_label} – données {key.data_year}"), look.title
    )
    sheet.write_string(1, 0, _cut(shown(f"{view.file_name}. {view.summary}")), look.note)
    if view.simulated:
        sheet.write_string(
            2, 0, "DONNÉES SIMULÉES : structures et réponses inventées pour la démonstration.",
            look.warning,
        )  # fmt: skip
    sheet.write_string(0, _REFERENCE, f"{ORIGIN} {view.sha256}", look.note)
    for column, (title, width) in enumerate(zip(TITLES, _WIDTHS, strict=True)):
        answer = _FIRST_ANSWER <= column < _REFERENCE
        sheet.write_string(
            _HEADER_ROW, column, title, look.answer_header if answer else look.header
        )
        sheet.set_column(column, column, width, None, {"hidden": column == _REFERENCE})
    sheet.set_row(_HEADER_ROW, 22)
    for number, one in enumerate(view.constats[:MOST_ROWS], start=_HEADER_ROW + 1):
        _fill_line(sheet, look, view, one, number, links=links)
    last = max(_HEADER_ROW + len(view.constats), _HEADER_ROW + 1)
    sheet.autofilter(_HEADER_ROW, 0, last, _REFERENCE)
    sheet.freeze_panes(_HEADER_ROW + 1, 2)
    sheet.repeat_rows(_HEADER_ROW)
    _page(sheet)
    sheet.fit_to_pages(1, 0)
    _protect(sheet)


def _fill_line(
    sheet: Any,  # noqa: ANN401 - the library is untyped
    look: Look,
    view: Annotated,
    one: Constat,
    number: int,
    *,
    links: bool,
) -> None:
    finding = one.finding
    if finding.sheet:
        sheet.write_string(number, 0, shown(finding.place), look.cell)
    elif finding.row:
        sheet.write_number(number, 0, finding.row, look.number)
    else:
        sheet.write_blank(number, 0, None, look.cell)
    name = view.names.get(finding.unit_id or "", "")
    unit = " – ".join(part for part in (finding.unit_id, name) if part)
    target = _target(finding, view.table) if links and number < _MOST_LINKS else ""
    header = _cut(shown(finding.header))
    texts = (
        (1, shown(unit), look.cell),
        (3, _start(shown(finding.raw)), look.raw),
        (4, finding.severity.french, look.coloured(_colour(one))),
        (5, shown(finding.rule), look.cell),
        (6, typography(shown(_messages(one))), look.cell),
        (7, typography(shown(finding.advice)), look.cell),
        (
            8,
            typography(shown(_state(one))),
            look.coloured(ANSWERED) if one.answered else look.cell,
        ),
        (_REFERENCE, one.reference, look.cell),
    )
    for column, text, form in texts:
        sheet.write_string(number, column, _cut(text), form)
    sheet.set_row(number, row_height([(text, _WIDTHS[column]) for column, text, _ in texts[:-1]]))
    if target and header:
        sheet.write_url(number, 2, target, look.link, header[:250], "Voir la cellule")
    else:
        sheet.write_string(number, 2, header, look.cell)
    _answer_cells(sheet, look, one, number)


def _start(text: str) -> str:
    """The beginning of a raw text: of a whole row, its cells are in the other sheet."""
    return text if len(text) <= _RAW_SHOWN else f"{text[:_RAW_SHOWN]} …"


def _messages(one: Constat) -> str:
    """What was found; of several rows of one unit, with the other rows."""
    rows = [str(f.row) for f in one.others if f.row]
    more = f" (aussi ligne {', '.join(rows)})" if rows else ""
    return f"{one.finding.message}{more}"


def _state(one: Constat) -> str:
    if one.state is None:
        return "pour information"
    return f"{one.state.french} : {one.said}" if one.said else one.state.french


def _answer_cells(sheet: Any, look: Look, one: Constat, number: int) -> None:  # noqa: ANN401
    for column in range(_FIRST_ANSWER, _REFERENCE):
        sheet.write_blank(number, column, None, look.answer if one.replies else look.no_answer)
    if not one.replies:
        if one.new_export:
            sheet.write_string(number, _FIRST_ANSWER, "nouvel export", look.no_answer)
        return
    if ReplyKind.CORRECTED not in one.replies:
        sheet.write_blank(number, _FIRST_ANSWER + 1, None, look.no_answer)
    words = [kind.french for kind in one.replies]
    sheet.data_validation(
        number, _FIRST_ANSWER, number, _FIRST_ANSWER,
        {
            "validate": "list",
            "source": words,
            "error_title": "Réponse",
            "error_message": f"Choisissez dans la liste : {' ou '.join(words)}.",
        },
    )  # fmt: skip


def _target(finding: Finding, table: DeliveredTable | None) -> str:
    column = _column(finding, table)
    if table is None or column is None:
        return ""
    row = finding.row or table.header_row
    cell = xlsxwriter.utility.xl_rowcol_to_cell(row - 1, column)
    return f"internal:'{EXPORT}'!{cell}"


def _column(finding: Finding, table: DeliveredTable | None) -> int | None:
    """The column of the export that a finding is about."""
    if table is None:
        return None
    place = table.places.get(finding.question or "")
    return place if place is not None else table.places.get(finding.header or "")


def _fill_export(sheet: Any, look: Look, view: Annotated, table: DeliveredTable) -> None:  # noqa: ANN401
    in_it = [one for one in view.constats if one.current or not view.refused]
    marks = _marks(in_it, table)
    top = table.header_row - 1
    if top:
        sheet.write_string(0, 0, "(lignes de titre du fichier, non reprises)", look.note)
    comments = 0
    widths = [_NARROWEST] * len(table.header)
    for row, cells in [(top + 1, table.header), *table.rows][:MOST_ROWS]:
        is_header = row == top + 1
        texts = shown_cells(cells, table, is_header=is_header)
        for column in range(len(table.header)):
            found = marks.get((row, column), ())
            ignored = column in table.ignored
            text = texts[column]
            form = _cell_form(look, found, is_header=is_header, ignored=ignored)
            if text:
                sheet.write_string(row - 1, column, text, form)
            else:
                sheet.write_blank(row - 1, column, None, form)
            size = len(text) // 3 if is_header else len(text)
            widths[column] = min(max(widths[column], size + 2), _WIDEST)
            note = _comment(found) if found else _NOT_TAKEN if ignored and is_header else ""
            if note and comments < _MOST_COMMENTS:
                comments += 1
                sheet.write_comment(row - 1, column, note, _COMMENT)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(top, 48)
    key = table.key_column
    sheet.freeze_panes(top + 1, key + 1 if key is not None and key <= _FROZEN else 0)
    if key is not None:
        sheet.repeat_columns(key)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.repeat_rows(top)
    _page(sheet)
    sheet.set_print_scale(60)
    _protect(sheet)


def shown_cells(cells: Sequence[str], table: DeliveredTable, *, is_header: bool) -> list[str]:
    """A row of the export as the sheet shows it: without ignored columns, made inert.

    Nothing of a row whose cells have shifted, as any of them may hold what is to be ignored.
    """
    width = len(table.header)
    if table.ignored and cell_gap(list(cells), width):
        return [""] * width
    return [
        ""
        if column >= len(cells) or (column in table.ignored and not is_header)
        else _cut(shown(cells[column]))
        for column in range(width)
    ]


_COMMENT = {"author": "Senacs", "x_scale": 2.4, "y_scale": 1.6, "font_size": 9}


def _cell_form(look: Look, found: Sequence[Constat], *, is_header: bool, ignored: bool) -> Any:  # noqa: ANN401
    if found:
        worst = min(found, key=lambda c: (not c.asked, list(Severity).index(c.finding.severity)))
        return look.coloured(_colour(worst), bold=is_header, wrap=is_header)
    if ignored:
        return look.ignored_title if is_header else look.ignored
    return look.header if is_header else look.one_line


def _marks(
    constats: Iterable[Constat], table: DeliveredTable
) -> dict[tuple[int, int], list[Constat]]:
    """The findings of each cell; one about a whole row marks the cell that identifies it."""
    shown_ones = (c for c in range(len(table.header)) if c not in table.ignored)
    first = next(shown_ones, 0) if table.key_column is None else table.key_column
    marks: dict[tuple[int, int], list[Constat]] = defaultdict(list)
    for one in constats:
        for finding in one.findings:
            column = _column(finding, table)
            if finding.row is None and column is None:
                continue
            row = finding.row or table.header_row
            place = (row, first if column is None else column)
            if one not in marks[place]:
                marks[place].append(one)
    return marks


def _comment(found: Sequence[Constat]) -> str:
    said = []
    for one in found:
        finding = one.finding
        said.append(
            f"{finding.severity.french.upper()} – {finding.rule}\n{shown(finding.message)}\n"
            f"Que faire : {shown(finding.advice)}\nÉtat : {shown(_state(one))}"
        )
    return typography("\n\n".join(said))[:_LONGEST]


def _page(sheet: Any) -> None:  # noqa: ANN401 - the library is untyped
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.set_footer("&L&F&C&A&RPage &P / &N")


def _protect(sheet: Any) -> None:  # noqa: ANN401 - the library is untyped
    """Against slips, without a password: what is to be answered is open."""
    sheet.protect(
        "",
        {
            "autofilter": True,
            "sort": True,
            "format_columns": True,
            "format_rows": True,
            "select_locked_cells": True,
        },
    )
