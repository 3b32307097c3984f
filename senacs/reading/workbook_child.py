"""Run as a program of its own: a workbook on standard input, its sheets as text on standard output.

The decoder is native code that a hostile file can make allocate without end, or abort. Here that
ends this small process, under limits of its own, and not the worker that asked. It imports nothing
of the product and starts in about 30 ms.
"""

import datetime
import io
import marshal
import sys
from decimal import Decimal

MEMORY = 900 * 1024 * 1024
SECONDS = 9


def main() -> None:
    """Read, convert, answer. The site folder, and the most cells to give, are arguments."""
    site, most_cells = sys.argv[1], int(sys.argv[2])
    _limit()
    sys.path.append(site)
    marshal.dump(_answer(sys.stdin.buffer.read(), most_cells), sys.stdout.buffer)


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system; the time limit holds without it
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or hard > limit:
            resource.setrlimit(what, (limit, hard))


def _answer(data: bytes, most_cells: int) -> dict[str, object]:
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for place, meta in enumerate(book.sheets_metadata):
            if str(meta.typ).endswith("WorkSheet"):
                sheet = book.get_sheet_by_index(place)
                most_cells -= _size(sheet)
                if most_cells < 0:
                    return {"problem": "too_large", "detail": f"feuille {meta.name}"}
                visible = str(meta.visible).endswith(".Visible")
                sheets.append((meta.name, visible, *_cells(sheet)))
    except PasswordError:
        return {"problem": "protected", "detail": ""}
    except MemoryError:
        return {"problem": "too_large", "detail": "mémoire"}
    except BaseException as error:  # panics of the native code are no Exception
        return {"problem": "broken", "detail": f"{type(error).__name__}: {error}"[:200]}
    return {"sheets": sheets}


def _size(sheet) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return int(sheet.height) * int(sheet.width)


def _cells(sheet) -> tuple[int, list[list[str]]]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The number of the first row, and the rows from the first column on, as text."""
    if sheet.start is None:
        return 1, []
    top, left = sheet.start
    before = [""] * left
    rows = [before + [_text(cell) for cell in row] for row in sheet.to_python()]
    return top + 1, rows


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def _number(cell: float) -> str:
    """As a spreadsheet shows it, at its full 15 digits: `92001`, not `92001.0`; `0.3`."""
    text = f"{cell:.15g}"
    if "e" in text:
        return f"{Decimal(text):f}" if abs(cell) < 1e30 else text  # noqa: PLR2004
    return text


if __name__ == "__main__":
    main()
