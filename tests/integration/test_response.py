"""How far structures came, of any register with any answers: counted again by hand."""

# ruff: noqa: S608 - the statements are our own

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from senacs.codebook import load_collection
from senacs.pages.response import ResponseCount, response_tables
from senacs.settings import PROJECT_ROOT
from senacs.warehouse.statements import copy_csv, execute, fetch
from tasks.summary import summarise, summary_of

VALUED = ("reported", "confirmed", "corrected")
STATUSES = (*VALUED, "missing", "rejected", "not_concerned", "not_asked")
DIMENSIONS = ("territory", "departement", "population", "management", "federated")
COUNTS = (
    "n_approved",
    "n_scope",
    "n_asked",
    "n_collected",
    "n_delivered",
    "n_responded",
    "n_usable",
)
CODEBOOK = PROJECT_ROOT / "codebook"
SENACS = load_collection(CODEBOOK, "senacs")
(RULE,) = SENACS.respondents


@dataclass(frozen=True)
class Structure:
    """A structure of the register, and what came in of it.

    Attributes:
        age: days from the end of the data year to its first agrément; None where unknown.
        key_items: status of each key item, where a record came in.
        others: how many of the other items have a value, and how many have none.
    """

    departement: str
    population: str
    management: str | None
    federated: bool | None
    age: int | None
    accepted: bool
    key_items: tuple[str, ...] | None
    others: tuple[int, int]

    def statuses(self, items: list[str]) -> dict[str, str]:
        """Status of each item of its record; empty where none came in."""
        if self.key_items is None or self.departement != "92":
            return {}
        found = dict(zip(RULE.key_items, self.key_items, strict=True))
        valued, missing = self.others
        rest = [item for item in items if item not in found]
        return found | {
            item: "reported"
            if n < valued
            else "missing"
            if n < valued + missing
            else "not_concerned"
            for n, item in enumerate(rest)
        }


structures = st.lists(
    st.builds(
        Structure,
        departement=st.sampled_from(["92", "92", "92", "93"]),
        population=st.sampled_from(["CS", "CS", "CS", "EVS"]),
        management=st.sampled_from(["associatif", "collectivite", None]),
        federated=st.sampled_from([True, True, False, None]),
        age=st.sampled_from([None, -400, 0, 1]),
        accepted=st.sampled_from([True, True, True, False]),
        key_items=st.none() | st.tuples(*[st.sampled_from(STATUSES)] * len(RULE.key_items)),
        others=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    ),
    max_size=9,
)


HALF = Structure(
    "92", "CS", None, None, None, accepted=True,
    key_items=("reported", "confirmed", "corrected", "missing", "rejected"), others=(4, 5),
)  # fmt: skip
"""Just as many key items as it takes, and just half of what concerns it."""


def items_of(data_year: int) -> dict[str, str]:
    """The question of each harmonised variable of that year's form."""
    return {q.variable: q.question for q in SENACS.questions_of(data_year) if q.variable}


def expected(one: Structure, data_year: int, is_loaded: bool) -> dict[str, object]:
    """How far it came, by the definitions."""
    statuses = one.statuses(list(items_of(data_year)))
    if one.population != "CS":  # the forms of these years ask them nothing
        statuses = {i: "not_asked" if s == "rejected" else s for i, s in statuses.items()}
    in_scope = (
        one.population == "CS"
        and (data_year == 2012 or one.federated is True)
        and (one.age is None or one.age <= 0)
    )
    asked = in_scope and one.departement == "92"
    delivered = is_loaded and bool(statuses) and one.accepted
    valued = [item for item, status in statuses.items() if status in VALUED]
    concerned = [s for s in statuses.values() if s not in ("not_asked", "not_concerned")]
    responded = asked and delivered and len({*valued} & {*RULE.key_items}) >= RULE.least
    return {
        "in_scope": in_scope,
        "asked": asked,
        "collected": asked and is_loaded,
        "delivered": delivered,
        "responded": responded,
        "usable": responded and len(valued) >= RULE.usable_share * len(concerned),
        "items_asked": len(concerned) if delivered else 0,
        "items_answered": len(valued) if delivered else 0,
    }


