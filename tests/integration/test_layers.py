"""What the real exports become in the layers and in the indicators, by another path."""

# ruff: noqa: S608 - the statements are our own

from itertools import pairwise

import polars as pl
import pytest

from senacs.codebook import load_collection
from senacs.deliveries import Outcome
from senacs.settings import PROJECT_ROOT
from senacs.simulation.demo.truth import truth
from tests.support.installation import CAMPAIGNS, SUPPLIER, installation

YEARS = (2020, 2021, 2022)


@pytest.fixture(scope="module")
def senacs():
    return load_collection(PROJECT_ROOT / "codebook", "senacs")


class TestSurvey:
    """The survey's indicators against the simulated world that its exports were made from."""

    @staticmethod
    def rejected(loaded, data_year) -> frozenset[tuple[str, str]]:
        return frozenset(
            loaded.ask(
                "select unit_id, question from department.answer where collection = 'senacs' "
                "and data_year = %s and status = 'rejected' and unit_id <> '92-099'",
                data_year,
            )
        )

    @pytest.mark.parametrize("data_year", [2011, 2012])
    @pytest.mark.parametrize(("level", "area"), [("departement", "92"), ("surveyed", "*")])
    def test_every_indicator_is_what_the_delivered_answers_give(
        self, loaded, senacs, data_year, level, area
    ):
        expected = truth().indicators(senacs, data_year, self.rejected(loaded, data_year))

        found = dict(
            loaded.ask(
                "select indicator, value from indicator.cell where collection = 'senacs' and "
                "data_year = %s and level = %s and area = %s and population = 'CS' "
                "and breakdown = 'all'",
                data_year,
                level,
                area,
            )
        )

        assert set(found) == set(expected)
        assert {name: float(value) for name, value in found.items()} == pytest.approx(
            expected, abs=1e-6
        )

    def test_only_what_was_planted_is_kept_out(self, loaded):
        assert self.rejected(loaded, 2011) == {
            ("92-036", "population_zone"),
            ("92-025", "politique_ville"),
        }
        assert self.rejected(loaded, 2012) == {
            ("92-037", "benevoles_activite"),
            ("92-027", "instance_habitants"),
            ("92-026", "benevoles_admin"),
            ("92-011", "nb_vacataires"),
            ("92-007", "etp_total"),
            ("92-021", "nb_administrateurs"),
        }

    def test_the_perimeter_grows_from_members_to_all(self, loaded):
        counted = loaded.ask(
            "select data_year, count(*) filter (where in_scope), "
            "count(*) filter (where in_scope and responded), count(*) from national.unit "
            "where collection = 'senacs' group by 1 order by 1"
        )
        assert counted == [(2011, 24, 24, 40), (2012, 40, 33, 40)]
        bases = loaded.ask(
            "select data_year, n_scope, n_responded from indicator.cell where level = 'surveyed' "
            "and breakdown = 'all' and indicator = 'repondants' order by 1"
        )
        assert bases == [(2011, 24, 24), (2012, 40, 33)]

    def test_one_territory_is_never_shown_as_its_region_or_as_france(self, loaded):
        levels = loaded.ask(
            "select distinct collection, level from indicator.cell "
            "where collection <> 'adulte_relais' order by 1, 2"
        )
        assert levels == [
            ("registre", "departement"),
            ("registre", "surveyed"),
            ("senacs", "departement"),
            ("senacs", "surveyed"),
        ]

    def test_a_rejected_answer_keeps_its_raw_text_and_loses_its_value(self, loaded):
        rows = loaded.ask(
            "select raw, number, code, text, status from department.answer "
            "where (data_year, unit_id, question) = (2012, '92-037', 'benevoles_activite')"
        )
        assert rows == [("environ 40", None, None, None, "rejected")]

    def test_amounts_are_harmonised_to_euros_and_keep_what_was_written(self, loaded):
        rows = loaded.ask(
            "select a.raw, a.number::text, o.number::float from department.answer a "
            "join national.observation o using (collection, data_year, territory, unit_id) "
            "where (a.data_year, a.unit_id, a.question, o.variable) "
            "= (2012, '92-002', 'budget_commune', 'budget_commune')"
        )
        assert rows == [("94,9", "94.9", 94_900.0)]

    def test_contacts_stay_out_of_the_warehouse(self, loaded):
        texts = [row for rows in loaded.state().values() for row in rows]
        texts += [row for (row,) in loaded.ask("select t::text from intake.finding t")]
        assert texts
        assert [text for text in texts if "exemple.invalid" in text] == []


@pytest.fixture(scope="module")
def expected() -> pl.DataFrame:
    """Posts and amounts by year and département, with the région of the time."""
    files = [
        pl.read_csv(
            SUPPLIER / "adulte_relais" / f"adulte_relais_{year}.csv",
            separator=";",
            infer_schema=False,
        ).with_columns(data_year=pl.lit(year))
        for year in YEARS
    ]
    regions = pl.read_csv(
        PROJECT_ROOT / "reference" / "departements.csv", separator=";", infer_schema=False
    ).select(departement="code", region="region_2016", zone="zone")
    return (
        pl.concat(files)
        .with_columns(
            departement=pl.col("insee_dep").str.zfill(2), montant=pl.col("montant").cast(float)
        )
        .unique(["data_year", "id_poste"], keep="first", maintain_order=True)
        .join(regions, on="departement", how="left")
        .with_columns(
            departement=pl.when(pl.col("region").is_null() & pl.col("zone").is_null())
            .then(pl.lit("ZZ"))
            .otherwise(pl.col("departement")),
            region=pl.col("region").fill_null("ZZ"),
        )
    )


