"""Text that was written in UTF-8 and read as Windows-1252 before it reached us: `dÃ©partement`."""

import re
from collections.abc import Iterator

from senacs.reading.table import Note, NoteKind, Table

_TWICE = re.compile(
    "Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]|â€[\u0099\u009c\u009d™œ“”¦]"
)
_SHOWN = 10


def mojibake_notes(table: Table) -> Iterator[Note]:
    """Where such text stands. It is never repaired: what it was is likely, not certain."""
    if any(_TWICE.search(cell) for cell in table.header):
        example = next(cell for cell in table.header if _TWICE.search(cell))
        yield Note(NoteKind.MOJIBAKE_HEADER, example)
    rows = [n for n, cells in table.rows if _TWICE.search("\n".join(cells))]
    if rows:
        more = "…" if len(rows) > _SHOWN else ""
        shown = ", ".join(map(str, rows[:_SHOWN]))
        yield Note(NoteKind.MOJIBAKE, f"{shown}{more}", rows[0])
