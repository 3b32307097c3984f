"""Exports and answered spreadsheets that persons send in by themselves.

An upload changes nothing until somebody chooses it. Then runs of its territory and data year take
it in place of what the source has, until the source has something newer, another upload is chosen
or a person withdraws it. Nothing that a person types is ever opened as a path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.deliveries import Receipt, TerritoryYear
from senacs.errors import RequestError
from senacs.reading.packed import PackingError, content
from senacs.reading.table import MAX_BYTES
from senacs.replies.sheet import is_annotated
from senacs.settings import settings
from senacs.warehouse.engine import Begin, in_warehouse, warehouse
from senacs.warehouse.statements import execute, fetch
from tasks import archive
from tasks.decisions import refuse_late
from tasks.returned import Taken, take_back
from tasks.sources import file_name as kept_name

SOURCE = "portail"
"""What the record of receipts says an upload came from."""


class Ending(StrEnum):
    """Why runs take an upload no more."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    OVERTAKEN = "overtaken"

    @property
    def french(self) -> str:
        """The words a correspondent reads."""
        return {
            Ending.WITHDRAWN: "retiré",
            Ending.REPLACED: "remplacé par un autre envoi",
            Ending.OVERTAKEN: "dépassé : la source a livré un fichier plus récent",
        }[self]


@dataclass(frozen=True)
class Upload:
    """An export that a person sent in.

    Attributes:
        receipt: what came.
        chosen_at: when somebody asked that runs take it; None: nobody has.
        source_sha256: what the source had when first asked after that; None until it answers.
        ending: why runs take it no more; None: they take it, or it was never chosen.
    """

    upload_id: UUID
    receipt: Receipt
    author: str
    uploaded_at: datetime
    chosen_at: datetime | None
    chosen_by: str | None
    source_sha256: str | None
    ending: Ending | None
    ended_at: datetime | None
    ended_by: str | None

    @property
    def in_place(self) -> bool:
        """Whether the next run takes it."""
        return self.chosen_at is not None and self.ending is None


def largest_upload() -> int:
    """Bytes that one upload may have."""
    return min(settings().export_max_bytes, MAX_BYTES)


def take_upload(
    key: TerritoryYear,
    data: bytes,
    file_name: str,
    author: str,
    begin: Begin = in_warehouse,
) -> UUID | Taken:
    """Archive what a person sends in; the upload's identifier, or what became of its replies.

    An annotated spreadsheet, or a YAML file, holds replies and goes the way of returned files;
    anything else is an export, which waits until it is chosen. What is wrong inside an export is
    for its rehearsal to say.

    Raises:
        RequestError: nothing was sent, too much, a package that is not opened, or the territory is
            closed.
        ReplyError: the replies are another territory's, or none.
    """
    load_collection(settings().codebook, key.collection).campaign(key.data_year).territory(
        key.territory
    )
    name, largest = kept_name(file_name), largest_upload()
    if not author.strip():
        raise RequestError("Dites qui envoie ce fichier.")
    with begin() as connection:
        refuse_late(connection, key)
    if not data:
        raise RequestError(f"{name} est vide : rien n'est arrivé.")
    if len(data) > largest:
        raise RequestError(f"{name} dépasse {largest // 1024 // 1024} Mo : rien n'en est gardé.")
    sha256 = archive.store_bytes(data)
    with begin() as connection:
        execute(connection, "intake/insert_export", sha256=sha256, bytes=len(data))
    try:
        content(name, data)
    except PackingError as error:
        raise RequestError(
            f"{name} ne s'ouvre pas : il est abîmé, ou trop grand une fois ouvert ({error.detail})."
        ) from error
    if name.lower().endswith((".yml", ".yaml")) or is_annotated(data, name):
        return take_back(data, name, author, key, begin)
    upload_id = uuid4()
    with begin() as connection:
        execute(
            connection,
            "intake/insert_upload",
            upload_id=upload_id,
            **vars(key),
            sha256=sha256,
            file_name=name,
            author=author.strip(),
        )
    return upload_id


def uploads_of(connection: Connection, key: TerritoryYear) -> list[Upload]:
    """All that was sent in about a territory and data year, newest first."""
    return [_upload(row) for row in fetch(connection, "intake/uploads", **vars(key))]


def upload_in_place(connection: Connection, key: TerritoryYear) -> Upload | None:
    """The upload that runs take in place of what the source has; None where none is."""
    return next((one for one in uploads_of(connection, key) if one.in_place), None)


def choose(connection: Connection, key: TerritoryYear, upload_id: UUID, author: str) -> None:
    """Let runs take an upload, in the caller's transaction; another one in place is replaced.

    Raises:
        RequestError: it is none of this territory and data year, or has ended.
    """
    execute(connection, "intake/lock_requests", key=str(key))
    upload = upload_to_choose(connection, key, upload_id)
    if upload.in_place:
        return
    execute(connection, "intake/choose_upload", **vars(key), upload_id=upload_id, author=author)
    execute(
        connection,
        "intake/insert_receipt",
        receipt_id=uuid4(),
        **vars(key),
        sha256=upload.receipt.sha256,
        source=SOURCE,
        file_name=upload.receipt.file_name,
        etag=None,
        last_modified=None,
    )


def upload_to_choose(connection: Connection, key: TerritoryYear, upload_id: UUID) -> Upload:
    """An upload that runs may take.

    Raises:
        RequestError: it is none of this territory and data year, or has ended.
    """
    known = {one.upload_id: one for one in uploads_of(connection, key)}
    upload = known.get(upload_id)
    if upload is None:
        raise RequestError("Ce fichier n'est pas un envoi de ce territoire et de cette année.")
    if upload.ending is not None:
        raise RequestError(
            f"L'envoi {upload.receipt.file_name} est {upload.ending.french} : "
            "envoyez-le de nouveau s'il doit être repris."
        )
    return upload


def withdraw(key: TerritoryYear, upload_id: UUID, author: str, begin: Begin = in_warehouse) -> None:
    """Let runs take the source's export again; the next run loads it.

    Raises:
        RequestError: it is none of this territory and data year, or has ended.
    """
    with begin() as connection:
        execute(connection, "intake/lock_requests", key=str(key))
        upload_to_choose(connection, key, upload_id)
        execute(
            connection,
            "intake/end_upload",
            upload_id=upload_id,
            ending=str(Ending.WITHDRAWN),
            author=author,
        )


def overtaken(upload: Upload, sha256: str) -> bool:
    """Whether what the source has now is newer than the upload in place; noted if so.

    What it had when first asked after the choice is what the upload was chosen over. Anything else
    has come since.
    """
    with warehouse().begin() as connection:
        if upload.source_sha256 is None:
            execute(connection, "intake/note_source", upload_id=upload.upload_id, sha256=sha256)
        elif upload.source_sha256 != sha256:
            execute(
                connection,
                "intake/end_upload",
                upload_id=upload.upload_id,
                ending=str(Ending.OVERTAKEN),
                author="source",
            )
            return True
    return False


def _upload(row: Mapping[str, Any]) -> Upload:
    return Upload(
        row["upload_id"],
        Receipt(row["sha256"], row["file_name"], row["bytes"], unchanged=False),
        row["author"],
        row["uploaded_at"],
        row["chosen_at"],
        row["chosen_by"],
        row["source_sha256"],
        Ending(row["ending"]) if row["ending"] else None,
        row["ended_at"],
        row["ended_by"],
    )
