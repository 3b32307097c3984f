"""Simulated exports read and judged, and what that leaves unexplained."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.catalogue import rules_for
from expectations.exports import REGISTER_SCHEMA, SCOPE_SCHEMA, Exports, Setting
from expectations.rule import Frame, Layer, Rule
from senacs.codebook import Collection, load_collection
from senacs.codebook.model import HeaderSpelling
from senacs.findings import Finding
from senacs.reading import Evidence, read_export
from senacs.register import Structure, identified
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.defects import plant
from senacs.simulation.campaign.dialects import dialect_of, with_format
from senacs.simulation.campaign.export import Draft, draft_export, export_bytes, file_notes
from senacs.simulation.campaign.row_defects import WHOLE_ROW
from senacs.simulation.campaign.structures import Structures, structures_of
from senacs.simulation.campaign.world import delivered_cells

CODEBOOK = PROJECT_ROOT / "codebook"


@dataclass(frozen=True)
class Example:
    """An export with what was planted in it, as read."""

    draft: Draft
    blocks: Sequence[Structures]
    collection: Collection
    evidence: Evidence

    @property
    def setting(self) -> Setting:
        """What surrounds it: its place and the register."""
        return setting_of(self.draft, self.blocks, self.collection)

    @property
    def answers(self) -> pl.DataFrame:
        """Its answers with the statuses that follow from who is asked, before any rule."""
        return Exports.of({0: self.evidence}, {0: self.setting}).evidence[0].answers


def survey() -> Collection:
    """The survey's codebook."""
    return load_collection(CODEBOOK, "senacs")


def draft_of(
    seed: int, departement: str, data_year: int, form: str = ""
) -> tuple[Draft, list[Structures]]:
    """An export without defects, and the structures of its place."""
    dialect = dialect_of(seed, departement)
    if form:
        dialect = with_format(dialect, form)
    blocks = structures_of(seed, departement, data_year)
    return draft_export(seed, survey(), blocks, data_year, dialect), blocks


def example(seed: int, departement: str, data_year: int, form: str, defects: float) -> Example:
    """An export with defects planted in it, written and read again."""
    draft, blocks = draft_of(seed, departement, data_year, form)
    plant(draft, seed, defects)
    collection = with_spellings(draft)
    data = export_bytes(draft, "export")
    evidence = read_export(data, "export", collection, departement, data_year)
    evidence = identified(evidence, collection, data_year, structures_in(blocks), [])
    return Example(draft, blocks, collection, evidence)


def structures_in(blocks: Iterable[Structures]) -> list[Structure]:
    """The structures of a place, as the register knows them."""
    return [
        Structure(*one, communes=(commune, name))
        for block in blocks
        for *one, commune, name in zip(
            block.structure_id, block.nom, block.siret, block.commune, block.nom_commune,
            strict=True,
        )
    ]  # fmt: skip


def with_spellings(draft: Draft) -> Collection:
    """The survey's codebook with the spellings that a person accepted for this territory."""
    own = tuple(
        HeaderSpelling(
            territory=draft.territory, data_year=draft.data_year, header=header, question=question
        )
        for header, question in draft.titles.accepted.items()
    )
    return survey().model_copy(update={"header_spellings": own})


def setting_of(draft: Draft, blocks: Iterable[Structures], collection: Collection) -> Setting:
    """The register as it is loaded."""
    known = pl.concat([_register(block) for block in blocks])
    return Setting(
        collection,
        draft.territory,
        draft.data_year,
        (draft.territory,),
        known.select(SCOPE_SCHEMA.names()).cast(SCOPE_SCHEMA),
        known.select(REGISTER_SCHEMA.names()).cast(REGISTER_SCHEMA),
    )


def _register(block: Structures) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "structure_id": block.structure_id,
            "name": block.nom,
            "manager": block.gestionnaire,
            "siret": [siret or None for siret in block.siret],
            "federated": block.federated.tolist(),
            "agrement_end": [day.isoformat() for day in block.end_of_agrement],
        },
        schema_overrides={"siret": pl.String, "federated": pl.Boolean},
    ).with_columns(
        departement=pl.lit(block.departement),
        in_scope=pl.lit(value=True),
        population=pl.lit(block.population),
    )


