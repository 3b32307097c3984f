"""What the bytes are: text, a workbook, or a ZIP or GZIP that holds one of them."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from senacs.reading.table import MAX_BYTES, FileProblem
from senacs.reading.workbooks import OLE, ZIP_FAULTS

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
MAX_MEMBERS = 500
MAX_TOTAL = 4 * MAX_BYTES
MAX_RATIO = 300
_SMALL = 8 * 1024 * 1024
"""Below this size a high ratio does no harm: a sheet of empty cells compresses well."""
_FOREIGN = ("__macosx/", ".ds_store", "thumbs.db")
_ENCRYPTED = 0x1


class PackingError(Exception):
    """A package that is not opened, and why."""

    def __init__(self, problem: FileProblem, detail: str = "") -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True)
class Content:
    """The bytes of one file: `kind` is `text`, `xlsx`, `xls`, `ods`, `zip` or `gzip`."""

    name: str
    kind: str
    data: bytes


def content(name: str, data: bytes) -> Content:
    """What these bytes are, by themselves: a name says what someone believed.

    Raises:
        PackingError: a ZIP that is broken or a bomb.
    """
    if data.startswith(_GZIP):
        return Content(name, "gzip", data)
    if data.startswith(OLE):
        return Content(name, "xls", data)
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return Content(name, _kind_of_zip(data), data)
    return Content(name, "text", data)


def members(package: Content) -> Iterator[Content]:
    """What a ZIP or GZIP holds, each at once opened and capped.

    Raises:
        PackingError: it is broken, a bomb, protected by a password, or holds another package.
    """
    if package.kind == "gzip":
        yield _unpacked(package.name.removesuffix(".gz"), _gunzipped(package.data))
        return
    try:
        with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
            for info in archive.infolist():
                if info.is_dir() or info.filename.lower().rsplit("/")[-1].startswith(_FOREIGN):
                    continue
                if info.filename.lower().startswith(_FOREIGN):
                    continue
                if info.flag_bits & _ENCRYPTED:
                    raise PackingError(FileProblem.PROTECTED, info.filename)
                with archive.open(info) as member:
                    data = member.read(MAX_BYTES + 1)
                if len(data) > MAX_BYTES:
                    raise PackingError(FileProblem.BOMB, info.filename)
                yield _unpacked(info.filename, data)
    except ZIP_FAULTS as error:
        raise PackingError(FileProblem.BROKEN, str(error)[:200]) from error


def _unpacked(name: str, data: bytes) -> Content:
    made = content(name, data)
    if made.kind in {"zip", "gzip"}:
        raise PackingError(FileProblem.BOMB, f"{name} : une archive dans une archive")
    return made


def _gunzipped(data: bytes) -> bytes:
    """All members of a GZIP, one after the other, up to the cap."""
    out = b""
    while data:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            out += unpacker.decompress(data, MAX_BYTES + 1 - len(out))
        except zlib.error as error:
            raise PackingError(FileProblem.BROKEN, str(error)) from error
        if len(out) > MAX_BYTES:
            raise PackingError(FileProblem.BOMB, f"plus de {MAX_BYTES // 1024 // 1024} Mo")
        if not unpacker.eof:
            raise PackingError(FileProblem.BROKEN, "fichier tronqué")
        data = unpacker.unused_data if unpacker.unused_data.startswith(_GZIP) else b""
    return out


def _kind_of_zip(data: bytes) -> str:
    """Which ZIP it is, from its directory alone, with its sizes checked before it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            _refuse_bomb(infos)
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:  # noqa: PLR2004
                declared = archive.read("mimetype")
                if b"opendocument.spreadsheet" in declared:
                    return "ods"
    except ZIP_FAULTS as error:
        raise PackingError(FileProblem.BROKEN, str(error)[:200]) from error
    return "xlsx" if any(name.lower().startswith("xl/") for name in names) else "zip"


def _refuse_bomb(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise PackingError(FileProblem.BOMB, f"{len(infos)} fichiers")
    total = sum(info.file_size for info in infos)
    for info in infos:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > MAX_TOTAL or (info.file_size > _SMALL and ratio > MAX_RATIO):
            raise PackingError(
                FileProblem.BOMB, f"{info.filename} : {info.file_size // 1024 // 1024} Mo"
            )
    if total > MAX_TOTAL:
        raise PackingError(FileProblem.BOMB, f"{total // 1024 // 1024} Mo une fois ouvert")
