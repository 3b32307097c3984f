"""Sheets of cells to the bytes of a file, in each format that territories send."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from senacs.simulation.campaign.dialects import Format
from senacs.simulation.campaign.spelling import Written, as_midnight

_UNWRITABLE = {"\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}", "’": "'", "²": "2"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member of an archive, so that the same content gives the same bytes."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows of cells, and in a workbook which columns are hidden."""

    name: str
    rows: Sequence[Sequence[Written]]
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    visible: bool = True


def file_bytes(sheets: Sequence[Sheet], form: Format, inner_name: str, readme: str = "") -> bytes:
    """The file. A text holds the first sheet alone; `readme` lies beside it in a ZIP."""
    if form.workbook:
        return _WORKBOOKS[form.name](sheets)
    data = _text(sheets[0].rows, form).encode(form.encoding)
    if form.name == "csv-gzip":
        return gzip.compress(data, mtime=0)
    if form.name == "csv-zip":
        members = [(f"{inner_name}.csv", data)]
        if readme:
            members.append(("LISEZMOI.txt", readme.encode("utf-8")))
        return _zipped(members)
    return data


def for_encoding(text: str, form: Format) -> str:
    """The text as this format's encoding can hold it."""
    if not form.encoding or form.encoding.startswith("utf"):
        return text
    for sign, plain in _UNWRITABLE.items():
        text = text.replace(sign, plain)
    return text


def _text(rows: Sequence[Sequence[Written]], form: Format) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=form.delimiter,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_ALL if form.quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return for_encoding(out.getvalue(), form)


def _zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(*_EPOCH)})  # noqa: DTZ001 - the same bytes always
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            if not sheet.visible:
                page.hide()
            for column in sorted(sheet.hidden_columns):
                page.set_column(column, column, None, None, {"hidden": True})
            for y, row in enumerate(sheet.rows):
                for x, cell in enumerate(row):
                    if isinstance(cell, str):
                        if cell:
                            page.write_string(y, x, cell)
                    elif isinstance(cell, date):
                        page.write_datetime(y, x, cell)
                    else:
                        page.write_number(y, x, cell)
    return out.getvalue()


def _xls(sheets: Sequence[Sheet]) -> bytes:
    import xlwt  # noqa: PLC0415

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        page.visibility = 0 if sheet.visible else 1
        for column in sheet.hidden_columns:
            page.col(column).hidden = True
        for y, row in enumerate(sheet.rows):
            for x, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write(y, x, as_midnight(cell), day)
                elif cell != "":
                    page.write(y, x, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(sheets: Sequence[Sheet]) -> bytes:
    """Written here: the library for it is no longer kept, and forty times as slow."""
    return _zipped(
        [
            ("mimetype", _ODS_TYPE.encode()),
            ("META-INF/manifest.xml", _ODS_MANIFEST.encode()),
            ("content.xml", "".join(_ods_content(sheets)).encode()),
        ]
    )


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{_ODS_NAMES}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _ods_content(sheets: Sequence[Sheet]) -> Iterator[str]:
    names = "".join(
        f' xmlns:{short}="{_ODS_NAMES}:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}'
    yield ' office:version="1.2"><office:automatic-styles>'
    yield '<style:style style:name="unseen" style:family="table">'
    yield '<style:table-properties table:display="false"/></style:style>'
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in sheets:
        style = "" if sheet.visible else ' table:style-name="unseen"'
        yield f"<table:table table:name={quoteattr(sheet.name)}{style}>"
        width = max((len(row) for row in sheet.rows), default=1)
        for place in range(width):
            seen = ' table:visibility="collapse"' if place in sheet.hidden_columns else ""
            yield f"<table:table-column{seen}/>"
        for row in sheet.rows:
            yield f"<table:table-row>{''.join(map(_ods_cell, row)) or '<table:table-cell/>'}"
            yield "</table:table-row>"
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _ods_cell(cell: Written) -> str:
    if isinstance(cell, str):
        if not cell:
            return "<table:table-cell/>"
        kind, shown = 'office:value-type="string"', escape(cell)
    elif isinstance(cell, date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
        shown = f"{cell:%d/%m/%Y}"
    else:
        shown = f"{cell:.15g}"
        kind = f'office:value-type="float" office:value="{shown}"'
    return f"<table:table-cell {kind}><text:p>{shown}</text:p></table:table-cell>"


_WORKBOOKS: dict[str, Callable[[Sequence[Sheet]], bytes]] = {
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
}
