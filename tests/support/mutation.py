"""Damaged exports: small right ones of every format, changed at random but the same for a seed."""

import gzip
import random
from collections.abc import Callable, Iterator
from functools import cache

from tests.support.exports import table, written
from tests.support.packages import ods, unzipped, xls, xlsx, zipped

_TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbf\xbd", b'"', b'""', b";", b"\t", b"\r", b"\n", b"=", b"\x81",
    b"\xc3\xa9", b"1E+308", b"-0", b"9" * 400, b"NaN", b"#REF!", b"TOTAL", b"<!DOCTYPE x>",
    b"\xe2\x80\xaf", b"PK\x03\x04", b"\x1f\x8b\x08", b"2,5e9", b"sep=;\n", b"\xd0\xcf\x11\xe0",
    b"XFD1048576", b'"1048576"', b"\xff\xff\xff\x7f", b"&amp;", b"&#x0;",
)  # fmt: skip


@cache
def seeds() -> dict[str, bytes]:
    """A small right export in each format and encoding."""
    made: dict[str, bytes] = {}
    for collection in ("senacs", "registre", "adulte_relais"):
        cells = table(collection)
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"):
            made[f"{collection} {encoding}"] = written(cells, encoding)
        comma = written(cells).replace(b";", b"\t")
        made[f"{collection} tab"] = comma
        made[f"{collection} xlsx"] = xlsx(
            [["Enquête"], *cells, ["Total"]], columns=[2], lines=[3], Notes=[["Notes"]]
        )
        made[f"{collection} xls"] = xls(cells)
        made[f"{collection} ods"] = ods(cells, columns=[(1, False), (2, True)], lines=[2])
        made[f"{collection} zip"] = zipped({"export.csv": written(cells)})
        made[f"{collection} zip xlsx"] = zipped({"export.xlsx": xlsx(cells)})
        made[f"{collection} gzip"] = gzip.compress(written(cells), mtime=0)
    return made


def mutants(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """That many damaged files, each with a name that says of what and which."""
    chosen = list(seeds().items())
    for number in range(count):
        draw = random.Random(f"{seed}/{number}")
        name, data = draw.choice(chosen)
        yield f"{name} {seed}/{number}", _damaged(draw, data)


def _damaged(draw: random.Random, data: bytes) -> bytes:
    """Changed as a whole, or inside the archive that it is, so that its sums still hold."""
    if data[:2] == b"PK" and draw.random() < 0.7:
        files = unzipped(data)
        name = draw.choice(sorted(files))
        files[name] = _changed(draw, files[name])
        if draw.random() < 0.1:
            del files[draw.choice(sorted(files))]
        return zipped(files)
    if data[:2] == b"\x1f\x8b" and draw.random() < 0.5:
        return gzip.compress(_changed(draw, gzip.decompress(data)), mtime=0)
    return _changed(draw, data)


def _changed(draw: random.Random, data: bytes) -> bytes:
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        data = draw.choice(_CHANGES)(draw, data)
    return data


def _flip(draw: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _set(draw: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    changed[draw.randrange(len(data))] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
    return bytes(changed)


def _cut(draw: random.Random, data: bytes) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _removed(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    return data[:start] + data[start + draw.randrange(1, 64) :]


def _inserted(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    return data[:start] + draw.choice(_TOKENS) * draw.choice((1, 1, 3, 50)) + data[start:]


def _repeated(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    piece = data[start : start + draw.randrange(1, 400)]
    return data[:start] + piece * draw.choice((2, 5, 100)) + data[start:]


def _spliced(draw: random.Random, data: bytes) -> bytes:
    other = draw.choice(list(seeds().values()))
    return data[: draw.randrange(len(data) + 1)] + other[draw.randrange(len(other)) :]


_CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip, _flip, _set, _set, _cut, _removed, _inserted, _inserted, _repeated, _spliced,
)  # fmt: skip
