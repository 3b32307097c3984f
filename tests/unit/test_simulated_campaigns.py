"""Simulated campaigns: what is planted is found, at its cell, and nothing else is."""

import polars as pl
import pytest

from expectations.verdict import judge
from senacs.reading import read_export
from senacs.simulation.campaign.defects import DEFECTS
from senacs.simulation.campaign.dialects import FORMATS
from senacs.simulation.campaign.refusals import REFUSALS, refused_bytes
from tests.support.simulated import (
    account,
    draft_of,
    example,
    setting_of,
    with_spellings,
    wrong_values,
)

SEEDS = range(20)
PLACES = ("54", "2A", "08", "46", "973")
FIRST_YEAR, YEARS = 2010, 15
SPOILT = 0.01


def places(seed: int):
    """Every format at some place and data year; over the seeds, every year in every format."""
    for number, form in enumerate(FORMATS):
        yield PLACES[(seed + number) % len(PLACES)], FIRST_YEAR + (seed + number) % YEARS, form


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_is_found_and_clean_cells_are_read_right(seed):
    for departement, data_year, form in places(seed):
        made = example(seed, departement, data_year, form, SPOILT)
        assert made.evidence.file["problem"][0] == ""
        verdict = judge(made.evidence, made.setting)
        found = account(made, verdict.findings)
        where = f"{form} {departement} {data_year}, titles {made.draft.dialect.headers}"
        assert not found.missed, where
        assert not found.false_alarms, where
        wrong = wrong_values(made, made.answers)
        assert wrong.is_empty(), f"{where}: {wrong.head(5).to_dicts()}"


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("seed", range(3))
def test_a_spoilt_file_is_refused_by_its_rule(seed, kind):
    draft, blocks = draft_of(seed, "54", 2019)
    collection = with_spellings(draft)
    data = refused_bytes(draft, "export", kind)
    evidence = read_export(data, "export", collection, "54", 2019)
    verdict = judge(evidence, setting_of(draft, blocks, collection))
    assert verdict.refused
    assert REFUSALS[kind][0] in {f.rule for f in verdict.findings if f.severity == "blocking"}


def test_every_kind_of_defect_is_planted_somewhere():
    kinds: set[str] = set()
    for seed in SEEDS:
        for departement, data_year, form in places(seed):
            draft = example(seed, departement, data_year, form, SPOILT).draft
            kinds |= {planted.kind for planted in draft.planted}
    assert kinds == set(DEFECTS)


def test_an_export_without_defects_has_nothing_wrong():
    for departement, data_year, form in places(7):
        made = example(7, departement, data_year, form, 0)
        serious = [f for f in judge(made.evidence, made.setting).findings if f.severity != "info"]
        assert serious == []
        assert isinstance(made.evidence.answers, pl.DataFrame)
