"""Which columns and rows of a sheet its author has hidden, in XLSX and ODS; XLS is not looked at.

The decoder does not say. Only the opening tags of columns and rows are looked for, in the bytes of
the sheet's own part, block by block: nothing is parsed, no entity is known, time and memory are
bounded by the size of the part, which was checked before. What a text pretends is a note at most.
"""

import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

Ranges = list[tuple[int, int]]
"""First and last, both included, from 1, in their order."""

_BLOCK = 1024 * 1024
_LONGEST_TAG = 4096
_LISTS = 4 * 1024 * 1024
"""No list of sheets is longer."""
_MOST_RANGES = 100_000
_MOST_TAGS = 1_100_000
"""A sheet has at most 1,048,576 rows."""
_TRUE = rb"\s*=\s*[\"'](?:1|true)[\"']"
_HIDDEN = re.compile(rb"\shidden" + _TRUE)
_XLSX_TAG = re.compile(rb"<(?:[\w.-]{1,20}:)?(col|row)(?=[\s/>])([^<>]*)>")
_SHEET_TAG = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:sheet|Relationship)(?=[\s/>])([^<>]*)>")
_COLLAPSED = re.compile(rb"table:visibility\s*=\s*[\"'](?:collapse|filter)[\"']")
_ODS_TAG = re.compile(rb"<(/?table:table|table:table-column|table:table-row)(?=[\s/>])([^<>]*)>")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d{1,7})[\"']")
_ATTRIBUTE = re.compile(rb"([\w.:-]{1,60})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_NUMBER = re.compile(r"\d{1,7}")


@dataclass(frozen=True)
class Hidden:
    """What is hidden of a sheet."""

    columns: Ranges
    rows: Ranges

    def of_columns(self, numbers: list[int]) -> list[int]:
        """Those of these columns that are hidden."""
        return _within(numbers, self.columns)

    def of_rows(self, numbers: list[int]) -> list[int]:
        """Those of these rows that are hidden."""
        return _within(numbers, self.rows)


def hidden_in(data: bytes, kind: str, sheet: str) -> Hidden:
    """What the sheet of this name hides.

    Raises:
        zipfile.BadZipFile: or another of the faults of a damaged package.
    """
    if kind not in {"xlsx", "ods"}:
        return Hidden([], [])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = "content.xml" if kind == "ods" else _part_of(archive, sheet)
        if not part or not _has(archive, part, _COLLAPSED if kind == "ods" else _HIDDEN):
            return Hidden([], [])
        return _in_ods(archive, part, sheet) if kind == "ods" else _in_xlsx(archive, part)


def _within(numbers: list[int], ranges: Ranges) -> list[int]:
    starts = [first for first, _ in ranges]
    found = []
    for number in numbers:
        at = bisect_right(starts, number) - 1
        if at >= 0 and number <= ranges[at][1]:
            found.append(number)
    return found


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of an XLSX that holds a sheet, by the list of sheets and the part's relation."""
    relation = ""
    for given in _listed(archive, "xl/workbook.xml"):
        if given.get("name") == sheet:
            relation = given.get("id", "")
            break
    for given in _listed(archive, "xl/_rels/workbook.xml.rels"):
        if relation and given.get("Id") == relation:
            target = given.get("Target", "")
            return target[1:] if target.startswith("/") else f"xl/{target}"
    return ""


def _listed(archive: zipfile.ZipFile, part: str) -> Iterator[dict[str, str]]:
    with archive.open(part) as file:
        text = file.read(_LISTS)
    for tag in _SHEET_TAG.finditer(text):
        yield _attributes(tag[1])


def _has(archive: zipfile.ZipFile, part: str, what: re.Pattern[bytes]) -> bool:
    return any(what.search(block) for block in _blocks(archive, part))


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces that end where a tag does."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            whole, end, begun = (rest + block).rpartition(b">")
            rest = begun[-_LONGEST_TAG:]
            if end:
                yield whole + end


def _tags(
    archive: zipfile.ZipFile, part: str, kinds: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """These tags of a part, as many as a sheet can have."""
    tags = (tag for block in _blocks(archive, part) for tag in kinds.finditer(block))
    return islice(tags, _MOST_TAGS)


def _in_xlsx(archive: zipfile.ZipFile, part: str) -> Hidden:
    columns: Ranges = []
    rows: Ranges = []
    row = 0
    for tag in _tags(archive, part, _XLSX_TAG):
        is_hidden = _HIDDEN.search(tag[2]) is not None
        if tag[1] == b"row":
            # A row without a number is the one after the last.
            said = _ROW_NUMBER.search(tag[2])
            row = int(said[1]) if said else row + 1
            if is_hidden:
                _add(rows, row, row)
        elif is_hidden:
            given = _attributes(tag[2])
            first = _number(given.get("min", ""), 0)
            _add(columns, first, _number(given.get("max", ""), first))
    return Hidden(_joined(columns), _joined(rows))


def _in_ods(archive: zipfile.ZipFile, part: str, sheet: str) -> Hidden:
    columns: Ranges = []
    rows: Ranges = []
    column = row = depth = 0
    inside = False
    for tag in _tags(archive, part, _ODS_TAG):
        if tag[1] == b"/table:table":
            depth -= 1
            if inside and not depth:
                break
            continue
        given = _attributes(tag[2])
        is_hidden = _COLLAPSED.search(tag[2]) is not None
        if tag[1] == b"table:table":
            inside = inside or (not depth and given.get("name") == sheet)
            depth += not tag[2].endswith(b"/")
        elif inside and depth == 1 and tag[1] == b"table:table-column":
            first = column + 1
            column += _number(given.get("number-columns-repeated", ""), 1)
            if is_hidden:
                _add(columns, first, column)
        elif inside and depth == 1:
            first = row + 1
            row += _number(given.get("number-rows-repeated", ""), 1)
            if is_hidden:
                _add(rows, first, row)
    return Hidden(_joined(columns), _joined(rows))


def _add(ranges: Ranges, first: int, last: int) -> None:
    """One more range, joined to the last one where it follows it."""
    if ranges and first == ranges[-1][1] + 1:
        ranges[-1] = (ranges[-1][0], last)
    elif len(ranges) < _MOST_RANGES:
        ranges.append((first, last))


def _joined(ranges: Ranges) -> Ranges:
    """In their order, those that touch as one."""
    joined: Ranges = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _attributes(tag: bytes) -> dict[str, str]:
    """Attributes by their name without a prefix."""
    return {
        name.decode(errors="replace").rpartition(":")[2]: unescape(
            (double or single).decode(errors="replace")
        )
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def _number(text: str, otherwise: int) -> int:
    return int(text) if _NUMBER.fullmatch(text) else otherwise
