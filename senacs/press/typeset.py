"""From a document to its PDF, by Typst: the same document gives the same bytes."""

import json
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

import typst

from senacs.errors import PressError
from senacs.press.blocks import Document

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_FONTS = _HERE / "fonts"


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
            sys_inputs={"document": json.dumps(asdict(document), default=_plain)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise PressError(f"{document.title}: {error.diagnostic or error.message}") from error
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


def _plain(value: object) -> object:
    if isinstance(value, date):
        return {"year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"{type(value).__name__} is not part of a document")
