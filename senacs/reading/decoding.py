"""From bytes to text: which encoding, or why there is no text to read."""

import codecs
from dataclasses import dataclass
from enum import StrEnum

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HTML_STARTS = ("<!doctype html", "<html", "<?xml")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class FileProblem(StrEnum):
    """Why a file cannot be read as an export."""

    NONE = ""
    EMPTY = "empty"
    MARKUP = "markup"
    BINARY = "binary"
    DESTROYED = "destroyed"
    UNDECODABLE = "undecodable"
    UNCLOSED = "unclosed"
    NO_HEADER = "no_header"
    NO_ROW = "no_row"


@dataclass(frozen=True)
class Decoded:
    """The text of a file with the encoding it was in, or the problem that prevents it."""

    text: str = ""
    encoding: str = ""
    problem: FileProblem = FileProblem.NONE
    detail: str = ""


def decode(data: bytes) -> Decoded:
    """The text of an export: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252.

    A text that holds U+FFFD was destroyed before it reached us: it is refused, never repaired.
    """
    if not data.strip():
        return Decoded(problem=FileProblem.EMPTY)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding)
    if b"\0" in data:
        return Decoded(problem=FileProblem.BINARY)
    as_utf8 = _decoded(data, "utf-8")
    if as_utf8.problem is not FileProblem.UNDECODABLE:
        return as_utf8
    return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        return Decoded(
            encoding=encoding, problem=FileProblem.UNDECODABLE, detail=f"octet {error.start + 1}"
        )
    if not text.strip():
        return Decoded(encoding=encoding, problem=FileProblem.EMPTY)
    if "\0" in text:
        return Decoded(encoding=encoding, problem=FileProblem.BINARY)
    if text.lstrip()[:20].lower().startswith(_HTML_STARTS):
        return Decoded(encoding=encoding, problem=FileProblem.MARKUP, detail=_title(text))
    if REPLACEMENT in text:
        line = text[: text.index(REPLACEMENT)].count("\n") + 1
        return Decoded(encoding=encoding, problem=FileProblem.DESTROYED, detail=f"ligne {line}")
    return Decoded(text, encoding)


def _title(page: str) -> str:
    """What a page says of itself, so that the supplier knows which error it was."""
    lower = page.lower()
    start, end = lower.find("<title>"), lower.find("</title>")
    return page[start + 7 : end].strip()[:100] if 0 <= start < end else ""
