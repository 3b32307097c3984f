"""`python -m benchmarks.reading`: a national year as territories send it, read and typed.

4,100 structures × 250 questions in 101 files of mixed formats. Prints the time by format, and its
ratio to reading the same bytes with polars alone (nothing typed, nothing checked).
"""

import gzip
import io
import random
import resource
import time
import zipfile
from collections.abc import Callable
from datetime import date

import polars as pl
import xlsxwriter
from rich.console import Console
from rich.table import Table

from senacs.codebook import CodeItem, Collection, Kind, Question, Role
from senacs.codebook.model import Disclosure
from senacs.reading import read_export

STRUCTURES, QUESTIONS, FILES = 4_100, 250, 101
YEAR = 2015
_MIX = (
    ("csv utf-8", 30), ("csv cp1252", 25), ("tsv utf-16", 5), ("csv.gz", 5), ("csv.zip", 6),
    ("xlsx", 25), ("xls", 3), ("ods", 2),
)  # fmt: skip

Rows = list[list[str]]


def main() -> None:
    """Make the files, read them, print."""
    collection = _collection()
    files = _files(collection)
    console = Console()
    table = Table(title=f"{STRUCTURES} structures × {QUESTIONS} questions, {FILES} files")
    for title in ("format", "files", "MB", "seconds", "share", "polars alone, s", "ratio"):
        table.add_column(title, justify="left" if title == "format" else "right")
    busy = 0.0
    spent: dict[str, tuple[int, int, float, float]] = {}
    for kind, data in files:
        start, cpu = time.perf_counter(), time.process_time()
        evidence = read_export(data, f"export.{kind}", collection, "92", YEAR)
        own = time.perf_counter() - start
        busy += time.process_time() - cpu
        if evidence.file["problem"][0] or evidence.answers.height % QUESTIONS:
            raise SystemExit(f"{kind}: {evidence.file['problem'][0]} {evidence.file['detail'][0]}")
        alone = _alone(kind, data)
        n, size, seconds, plain = spent.get(kind, (0, 0, 0.0, 0.0))
        spent[kind] = (n + 1, size + len(data), seconds + own, plain + alone)
    total = sum(seconds for _, _, seconds, _ in spent.values())
    spent["all"] = tuple(map(sum, zip(*spent.values(), strict=True)))  # type: ignore[assignment]
    for kind, (n, size, seconds, plain) in spent.items():
        ratio = f"{seconds / plain:.0f}" if plain else ""
        cells = (kind, n, f"{size / 1e6:.1f}", f"{seconds:.2f}", f"{seconds / total:.0%}")
        table.add_row(*map(str, cells), f"{plain:.2f}", ratio)
    console.print(table)
    own_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child_peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    console.print(
        f"Processor time: {busy:.1f} s here, "
        f"{used.ru_utime + used.ru_stime:.1f} s in workbook readers"
    )
    console.print(f"Largest memory: {own_peak:.0f} MB, of a workbook's reader {child_peak:.0f} MB")


def _collection() -> Collection:
    kinds = (Kind.INTEGER, Kind.NUMBER, Kind.YES_NO, Kind.CODE, Kind.INTEGER, Kind.TEXT)
    questions = [_question(0, Kind.TEXT, Role.KEY)]
    questions += [_question(i, kinds[i % len(kinds)], None) for i in range(1, QUESTIONS)]
    return Collection(
        collection="essai",
        label="Essai",
        unit_label="structure",
        unit_label_plural="structures",
        populations={},
        disclosure=Disclosure.OPEN,
        simulated=True,
        licence="",
        provenance="",
        themes={},
        questions=tuple(questions),
        code_items=tuple(
            CodeItem(list="gestion", code=f"g{i}", label=f"Mode de gestion numéro {i}")
            for i in range(8)
        ),
        version="",
    )


def _question(number: int, kind: Kind, role: Role | None) -> Question:
    return Question(
        data_year=YEAR,
        question=f"q{number:03}",
        header=f"Question n° {number} de l'enquête, activité « {number * 7919 % 1000} »",
        label=f"Question {number}",
        kind=kind,
        codes="gestion" if kind is Kind.CODE else "",
        role=role,
        source="essai",
    )


