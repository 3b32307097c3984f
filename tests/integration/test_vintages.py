"""Vintages on a real warehouse: what is frozen, hidden, released, and never changes."""

# ruff: noqa: S608 - the statements are our own

from datetime import date
from itertools import product

import pytest
from sqlalchemy.exc import DBAPIError

from senacs.errors import VintageError
from senacs.vintages.model import Edition, FigureKey, Kind, Reason, Status, Vintage
from tasks.editions import edition
from tasks.vintages import Proposal, propose_vintage, release_vintage, vintages
from tests.support.cloned import ILE_DE_FRANCE, clone, loaded_anew, touch
from tests.support.installation import CAMPAIGNS, Installation, installation
from tests.support.postgres import name_of

YEAR = 2012
DAY = date(2013, 12, 2)
TABLES = (
    "vintage",
    "checks",
    "stored_figure",
    "area",
    "structure",
    "file",
    "cell",
    "unit",
    "answer",
)


@pytest.fixture(scope="module")
def region(server, prepared, tmp_path_factory):
    """Name of a database with the survey of all the Île-de-France, its indicators fresh."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("region")) as made:
        for key in CAMPAIGNS:
            if key[0] != "adulte_relais":
                made.run(*key)
        clone(made, [code for code in ILE_DE_FRANCE if code != "92"])
        made.refresh("senacs", YEAR)
        made.leave()
    return name_of(url)


@pytest.fixture
def desk(server, region, tmp_path):
    url = server.create(region)
    with installation(url, tmp_path) as made:
        yield made
    server.drop(url)


def propose(made: Installation) -> Proposal:
    made.refresh("senacs", YEAR)
    return propose_vintage.fn("senacs", YEAR)


def release(reason: str = "Essai.") -> Vintage:
    return release_vintage.fn(
        "senacs", YEAR, kind=Kind.PROVISIONAL, reason=reason, decided_by="essai", day=DAY
    )


def answer(made: Installation, unit: str, *, responded: bool) -> None:
    """Let a structure have answered, or not yet."""
    with made.engine.begin() as connection:
        connection.exec_driver_sql(
            "update national.unit set responded = %s, usable = %s where collection = 'senacs' "
            "and data_year = %s and unit_id = %s",
            (responded, responded, YEAR, unit),
        )
        loaded_anew(connection, unit[:2], YEAR)


def answered(made: Installation) -> list[str]:
    """The structures of the Seine-Saint-Denis that said what their budget is."""
    rows = made.ask(
        "select unit_id from national.observation join national.unit using (collection, data_year, "
        "territory, unit_id) where collection = 'senacs' and data_year = %s and territory = '93' "
        "and variable = 'budget_total' and number is not null and responded and in_scope "
        "order by unit_id",
        YEAR,
    )
    return [unit for (unit,) in rows]


def read(made: Installation, number: int | None = None) -> Edition:
    with made.engine.connect() as connection:
        return edition(connection, "senacs", YEAR, number)


def of(said: Edition, indicator: str, level: str, area: str):
    return said.figure(FigureKey(indicator, "CS", level, area))


def test_what_is_shown_is_what_the_warehouse_has_and_what_a_rule_hides_is_not_there(desk):
    assert propose(desk).checklist.hiding.breaches == 0
    release()

    compared = desk.ask(
        "select f.status, c.confidential and f.statistic not in ('scope', 'count', 'response'), "
        "       f.value is not distinct from c.value, "
        "       f.n_item is not distinct from c.n_item, count(*) "
        "from publication.figure f join indicator.cell c using (collection, data_year, indicator, "
        "population, level, area, breakdown, category) where collection = 'senacs' "
        "group by 1, 2, 3, 4"
    )
    assert sum(count for *_, count in compared) > 1000
    for status, confidential, same_value, same_base, _ in compared:
        if confidential:
            assert status == "hidden"
        if status != "hidden":
            assert same_value
            assert same_base
    (leaks,) = desk.ask(
        "select count(*) from publication.stored_figure where status = 'hidden' and "
        "coalesce(value, n_base, n_item, estimate, estimate_low, estimate_high) is not null"
    )
    assert leaks == (0,)
    assert desk.ask("select 1 from publication.figure where status = 'hidden' limit 1")


def test_nothing_hidden_is_what_is_left_of_a_sum(desk):
    propose(desk)
    release()

    # Totals of everybody: région and départements; by category: the whole and its categories.
    for holder, parts, named in (
        ("level = 'region' and breakdown = 'all'", "level = 'departement'", "'all'"),
        ("level = 'surveyed' and breakdown = 'all'", "level = 'surveyed' and breakdown <> 'all'",
         "breakdown"),
    ):  # fmt: skip
        alone = desk.ask(
            f"select indicator, population, named from (select indicator, population, {named} as "
            "named, count(*) filter (where status = 'hidden') as n_hidden from publication.figure "
            f"where collection = 'senacs' and statistic = 'total' and {parts} group by 1, 2, 3) p "
            f"where n_hidden = 1 and exists (select from publication.figure w where w.collection = "
            f"'senacs' and {holder} and w.indicator = p.indicator and w.population = p.population "
            "and w.status = 'value')"
        )
        assert alone == []


def test_the_same_figures_are_not_proposed_twice(desk):
    first = propose(desk)
    before = desk.ask("select sum(xmin::text::bigint) from publication.stored_figure")
    assert propose(desk) == first
    release()
    assert propose(desk).released is not None
    assert desk.ask("select sum(xmin::text::bigint) from publication.stored_figure") == before


def test_a_proposal_is_replaced_and_what_is_released_is_not(desk):
    propose(desk)
    touch(desk, "93", YEAR, "number = number + 100", "variable = 'budget_total'")
    assert propose(desk).number == 1
    release()
    touch(desk, "93", YEAR, "number = number + 100", "variable = 'budget_total'")

    assert propose(desk).number == 2

    said = vintages("senacs", YEAR)
    assert [(one.number, one.released is not None) for one in said] == [(1, True), (2, False)]


def test_what_is_released_never_changes(desk):
    propose(desk)
    release()
    for table, statement in product(
        TABLES,
        (
            "update publication.{0} set {1} = {1}",
            "delete from publication.{0}",
            "insert into publication.{0} overriding system value select * from publication.{0}",
            "truncate publication.{0} cascade",
        ),
    ):
        with (
            pytest.raises(DBAPIError, match=r"never changed|is released"),
            desk.engine.begin() as c,
        ):
            c.exec_driver_sql(
                statement.format(table, "number" if table == "vintage" else "vintage_no")
            )
    for statement in (
        "update publication.release set reason = 'x'",
        "delete from publication.release",
    ):
        with pytest.raises(DBAPIError, match=r"never changed"), desk.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_nothing_is_released_that_nobody_has_looked_at(desk):
    with pytest.raises(VintageError, match="senacs vintage propose senacs 2012"):
        release()
    propose(desk)
    release()
    with pytest.raises(VintageError, match="nothing is proposed"):
        release()


def test_what_the_attack_finds_is_not_released(desk):
    propose(desk)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "update publication.checks set checks = jsonb_set(checks, '{hiding,breaches}', '1')"
        )
    with pytest.raises(VintageError, match="the attack finds 1 hidden figures"):
        release()


def test_a_late_reply_alone_cannot_be_told_by_subtracting_two_vintages(desk):
    late = answered(desk)[0]
    answer(desk, late, responded=False)
    propose(desk)
    release("Première publication.")
    answer(desk, late, responded=True)

    proposal = propose(desk)

    assert proposal.checklist.hiding.breaches == 0
    release("Une réponse tardive.")
    before, now = read(desk, 1), read(desk, 2)
    told, hidden = (of(one, "budget_cumule", "departement", "93") for one in (before, now))
    assert told.status is Status.VALUE
    assert hidden.status is Status.HIDDEN
    # How many answered is public, and says so.
    assert of(now, "repondants", "departement", "93").value == (
        of(before, "repondants", "departement", "93").value + 1
    )
    assert of(now, "repondants", "departement", "92") == of(
        before, "repondants", "departement", "92"
    )
    changes = {one.key: one for one in now.changes}
    assert changes[hidden.key].reasons == (Reason.DISCLOSURE,)
    assert (changes[hidden.key].before, changes[hidden.key].after) == (told.value, None)
    counted = changes[of(now, "repondants", "departement", "93").key]
    assert counted.reasons == (Reason.LATE_REPLY,)


def test_many_late_replies_are_told(desk):
    late = answered(desk)[:10]
    for unit in late:
        answer(desk, unit, responded=False)
    propose(desk)
    release("Première publication.")
    for unit in late:
        answer(desk, unit, responded=True)
    propose(desk)
    release("Dix réponses tardives.")

    said = of(read(desk), "budget_cumule", "departement", "93")
    assert said.status is Status.VALUE


def test_a_correction_is_told_and_says_so(desk):
    propose(desk)
    release()
    before = of(read(desk), "budget_cumule", "departement", "93")
    touch(desk, "93", YEAR, "number = number + 5000",
          f"variable = 'budget_total' and unit_id = '{answered(desk)[0]}'")  # fmt: skip

    propose(desk)
    release("Une correction.")

    now = read(desk)
    after = of(now, "budget_cumule", "departement", "93")
    assert after.value == before.value + 5000
    (change,) = (one for one in now.changes if one.key == after.key)
    assert change.reasons == (Reason.CORRECTION,)
    assert {one.key.area for one in now.changes} == {"93", "11", "*"}
    assert of(read(desk, 1), "budget_cumule", "departement", "93") == before


def test_three_vintages_hold_against_each_other(desk):
    late = answered(desk)[0]
    answer(desk, late, responded=False)
    propose(desk)
    release()
    answer(desk, late, responded=True)
    propose(desk)
    release()
    touch(desk, "92", YEAR, "number = number * 2", "variable = 'budget_total'")

    proposal = propose(desk)

    assert proposal.number == 3
    assert proposal.checklist.hiding.breaches == 0
    release()
    # What the second vintage hid of the late reply the third one does not tell.
    assert of(read(desk), "budget_cumule", "departement", "93").status is Status.HIDDEN


def test_an_edition_names_its_areas_and_whom_it_is_about(desk):
    propose(desk)
    release()
    said = read(desk)
    assert (said.whole.level, said.whole.label) == ("surveyed", "Territoires enquêtés")
    assert said.areas["departement", "93"].held_by == ("region", "11")
    assert said.areas["region", "11"].held_by == ("region_today", "11")
    assert {one.departement for one in said.structures} == set(ILE_DE_FRANCE)
    assert {one.territory for one in said.files} == set(ILE_DE_FRANCE)
    assert {key.breakdown for key in said.frozen.figures if key.level == "departement"} == {"all"}
    with pytest.raises(VintageError, match="no vintage number 9 is released"):
        read(desk, 9)
