"""Wide views: the observations pivoted by another path, the codebook's labels, and changes."""

# ruff: noqa: S608 - the statements are our own

import shutil

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError

from senacs.codebook import Kind, load_collection
from senacs.codebook.questionnaire import NUMERIC
from senacs.deliveries import Outcome
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.world import World, simulate
from tasks.prepare import prepare
from tests.support.installation import installation

PLACE, YEARS, POPULATIONS = "86", (2019, 2020), ("CS", "EVS")
ABOUT = (
    "unit_id", "territory", "departement", "region", "manager", "management", "federated",
    "in_scope", "delivered", "responded", "usable",
)  # fmt: skip
VARIABLE, LABEL = "benevoles_jeunes", "Dont bénévoles d'activité de 12 à 25 ans (personnes)"
"""Asked by the form of 2012 and not by that of 2011."""

each_view = pytest.mark.parametrize(
    ("year", "population"), [(year, population) for year in YEARS for population in POPULATIONS]
)


@pytest.fixture(scope="module")
def simulated(server, prepared, tmp_path_factory):
    """A département's centres and espaces over two data years, simulated and loaded."""
    home = tmp_path_factory.mktemp("wide")
    world = World(seed=5, data_years=YEARS, territories={PLACE: (PLACE,)}, defects=0.01)
    for _ in simulate(world, home / "world", PROJECT_ROOT / "codebook"):
        pass
    url = server.create(prepared)
    given = {"codebook": home / "world" / "codebook", "drop_folder": home / "world" / "exports"}
    with installation(url, home, **given) as made:
        ended = [made.run(name, PLACE, year) for name in ("registre", "senacs") for year in YEARS]
        assert {one.outcome for one in ended} == {Outcome.LOADED}
        yield made
    server.drop(url)


def survey(made):
    return load_collection(made.home / "world" / "codebook", "senacs")


def asked_of(declared, year: int, population: str) -> list:
    """The variables of a form, in its order; then those that are derived, whatever it asks."""
    names = [
        question.variable
        for question in declared.questions_of(year)
        if question.variable and population in declared.populations_of(question)
    ]
    return [declared.variable_by_name[name] for name in (*names, *sorted(declared.derivations))]


def pivoted(made, year: int, population: str, value: str) -> pl.DataFrame:
    """A column a variable, from the long table, by polars."""
    long = made.frame(
        f"select unit_id, variable, {value} as value from national.observation "
        "join national.unit using (collection, data_year, territory, unit_id) "
        f"where collection = 'senacs' and data_year = {year} and population = '{population}'"
    )
    units = made.frame(
        f"select {', '.join(ABOUT)} from national.unit where collection = 'senacs' "
        f"and data_year = {year} and population = '{population}'"
    )
    wide = long.pivot("variable", index="unit_id", values="value")
    absent = [name for name in survey(made).derivations if name not in wide.columns]
    wide = wide.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    return units.join(wide, on="unit_id", how="left").sort("unit_id")


@each_view
def test_values_are_the_observations_pivoted(simulated, year, population):
    variables = asked_of(survey(simulated), year, population)
    again = pivoted(simulated, year, population, "coalesce(number::text, code, text)")
    typed = again.with_columns(
        pl.col(v.variable).cast(pl.Float64) if v.kind in NUMERIC
        else pl.col(v.variable) == "oui" if v.kind is Kind.YES_NO
        else pl.col(v.variable).str.to_date() if v.kind is Kind.DATE
        else pl.col(v.variable)
        for v in variables
    )  # fmt: skip

    view = simulated.frame(
        f"select * from analysis.senacs_{year}_{population.lower()} order by unit_id"
    )

    assert view.columns == [*ABOUT, *(v.variable for v in variables)]
    assert len(variables) > 100
    assert view.height > view.filter("responded").height > 0
    nothing = [name for name in view.columns if view[name].null_count() == view.height]
    assert_frame_equal(
        view.drop(nothing), typed.select(view.columns).drop(nothing), check_exact=True
    )
    assert typed.select(nothing).null_count().row(0) == (view.height,) * len(nothing)


@each_view
def test_statuses_say_why_there_is_no_value(simulated, year, population):
    view = simulated.frame(
        f"select * from analysis.senacs_{year}_{population.lower()}_status order by unit_id"
    )
    view = view.with_columns(pl.col(pl.Null).cast(pl.String))  # what the year does not ask
    again = pivoted(simulated, year, population, "status")

    assert_frame_equal(view, again.select(view.columns))
    told = {status for name in view.columns[len(ABOUT) :] for status in view[name]}
    assert {"reported", "missing", "not_concerned", "rejected", None} <= told
    silent = view.filter(~pl.col("delivered")).drop(ABOUT)
    assert silent.null_count().sum_horizontal().item() == silent.height * silent.width > 0


