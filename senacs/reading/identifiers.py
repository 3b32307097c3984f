"""SIRET and SIREN numbers and Insee codes, and what spreadsheets do to them."""

import re

from senacs.reading.folding import spaceless
from senacs.reading.outcome import Value, ValueProblem

_SIRET_DIGITS = 14
_SIREN_DIGITS = 9
_LA_POSTE = "356000000"
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_FLOAT = re.compile(r"(\d+)[.,]0+")
_NO_ESTABLISHMENT = "00000"
_SHORT_COMMUNE = re.compile(r"\d{4}")
_SHORT_DEPARTEMENT = re.compile(r"\d")
_CORSICAN = re.compile(r"2[ab]\d*", re.IGNORECASE)


def siret(text: str) -> Value:
    """Fourteen digits once spaces are gone; a failed check digit is odd, not unreadable."""
    digits = spaceless(text)
    written_as_float = _FLOAT.fullmatch(digits)
    if written_as_float:
        digits = written_as_float[1]
    if _SCIENTIFIC.fullmatch(digits):
        return Value(problem=ValueProblem.SIRET_DIGITS_LOST)
    if not (digits.isascii() and digits.isdigit() and len(digits) == _SIRET_DIGITS):
        return Value(problem=ValueProblem.SIRET_SHAPE)
    if digits.endswith(_NO_ESTABLISHMENT):
        # No establishment has this number: `7,75544E+13` was made a number again.
        return Value(problem=ValueProblem.SIRET_DIGITS_LOST)
    if _luhn(digits) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0):
        odd = ValueProblem.WRITTEN_AS_FLOAT if written_as_float else ValueProblem.NONE
        return Value(text=digits, problem=odd)
    return Value(text=digits, problem=ValueProblem.SIRET_CHECK)


def siren(text: str) -> Value:
    """Nine digits once spaces are gone; a failed check digit is odd, not unreadable."""
    digits = spaceless(text)
    written_as_float = _FLOAT.fullmatch(digits)
    if written_as_float:
        digits = written_as_float[1]
    if not (digits.isascii() and digits.isdigit() and len(digits) == _SIREN_DIGITS):
        return Value(problem=ValueProblem.SIREN_SHAPE)
    if not _luhn(digits):
        return Value(text=digits, problem=ValueProblem.SIREN_CHECK)
    odd = ValueProblem.WRITTEN_AS_FLOAT if written_as_float else ValueProblem.NONE
    return Value(text=digits, problem=odd)


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004


def key(text: str) -> Value:
    """An identifier: text, but for the `.0` of a number that was stored as a decimal one."""
    written_as_float = _FLOAT.fullmatch(text)
    if written_as_float:
        return Value(text=written_as_float[1], problem=ValueProblem.WRITTEN_AS_FLOAT)
    if _SCIENTIFIC.fullmatch(text) and "+" in text:
        return Value(problem=ValueProblem.KEY_DIGITS_LOST)
    return Value(text=text)


def commune(text: str) -> Value:
    """An Insee code of a commune, with the zero that a spreadsheet took: `1004` → `01004`."""
    return _place(text, _SHORT_COMMUNE)


def departement(text: str) -> Value:
    """A département's code, with the zero that a spreadsheet took: `1` → `01`."""
    return _place(text, _SHORT_DEPARTEMENT)


def _place(text: str, short: re.Pattern[str]) -> Value:
    written_as_float = _FLOAT.fullmatch(text)
    code = written_as_float[1] if written_as_float else text
    if _CORSICAN.fullmatch(code):
        code = code.upper()
    if short.fullmatch(code):
        return Value(text=f"0{code}", problem=ValueProblem.ZERO_LOST)
    odd = ValueProblem.WRITTEN_AS_FLOAT if written_as_float else ValueProblem.NONE
    return Value(text=code, problem=odd)
