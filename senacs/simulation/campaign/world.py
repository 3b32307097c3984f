"""A whole simulated campaign on disk: exports, the codebook that reads them, and the truth."""

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from senacs.codebook import Collection, load_collection
from senacs.disclosure import rules
from senacs.errors import ConfigurationError
from senacs.simulation.campaign.answers import Standing, TrueColumn
from senacs.simulation.campaign.defects import plant
from senacs.simulation.campaign.dialects import dialect_of
from senacs.simulation.campaign.export import (
    STANDING_WORDS,
    Draft,
    Planted,
    draft_export,
    export_bytes,
    file_notes,
    value_texts,
)
from senacs.simulation.campaign.refusals import REFUSALS, refused_bytes
from senacs.simulation.campaign.register import register_bytes
from senacs.simulation.campaign.response import USUAL, Nonresponse
from senacs.simulation.campaign.streams import Stream
from senacs.simulation.campaign.structures import Structures, structures_of

SURVEY, REGISTER = "senacs", "registre"
_README = """\
# Campagne SIMULÉE

Rien ici n'est une réponse réelle ni une structure réelle : noms, gestionnaires, SIRET et réponses
sont inventés (`senacs simulate`, graine {seed}) ; seules les communes existent.

- `exports/` : ce que les territoires envoient (registre et enquête) ;
- `codebook/` : le carnet de codes qui les lit, avec les intitulés de chaque territoire ;
- `truth/` : ce que chaque cellule veut dire, et les défauts plantés.
"""


@dataclass(frozen=True)
class World:
    """What to simulate.

    Attributes:
        territories: code of a territory to its départements.
        defects: share of an export's cells that are spoilt; 0 for none.
        refused: share of the territories whose file is refused as a whole.
        formats: the formats that territories use; all if empty.
        times: how many times as many structures as there are, to see how the pipeline grows.
        nonresponse: what it depends on whether a structure answers.
    """

    seed: int
    data_years: tuple[int, ...]
    territories: Mapping[str, tuple[str, ...]]
    defects: float = 0.0
    refused: float = 0.0
    formats: tuple[str, ...] = ()
    times: float = 1
    nonresponse: Nonresponse = USUAL


@dataclass(frozen=True)
class Made:
    """One export that was written."""

    path: Path
    territory: str
    data_year: int
    structures: int
    responded: int
    cells: int
    planted: int


def simulate(world: World, out: Path, codebook: Path) -> Iterator[Made]:
    """Write the world, export by export; the same world gives the same bytes.

    Args:
        world: what to simulate.
        out: a new or empty folder.
        codebook: the declared collections, whose survey and register are simulated.

    Raises:
        ConfigurationError: the folder holds something, or a data year has no questionnaire.
    """
    survey = load_collection(codebook, SURVEY)
    register = load_collection(codebook, REGISTER)
    for data_year in world.data_years:
        if data_year not in survey.data_years:
            known = f"{survey.data_years[0]} to {survey.data_years[-1]}"
            raise ConfigurationError(f"no questionnaire for data year {data_year}: {known}")
    if out.exists() and any(out.iterdir()):
        raise ConfigurationError(f"{out} is not empty: give another folder, or empty it")
    out.mkdir(parents=True, exist_ok=True)
    (out / "LISEZMOI.md").write_text(_README.format(seed=world.seed), encoding="utf-8")
    spellings: list[tuple[str, int, str, str]] = []
    files: dict[tuple[str, int], str] = {}
    for data_year in world.data_years:
        with _truth_files(out, data_year) as truth:
            for territory, departements in world.territories.items():
                blocks = [
                    block
                    for departement in departements
                    for block in structures_of(world.seed, departement, data_year, world.times)
                ]
                draft = _draft(world, survey, blocks, data_year, territory)
                name = f"{SURVEY}_{territory}_{data_year}"
                path = out / "exports" / SURVEY / f"{name}.{draft.dialect.form.suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_bytes(world, draft, name))
                files[territory, data_year] = path.name
                own = out / "exports" / REGISTER / f"{REGISTER}_{territory}_{data_year}.csv"
                own.parent.mkdir(parents=True, exist_ok=True)
                own.write_bytes(
                    register_bytes(world.seed, register, blocks, register.data_years[-1])
                )
                truth.add(path.name, draft)
                spellings += [
                    (territory, data_year, header, question)
                    for header, question in draft.titles.accepted.items()
                ]
                yield Made(
                    path,
                    territory,
                    data_year,
                    sum(map(len, blocks)),
                    len(draft.respondents),
                    len(draft.lines) * len(draft.delivered),
                    len(draft.planted),
                )
    _write_codebook(world, out, codebook, files, spellings)


def _draft(
    world: World, survey: Collection, blocks: Sequence[Structures], data_year: int, territory: str
) -> Draft:
    dialect = dialect_of(world.seed, territory, world.formats)
    draft = draft_export(
        world.seed, survey, blocks, data_year, dialect, nonresponse=world.nonresponse
    )
    plant(draft, world.seed, world.defects)
    return draft


