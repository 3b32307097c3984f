"""Files that are refused as a whole: what happens to exports on their way, and the rules."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

from senacs.codebook import Question
from senacs.simulation.campaign.dialects import with_format
from senacs.simulation.campaign.export import Draft, Planted, export_bytes

_LOGIN_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Connexion requise</title></head>"
    "<body>Votre session a expiré.</body></html>\n"
)


def refused_bytes(draft: Draft, inner_name: str, kind: str) -> bytes:
    """The draft's file after that mishap; what was planted in the draft no longer counts."""
    rule, spoil = REFUSALS[kind]
    data = spoil(draft, inner_name)
    draft.planted = [Planted(kind, rule)]
    return data


def _as(draft: Draft, form: str, inner_name: str, totals: bool | None = None) -> bytes:
    """The draft's file in that format."""
    dialect = with_format(draft.dialect, form)
    if totals is not None:
        dialect = replace(dialect, totals=totals)
    return export_bytes(replace(draft, dialect=dialect), inner_name)


def _empty(_: Draft, __: str) -> bytes:
    return b"\n"


def _login_page(_: Draft, __: str) -> bytes:
    return _LOGIN_PAGE.encode()


def _nul_bytes(draft: Draft, inner_name: str) -> bytes:
    data = _as(draft, "csv-utf8", inner_name)
    return data[:40] + b"\0\0\0" + data[40:]


def _accents_destroyed(draft: Draft, inner_name: str) -> bytes:
    text = _as(draft, "csv-utf8", inner_name).decode()
    return "".join(c if c.isascii() else "\N{REPLACEMENT CHARACTER}" for c in text).encode()


def _cut(draft: Draft, inner_name: str) -> bytes:
    """Cut within a cell in quotes."""
    data = _as(draft, "csv-comma", inner_name)
    return data[: data.index(b'"', len(data) * 2 // 3) + 2].rstrip(b'"\n,') + b',"Acc'


def _converted_twice(draft: Draft, inner_name: str) -> bytes:
    text = _as(draft, "csv-utf8", inner_name).decode()
    return text.encode().decode("latin-1").encode()


def _no_rows(draft: Draft, inner_name: str) -> bytes:
    return _as(replace(draft, lines=[]), "csv-utf8", inner_name, totals=False)


def _broken_workbook(draft: Draft, inner_name: str) -> bytes:
    data = _as(draft, "xlsx", inner_name)
    return data[: len(data) * 3 // 5]


def _two_exports(draft: Draft, inner_name: str) -> bytes:
    data = _as(draft, "csv-utf8", inner_name)
    return _zip({f"{inner_name}.csv": data, f"{inner_name}_v2.csv": data + b"\n"})


def _nothing_inside(_: Draft, __: str) -> bytes:
    return _zip({"photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0", "note.txt": b""})


def _bomb(_: Draft, inner_name: str) -> bytes:
    return _zip({f"{inner_name}.csv": b"0" * (70 * 1024 * 1024)})


def _entities(draft: Draft, inner_name: str) -> bytes:
    data = _as(draft, "xlsx", inner_name)
    declared = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"?>", b"?>" + declared, 1)
            parts[name] = part
    return _zip(parts)


def _no_key_column(draft: Draft, inner_name: str) -> bytes:
    key = _key(draft).question
    return _as(replace(draft, dropped={*draft.dropped, key}), "csv-utf8", inner_name)


def _question_twice(draft: Draft, inner_name: str) -> bytes:
    names = [q.question for q in draft.delivered if q.kind == "integer"]
    title = draft.title_of(names[0])
    added = [*draft.added, (title, ["3"] * len(draft.lines))]
    return _as(replace(draft, added=added), "csv-utf8", inner_name)


def _key(draft: Draft) -> Question:
    return next(q for q in draft.questions if q.role == "key")


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


REFUSALS: dict[str, tuple[str, Callable[[Draft, str], bytes]]] = {
    "empty": ("FIC-01", _empty),
    "login_page": ("FIC-02", _login_page),
    "nul_bytes": ("FIC-03", _nul_bytes),
    "accents_destroyed": ("FIC-04", _accents_destroyed),
    "cut": ("FIC-06", _cut),
    "no_rows": ("FIC-08", _no_rows),
    "bomb": ("FIC-10", _bomb),
    "entities": ("FIC-11", _entities),
    "broken_workbook": ("FIC-13", _broken_workbook),
    "two_exports": ("FIC-14", _two_exports),
    "nothing_inside": ("FIC-15", _nothing_inside),
    "converted_twice": ("FIC-19", _converted_twice),
    "no_key_column": ("COL-02", _no_key_column),
    "question_twice": ("COL-03", _question_twice),
}
"""Kind of mishap to the rule that refuses the file, and how it comes about."""
