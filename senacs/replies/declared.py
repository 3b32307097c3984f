"""Replies as a YAML file, one for a territory and data year."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from senacs.codebook import Collection
from senacs.codebook.declared import Declared
from senacs.deliveries import TerritoryYear
from senacs.errors import ReplyError
from senacs.replies.checking import fault_of
from senacs.replies.files import loaded, made
from senacs.replies.model import Place, Reply, ReplyKind


def _none_if_blank(text: str | None) -> str | None:
    return text if text and text.strip() else None


Optional = Annotated[str | None, AfterValidator(_none_if_blank)]
Said = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Correction(Declared):
    """The right value of an answer.

    Attributes:
        received: text as delivered that it replaces; empty for an empty cell.
        value: the right value, written as in an export.
    """

    unit: Said
    question: Said
    received: str = ""
    value: Said
    reason: str = ""
    author: Said
    on: date


class Confirmation(Declared):
    """What a rule doubts is right as it is.

    Attributes:
        header: only for a finding that is about a column and no question.
        received: text as delivered that is confirmed; empty where the finding shows none.
    """

    rule: Said
    unit: Optional = None
    question: Optional = None
    header: Optional = None
    received: str = ""
    reason: Said
    author: Said
    on: date


class ReplyFile(Declared):
    """A file of replies: whose, and what is said."""

    collection: str
    territory: str
    data_year: int
    corrections: tuple[Correction, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()


def declared_path(folder: Path, key: TerritoryYear) -> Path:
    """Where the declared replies of a territory's data year are."""
    return folder / key.collection / key.territory / f"{key.data_year}.yml"


def read_replies(data: bytes, path: str) -> tuple[TerritoryYear, list[Reply]]:
    """Whose replies a file holds, and the replies.

    Raises:
        ReplyError: the file is none of replies; the sentence names the entry.
    """
    content = loaded(data, path)
    if not isinstance(content, dict):
        raise ReplyError(f"{path} : collection, territory et data_year sont attendus en tête.")
    for part, model in (("corrections", Correction), ("confirmations", Confirmation)):
        listed = content.get(part) or []
        if not isinstance(listed, list):
            raise ReplyError(f"{path}, {part} : une liste est attendue.")
        content[part] = [
            made(model, one, f"{path}, {part}, entrée {n}") for n, one in enumerate(listed, start=1)
        ]
    file = made(ReplyFile, content, path)
    key = TerritoryYear(file.collection, file.territory, file.data_year)
    return key, [
        *(_correction(one) for one in file.corrections),
        *(_confirmation(one) for one in file.confirmations),
    ]


def declared_replies(folder: Path, key: TerritoryYear, declared: Collection) -> list[Reply]:
    """The replies declared for a territory's data year, each one that can be taken.

    Raises:
        ReplyError: the file is another territory's, or an entry cannot be taken.
    """
    path = declared_path(folder, key)
    if not path.is_file():
        return []
    whose, replies = read_replies(path.read_bytes(), str(path))
    if whose != key:
        raise ReplyError(f"{path} : ce fichier dit qu'il répond pour {whose}, et non pour {key}.")
    faults = faults_of(replies, declared, key.data_year)
    if faults:
        raise ReplyError(f"{path} : {' '.join(faults)}")
    return replies


def faults_of(replies: list[Reply], declared: Collection, data_year: int) -> list[str]:
    """A sentence for each reply that cannot be taken, naming its entry."""
    counted = dict.fromkeys(ReplyKind, 0)
    said = []
    for reply in replies:
        counted[reply.kind] += 1
        fault = fault_of(reply, declared, data_year)
        if fault:
            part = "corrections" if reply.kind is ReplyKind.CORRECTED else "confirmations"
            said.append(f"{part}, entrée {counted[reply.kind]} : {fault}")
    return said


def _correction(one: Correction) -> Reply:
    return Reply(
        ReplyKind.CORRECTED, Place("", one.unit, one.question), one.received or None,
        one.value, one.reason, one.author, one.on.isoformat(),
    )  # fmt: skip


def _confirmation(one: Confirmation) -> Reply:
    return Reply(
        ReplyKind.CONFIRMED, Place(one.rule, one.unit, one.question, one.header),
        one.received or None, None, one.reason, one.author, one.on.isoformat(),
    )  # fmt: skip