class TestAdulteRelais:
    """The real posts, counted again from the supplier's files by polars alone."""

    @pytest.mark.parametrize(
        ("level", "area"), [("departement", "departement"), ("region", "region"), ("france", None)]
    )
    def test_counts_and_amounts_are_those_of_the_files(self, loaded, expected, level, area):
        keyed = expected.with_columns(area=pl.col(area) if area else pl.lit("FR"))
        again = (
            keyed.group_by("data_year", "area")
            .agg(
                postes=pl.len().cast(pl.Float64),
                montant_total=pl.col("montant").sum(),
                montant_moyen=pl.col("montant").mean(),
            )
            .unpivot(index=["data_year", "area"], variable_name="indicator")
        )
        cells = loaded.frame(
            "select data_year, area, indicator, value from indicator.cell "
            f"where collection = 'adulte_relais' and level = '{level}' "
            "and indicator in ('postes', 'montant_total', 'montant_moyen')"
        )

        both = again.join(
            cells, on=["data_year", "area", "indicator"], how="full", coalesce=True, suffix="_cell"
        )

        assert both.height == again.height == cells.height
        assert (
            both.filter((pl.col("value") - pl.col("value_cell")).abs().fill_null(1) > 1e-4).rows()
            == []
        )

    def test_posts_in_centres_sociaux_by_siret_are_those_of_the_list(self, loaded, expected):
        places = pl.read_csv(
            PROJECT_ROOT / "reference" / "structures_avs_reelles.csv",
            separator=";",
            infer_schema=False,
        ).filter((pl.col("siret_ok") == "1") & ~pl.col("siret").str.contains("^[12]"))
        counted = (
            expected.filter(pl.col("code_tiers").is_in(places["siret"].to_list()))
            .group_by("data_year")
            .len()
            .sort("data_year")
        )
        found = loaded.ask(
            "select data_year, value::int from indicator.cell where level = 'france' "
            "and indicator = 'postes_centres_sociaux_siret' order by 1"
        )
        assert found == counted.rows()

    def test_a_complete_collection_is_shown_as_france(self, loaded):
        levels = {level for (level,) in loaded.ask(
            "select distinct level from indicator.cell where collection = 'adulte_relais'"
        )}  # fmt: skip
        assert levels == {"departement", "region", "france"}


@pytest.mark.parametrize("measure", ["n_scope", "n_responded", "n_base", "n_item", "numerator"])
def test_each_rung_of_the_ladder_is_the_sum_of_the_one_below(loaded, measure):
    """Counts, and the numerators of totals, means, shares and ratios."""
    sums = loaded.frame(
        f"select collection, data_year, indicator, population, level, sum({measure}) as total "
        "from indicator.cell where collection = 'adulte_relais' group by 1, 2, 3, 4, 5"
    ).pivot("level", index=["collection", "data_year", "indicator", "population"], values="total")

    assert sums.height == 21
    for below, above in pairwise(("departement", "region", "france")):
        apart = sums.filter((pl.col(below) - pl.col(above)).abs().fill_null(1) > 1e-6)
        assert apart.rows() == []


def test_the_public_face_shows_the_cells(loaded):
    cells = loaded.ask(
        "select count(*) from indicator.cell where breakdown = 'all' "
        "and level in ('departement', 'region', 'france', 'surveyed') and population <> 'AVS'"
    )
    assert loaded.ask("select count(*) from indicator.figure") == cells
    assert (
        loaded.ask(
            "select value, n_base, n_item from indicator.figure where confidential and "
            "(value is not null or n_base is not null or n_item is not null)"
        )
        == []
    )


@pytest.mark.parametrize("key", [("registre", "92", 2012), ("adulte_relais", "france", 2020)])
def test_it_loads_the_same_on_another_server(other_server, loaded_home, tmp_path, key):
    """An older PostgreSQL gives the very same tables."""
    collection, _, data_year = key
    url = other_server.create()
    wanted = {}
    for place, home in ((url, tmp_path), loaded_home):
        with installation(place, home) as made:
            if place == url:
                (ended,) = made.run_all(key)
                assert ended.outcome is Outcome.LOADED
            wanted[place] = {
                table: sorted(made.ask(
                    f"select t::text from {table} t where collection = %s and data_year = %s",
                    collection, data_year,
                ))
                for table in ("department.record", "department.answer", "department.delivery",
                              "national.unit", "national.observation", "indicator.cell")
            }  # fmt: skip
    other_server.drop(url)

    mine, theirs = wanted.values()
    assert mine == theirs
    assert all(mine.values())


def test_every_run_is_on_record(loaded):
    recorded = loaded.ask(
        "select collection, territory, data_year, outcome, records > 0, answers > 0, "
        "finished_at >= started_at from intake.run order by started_at"
    )
    assert recorded == [(*key, "loaded", True, True, True) for key in CAMPAIGNS]
