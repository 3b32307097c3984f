"""What a backup says of itself: its files with their SHA-256, and what it takes to restore it."""

import hashlib
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from senacs.errors import WarehouseError

FORMAT = 1
NAME = "manifest.json"
SUM = "manifest.json.sha256"
"""The manifest's own SHA-256, as `sha256sum -c` reads it."""
DUMP = "warehouse.dump"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(_Part):
    """A file of the backup."""

    bytes: int = Field(ge=0)
    sha256: Sha256


class Role(_Part):
    """A role that rights or ownership in the warehouse rest on; passwords are not backed up."""

    name: str
    login: bool
    inherit: bool
    bypassrls: bool
    connects: bool = Field(description="It was given the right to connect to the database.")
    member_of: tuple[str, ...]


class Manifest(_Part):
    """All that a restore needs to know before it changes anything."""

    format: int
    made_at: datetime
    made_by: str = Field(description="Version of senacs.")
    server: str = Field(description="Version of PostgreSQL.")
    revision: str = Field(description="Of the warehouse's migrations.")
    user: str = Field(description="Role that made the dump.")
    owners: tuple[str, ...]
    roles: tuple[Role, ...]
    tables: dict[str, int] = Field(description="Rows of each table.")
    codebook: dict[str, str] = Field(description="Version of each declared collection.")
    files: dict[str, File] = Field(description="Dump and codebook.")
    archive: dict[Sha256, int] = Field(description="Size of each export.")
    lacking: tuple[Sha256, ...] = Field(
        description="Exports that the warehouse knows and the archive had lost or damaged."
    )

    @property
    def everything(self) -> dict[str, File]:
        """Every file of the backup but the manifest, by its name in it."""
        exports = {
            archived(sha256): File(bytes=size, sha256=sha256)
            for sha256, size in self.archive.items()
        }
        return {**self.files, **exports}


def archived(sha256: str) -> str:
    """Where a backup keeps an export."""
    return f"archive/{sha256[:2]}/{sha256}"


def written(manifest: Manifest) -> tuple[bytes, bytes]:
    """The manifest's bytes, and those of the file that holds their SHA-256."""
    text = (manifest.model_dump_json(indent=1) + "\n").encode()
    return text, f"{hashlib.sha256(text).hexdigest()}  {NAME}\n".encode()


def understood(text: bytes, checksum: bytes, where: str) -> Manifest:
    """The manifest in these bytes.

    Raises:
        WarehouseError: they are damaged, or of a later format than this version knows.
    """
    if checksum.split()[:1] != [hashlib.sha256(text).hexdigest().encode()]:
        raise WarehouseError(f"the backup {where} is damaged: {NAME} does not fit {SUM}")
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise WarehouseError(
            f"the backup {where} is not one that this version reads ({error.error_count()} things "
            f"in its {NAME} are not understood): use the version of senacs that made it, or newer"
        ) from None
    if manifest.format != FORMAT:
        raise WarehouseError(
            f"the backup {where} has format {manifest.format}; this version reads {FORMAT}: use "
            f"senacs {manifest.made_by} or newer"
        )
    return manifest
