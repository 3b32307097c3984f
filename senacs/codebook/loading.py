"""Reads a collection's folder into the model; every fault names file and line."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from senacs.codebook.breakdowns import Breakdown
from senacs.codebook.consistency import check
from senacs.codebook.model import Campaign, Collection, Indicator
from senacs.codebook.plausibility import PartOfWhole, Threshold
from senacs.codebook.questionnaire import (
    CodeItem,
    HeaderSpelling,
    Publication,
    Question,
    Table,
    Variable,
)
from senacs.errors import CodebookError

MANIFEST = "collection.yml"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where the wheel brings it: five times as fast."""

Model = TypeVar("Model", bound=BaseModel)


def collection_names(codebook: Path) -> tuple[str, ...]:
    """The declared collections: the folders of the codebook that hold a manifest."""
    return tuple(sorted(p.parent.name for p in codebook.glob(f"*/{MANIFEST}")))


def in_order(codebook: Path) -> list[str]:
    """The declared collections, each after the register that it is read beside.

    Raises:
        CodebookError: two collections are each other's register.
    """
    registers = {
        name: load_collection(codebook, name).rests_on for name in collection_names(codebook)
    }
    try:
        return [
            name
            for name in TopologicalSorter(
                {name: {register} - {""} for name, register in registers.items()}
            ).static_order()
            if name in registers
        ]
    except CycleError as error:
        raise CodebookError(f"collections are each other's register: {error.args[1]}") from error


def declared_between(
    codebook: Path, names: Iterable[str], first_year: int, last_year: int
) -> list[tuple[str, Campaign]]:
    """The campaigns of these collections about these years, with their collection; oldest first.

    A collection's register comes with it, before it in each year: without the register of its year
    a survey is not read. Years without a declared campaign are left out.

    Raises:
        CodebookError: no such collection, or none of its campaigns is about these years.
    """
    asked = {name: load_collection(codebook, name) for name in names}
    for name, collection in asked.items():
        years = sorted(campaign.data_year for campaign in collection.campaigns)
        if not any(first_year <= year <= last_year for year in years):
            known = ", ".join(map(str, years)) or "none"
            raise CodebookError(
                f"{name} declares no campaign about {first_year}-{last_year}; it declares: {known}"
            )
    taken = asked.keys() | {collection.rests_on for collection in asked.values()}
    in_turn = [load_collection(codebook, name) for name in in_order(codebook) if name in taken]
    return [
        (collection.collection, campaign)
        for data_year in range(first_year, last_year + 1)
        for collection in in_turn
        for campaign in collection.campaigns
        if campaign.data_year == data_year
    ]


@cache
def load_collection(codebook: Path, name: str) -> Collection:
    """The collection of that name, read and checked.

    Raises:
        CodebookError: a file is missing, has an unknown column or contradicts another one.
    """
    collection = _read(codebook, name)
    said_by_register = any(b.of_register for b in collection.breakdowns)
    register = collection.register_collection if said_by_register else ""
    check(collection, _read(codebook, register) if register else None)
    return collection


def _read(codebook: Path, name: str) -> Collection:
    folder = codebook / name
    if not (folder / MANIFEST).is_file():
        known = ", ".join(collection_names(codebook)) or "none"
        raise CodebookError(f"no collection {name!r} in {codebook}; declared: {known}")
    manifest = _yaml(folder / MANIFEST)
    if not isinstance(manifest, dict):
        raise CodebookError(f"{folder / MANIFEST}: a mapping is expected")
    questions: list[Question] = []
    for path in sorted((folder / "questions").glob("*.csv")):
        questions += _rows(
            path, Question, lists=("population", "attested"), data_year=_year_of(path)
        )
    return _model(
        Collection,
        {
            **manifest,
            "collection": name,
            "variables": _rows(folder / "variables.csv", Variable, lists=("made_of",)),
            "questions": questions,
            "code_items": _rows(folder / "codes.csv", CodeItem, lists=("spellings",)),
            "tables": _rows(folder / "tables.csv", Table),
            "thresholds": _rows(folder / "thresholds.csv", Threshold),
            "wholes": _rows(folder / "wholes.csv", PartOfWhole),
            "publications": _rows(folder / "publications.csv", Publication),
            "header_spellings": _rows(folder / "headers.csv", HeaderSpelling),
            "campaigns": _entries(folder / "campaigns.yml", Campaign),
            "breakdowns": _entries(folder / "breakdowns.yml", Breakdown),
            "indicators": _entries(folder / "indicators.yml", Indicator),
            "version": content_version(folder),
        },
        str(folder / MANIFEST),
    )


def content_version(folder: Path) -> str:
    """Twelve hex digits that change with any byte of any file of the folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _year_of(path: Path) -> int:
    try:
        return int(path.stem)
    except ValueError as error:
        raise CodebookError(f"{path}: a questionnaire's file is named by its data year") from error


def _rows(
    path: Path, model: type[Model], *, lists: tuple[str, ...] = (), **fixed: object
) -> list[Model]:
    """One object a line; an absent file declares none; an empty cell is the field's default."""
    if not path.is_file():
        return []
    made: list[Model] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter=";"), start=2):
            if None in row or None in row.values():
                raise CodebookError(f"{path}, line {number}: not as many cells as headers")
            cells: dict[str, object] = {k: v for k, v in row.items() if v != ""}
            for field in lists:
                if field in cells:
                    cells[field] = tuple(str(cells[field]).split("|"))
            made.append(_model(model, {**fixed, **cells}, f"{path}, line {number}"))
    return made


def _entries(path: Path, model: type[Model]) -> list[Model]:
    if not path.is_file():
        return []
    entries, lines = _parsed(path)
    if not isinstance(entries, list):
        raise CodebookError(f"{path}: a list is expected")
    return [
        _model(model, entry, f"{path}, line {line}")
        for entry, line in zip(entries, lines, strict=True)
    ]


def _yaml(path: Path) -> Any:  # noqa: ANN401 - what YAML holds is checked by the models
    return _parsed(path)[0]


def _parsed(path: Path) -> tuple[Any, list[int]]:
    """What a file of YAML holds; of a list, the line on which each entry begins."""
    try:
        loader = _LOADER(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        listed = node.value if isinstance(node, yaml.SequenceNode) else []
        lines = [entry.start_mark.line + 1 for entry in listed]
        return (None if node is None else loader.construct_document(node)), lines
    except yaml.YAMLError as error:
        raise CodebookError(f"{path}: {error}") from error


def _model(model: type[Model], fields: object, where: str) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise CodebookError(f"{where}: {'; '.join(_problems(error))}") from error


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"])
        yield f"{place}: {problem['msg']}" if place else problem["msg"]
