"""Takes what correspondents send back: a YAML file of replies, or the annotated spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import Collection, load_collection
from senacs.deliveries import TerritoryYear
from senacs.errors import ReplyError
from senacs.findings import Severity
from senacs.pages.annotated import shown_cells
from senacs.reading.delivered import delivered_table
from senacs.reading.packed import PackingError, content
from senacs.replies.checking import fault_of, takes_confirmation, takes_correction
from senacs.replies.declared import faults_of, read_replies
from senacs.replies.model import Place, Reply, ReplyKind, State, same_text
from senacs.replies.reference import Reference
from senacs.replies.sheet import (
    EXPORT,
    FINDINGS,
    Line,
    Returned,
    line_of,
    owner_of,
    read_sheet,
)
from senacs.settings import settings
from senacs.warehouse.engine import Begin, in_warehouse
from senacs.warehouse.statements import execute, fetch
from tasks import archive
from tasks.decisions import too_late
from tasks.replies import record, states_of

_Row = Mapping[str, Any]
_MOST_CHANGED = 20
"""Beyond, somebody sorted or replaced the copy: one sentence says so."""


@dataclass(frozen=True)
class Taken:
    """What became of a returned file.

    Attributes:
        key: whose it is.
        new: replies recorded now.
        already: replies that were recorded before.
        refused: lines that could not be taken, each with a French sentence.
    """

    key: TerritoryYear
    new: list[Reply] = field(default_factory=list)
    already: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _SortedOut:
    """Answered lines: replies to be recorded, how many were before, and rows with their faults."""

    wanted: list[Reply]
    already: int
    refused: list[tuple[int, str]]


@task(name="returned-file", cache_policy=NO_CACHE, persist_result=False)
def returned_file(
    path: str, collection: str, territory: str, data_year: int
) -> tuple[str, bytes, TerritoryYear]:
    """Name and content of a returned file, and whose replies it must hold.

    Raises:
        ReplyError: there is no such file.
    """
    file = Path(path)
    if not file.is_file():
        raise ReplyError(f"Il n'y a pas de fichier {path}.")
    return file.name, file.read_bytes(), TerritoryYear(collection, territory, data_year)


@task(name="take-returned-file", cache_policy=NO_CACHE)
def take_file(
    data: bytes, file_name: str, author: str, expected: TerritoryYear | None = None
) -> Taken:
    """Record the replies of a file; a line that cannot be taken is told and stops no other.

    Args:
        data: the file.
        file_name: its name, for messages and the record.
        author: who answers where a line does not say so.
        expected: whose replies these must be; None takes the file's word.

    Raises:
        ReplyError: the file is none of replies, or another territory's; nothing is recorded.
    """
    return take_back(data, file_name, author, expected)


def take_back(
    data: bytes,
    file_name: str,
    author: str,
    expected: TerritoryYear | None = None,
    begin: Begin = in_warehouse,
) -> Taken:
    """The same as one call: the portal, the command line and the flow all come through here.

    Raises:
        ReplyError: the file is none of replies, or another territory's; nothing is recorded.
    """
    if not author.strip():
        raise ReplyError("Dites qui répond.")
    sha256 = archive.store_bytes(data)
    try:
        kind = content(file_name, data).kind
    except PackingError as error:
        raise ReplyError(f"{file_name} ne s'ouvre pas ({error.detail}).") from error
    brought = f"{file_name} (repris par {author})"
    with begin() as connection:
        if kind == "text":
            taken = _take_yaml(connection, data, file_name, brought, expected)
        else:
            back = read_sheet(data, file_name)
            key = owner_of(back.lines, file_name).key
            _same_owner(file_name, key, expected)
            taken = _take_lines(connection, key, back, brought, author)
        _refuse_late(connection, taken.key)
        execute(
            connection,
            "query/insert_returned_file",
            **vars(taken.key),
            sha256=sha256,
            file_name=file_name,
            bytes=len(data),
            author=author,
            recorded=len(taken.new),
            already=taken.already,
            refused=taken.refused,
        )
    return taken


def answer(  # noqa: PLR0917 - what a line of the spreadsheet says, and where it is recorded
    reference: Reference,
    kind: ReplyKind,
    value: str,
    reason: str,
    author: str,
    begin: Begin = in_warehouse,
) -> bool:
    """Record one reply to one item, as a line of the annotated spreadsheet would say it.

    Args:
        reference: the item, in the version that the person had before his eyes.
        kind: corrected, with `value`; or confirmed, with `reason`.
        value: the right value, written as in an export.
        reason: why; a correction may leave it empty.
        author: who answers.
        begin: opens the transaction that it is recorded in.

    Returns:
        whether it is new; False if just this was recorded before.

    Raises:
        ReplyError: it cannot be taken, with the reason in French; nothing is recorded.
    """
    if not author.strip():
        raise ReplyError("Dites qui répond.")
    key = reference.key
    line = line_of(reference, kind, value, reason, author)
    with begin() as connection:
        _refuse_late(connection, key)
        sorted_out = _sorted_out(connection, key, [line], author, _declared(key))
        for _, fault in sorted_out.refused:
            raise ReplyError(f"{fault[:1].upper()}{fault[1:]}")
        return bool(record(connection, key, sorted_out.wanted, "portail"))


def _refuse_late(connection: Connection, key: TerritoryYear) -> None:
    late = too_late(connection, key)
    if late:
        raise ReplyError(late)


def _same_owner(file_name: str, key: TerritoryYear, expected: TerritoryYear | None) -> None:
    if expected is not None and key != expected:
        raise ReplyError(
            f"{file_name} répond pour {key}, et non pour {expected} : rien n'en est repris."
        )


def _declared(key: TerritoryYear) -> Collection:
    declared = load_collection(settings().codebook, key.collection)
    declared.campaign(key.data_year).territory(key.territory)
    return declared


def _take_yaml(
    connection: Connection,
    data: bytes,
    file_name: str,
    source: str,
    expected: TerritoryYear | None,
) -> Taken:
    if file_name.lower().endswith((".csv", ".txt", ".tsv")):
        raise ReplyError(
            f"{file_name} n'est pas un classeur : enregistrez-le en XLSX ou ODS et renvoyez-le."
        )
    key, replies = read_replies(data, file_name)
    _same_owner(file_name, key, expected)
    faults = faults_of(replies, _declared(key), key.data_year)
    if faults:
        raise ReplyError(f"{file_name} : {' '.join(faults)}")
    new = record(connection, key, replies, source)
    return Taken(key, new, len(replies) - len(new))


def _take_lines(
    connection: Connection, key: TerritoryYear, back: Returned, source: str, author: str
) -> Taken:
    declared = _declared(key)
    sorted_out = _sorted_out(connection, key, back.lines, author, declared)
    new = record(connection, key, sorted_out.wanted, source)
    refused = [f"ligne {row} : {fault}" for row, fault in sorted_out.refused]
    return Taken(key, new, sorted_out.already, [*refused, *_changed_cells(key, back, declared)])


def _sorted_out(
    connection: Connection,
    key: TerritoryYear,
    lines: Sequence[Line],
    author: str,
    declared: Collection,
) -> _SortedOut:
    """Which lines can be taken, against the items as they stand under the lock of the territory."""
    refused: list[tuple[int, str]] = []
    wanted: list[Reply] = []
    already = 0
    execute(connection, "query/lock", key=str(key))
    states = states_of(connection, key)
    recorded = {row["reply_id"] for row in fetch(connection, "query/recorded", **vars(key))}
    answered: dict[str, tuple[int, Reply]] = {}
    for line in lines:
        reply, fault = _reply(line, states, author)
        if reply and reply.reply_id(key) in recorded:
            already += 1
            continue
        if reply and not fault:
            fault = _line_fault(line, reply, states, declared)
        if reply and not fault:
            fault = _contradiction(key, line, reply, answered)
        if fault or reply is None:
            refused.append((line.row, fault))
        else:
            wanted.append(reply)
    return _SortedOut(wanted, already, refused)


def _changed_cells(key: TerritoryYear, back: Returned, declared: Collection) -> list[str]:
    """What somebody changed in the copy of the export, where nothing is taken from: it is told."""
    if not (back.export and back.cells and archive.holds(back.export)):
        return []
    data = archive.load(back.export)
    table = delivered_table(data, "", declared, key.territory, key.data_year)
    changed = []
    for number, cells in table.rows:
        was = shown_cells(cells, table, is_header=False)
        now = list(back.cells.get(number, ()))
        now += [""] * (len(was) - len(now))
        changed += [
            f"feuille « {EXPORT} », ligne {number}, « {title} » : « {a} » est devenu « {b} » ; "
            f"cette feuille ne se corrige pas, répondez dans « {FINDINGS} »."
            for title, a, b in zip(table.header, was, now, strict=False)
            if not same_text(a, b)
        ]
    if len(changed) > _MOST_CHANGED:
        return [
            f"feuille « {EXPORT} » : {len(changed)} cellules ont changé ; cette feuille ne se "
            f"corrige pas et n'est pas reprise, répondez dans « {FINDINGS} »."
        ]
    return changed


def _reply(line: Line, states: Mapping[str, _Row], author: str) -> tuple[Reply | None, str]:
    """The reply that a line is, or why it is none."""
    if line.fault or line.reference is None or line.kind is None:
        return None, line.fault
    item = states.get(line.reference.item_key)
    if item is None:
        return None, "ce constat n'est pas connu ici."
    place = Place(item["rule"], item["unit_id"], item["question"], item["header"])
    correction = line.kind is ReplyKind.CORRECTED
    return Reply(
        kind=line.kind,
        place=place.answer if correction else place,
        received=item["delivered"] if correction else item["raw"],
        value=line.value if correction else None,
        reason=line.reason,
        author=line.author or author,
        given=f"version {line.reference.version}",
        about=None if correction else item["about"],
    ), ""


def _line_fault(line: Line, reply: Reply, states: Mapping[str, _Row], declared: Collection) -> str:
    """Why a reply to that item cannot be taken now; empty if it can."""
    if line.reference is None:
        raise AssertionError("a reply has a reference")
    item = states[line.reference.item_key]
    severity, state = Severity(item["severity"]), State(item["state"])
    year = line.reference.key.data_year
    asked = {q.question: q for q in declared.questions_of(year)}
    question = asked.get(item["question"] or "") if item["unit_id"] else None
    correctable = takes_correction(
        question, severity, item["raw"], by_register=declared.identification is not None
    )
    if state is State.RESOLVED:
        return "ce constat n'est plus d'actualité : le dernier export ne le montre plus."
    if item["version"] != line.reference.version:
        said = f" ({item['author']})" if item["author"] != "senacs" else ""
        return (
            f"ce constat a changé depuis que ce classeur a été fait : il est « {state.french} »"
            f"{said}. Répondez dans le nouveau classeur."
        )
    if reply.kind is ReplyKind.CORRECTED and not correctable:
        return "seul un nouvel export règle ce constat."
    if reply.kind is ReplyKind.CONFIRMED and not takes_confirmation(severity):
        return (
            "cette réponse est écartée : elle se corrige, elle ne se confirme pas."
            if correctable else "seul un nouvel export règle ce constat."
        )  # fmt: skip
    return fault_of(reply, declared, year)


def _contradiction(
    key: TerritoryYear, line: Line, reply: Reply, answered: dict[str, tuple[int, Reply]]
) -> str:
    """Two lines of one file that give one answer two values."""
    address = reply.place.address(key)
    row, first = answered.setdefault(address, (line.row, reply))
    if first.value != reply.value:
        return f"elle contredit la ligne {row}, qui corrige la même réponse en « {first.value} »."
    return ""