def comments(made, view: str) -> dict[str, str]:
    return dict(
        made.ask(
            "select coalesce(a.attname, ''), obj_description(c.oid, 'pg_class') from pg_class c "
            "left join pg_attribute a on false where c.oid = %s::regclass union all "
            "select attname, col_description(attrelid, attnum) from pg_attribute "
            "where attrelid = %s::regclass and attnum > 0",
            view,
            view,
        )
    )


@each_view
def test_comments_are_the_labels_of_the_codebook(simulated, year, population):
    declared = survey(simulated)
    name = f"analysis.senacs_{year}_{population.lower()}"
    found, statuses = comments(simulated, name), comments(simulated, f"{name}_status")
    for variable in asked_of(declared, year, population):
        said = found[variable.variable]
        unit = f" ({variable.unit})" if variable.unit else ""
        codes = " ; ".join(f"{c.code} = {c.label}" for c in declared.codes_of(variable.codes))
        assert said == variable.label + unit + (f" – codes : {codes}" if codes else "")
        assert statuses[variable.variable] == f"{variable.label} – statut"
    assert found.keys() == statuses.keys()
    assert None not in found.values()
    assert found[""].startswith("SIMULATED")
    for text in (str(year), declared.populations[population], "national.observation"):
        assert text in found[""]


def test_real_data_are_not_called_simulated(loaded):
    said = comments(loaded, "analysis.adulte_relais_2020_poste")
    assert "SIMULATED" not in said[""]
    assert "centre_social" in said  # derived: no form asks it
    assert loaded.ask(
        "select sum(montant) filter (where centre_social is not null)::float "
        "from analysis.adulte_relais_2020_poste"
    ) == loaded.ask(
        "select sum(number)::float from national.observation where collection = 'adulte_relais' "
        "and data_year = 2020 and variable = 'montant'"
    )


def test_a_filter_on_territory_reads_that_territory_alone(loaded):
    plan = "\n".join(
        line
        for (line,) in loaded.ask(
            "explain select * from analysis.senacs_2012_cs where territory = '92'"
        )
    )
    assert plan.count("territory = '92'") >= 1
    assert "Seq Scan on observation" not in plan


def views(made) -> dict[str, int]:
    """Each view of the survey, and which object it is: another one where it was made again."""
    return dict(
        made.ask(
            "select relname, oid::bigint from pg_class where relkind = 'v' "
            "and relnamespace = 'analysis'::regnamespace and starts_with(relname, 'senacs')"
        )
    )


class TestChange:
    """What becomes of the views when the codebook changes."""

    @pytest.fixture
    def own(self, server, prepared, tmp_path):
        """A prepared installation whose codebook can be changed."""
        shutil.copytree(PROJECT_ROOT / "codebook", tmp_path / "codebook")
        url = server.create(prepared)
        with installation(url, tmp_path, codebook=tmp_path / "codebook") as made:
            yield made
        load_collection.cache_clear()
        server.drop(url)

    @staticmethod
    def edit(made, file: str, old: str, new: str) -> None:
        path = made.home / "codebook" / "senacs" / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        load_collection.cache_clear()
        prepare.fn("senacs")

    def relabel(self, made, label: str = "Jeunes bénévoles") -> None:
        """Change the label of what the form of 2012 alone asks."""
        self.edit(made, "variables.csv", LABEL, label)

    @staticmethod
    def label(made, view: str) -> str:
        return comments(made, f"analysis.{view}")[VARIABLE]

    def test_what_is_right_already_is_left_alone(self, own):
        before = views(own)
        self.edit(own, "campaigns.yml", "L'ensemble des centres est invité.", "Tous.")
        assert views(own) == before
        assert before.keys() == {
            f"senacs_{year}_cs{rest}" for year in (2011, 2012) for rest in ("", "_status")
        }

    def test_a_new_label_makes_the_views_of_that_year_again(self, own):
        before = views(own)
        self.relabel(own)
        after = views(own)
        assert {name for name in before if after[name] != before[name]} == {
            "senacs_2012_cs", "senacs_2012_cs_status",
        }  # fmt: skip
        assert self.label(own, "senacs_2012_cs").startswith("Jeunes bénévoles")

    def test_a_year_that_vanishes_takes_its_views_along(self, own):
        before = views(own)
        text = (own.home / "codebook" / "senacs" / "campaigns.yml").read_text("utf-8")
        self.edit(own, "campaigns.yml", text[text.index("- data_year: 2012") :], "")
        assert views(own) == {name: oid for name, oid in before.items() if "2011" in name}

    def test_a_view_that_was_dropped_by_hand_comes_back(self, own):
        with own.engine.begin() as connection:
            connection.exec_driver_sql("drop view analysis.senacs_2011_cs")
        self.edit(own, "campaigns.yml", "L'ensemble des centres est invité.", "Tous.")
        assert "senacs_2011_cs" in views(own)

    def test_what_an_analyst_built_on_a_view_goes_on(self, own):
        with own.engine.begin() as connection:
            connection.exec_driver_sql(
                "create view public.mine as select nb_salaries from analysis.senacs_2012_cs"
            )
        before = views(own)
        self.relabel(own)
        ((aside,),) = own.ask("select view_name from analysis.wide_view where shows = 'former'")
        assert views(own)[aside] == before["senacs_2012_cs"]
        assert self.label(own, "senacs_2012_cs").startswith("Jeunes bénévoles")
        assert own.ask("select count(*) from public.mine") == [(0,)]

        with own.engine.begin() as connection:
            connection.exec_driver_sql("drop view public.mine")
        self.edit(own, "variables.csv", "Jeunes bénévoles", LABEL)
        assert views(own).keys() == before.keys()

    def test_a_reader_is_not_waited_for(self, own):
        """The view stays as it is while somebody reads it; the next run makes it again."""
        with own.engine.connect() as reader:
            reader.exec_driver_sql("select * from analysis.senacs_2012_cs")
            self.relabel(own)
            assert self.label(own, "senacs_2012_cs").startswith(LABEL)
            assert self.label(own, "senacs_2012_cs_status").startswith("Jeunes bénévoles")
        prepare.fn("senacs")
        assert self.label(own, "senacs_2012_cs").startswith("Jeunes bénévoles")