def wrong_values(made: Example, answers: pl.DataFrame) -> pl.DataFrame:
    """The clean cells that were not read as what they mean: none, if all is well.

    Args:
        made: the export.
        answers: its answers with their status before any rule.
    """
    spoilt = [
        (planted.row, planted.question)
        for planted in made.draft.planted
        if planted.rule and planted.row and planted.question
    ]
    rows = {planted.row for planted in made.draft.planted if planted.kind in WHOLE_ROW}
    spoilt_cells = pl.DataFrame(
        spoilt, schema={"row": pl.Int32, "question": pl.String}, orient="row"
    ).unique()
    truth = (
        delivered_cells(made.draft)
        .filter(~pl.col("row").is_in(list(rows)))
        .join(spoilt_cells, on=["row", "question"], how="anti")
    )
    read = answers.select(
        "row",
        "question",
        "raw",
        pl.col("status").alias("read_as"),
        pl.coalesce("decimal", "code", "text").alias("read"),
    )
    number = {"number", "integer"}
    numeric = [q.question for q in made.draft.questions if q.kind in number]
    both = truth.join(read, on=["row", "question"], how="left")
    same = pl.when(pl.col("question").is_in(numeric)).then(
        pl.col("value").cast(pl.Float64, strict=False)
        == pl.col("read").cast(pl.Float64, strict=False)
    ).otherwise(pl.col("value") == pl.col("read"))  # fmt: skip
    right = (pl.col("status") == pl.col("read_as")) & (
        (pl.col("status") != "reported") | same.fill_null(value=False)
    )
    return both.filter(~right.fill_null(value=False))


@dataclass(frozen=True)
class Account:
    """Planted defects against findings: what was missed, what nobody planted."""

    missed: frozenset[tuple[str, int | None, str]]
    false_alarms: frozenset[tuple[str, int | None, str]]


def account(made: Example, findings: Sequence[Finding]) -> Account:
    """Which planted defects no rule found at its cell, and which findings none explains."""
    planted = [*made.draft.planted, *file_notes(made.draft)]
    expected = {_place(p.rule, p.row, p.question, p.header) for p in planted if p.rule}
    silent = {
        identifier
        for block in made.blocks
        for identifier in block.structure_id
        if identifier not in made.draft.respondents
    }
    found = {
        _place(f.rule, f.row, f.question or "", f.header or "")
        for f in findings
        if layer_of(f.rule) in CERTAIN and not (f.rule == "REG-03" and f.unit_id in silent)
    }
    rows = {p.row for p in planted if p.kind in WHOLE_ROW}
    touched = {(p.row, p.question) for p in planted if p.row and p.question}
    alarms = {
        place
        for place in found - expected
        if place[1] not in rows
        and not any((place[1], name) in touched for name in compared(made, place[0], place[2]))
    }
    return Account(frozenset(expected - found), frozenset(alarms))


CERTAIN = frozenset({Layer.STRUCTURE, Layer.DOMAIN, Layer.FORM, Layer.REGISTER})
"""The layers whose findings say that something is wrong. What is only unlike last year or unlike
others may be found of a right answer too: that is what those rules are for."""


def layer_of(code: str) -> Layer:
    """The layer of a finding's rule; a member of a family has the family's code before its own."""
    rules = {rule.rule: rule for rule in rules_for("senacs")}
    return (rules.get(code) or rules[code.partition("-")[0]]).layer


def compared(made: Example, code: str, question: str) -> set[str]:
    """The questions that a rule about several answers may have looked at, if it is one."""
    family = code.partition("-")[0]
    rules = {rule.rule: rule for rule in rules_for("senacs")}
    rule = rules.get(code)
    if rule and rule.frame is Frame.FORMS:
        return variables_of(rule)
    if not (family in rules and rules[family].each):
        return set()
    asked = {q.question: q for q in made.draft.questions}
    around = {q.question for q in asked.values() if q.table and q.table == asked[question].table}
    wholes = {pair.whole for pair in made.collection.wholes if pair.part == question}
    return {question} | around | wholes


def variables_of(rule: Rule) -> set[str]:
    """The words in a rule that may be names of variables."""
    texts = [rule.when, *rule.derive.values(), *rule.answers, *map(str, rule.arguments.values())]
    return {word for text in texts for word in re.findall(r"[a-z][a-z_0-9]+", text)}


def _place(rule: str, row: int | None, question: str, header: str) -> tuple[str, int | None, str]:
    """Where a finding is: a cell or row; a column by its title; the whole file."""
    if rule.startswith("FIC"):
        return rule, None, ""
    if rule.startswith("COL"):
        return rule, None, " ".join(header.split())
    return rule, row, question


def written(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
