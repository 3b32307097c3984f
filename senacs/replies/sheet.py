"""The annotated spreadsheet read back: what a correspondent has answered, line by line.

Lines are known by their reference, columns by their title: rows may be sorted or deleted, columns
moved, other cells changed. The workbook is opened by the reader of exports, in its own process.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from senacs.errors import ReplyError
from senacs.reading.folding import folded
from senacs.reading.packed import PackingError, content
from senacs.reading.table import FileProblem
from senacs.reading.workbooks import Sheet, opened
from senacs.replies.model import ReplyKind
from senacs.replies.reference import Reference

FINDINGS, EXPORT = "Constats", "Export reçu"
ORIGIN = "export"
"""What stands before the content's hash of the export that the workbook shows."""
_ORIGIN = re.compile(rf"{ORIGIN} ([0-9a-f]{{64}})")
_SEARCHED = 30
_REFERENCE, _REPLY, _VALUE, _REASON, _AUTHOR = (
    "reference", "reponse", "nouvelle valeur", "motif", "auteur",
)  # fmt: skip
_NEEDED = (_REFERENCE, _REPLY, _VALUE, _REASON)
_LONGEST = 2000
_NOT_OURS = (
    "ce classeur n'a pas de feuille « Constats » avec ses colonnes d'origine : renvoyez le "
    "classeur annoté."
)


@dataclass(frozen=True)
class Line:
    """One answered line of the sheet of findings.

    Attributes:
        row: its row in the sheet.
        reference: what it is about; None if its reference is missing or has been changed.
        kind: what is answered; None if that cannot be told.
        fault: why the line cannot be taken, in French; empty if it may be.
    """

    row: int
    reference: Reference | None
    kind: ReplyKind | None
    value: str
    reason: str
    author: str
    fault: str = ""


@dataclass(frozen=True)
class Returned:
    """A workbook that came back.

    Attributes:
        lines: the lines that somebody has written in.
        export: content's hash of the export that it shows; empty where that is not said.
        cells: what its copy of the export says now, by the row's number.
    """

    lines: list[Line]
    export: str = ""
    cells: Mapping[int, Sequence[str]] = field(default_factory=dict)


def read_sheet(data: bytes, file_name: str) -> Returned:
    """What somebody has written in the workbook.

    Raises:
        ReplyError: the file is no workbook, or not one of ours.
    """
    try:
        kind = content(file_name, data).kind
    except PackingError as error:
        raise ReplyError(f"{file_name} ne s'ouvre pas ({error.detail}).") from error
    if kind not in {"xlsx", "xls", "ods"}:
        raise ReplyError(
            f"{file_name} n'est pas un classeur : enregistrez-le en XLSX ou ODS et renvoyez-le."
        )
    book = opened(data, kind)
    if book.problem is not FileProblem.NONE:
        why = {FileProblem.PROTECTED: "il est protégé par un mot de passe"}.get(
            book.problem, f"il est abîmé ou trop grand : {book.detail}"
        )
        raise ReplyError(f"{file_name} ne s'ouvre pas : {why}.")
    found = [made for sheet in book.sheets if (made := _titles(sheet))]
    if not found:
        raise ReplyError(f"{file_name} : {_NOT_OURS}")
    lines = []
    for sheet, header, titles in found:
        lines += [
            line
            for number, cells in sheet.rows
            if number > header and (line := _line(number, cells, titles))
        ]
    origin = next((m[1] for sheet, _, _ in found for _, cells in sheet.rows[:_SEARCHED]
                   for cell in cells if (m := _ORIGIN.fullmatch(cell.strip()))), "")  # fmt: skip
    copies = [sheet for sheet in book.sheets if folded(sheet.name) == folded(EXPORT)]
    return Returned(lines, origin, dict(copies[0].rows) if copies else {})


def is_annotated(data: bytes, file_name: str) -> bool:
    """Whether the file is a workbook with our sheet of findings, whatever is written in it."""
    try:
        kind = content(file_name, data).kind
    except PackingError:
        return False
    return kind in {"xlsx", "xls", "ods"} and any(map(_titles, opened(data, kind).sheets))


def line_of(reference: Reference, kind: ReplyKind, value: str, reason: str, author: str) -> Line:
    """The line of the sheet that would say this."""
    fault = ""
    if max(map(len, (value, reason, author))) > _LONGEST:
        fault = f"une réponse dépasse {_LONGEST} caractères."
    return Line(0, reference, kind, value.strip(), reason.strip(), author.strip(), fault)


def _titles(sheet: Sheet) -> tuple[Sheet, int, dict[str, int]] | None:
    """Where the titles of the sheet of findings are; None if this is another sheet."""
    for number, cells in sheet.rows[:_SEARCHED]:
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            places.setdefault(folded(cell), place)
        if all(name in places for name in _NEEDED):
            return sheet, number, places
    return None


def _line(row: int, cells: Sequence[str], titles: Mapping[str, int]) -> Line | None:
    """The line, if somebody has answered on it; the name alone is no answer."""

    def said(name: str) -> str:
        place = titles.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    word, value, reason, author = (said(n) for n in (_REPLY, _VALUE, _REASON, _AUTHOR))
    reference = Reference.parsed(said(_REFERENCE))
    if not (value or reason) and (not word or folded(word) == "nouvel export"):
        return None
    kind, fault = _kind(word, value)
    if reference is None and not fault:
        fault = (
            "la référence du constat manque ou a été modifiée : reprenez la ligne dans le classeur "
            "d'origine."
        )
    if max(map(len, (value, reason, author))) > _LONGEST:
        fault = f"une réponse dépasse {_LONGEST} caractères."
    return Line(row, reference, kind, value, reason, author, fault)


def _kind(word: str, value: str) -> tuple[ReplyKind | None, str]:
    """What is answered: a new value alone is a correction, a reason alone is nothing yet."""
    answer = folded(word)
    if answer.startswith("corrig"):
        return ReplyKind.CORRECTED, ""
    if answer.startswith("confirm"):
        if value:
            return None, "« confirmé » et une nouvelle valeur : choisissez l'un ou l'autre."
        return ReplyKind.CONFIRMED, ""
    if not answer and value:
        return ReplyKind.CORRECTED, ""
    if not answer:
        return None, "choisissez « corrigé » ou « confirmé » dans la colonne Réponse."
    return None, f"« {word} » n'est pas une réponse : choisissez « corrigé » ou « confirmé »."


def owner_of(lines: Sequence[Line], file_name: str) -> Reference:
    """A reference of the territory and year that all lines are about.

    Raises:
        ReplyError: there is no line, or they are about several.
    """
    references = [line.reference for line in lines if line.reference]
    if lines and not references:
        raise ReplyError(
            f"{file_name} : la colonne masquée « Référence » a été effacée ou modifiée ; reportez "
            "vos réponses dans le classeur d'origine."
        )
    if not references:
        raise ReplyError(f"{file_name} : aucune ligne n'est remplie ; il n'y a rien à reprendre.")
    owners = {str(reference.key) for reference in references}
    if len(owners) > 1:
        raise ReplyError(
            f"{file_name} mêle des lignes de plusieurs territoires ou années "
            f"({', '.join(sorted(owners))}) : renvoyez un classeur pour chacun."
        )
    return references[0]
