"""French typography for what people read."""

import re
from collections.abc import Sequence
from datetime import date

NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"
_THOUSAND = 1000
_BEFORE_SIGN = re.compile(r" ([:;!?»%€])")
_AFTER_QUOTE = re.compile(r"« ")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def number(value: float, decimals: int | None = None) -> str:
    """A number with a decimal comma and narrow spaces; without `decimals`, as many as it has.

    >>> number(1234.5) == "1\N{NARROW NO-BREAK SPACE}234,5"
    True
    """
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.6f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", NARROW).replace(".", ",")


def quantity(value: float, unit: str, decimals: int) -> str:
    """A figure with its unit; the unit `share` (0 to 1) is shown in per cent."""
    if unit == "share":
        return f"{number(value * 100, decimals)}{NO_BREAK}%"
    return f"{number(value, decimals)}{NO_BREAK}{unit}" if unit == "€" else number(value, decimals)


def counted(count: int, singular: str, plural: str) -> str:
    """A count with its noun; in French zero takes the singular.

    >>> counted(1, "ligne", "lignes") == "1\N{NO-BREAK SPACE}ligne"
    True
    """
    return f"{number(count)}{NO_BREAK}{plural if abs(count) > 1 else singular}"


_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def day(value: date) -> str:
    """A date in words: 1er mars 2013."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NO_BREAK}{_MONTHS[value.month - 1]} {value.year}"


def size(count: int) -> str:
    """The size of a file, in units of a thousand bytes."""
    value = float(count)
    for unit in ("octets", "ko", "Mo"):
        if value < _THOUSAND:
            return f"{number(value, 0)}{NO_BREAK}{unit}"
        value /= _THOUSAND
    return f"{number(value, 1)}{NO_BREAK}Go"


def typography(text: str) -> str:
    """A sentence as it is printed: no-break spaces at double signs, curved apostrophes."""
    text = _BEFORE_SIGN.sub(rf"{NO_BREAK}\1", text)
    text = _AFTER_QUOTE.sub(f"«{NO_BREAK}", text)
    return _APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", text)


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: a, b et c."""
    *before, last = words
    return f"{', '.join(before)} et {last}" if before else last


def capital(text: str) -> str:
    """The same words with a capital first, the rest as it is."""
    return text[:1].upper() + text[1:]
