"""Workbooks and archives, as people's programs write them."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import xlsxwriter
import xlwt
from odf import opendocument
from odf import table as odf_table
from odf.text import P

Cell = str | float | bool | date | None
Grid = Sequence[Sequence[Cell]]


def xlsx(
    rows: Grid,
    hidden: Iterable[str] = (),
    columns: Iterable[int] = (),
    lines: Iterable[int] = (),
    **more: Grid,
) -> bytes:
    """A workbook whose sheet is `Feuille`, and others by their name.

    Args:
        rows: its cells.
        hidden: names of sheets that are hidden.
        columns: columns of `Feuille` that are hidden, from 1.
        lines: rows of it that are hidden, from 1.
        more: the other sheets' cells.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        shown = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, grid in {"Feuille": rows, **more}.items():
            sheet = book.add_worksheet(name)
            for y, cells in enumerate(grid):
                for x, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(y, x, cell, shown)
                    elif isinstance(cell, str):
                        (sheet.write_formula if cell[:1] == "=" else sheet.write_string)(y, x, cell)
                    elif cell is not None:
                        sheet.write(y, x, cell)
        for column in columns:
            book.get_worksheet_by_name("Feuille").set_column(
                column - 1, column - 1, None, None, {"hidden": True}
            )
        for line in lines:
            book.get_worksheet_by_name("Feuille").set_row(line - 1, None, None, {"hidden": True})
        names = [sheet.name for sheet in book.worksheets()]
        first = next(name for name in names if name not in hidden)
        book.get_worksheet_by_name(first).activate()
        book.get_worksheet_by_name(first).set_first_sheet()
        for name in hidden:
            book.get_worksheet_by_name(name).hide()
    return out.getvalue()


def xls(rows: Grid, **more: Grid) -> bytes:
    """A workbook of the old kind."""
    book = xlwt.Workbook()
    shown = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, grid in {"Feuille": rows, **more}.items():
        sheet = book.add_sheet(name)
        for y, cells in enumerate(grid):
            for x, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write(y, x, cell, shown)
                elif cell is not None:
                    sheet.write(y, x, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(
    rows: Grid, columns: Sequence[tuple[int, bool]] = (), lines: Iterable[int] = (), **more: Grid
) -> bytes:
    """A workbook as LibreOffice keeps it.

    Args:
        rows: cells of its sheet `Feuille`.
        columns: each run of its columns: how many, and whether they are hidden.
        lines: rows of it that a filter hides, from 1.
        more: the other sheets' cells.
    """
    book = opendocument.OpenDocumentSpreadsheet()
    for name, grid in {"Feuille": rows, **more}.items():
        sheet = odf_table.Table(name=name)
        own = name == "Feuille"
        for times, is_hidden in columns if own else ():
            shown = {"visibility": "collapse"} if is_hidden else {}
            sheet.addElement(odf_table.TableColumn(numbercolumnsrepeated=times, **shown))
        for number, cells in enumerate(grid, start=1):
            line = odf_table.TableRow(
                **({"visibility": "filter"} if own and number in lines else {})
            )
            for cell in cells:
                line.addElement(_ods_cell(cell))
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _ods_cell(cell: Cell) -> odf_table.TableCell:
    if cell is None:
        return odf_table.TableCell()
    if isinstance(cell, bool):
        return odf_table.TableCell(valuetype="boolean", booleanvalue=str(cell).lower())
    if isinstance(cell, date):
        return odf_table.TableCell(valuetype="date", datevalue=cell.isoformat())
    if isinstance(cell, (int, float)):
        return odf_table.TableCell(valuetype="float", value=str(cell))
    made = odf_table.TableCell(valuetype="string")
    made.addElement(P(text=cell))
    return made


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def locked(package: bytes) -> bytes:
    """A ZIP of one member, which now says that it is encrypted."""
    directory = package.index(b"PK\x01\x02")
    changed = bytearray(package)
    changed[6] |= 1
    changed[directory + 8] |= 1
    return bytes(changed)


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_entities(workbook: bytes) -> bytes:
    """The same workbook, whose strings begin with entities that grow a million times."""
    files = unzipped(workbook)
    name = "xl/sharedStrings.xml"
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 9))
    declared = b"<!DOCTYPE sst [" + b'<!ENTITY l0 "lol">' + laughs + b"]><sst"
    files[name] = files[name].replace(b"<sst", declared, 1)
    return zipped(files)