@pytest.fixture(scope="module")
def place(server, prepared):
    """A database with the codebook and nothing loaded."""
    url = server.create(prepared)
    engine = create_engine(url)
    yield engine
    engine.dispose()
    server.drop(url)


def rows_of(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def load(connection, listed: dict[str, Structure], data_year: int, is_loaded: bool) -> None:
    """The register and the records as the loads leave them, then the statements under test."""
    key = {"collection": "senacs", "territory": "92", "data_year": data_year}
    for unit, one in listed.items():
        connection.exec_driver_sql(
            "insert into reference.structure (data_year, structure_id, territory, population, "
            "name, departement, management, federated) values (%s, %s, '92', %s, %s, %s, %s, %s)",
            (data_year, unit, one.population, unit, one.departement, one.management, one.federated),
        )
        if one.age is not None:
            day = date.fromordinal(date(data_year, 12, 31).toordinal() + one.age)
            connection.exec_driver_sql(
                "insert into national.observation (collection, data_year, territory, unit_id, "
                "variable, text, status) values ('registre', %s, '92', %s, "
                "'date_premier_agrement', %s, 'reported')",
                (data_year, unit, day.isoformat()),
            )
    if not is_loaded:
        return
    questions = items_of(data_year)
    given = {u: one.statuses(list(questions)) for u, one in listed.items()}
    ident = ["senacs", data_year, "92"]
    copy_csv(
        connection,
        "department/copy_record",
        rows_of(
            [*ident, u, 2, None, None, listed[u].accepted] for u, found in given.items() if found
        ),
    )
    copy_csv(connection, "department/copy_answer", rows_of(
        [*ident, u, questions[item], 2, None, None, None, "x" if s in VALUED else None, s]
        for u, found in given.items() for item, s in found.items()))  # fmt: skip
    connection.exec_driver_sql("insert into intake.export values (repeat('a', 64), 1, now())")
    for statement in ("unit_from_register", "observation", "response"):
        execute(connection, f"national/{statement}", **key)
    execute(connection, "department/insert_delivery", **key, sha256="a" * 64, fingerprint="",
            codebook_version="")  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(drawn=[HALF], data_year=2012, is_loaded=True)
@given(
    drawn=structures,
    data_year=st.sampled_from([2011, 2012]),
    is_loaded=st.sampled_from([True, True, False]),
)
def test_states_and_counts_are_those_of_the_definitions(place, drawn, data_year, is_loaded):
    listed = {f"u-{n}": one for n, one in enumerate(drawn)}
    with place.connect() as connection:
        load(connection, listed, data_year, is_loaded)
        states = {
            row.unit_id: row
            for row in connection.exec_driver_sql("select * from quality.unit_state")
        }
        units = list(connection.exec_driver_sql("select * from quality.unit_response").mappings())
        (item,) = connection.exec_driver_sql(
            "select coalesce(sum(n_asked), 0), coalesce(sum(n_answered), 0) "
            "from quality.item_response"
        )
        chain = fetch(connection, "quality/response", collection="senacs", data_year=data_year)
        connection.rollback()

    wanted = {unit: expected(one, data_year, is_loaded) for unit, one in listed.items()}
    assert {u: {n: getattr(row, n) for n in wanted[u]} for u, row in states.items()} == wanted
    for row in units:  # each count holds the next
        counts = [row[name] for name in COUNTS]
        assert counts == sorted(counts, reverse=True)
        assert row["rate"] is None or float(row["rate"]) == pytest.approx(
            row["n_responded"] / row["n_asked"], abs=1e-4
        )
    told = [
        (states[u], {
            "n_approved": 1, "n_scope": one["in_scope"], "n_asked": one["asked"],
            "n_collected": one["collected"], "n_delivered": one["collected"] and one["delivered"],
            "n_responded": one["responded"], "n_usable": one["usable"],
        })
        for u, one in wanted.items()
    ]  # fmt: skip
    for size in range(len(DIMENSIONS) + 1):
        for dimensions in combinations(DIMENSIONS, size):
            again: Counter = Counter()
            summed: Counter = Counter()
            for state, counts in told:
                part = tuple(getattr(state, d) for d in dimensions)
                again.update({(part, name): int(n) for name, n in counts.items()})
            for row in units:
                part = tuple(row[d] for d in dimensions)
                summed.update({(part, name): row[name] for name in COUNTS})
            assert summed == again
    respondents = [one for one in wanted.values() if one["responded"]]
    assert tuple(map(int, item)) == (
        sum(one["items_asked"] for one in respondents),
        sum(one["items_answered"] for one in respondents),
    )
    for table in response_tables(SENACS, SENACS, [ResponseCount(**row) for row in chain]):
        whole = table.lines[0].count
        for part in ("Mode de gestion", "Fédération"):
            parts = [line.count for line in table.lines if line.part == part]
            for name in COUNTS:
                assert sum(getattr(one, name) for one in parts) == getattr(whole, name)


def test_a_survey_without_key_items_counts_whoever_delivered(loaded):
    assert loaded.ask("select distinct collection from codebook.respondent") == [("senacs",)]
    ((units, responded, usable, outside),) = loaded.ask(
        "select sum(n_delivered), sum(n_responded), sum(n_usable), sum(n_outside) "
        "from quality.unit_response where collection = 'adulte_relais'"
    )
    assert (units, outside) == (responded, 0)
    assert responded == usable > 10_000


def test_the_chain_of_the_demonstration(loaded):
    rows = loaded.ask(
        f"select data_year, {', '.join(f'sum({name})::int' for name in COUNTS)} "
        "from quality.unit_response where collection = 'senacs' group by 1 order by 1"
    )
    assert rows == [(2011, 40, 24, 24, 24, 24, 24, 24), (2012, 40, 40, 40, 40, 33, 33, 33)]


def test_item_response_is_the_base_of_the_figures(loaded):
    """A mean's base and the item's response are counted apart, and agree."""
    pairs = loaded.ask(
        "select c.indicator, c.n_base, c.n_item, sum(r.n_asked)::int, sum(r.n_answered)::int "
        "from indicator.cell c join codebook.indicator i using (collection, indicator) "
        "join codebook.question q on q.collection = c.collection and q.data_year = c.data_year "
        "and q.variable = i.variable "
        "join quality.item_response r on r.collection = c.collection "
        "and r.data_year = c.data_year and r.question = q.question and r.population = c.population "
        "and r.departement = c.area where c.level = 'departement' and c.breakdown = 'all' "
        "and c.collection = 'senacs' "
        "and i.statistic in ('mean', 'total', 'share') and i.where_variable is null "
        "group by 1, 2, 3, c.data_year"
    )
    assert len(pairs) > 20
    assert [row for row in pairs if row[1:3] != row[3:]] == []


@pytest.mark.usefixtures("loaded")
def test_the_page_shows_the_chain_by_type_management_and_federation():
    (table,) = summary_of("senacs", 2012).response
    assert table.label == "Centres sociaux"
    whole, *parts = table.lines
    assert (whole.count.n_asked, whole.count.n_responded, whole.count.rate) == (40, 33, "82\u00a0%")
    assert {line.label for line in parts} >= {"Associatif", "Adhérentes", "Non adhérentes"}
    assert [line.count.n_asked for line in parts if line.label == "Adhérentes"] == [24]

    page = Path(summarise.fn("senacs", 2012)).read_text("utf-8")
    for text in ("Qui a répondu", "Exploitables", "Mode de gestion", "33 / 40"):
        assert text in page
    assert "Qui a répondu" not in Path(summarise.fn("registre", 2012)).read_text("utf-8")


def test_the_pages_questions_are_the_sums_of_item_response(loaded):
    sums = loaded.ask(
        "select question, sum(n_asked)::int, sum(n_answered)::int, sum(n_missing)::int, "
        "sum(n_rejected)::int from quality.item_response where collection = 'senacs' "
        "and data_year = 2012 group by 1 having sum(n_asked) > 0 order by 1"
    )
    shown = sorted(
        (q.question, q.n_asked, q.n_answered, q.n_missing, q.n_rejected)
        for q in summary_of("senacs", 2012).questions
    )
    assert shown == sums
    assert len(shown) > 40