@pytest.fixture
def analyst(loaded):
    """A connection as somebody who may read the schema analysis; nothing of it stays."""
    with loaded.engine.connect() as connection:
        connection.exec_driver_sql("create role senacs_test_analyst")
        connection.exec_driver_sql("grant usage on schema analysis to senacs_test_analyst")
        connection.exec_driver_sql(
            "grant select on all tables in schema analysis to senacs_test_analyst"
        )
        yield connection
        connection.rollback()


def test_the_views_give_no_right_to_the_layers(analyst):
    analyst.exec_driver_sql("set local role senacs_test_analyst")
    with pytest.raises(ProgrammingError, match="permission denied for"):
        analyst.exec_driver_sql("select * from analysis.senacs_2012_cs")


def test_the_security_of_rows_holds_through_the_views(analyst):
    for statement in (
        "grant usage on schema national to senacs_test_analyst",
        "grant select on national.unit, national.observation to senacs_test_analyst",
        "alter table national.unit enable row level security",
        "create policy one on national.unit to senacs_test_analyst using (unit_id <> '92-001')",
        "alter table national.observation enable row level security",
        "create policy one on national.observation to senacs_test_analyst "
        "using (variable <> 'nb_salaries')",
        "set local role senacs_test_analyst",
    ):
        analyst.exec_driver_sql(statement)
    (seen,) = analyst.exec_driver_sql(
        "select count(*), count(*) filter (where unit_id = '92-001'), count(nb_salaries), "
        "count(etp_total) > 20 from analysis.senacs_2012_cs"
    )
    assert tuple(seen) == (39, 0, 0, True)


def test_nobody_else_may_make_views(analyst):
    analyst.exec_driver_sql("set local role senacs_test_analyst")
    with pytest.raises(ProgrammingError, match="permission denied for function"):
        analyst.exec_driver_sql("select analysis.make_wide_views('senacs')")


names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1,
                max_size=90)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(pair=st.tuples(names, names), most=st.sampled_from([56, 63]))
def test_names_fit_and_stay_apart(prepared_connection, pair, most):
    ((one, other),) = prepared_connection.exec_driver_sql(
        "select analysis.clipped(%s, %s), analysis.clipped(%s, %s)", (pair[0], most, pair[1], most)
    )
    assert max(len(one.encode()), len(other.encode())) <= most
    assert (one == other) == (pair[0] == pair[1])
    assert len(pair[0].encode()) > most or one == pair[0]


@settings(max_examples=50, deadline=None)
@given(st.text("éa", min_size=60, max_size=90))
def test_long_names_that_begin_alike_stay_apart(prepared_connection, start):
    ((one, other),) = prepared_connection.exec_driver_sql(
        "select analysis.column_of(%s), analysis.column_of(%s)", (f"{start}1", f"{start}2")
    )
    assert one != other
    assert len(one.encode()) <= 63


def test_a_variable_named_as_a_column_of_the_unit_has_one_of_its_own(prepared_connection):
    (row,) = prepared_connection.exec_driver_sql(
        "select analysis.column_of('region'), analysis.column_of('regions')"
    )
    assert row[0].startswith("region_")
    assert row[1] == "regions"


@pytest.fixture(scope="module")
def prepared_connection(server, prepared):
    url = server.create(prepared)
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    server.drop(url)
