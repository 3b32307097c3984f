"""What the warehouse holds of the codebook: what figures are made of and broken down by."""

import pytest

from senacs.codebook import load_collection
from senacs.codebook.answerable import answerable_years
from senacs.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def senacs():
    return load_collection(PROJECT_ROOT / "codebook", "senacs")


def test_breakdowns_and_their_categories_are_copied_in_order(desk, senacs):
    assert desk.ask(
        "select breakdown, label, variable, of_register from codebook.breakdown "
        "where collection = 'senacs' order by position"
    ) == [(b.breakdown, b.label, b.variable, b.of_register) for b in senacs.breakdowns]
    assert desk.ask(
        "select c.breakdown, c.category, c.label, c.codes, c.at_least, c.below "
        "from codebook.category c join codebook.breakdown b using (collection, breakdown) "
        "where collection = 'senacs' order by b.position, c.position"
    ) == [
        (b.breakdown, c.category, c.label, list(c.codes), c.at_least, c.below)
        for b in senacs.breakdowns
        for c in b.categories
    ]


def test_an_indicator_says_what_it_is_broken_down_by_and_whom_it_is_told_of(desk, senacs):
    assert desk.ask(
        "select indicator, breakdowns, pooled, by_epci from codebook.indicator "
        "where collection = 'senacs' order by position"
    ) == [
        (i.indicator, list(senacs.breakdowns_of(i)), i.pooled, i.by_epci) for i in senacs.indicators
    ]
    (together,) = senacs.pooled.items()
    assert desk.ask(
        "select pooled_population, pooled_label, epci_least from codebook.collection "
        "where collection in ('registre', 'senacs', 'adulte_relais') order by collection"
    ) == [(None, None, None), (*together, None), (*together, senacs.epci_least)]


def test_the_years_that_can_answer_are_copied(desk):
    copied = desk.ask(
        "select collection, indicator, data_year, populations, comparability, note "
        "from codebook.indicator_year"
    )
    assert sorted(copied) == sorted(
        (name, y.indicator, y.data_year, list(y.populations), str(y.comparison), y.note)
        for name in {row[0] for row in copied}
        for y in answerable_years(load_collection(PROJECT_ROOT / "codebook", name))
    )
    assert {"senacs", "registre", "adulte_relais"} <= {row[0] for row in copied}
