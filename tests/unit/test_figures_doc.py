"""`docs/figures.md`: what it says could print a published figure exists and can be asked for it."""

import re

import pytest

from senacs.codebook import load_collection
from senacs.codebook.model import OF_PERIMETER
from senacs.settings import PROJECT_ROOT

COLUMNS = (
    "published", "territory", "data year", "source", "indicator", "level", "population", "within",
    "remark",
)  # fmt: skip
LEVELS = {"epci", "departement", "region", "region_today", "france", "surveyed"}
NAMES = re.compile(r"`([a-z0-9_/]+)`")


def tables(first: str) -> list[list[str]]:
    """The cells of the lines of every table whose first column has that title."""
    found, inside = [], False
    for line in (PROJECT_ROOT / "docs" / "figures.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first:
            inside = True
        elif inside and not cells[0].startswith("---"):
            found.append(cells)
    return found


ROWS = [dict(zip(COLUMNS, cells, strict=True)) for cells in tables("published")]
PRINTED = [row for row in ROWS if row["indicator"] != "—"]


@pytest.fixture(scope="module")
def collections():
    folder = PROJECT_ROOT / "codebook"
    return {name: load_collection(folder, name) for name in ("senacs", "registre")}


def named(row, collections):
    """The indicators that a line names, each with its collection."""
    for name in NAMES.findall(row["indicator"]):
        collection, _, indicator = name.rpartition("/")
        declared = collections[collection or "senacs"]
        yield declared, {i.indicator: i for i in declared.indicators}[indicator]


def test_it_has_the_figures():
    assert len(PRINTED) > 60
    assert len(ROWS) - len(PRINTED) > 8


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row["published"][:40])
def test_what_it_names_exists_and_is_told_of_whom_it_says(row, collections):
    found = list(named(row, collections))
    assert found
    assert row["level"] in LEVELS
    for declared, indicator in found:
        if row["population"] in declared.pooled:
            assert indicator.pooled
        else:
            assert row["population"] in declared.populations
        if row["within"]:
            breakdown, _, category = row["within"].strip("`").partition("=")
            assert breakdown in declared.breakdowns_of(indicator)
            (one,) = (b for b in declared.breakdowns if b.breakdown == breakdown)
            assert category in {c.category for c in one.categories}
            assert one.of_register or indicator.statistic not in OF_PERIMETER


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["indicator"] == "—"], ids=lambda row: row["published"][:40]
)
def test_what_cannot_be_printed_says_why(row, collections):
    assert len(row["remark"]) > 20
    assert not row["level"]
    for name in NAMES.findall(row["remark"]):
        collection, _, indicator = name.rpartition("/")
        assert indicator in {i.indicator for i in collections[collection or "senacs"].indicators}


def test_every_source_is_explained(collections):
    known = {p.publication for p in collections["senacs"].publications}
    known |= {cells[0] for cells in tables("code")}
    assert {code.strip() for row in ROWS for code in row["source"].split(",")} <= known


def test_every_figure_that_says_it_was_published_is_in_it(collections):
    told = {i.indicator for row in PRINTED for _, i in named(row, collections)}
    said = {
        i.indicator
        for declared in collections.values()
        for i in declared.indicators
        if i.source.startswith("Publié")
    }
    assert said <= told
