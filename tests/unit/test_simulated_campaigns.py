"""Simulated campaigns: what is planted is found, at its cell, and nothing else is."""

from collections.abc import Iterable

import pytest

from expectations.verdict import Verdict, judge, judge_all
from senacs.findings import Severity
from senacs.reading import read_export
from senacs.simulation.campaign.defects import DEFECTS
from senacs.simulation.campaign.dialects import FORMATS
from senacs.simulation.campaign.refusals import REFUSALS, refused_bytes
from tests.support.simulated import (
    CERTAIN,
    Example,
    account,
    draft_of,
    example,
    layer_of,
    setting_of,
    with_spellings,
    wrong_values,
)

SEEDS = range(20)
PLACES = ("54", "2A", "08", "46", "973")
FIRST_YEAR, YEARS = 2010, 15
SPOILT = 0.01


def examples(seed: int, defects: float) -> list[Example]:
    """An export in each format, at some place and data year; in all, every year and format."""
    made = []
    for number, form in enumerate(FORMATS):
        data_year = FIRST_YEAR + (seed + number) % YEARS
        made.append(example(seed, PLACES[(seed + number) % len(PLACES)], data_year, form, defects))
    return made


def judged(exports: Iterable[Example]) -> list[tuple[Example, Verdict]]:
    """Each with its verdict; the exports of one data year are judged in one pass."""
    by_year: dict[int, list[Example]] = {}
    for made in exports:
        by_year.setdefault(made.draft.data_year, []).append(made)
    return [
        pair
        for own in by_year.values()
        for pair in zip(own, judge_all([(m.evidence, m.setting) for m in own]), strict=True)
    ]


def named(made: Example) -> str:
    draft = made.draft
    dialect = draft.dialect
    return f"{dialect.form.name} {draft.territory} {draft.data_year}, titles {dialect.headers}"


def test_what_is_planted_is_found_and_nothing_else():
    planted: set[str] = set()
    for made, verdict in judged(made for seed in SEEDS for made in examples(seed, SPOILT)):
        found = account(made, verdict.findings)
        assert not found.missed, named(made)
        assert not found.false_alarms, named(made)
        planted |= {defect.kind for defect in made.draft.planted}
    assert planted == set(DEFECTS)


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_cells_mean_what_they_are_read_as(seed):
    for made in examples(seed, SPOILT):
        assert made.evidence.file["problem"][0] == ""
        wrong = wrong_values(made, made.answers)
        assert wrong.is_empty(), f"{named(made)}: {wrong.head(5).to_dicts()}"


def test_nothing_is_said_of_an_export_without_defects():
    for made, verdict in judged(made for seed in SEEDS for made in examples(seed, 0)):
        serious = [
            finding
            for finding in verdict.findings
            if finding.severity is not Severity.INFO and layer_of(finding.rule) in CERTAIN
        ]
        assert serious == [], named(made)


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("seed", range(3))
def test_a_spoilt_file_is_refused_by_its_rule(seed, kind):
    draft, blocks = draft_of(seed, "54", 2019)
    collection = with_spellings(draft)
    data = refused_bytes(draft, "export", kind)
    evidence = read_export(data, "export", collection, "54", 2019)
    verdict = judge(evidence, setting_of(draft, blocks, collection))
    assert verdict.refused
    blocking = {f.rule for f in verdict.findings if f.severity is Severity.BLOCKING}
    assert REFUSALS[kind][0] in blocking
