"""From a document to its PDF, by Typst: the same document gives the same bytes."""

import json
import unicodedata
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from senacs.errors import PressError
from senacs.press.blocks import Document

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_FONTS = _HERE / "fonts"
_REMEMBERED = 10
_BOX = "\N{WHITE SQUARE}"


def typeset(document: Document) -> bytes:
    """The document as PDF/UA-1: tagged, with language, title and text alternatives.

    Fonts are those shipped beside this module; what the machine has is not looked at.

    Raises:
        PressError: the document cannot be set, such as a picture without alternative.
    """
    try:
        made = _compiler().compile(
            input=str(_TEMPLATES / "document.typ"),
            format="pdf",
            sys_inputs={"document": _data(document)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise PressError(f"{document.title}: {error.diagnostic or error.message}") from error
    finally:
        _forget()
    if not isinstance(made, bytes):
        raise PressError(f"{document.title}: Typst gave no file")
    return made


@cache
def _compiler() -> typst.Compiler:
    """One a process: fonts are read once."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )
    return typst.Compiler(root=str(_TEMPLATES), font_paths=fonts)


def _forget() -> None:
    """Have Typst let go of what it remembers for the next time, which has another document.

    It forgets what the last ten runs had no use for: a hundred documents took 1 GB, now 0.4 GB, at
    no cost of time.
    """
    for _ in range(_REMEMBERED + 1):
        _compiler().compile(input=b"", format="svg")


def _data(document: Document) -> str:
    """The document as JSON; a letter that the fonts lack is a box, where Typst would refuse all."""
    text = unicodedata.normalize(
        "NFC", json.dumps(asdict(document), default=_plain, ensure_ascii=False)
    )
    lacking = set(text) - _letters()
    return text.translate({ord(one): _in_place_of(one) for one in lacking})


def _in_place_of(letter: str) -> str:
    return "" if unicodedata.category(letter) in {"Cf", "Mn"} else _BOX


@cache
def _letters() -> frozenset[str]:
    """What every font that is shipped can show."""
    maps = [TTFont(path, lazy=True).getBestCmap() for path in sorted(_FONTS.glob("*.otf"))]
    return frozenset(map(chr, set.intersection(*(set(each) for each in maps))))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return {"year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"{type(value).__name__} is not part of a document")
