"""The register over time: a function of all snapshots, whatever the order in which they arrive."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from senacs.warehouse.statements import execute
from tests.support.installation import Installation, installation

YEARS = (2011, 2012, 2013, 2014)
TABLES = ("structure", "snapshot", "attribute", "agrement")


@dataclass(frozen=True)
class Line:
    """What a snapshot says of a structure."""

    type: str = "CS"
    said: tuple[tuple[str, str], ...] = ()

    @property
    def answers(self) -> dict[str, str]:
        return {"type": self.type, **dict(self.said)}


def line(kind: str = "CS", **said: str) -> Line:
    return Line(kind, tuple(said.items()))


Snapshot = Mapping[str, Line]
Key = tuple[str, int]
CODED = {"type", "mode_gestion", "federe", "agrement_acf", "agrement_agc", "qpv"}


@pytest.fixture(scope="module")
def house(server, prepared, tmp_path_factory):
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("register")) as made:
        yield made
    server.drop(url)


@pytest.fixture
def empty(house):
    clear(house)
    return house


def clear(house: Installation) -> None:
    with house.engine.begin() as connection:
        for table in ("register.snapshot", "register.attribute", "register.agrement",
                      "register.structure", "national.observation", "national.unit"):  # fmt: skip
            connection.exec_driver_sql(f"delete from {table}")  # noqa: S608 - our own


def load(house: Installation, territory: str, data_year: int, snapshot: Snapshot,
         meet: Barrier | None = None) -> None:  # fmt: skip
    """The end of a load: the national layer of that key is replaced, then what derives from it."""
    key = {"collection": "registre", "territory": territory, "data_year": data_year}
    at = ("registre", data_year, territory)
    with house.engine.begin() as connection:
        execute(connection, "department/open_year", data_year=data_year)
        execute(connection, "department/delete_delivery", **key)
        for name, said in snapshot.items():
            connection.exec_driver_sql(
                "insert into national.unit (collection, data_year, unit_id, territory, population, "
                "departement, region, manager, in_scope, delivered, responded) "
                "values ('registre', %s, %s, %s, %s, %s, '11', %s, true, true, true)",
                (data_year, name, territory, said.type, territory, name),
            )
            for variable, value in said.answers.items():
                code, text = (value, None) if variable in CODED else (None, value)
                connection.exec_driver_sql(
                    "insert into national.observation "
                    "values (%s, %s, %s, %s, %s, null, %s, %s, 'reported')",
                    (*at, name, variable, code, text),
                )
        if meet:
            meet.wait(timeout=30)
        execute(connection, "national/registre/periods", **key)


def state(house: Installation) -> dict[str, list[str]]:
    return {t: sorted(r for (r,) in house.ask(f"select t::text from register.{t} t"))  # noqa: S608
            for t in TABLES}  # fmt: skip


def values(house: Installation, attribute: str) -> list[tuple]:
    return house.ask(
        "select value, lower(period)::text, upper(period)::text from register.attribute "
        "where structure_id = 'a' and attribute = %s order by 2",
        attribute,
    )


def agrements(house: Installation, kind: str = "AGC") -> list[tuple]:
    return house.ask(
        "select lower(period)::text, (upper(period) - 1)::text, cut_by from register.agrement "
        "where structure_id = 'a' and kind = %s order by 1",
        kind,
    )


def contradictions(house: Installation) -> list[tuple]:
    return house.ask(
        "select kind, data_year, problem, other_year from register.contradictions() order by 1, 2"
    )


class TestAttributes:
    def test_a_year_holds_from_its_first_day_to_its_last_and_equal_years_are_one(self, empty):
        for year, manager in ((2011, "Alfa"), (2012, "Alfa"), (2013, "Béta")):
            load(empty, "92", year, {"a": line(gestionnaire=manager)})
        assert values(empty, "gestionnaire") == [
            ("Alfa", "2011-01-01", "2013-01-01"),
            ("Béta", "2013-01-01", "2014-01-01"),
        ]

    def test_a_year_without_a_snapshot_stays_a_gap(self, empty):
        load(empty, "92", 2011, {"a": line(nom="Bleu")})
        load(empty, "92", 2013, {"a": line(nom="Bleu")})
        assert [row[1:] for row in values(empty, "nom")] == [
            ("2011-01-01", "2012-01-01"),
            ("2013-01-01", "2014-01-01"),
        ]
        assert empty.ask("select first_year, last_year from register.structure") == [(2011, 2013)]

    def test_what_a_snapshot_does_not_say_has_no_value_that_year(self, empty):
        load(empty, "92", 2011, {"a": line(qpv="oui")})
        load(empty, "92", 2012, {"a": line()})
        assert values(empty, "qpv") == [("oui", "2011-01-01", "2012-01-01")]

    def test_an_evs_that_becomes_a_cs_keeps_its_id_and_its_former_type(self, empty):
        load(empty, "92", 2011, {"a": line("EVS")})
        load(empty, "92", 2012, {"a": line("CS")})
        assert empty.ask("select structure_id from register.structure") == [("a",)]
        for day, kind in (("2011-12-31", "EVS"), ("2012-01-01", "CS"), ("2012-12-31", "CS")):
            assert empty.ask(
                "select type from register.structure_at(%s)", day
            ) == [(kind,)]  # fmt: skip

    def test_it_moves_to_another_territory_and_nothing_is_counted_twice(self, empty):
        load(empty, "92", 2011, {"a": line(nom="Bleu"), "b": line(nom="Vert")})
        load(empty, "93", 2012, {"a": line(nom="Bleu")})
        before = state(empty)
        load(empty, "92", 2011, {"b": line(nom="Vert")})
        load(empty, "93", 2011, {"a": line(nom="Bleu")})
        assert values(empty, "nom") == [("Bleu", "2011-01-01", "2013-01-01")]
        load(empty, "93", 2011, {})
        load(empty, "92", 2011, {"a": line(nom="Bleu"), "b": line(nom="Vert")})
        assert state(empty) == before

    def test_a_structure_that_no_snapshot_knows_any_more_is_gone(self, empty):
        load(empty, "92", 2011, {"a": line(nom="Bleu")})
        load(empty, "92", 2011, {})
        assert state(empty) == {table: [] for table in TABLES}


class TestAgrements:
    def test_stated_days_bound_it_and_a_renewal_is_another_one(self, empty):
        first = {"debut_agc": "2009-03-01", "fin_agc": "2012-12-31"}
        second = {"debut_agc": "2013-01-01", "fin_agc": "2016-12-31"}
        for year, said in ((2011, first), (2012, first), (2013, second)):
            load(empty, "92", year, {"a": line(**said)})
        assert agrements(empty) == [
            ("2009-03-01", "2012-12-31", None),
            ("2013-01-01", "2016-12-31", None),
        ]
        assert contradictions(empty) == []

    def test_without_days_the_type_alone_says_it_for_the_years_of_the_snapshots(self, empty):
        load(empty, "92", 2011, {"a": line("EVS")})
        load(empty, "92", 2012, {"a": line("CS", agrement_acf="oui")})
        load(empty, "92", 2013, {"a": line("CS", agrement_acf="non")})
        assert agrements(empty, "EVS") == [("2011-01-01", "2011-12-31", None)]
        assert agrements(empty) == [("2012-01-01", "2013-12-31", None)]
        assert agrements(empty, "ACF") == [("2012-01-01", "2012-12-31", None)]

    def test_the_end_of_the_current_one_is_that_of_the_structures_type(self, empty):
        load(empty, "92", 2011, {"a": line("EVS", fin_agrement="2013-06-30")})
        assert agrements(empty, "EVS") == [("2011-01-01", "2013-06-30", None)]
        assert agrements(empty) == []

    def test_one_that_ends_within_the_year_is_followed_by_the_next_the_day_after(self, empty):
        load(empty, "92", 2011, {"a": line(fin_agc="2012-06-30")})
        load(empty, "92", 2012, {"a": line(fin_agc="2016-06-30")})
        assert agrements(empty) == [
            ("2011-01-01", "2012-06-30", None),
            ("2012-07-01", "2016-06-30", None),
        ]
        assert contradictions(empty) == []

    def test_a_later_snapshot_that_knows_the_begin_gives_it_to_the_former_years(self, empty):
        load(empty, "92", 2012, {"a": line(debut_agc="2010-09-01", fin_agc="2014-08-31")})
        load(empty, "92", 2011, {"a": line(fin_agc="2014-08-31")})
        load(empty, "92", 2013, {"a": line(debut_agc="2010-09-01")})
        assert agrements(empty) == [("2010-09-01", "2014-08-31", None)]

    def test_where_two_snapshots_overlap_the_later_is_believed_and_the_other_noted(self, empty):
        load(empty, "92", 2013, {"a": line(debut_agc="2012-07-01", fin_agc="2016-06-30")})
        load(empty, "92", 2011, {"a": line(debut_agc="2010-01-01", fin_agc="2013-12-31")})
        assert agrements(empty) == [
            ("2010-01-01", "2012-06-30", 2013),
            ("2012-07-01", "2016-06-30", None),
        ]
        assert contradictions(empty) == [("AGC", 2011, "overlap", 2013)]

    @pytest.mark.parametrize(
        ("said", "problem"),
        [
            ({"debut_agc": "2012-01-01", "fin_agc": "2011-01-01"}, "reversed"),
            ({"debut_agc": "2013-01-01", "fin_agc": "2016-12-31"}, "not yet"),
            ({"debut_agc": "2008-01-01", "fin_agc": "2010-12-31"}, "no more"),
            ({"fin_agrement": "2010-12-31"}, "no more"),
            ({"agrement_agc": "non", "debut_agc": "2010-01-01", "fin_agc": "2013-12-31"}, "denied"),
        ],
    )
    def test_a_statement_that_cannot_be_gives_no_period_and_is_noted(self, empty, said, problem):
        load(empty, "92", 2011, {"a": line(**said)})
        assert agrements(empty) == []
        assert contradictions(empty) == [("AGC", 2011, problem, None)]

    def test_a_former_agrement_of_a_structure_that_became_a_cs_is_kept(self, empty):
        former = {"debut_evs": "2009-01-01", "fin_evs": "2012-06-30"}
        now = {"debut_agc": "2012-07-01", "fin_agc": "2016-06-30"}
        load(empty, "92", 2012, {"a": line(**former, **now)})
        assert agrements(empty, "EVS") == [("2009-01-01", "2012-06-30", None)]
        assert empty.ask("select agrements from register.structure_at('2012-06-30')") == [
            (["EVS"],)
        ]
        assert empty.ask("select agrements from register.structure_at('2012-07-01')") == [
            (["AGC"],)
        ]


class TestTheDatabase:
    @pytest.mark.parametrize(
        "row",
        [
            "register.attribute values ('a', 'nom', 'Vert', '[2011-06-01,2011-07-01)')",
            "register.agrement values ('a', 'AGC', '[2011-06-01,2011-07-01)', 2011, 2011)",
        ],
    )
    def test_it_refuses_a_day_with_two_values(self, empty, row):
        load(empty, "92", 2011, {"a": line(nom="Bleu")})
        with (
            pytest.raises(IntegrityError, match="conflicting key value violates exclusion"),
            empty.engine.begin() as connection,
        ):
            connection.exec_driver_sql(f"insert into {row}")

    def test_it_tells_the_history_of_one_structure_in_the_order_of_time(self, empty):
        load(empty, "92", 2011, {"a": line("EVS", nom="Bleu")})
        load(empty, "92", 2012, {"a": line("CS", nom="Bleu")})
        assert empty.ask(
            "select what, value, valid_from::text, valid_to::text from register.history('a')"
        ) == [
            ("agrément EVS", None, "2011-01-01", "2012-01-01"),
            ("nom", "Bleu", "2011-01-01", "2013-01-01"),
            ("type", "EVS", "2011-01-01", "2012-01-01"),
            ("agrément AGC", None, "2012-01-01", "2013-01-01"),
            ("type", "CS", "2012-01-01", "2013-01-01"),
        ]
        assert empty.ask("select * from register.history('nobody')") == []


days = st.dates(date(2008, 1, 1), date(2017, 12, 31)).map(date.isoformat)
some = dict.fromkeys(("debut_agc", "fin_agc", "fin_agrement", "debut_evs", "fin_evs"), days)
lines = st.builds(
    lambda kind, said: line(kind, **said),
    st.sampled_from(["CS", "EVS"]),
    st.fixed_dictionaries(
        {"nom": st.sampled_from(["Bleu", "Vert"])},
        optional=some
        | {name: st.sampled_from(["oui", "non"]) for name in ("agrement_agc", "agrement_acf")},
    ),
)
snapshots = st.dictionaries(st.sampled_from("abc"), lines, max_size=3)
keys = st.tuples(st.sampled_from(["92", "93"]), st.sampled_from(YEARS))
loads = st.lists(st.tuples(keys, snapshots), min_size=2, max_size=8)
once = settings(max_examples=25, deadline=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


class TestAnyOrder:
    @once
    @given(loads, st.randoms(use_true_random=False))
    def test_what_is_held_follows_from_the_last_snapshot_of_each_key_alone(
        self, house, made, chance
    ):
        clear(house)
        for (territory, year), snapshot in made:
            load(house, territory, year, snapshot)
        expected = state(house)
        last = list(dict(made).items())
        chance.shuffle(last)
        clear(house)
        for (territory, year), snapshot in last:
            load(house, territory, year, snapshot)
        assert state(house) == expected
        for (territory, year), snapshot in last:
            load(house, territory, year, snapshot)
        assert state(house) == expected
        self.holds(house, dict(last))

    @staticmethod
    def holds(house, held: Mapping[Key, Snapshot]) -> None:
        """The values of each year, and its agréments on the last day, by another path."""
        for year in YEARS:
            known: dict[str, Line] = {}
            for (_, of), snapshot in sorted(held.items(), reverse=True):
                known |= snapshot if of == year else {}
            on = date(year, 12, 31)
            for day in (date(year, 1, 1), on):
                found = dict(house.ask(
                    "select structure_id, attributes from register.structure_at(%s)", day
                ))  # fmt: skip
                dated = {"nom", "type"}
                assert found == {
                    name: {k: v for k, v in said.answers.items() if k in dated}
                    for name, said in known.items()
                }
            noted = {row[:2] for row in house.ask(
                "select structure_id, kind from register.contradictions() "
                "where data_year = %s or other_year is not null", year
            )}  # fmt: skip
            in_force = dict(house.ask(
                "select structure_id, agrements from register.structure_at(%s)", on
            ))  # fmt: skip
            for name, said in known.items():
                kind = "AGC" if said.type == "CS" else "EVS"
                own = said.answers
                end = own.get(f"fin_{kind.lower()}", own.get("fin_agrement", on.isoformat()))
                denied = own.get("agrement_agc") == "non" and kind == "AGC"
                if not denied and end >= on.isoformat() and (name, kind) not in noted:
                    assert kind in in_force[name]

    def test_two_loads_at_once_each_see_the_others_snapshot(self, empty):
        meet = Barrier(2)
        years = (2011, 2012)
        with ThreadPoolExecutor(2) as pool:
            done = [
                pool.submit(load, empty, territory, year, {"a": line(nom="Bleu")}, meet)
                for territory, year in zip(("92", "93"), years, strict=True)
            ]
            for one in done:
                one.result(timeout=60)
        assert values(empty, "nom") == [("Bleu", "2011-01-01", "2013-01-01")]
        assert agrements(empty) == [("2011-01-01", "2012-12-31", None)]


def test_the_yearly_face_is_the_same_register(loaded):
    """reference.structure of a data year is the register on the year's last day."""
    rows = loaded.ask(
        "select s.data_year, s.structure_id, s.population = t.type, "
        "s.name = t.attributes ->> 'nom', s.manager = t.attributes ->> 'gestionnaire', "
        "s.siret is not distinct from t.attributes ->> 'siret' "
        "from reference.structure s join register.structure_at("
        "reference.geography_date(s.data_year)) t on t.structure_id = s.structure_id"
    )
    assert len(rows) == 80
    assert all(all(row[2:]) for row in rows)
    assert loaded.ask("select * from register.contradictions()") == []
    (longest,) = loaded.ask("select max(upper(period) - lower(period)) from register.agrement")[0]
    assert timedelta(days=longest) <= timedelta(days=4 * 365 + 1)