def _files(collection: Collection) -> list[tuple[str, bytes]]:
    draw = random.Random(1)  # noqa: S311 - the same files each time
    header = [question.header for question in collection.questions]
    kinds = [kind for kind, times in _MIX for _ in range(times)]
    made = []
    for number, kind in enumerate(kinds):
        count = STRUCTURES // FILES + (number < STRUCTURES % FILES)
        rows = [
            [_answer(draw, q, f"{number:03}-{i:03}") for q in collection.questions]
            for i in range(count)
        ]
        made.append((kind, _WRITERS[kind]([header, *rows])))
    return made


def _answer(draw: random.Random, question: Question, key: str) -> str:
    if question.role is Role.KEY:
        return key
    if draw.random() < _WITHOUT_ANSWER:
        return draw.choice(("", "", "", "NC", "sans objet"))
    return _DRAWN[question.kind](draw)


_WITHOUT_ANSWER = 0.08
_DRAWN: dict[Kind, Callable[[random.Random], str]] = {
    Kind.INTEGER: lambda draw: str(int(draw.lognormvariate(3, 1))),
    Kind.NUMBER: lambda draw: f"{draw.lognormvariate(9, 1):,.2f}".replace(",", " ").replace(
        ".", ","
    ),
    Kind.YES_NO: lambda draw: draw.choice(("Oui", "Non", "oui", "non")),
    Kind.CODE: lambda draw: f"Mode de gestion numéro {draw.randrange(8)}",
    Kind.TEXT: lambda draw: " ".join(
        draw.choices(("centre", "social", "d'été", "à", "œuvre", "projet"), k=6)
    ),
}


def _csv(rows: Rows, encoding: str, delimiter: str = ";") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def _xlsx(rows: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Export")
        sheet.write(0, 0, "Enquête, édition du " + date(YEAR + 1, 3, 1).isoformat())
        for y, row in enumerate(rows, start=1):
            for x, cell in enumerate(row):
                if cell.isdigit():
                    sheet.write_number(y, x, int(cell))
                elif cell:
                    sheet.write_string(y, x, cell)
    return out.getvalue()


def _xls(rows: Rows) -> bytes:
    import xlwt  # noqa: PLC0415 - a development tool, and only here

    book = xlwt.Workbook()
    sheet = book.add_sheet("Export")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y, x, int(cell) if cell.isdigit() else cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(rows: Rows) -> bytes:
    from odf import opendocument, table  # noqa: PLC0415 - a development tool, and only here
    from odf.text import P  # noqa: PLC0415

    book = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Export")
    for row in rows:
        line = table.TableRow()
        for cell in row:
            made = table.TableCell(valuetype="string")
            made.addElement(P(text=cell))
            line.addElement(made)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _zip(rows: Rows) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.csv", _csv(rows, "utf-8"))
    return out.getvalue()


_WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "csv utf-8": lambda rows: _csv(rows, "utf-8"),
    "csv cp1252": lambda rows: _csv(rows, "cp1252"),
    "tsv utf-16": lambda rows: _csv(rows, "utf-16", "\t"),
    "csv.gz": lambda rows: gzip.compress(_csv(rows, "utf-8")),
    "csv.zip": _zip,
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
}


def _alone(kind: str, data: bytes) -> float:
    """Seconds that polars takes for the same bytes, or for the text in them; 0 for workbooks."""
    if kind in {"xlsx", "xls", "ods"}:
        return 0.0
    if kind == "csv.zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("export.csv")
    if kind == "tsv utf-16":
        data = data.decode("utf-16").encode()
    start = time.perf_counter()
    pl.read_csv(
        data,
        separator="\t" if kind == "tsv utf-16" else ";",
        encoding="utf8-lossy" if kind == "csv cp1252" else "utf8",
        infer_schema=False,
        quote_char=None,
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
