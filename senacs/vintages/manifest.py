"""The manifest of an edition: every file by its hash, and what the figures were made of."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from senacs.disclosure.rules import Rule
from senacs.errors import VintageError
from senacs.vintages.model import File, Vintage

NAME = "manifest.json"
"""In the edition's folder; it names every file of it but itself."""


class Sealed(NamedTuple):
    """A file of an edition.

    `path`: in the edition's folder, with `/`. `size`: in bytes.
    """

    path: str
    sha256: str
    size: int


class _Listed(BaseModel):
    """What checking needs of a manifest; it says more."""

    model_config = ConfigDict(frozen=True)

    edition: str
    files: tuple[Sealed, ...] = Field(min_length=1)


def manifest(
    vintage: Vintage,
    earlier: Sequence[Vintage],
    exports: Sequence[File],
    rules: Sequence[Rule],
    files: Sequence[Sealed],
) -> str:
    """The manifest as JSON, the same for the same files in whatever order.

    Args:
        vintage: that the edition is about.
        earlier: of earlier data years, that its documents look back to.
        exports: that the figures rest on: told by territory and hash, not by name.
        rules: of disclosure control.
        files: all of the edition.
    """
    described = {
        "edition": vintage.name,
        "vintage": {
            "collection": vintage.collection,
            "data_year": vintage.data_year,
            "number": vintage.number,
            "kind": vintage.kind.value,
            "reason": vintage.reason,
            "decided_by": vintage.decided_by,
            "released_on": vintage.released_on.isoformat(),
        },
        "codebook": vintage.codebook,
        "code": vintage.code,
        "earlier": sorted(one.name for one in earlier),
        "disclosure": [rule.model_dump(mode="json") for rule in rules],
        "exports": [
            {"territory": territory, "sha256": sha256}
            for territory, sha256 in sorted((one.territory, one.sha256) for one in exports)
        ],
        "files": [one._asdict() for one in sorted(files)],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def differences(text: str, found: Sequence[Sealed]) -> Iterator[str]:
    """What is other in a folder than its manifest says, a sentence each, in the order of paths.

    Raises:
        VintageError: this is no manifest.
    """
    try:
        listed = _Listed.model_validate_json(text).files
    except ValidationError as error:
        raise VintageError(f"{NAME} is no manifest: {error.errors()[0]['msg']}") from None
    said = {one.path: one for one in listed}
    there = {one.path: one for one in found}
    for path in sorted(said | there):
        if path not in there:
            yield f"{path}: missing"
        elif path not in said:
            yield f"{path}: not in the manifest"
        elif there[path].size != said[path].size:
            yield f"{path}: {there[path].size} bytes, not {said[path].size}"
        elif there[path].sha256 != said[path].sha256:
            yield f"{path}: as many bytes, but others"