def _bytes(world: World, draft: Draft, name: str) -> bytes:
    chance, which = Stream(world.seed, "refused", draft.territory, draft.data_year).unit(2)
    if chance >= world.refused:
        data = export_bytes(draft, name)
        draft.planted += file_notes(draft)
        return data
    kinds = list(REFUSALS)
    return refused_bytes(draft, name, kinds[int(which * len(kinds))])


class _Truth:
    """The truth of a data year: a table of defects, and two tables of cells for each export."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "cells").mkdir(parents=True)
        (folder / "answers").mkdir()

    def __enter__(self) -> "_Truth":
        self._file = (self.folder / "defects.csv").open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\n")
        self._writer.writerow(
            ["file", "kind", "rule", "row", "structure_id", "question", "header", "raw"]
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, file_name: str, draft: Draft) -> None:
        """Add an export: what was planted, what its cells mean, what all would have answered."""
        for planted in draft.planted:
            self._writer.writerow([file_name, *_cells(planted)])
        name = f"{draft.territory}.parquet"
        delivered_cells(draft).write_parquet(self.folder / "cells" / name)
        true_answers(draft).write_parquet(self.folder / "answers" / name)


def _truth_files(out: Path, data_year: int) -> _Truth:
    return _Truth(out / "truth" / str(data_year))


def _cells(planted: Planted) -> list[object]:
    row = "" if planted.row is None else planted.row
    return [
        planted.kind, planted.rule, row, planted.structure_id, planted.question, planted.header,
        planted.raw,
    ]  # fmt: skip


def delivered_cells(draft: Draft) -> pl.DataFrame:
    """What each cell of an export means: one row a line × question, as far as it can be read."""
    names = [q.question for q in draft.questions]
    meanings = [line.meaning[name] for line in draft.lines for name in names]
    return pl.DataFrame(
        {
            "row": [draft.row_of(place) for place in range(len(draft.lines)) for _ in names],
            "structure_id": [line.structure_id for line in draft.lines for _ in names],
            "question": names * len(draft.lines),
            "status": [meaning.status for meaning in meanings],
            "value": [meaning.value for meaning in meanings],
        },
        schema_overrides={"row": pl.Int32, "value": pl.String},
    )


def true_answers(draft: Draft) -> pl.DataFrame:
    """What every structure would truly answer, who answered or not: structure × question."""
    frames = [_answers_of(block, columns, draft.respondents) for block, columns in draft.truth]
    return pl.concat(frames)


def _answers_of(
    block: Structures, columns: Sequence[TrueColumn], respondents: frozenset[str]
) -> pl.DataFrame:
    count, size = len(columns), len(block)
    standing = np.concatenate([column.standing for column in columns]) if size else np.zeros(0)
    words = [STANDING_WORDS[standing] for standing in Standing]
    return pl.DataFrame(
        {
            "structure_id": block.structure_id * count,
            "population": [block.population] * (count * size),
            "responded": [name in respondents for name in block.structure_id] * count,
            "question": [c.question.question for c in columns for _ in range(size)],
            "status": [words[int(at)] for at in standing],
            "value": [text for column in columns for text in value_texts(column)],
        },
        schema={
            "structure_id": pl.String,
            "population": pl.String,
            "responded": pl.Boolean,
            "question": pl.String,
            "status": pl.String,
            "value": pl.String,
        },
    )


def _write_codebook(
    world: World,
    out: Path,
    codebook: Path,
    files: Mapping[tuple[str, int], str],
    spellings: Sequence[tuple[str, int, str, str]],
) -> None:
    """The survey's and the register's codebook with the simulated campaigns in place of theirs."""
    (out / "codebook").mkdir(parents=True, exist_ok=True)
    shutil.copy(codebook / rules.FILE, out / "codebook" / rules.FILE)
    for name in (SURVEY, REGISTER):
        shutil.copytree(codebook / name, out / "codebook" / name)
        named = {
            key: file if name == SURVEY else f"{REGISTER}_{key[0]}_{key[1]}.csv"
            for key, file in files.items()
        }
        campaigns = [_campaign(world, name, year, named) for year in world.data_years]
        (out / "codebook" / name / "campaigns.yml").write_text(
            yaml.safe_dump(campaigns, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    with (out / "codebook" / SURVEY / "headers.csv").open("w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f, delimiter=";", lineterminator="\n")
        writer.writerow(["territory", "data_year", "header", "question"])
        writer.writerows(spellings)
    forms = out / "codebook" / REGISTER / "questions"
    latest = max(forms.glob("*.csv"))
    for data_year in world.data_years:
        if not (forms / f"{data_year}.csv").exists():
            shutil.copy(latest, forms / f"{data_year}.csv")


def _campaign(
    world: World, collection: str, data_year: int, files: Mapping[tuple[str, int], str]
) -> dict[str, object]:
    return {
        "data_year": data_year,
        "campaign_year": data_year + 1,
        "opens": date(data_year + 1, 4, 1),
        "closes": date(data_year + 1, 10, 31),
        "perimeter": "all" if collection == SURVEY else "export",
        "note": "Campagne simulée.",
        "territories": [
            {
                "code": territory,
                "label": f"Territoire simulé {territory}",
                "departements": list(departements),
                "source": {
                    "kind": "folder",
                    "path": collection,
                    "file": files[territory, data_year],
                    "settle": 0,
                },
            }
            for territory, departements in world.territories.items()
        ],
    }
