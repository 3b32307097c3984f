"""From bytes to text: which encoding, or why there is no text to read."""

import codecs
from collections import Counter
from dataclasses import dataclass

from senacs.reading.table import FileProblem

__all__ = ["Decoded", "FileProblem", "decode"]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HTML_STARTS = ("<!doctype html", "<html", "<?xml")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE_BYTE = ("cp1252", "iso8859-15", "mac_roman")
"""In order of preference: where two explain the bytes as well, the first is taken."""

# How much each character speaks for French text: frequent letters and signs more than rare ones.
_WEIGHTS = (
    {"é": 12, "è": 6, "à": 6, "ê": 4, "ç": 4, "’": 4, "\N{NO-BREAK SPACE}": 4}
    | dict.fromkeys("ôîûâù«»°€", 3)
    | dict.fromkeys("ÉÈÀÊÇœŒëïÔÎ–—…“”²", 2)
)
_UNLIKELY = -4
_NEVER = -40
_CLEAR = 1.5
"""The winner's score must be this many times the next one's, or the reading is unsure."""

_NUL_SHARE, _NUL_REST = 0.4, 0.05
"""Text in UTF-16 without its mark: every other byte of the Latin letters is zero."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file with the encoding it was in, or the problem that prevents it.

    `unsure` names the other encoding that explains the bytes about as well, with another text.
    """

    text: str = ""
    encoding: str = ""
    problem: FileProblem = FileProblem.NONE
    detail: str = ""
    unsure: str = ""


def decode(data: bytes) -> Decoded:
    """The text of an export, by its mark, else UTF-8, else the likeliest for French.

    A text that holds U+FFFD was destroyed before it reached us: it is refused, never repaired.
    """
    if not data.strip():
        return Decoded(problem=FileProblem.EMPTY)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding)
    if b"\0" in data:
        unmarked = _unmarked_utf16(data)
        return _decoded(data, unmarked) if unmarked else Decoded(problem=FileProblem.BINARY)
    as_utf8 = _decoded(data, "utf-8")
    if as_utf8.problem is not FileProblem.UNDECODABLE:
        return as_utf8
    encoding, unsure = _likeliest(data)
    return _decoded(data, encoding, unsure)


def _unmarked_utf16(data: bytes) -> str:
    """Which UTF-16 the zero bytes betray; empty for none."""
    if len(data) % 2:
        return ""
    half = len(data) / 2
    first, second = data[::2].count(0) / half, data[1::2].count(0) / half
    if second >= _NUL_SHARE and first <= _NUL_REST:
        return "utf-16-le"
    if first >= _NUL_SHARE and second <= _NUL_REST:
        return "utf-16-be"
    return ""


def _likeliest(data: bytes) -> tuple[str, str]:
    """The single-byte encoding that makes the best French of the bytes, and a close second."""
    counts = Counter(data.translate(None, bytes(range(0x80))))
    scores = {encoding: _score(counts, encoding) for encoding in _SINGLE_BYTE}
    best = max(_SINGLE_BYTE, key=scores.__getitem__)
    if scores[best] <= 0:
        best = _SINGLE_BYTE[0]
    return best, next((other for other in _SINGLE_BYTE if _close(counts, best, other)), "")


def _close(counts: Counter[int], best: str, other: str) -> bool:
    """Whether the bytes that tell one from the other do not tell it clearly."""
    telling = Counter(
        {b: n for b, n in counts.items() if _character(b, best) != _character(b, other)}
    )
    if not telling:
        return False
    for_best, for_other = _score(telling, best), _score(telling, other)
    impossible = for_other <= _NEVER
    return not impossible and for_best < max(for_other * _CLEAR, 1)


def _score(counts: Counter[int], encoding: str) -> int:
    return sum(_weight(_character(byte, encoding)) * times for byte, times in counts.items())


def _character(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, errors="replace")


def _weight(character: str) -> int:
    if character == REPLACEMENT or not (character.isprintable() or character.isspace()):
        return _NEVER
    return _WEIGHTS.get(character, _UNLIKELY)


def _decoded(data: bytes, encoding: str, unsure: str = "") -> Decoded:
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
    return Decoded(text, encoding, unsure=unsure)


def _title(page: str) -> str:
    """What a page says of itself, so that the supplier knows which error it was."""
    lower = page[:10_000].lower()
    start, end = lower.find("<title>"), lower.find("</title>")
    return page[start + 7 : end].strip()[:100] if 0 <= start < end else ""
