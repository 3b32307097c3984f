"""The Fonjep posts: a collection that data alone added, counted again by polars."""

import re
import unicodedata
from collections.abc import Iterator

import polars as pl
import pytest

from senacs.codebook import load_collection
from senacs.deliveries import Outcome, RunOutcome
from senacs.settings import PROJECT_ROOT
from tests.support.installation import SUPPLIER, Installation, installation
from tests.support.postgres import Server

YEARS = (2020, 2021)
SAYS_SO = re.compile(
    r"\b(centres? (sociaux|social|socio[- ]?(culturel|educatif)s?)|espaces? de vie sociale"
    r"|e\.?v\.?s\.?|c\.?s\.?c\.?)\b"
)
UMBRELLA = re.compile(r"\b(fed|federation|union)\b")
TOO_PLAIN = {"", "centresocial", "centresocialetculturel", "centresocioculturel"}


def folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


def bare(name: str) -> str:
    return re.sub("[^a-z0-9]+", "", folded(name))


@pytest.fixture(scope="module")
def runs(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, list[RunOutcome]]]:
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("fonjep")) as made:
        ended = made.run_all(*(("fonjep", "france", year) for year in YEARS))
        yield made, ended
    server.drop(url)


@pytest.fixture(scope="module")
def made(runs) -> Installation:
    return runs[0]


@pytest.fixture(scope="module")
def files() -> pl.DataFrame:
    """Every row of the supplier's files."""
    return pl.concat(
        pl.read_csv(
            SUPPLIER / "fonjep" / f"postes_fonjep_{year}.csv", separator=";", infer_schema=False
        ).with_columns(data_year=pl.lit(year))
        for year in YEARS
    )


@pytest.fixture(scope="module")
def expected(files: pl.DataFrame) -> pl.DataFrame:
    """Each post once, with its région and whether its employer is a centre social."""
    regions = pl.read_csv(
        PROJECT_ROOT / "reference" / "departements.csv", separator=";", infer_schema=False
    ).select(insee_dep="code", region="region_2016")
    places = pl.read_csv(
        PROJECT_ROOT / "reference" / "structures_avs_reelles.csv", separator=";", infer_schema=False
    )
    listed = {
        (dep, bare(name))
        for dep, name in places.select("dep", "nom").iter_rows()
        if bare(name) not in TOO_PLAIN
    }

    def recognised(dep: str, name: str) -> str:
        if UMBRELLA.search(folded(name)):
            return "non"
        if (dep, bare(name)) in listed:
            return "liste"
        return "nom" if SAYS_SO.search(folded(name)) else "non"

    posts = files.unique(["data_year", "id_poste"], keep="first", maintain_order=True)
    how = [recognised(*pair) for pair in posts.select("insee_dep", "raison_sociale").iter_rows()]
    return posts.with_columns(pl.col("montant").cast(float), centre_social=pl.Series(how)).join(
        regions, on="insee_dep", how="left"
    )


def test_the_files_are_loaded(runs):
    assert [ended.outcome for ended in runs[1]] == [Outcome.LOADED] * 2


@pytest.mark.parametrize(
    ("level", "area"), [("departement", "insee_dep"), ("region", "region"), ("france", None)]
)
def test_posts_and_euros_are_those_of_the_files(made, expected, level, area):
    ours = pl.col("centre_social") != "non"
    keyed = expected.with_columns(area=pl.col(area) if area else pl.lit("FR"))
    again = (
        keyed.group_by("data_year", "area")
        .agg(
            postes=pl.len().cast(pl.Float64),
            postes_centres_sociaux=ours.sum().cast(pl.Float64),
            postes_centres_sociaux_liste=(pl.col("centre_social") == "liste")
            .sum()
            .cast(pl.Float64),
            part_centres_sociaux=ours.mean(),
            montant_total=pl.col("montant").sum(),
            montant_moyen=pl.col("montant").mean(),
            montant_centres_sociaux=pl.col("montant").filter(ours).sum(),
        )
        .unpivot(index=["data_year", "area"], variable_name="indicator")
    )
    cells = made.frame(
        "select data_year, area, indicator, coalesce(value, 0) as value from indicator.cell "  # noqa: S608
        f"where collection = 'fonjep' and level = '{level}'"
    )

    both = again.join(
        cells, on=["data_year", "area", "indicator"], how="full", coalesce=True, suffix="_cell"
    )

    assert both.height == again.height == cells.height
    apart = (pl.col("value") - pl.col("value_cell")).abs().fill_null(1) > 1e-4
    assert both.filter(apart).rows() == []


def test_the_name_in_place_of_the_siret_is_found_on_every_row_and_kept(runs, files):
    made, ended = runs
    for year, run in zip(YEARS, ended, strict=True):
        rows = files.filter(pl.col("data_year") == year)
        found = [f for f in made.findings(run) if f["question"] == "code_tiers"]
        kept = [f for f in found if f["rule"] == "DOM-06"]
        assert len({f["row_number"] for f in kept}) == rows.height
        assert {f["raw"] for f in kept} == set(rows["code_tiers"])


def test_glued_contracts_are_asked_about(runs):
    made, ended = runs
    for run in ended:
        found = [f for f in made.findings(run) if f["rule"] == "FJP-02"]
        assert [f["raw"] for f in found] == ["CV380CV384"] * 2
        assert "« CV380CV384 »" in str(found[0]["message"])


def test_a_post_delivered_twice_counts_once_and_is_asked_about(runs, files):
    made, ended = runs
    for year, run in zip(YEARS, ended, strict=True):
        times = files.filter(pl.col("data_year") == year).group_by("id_poste").len()
        twice = set(times.filter(pl.col("len") > 1)["id_poste"])
        assert {f["unit_id"] for f in made.findings(run) if f["rule"] == "LIG-03"} == twice


def test_every_own_rule_finds_its_defect(runs):
    """FJP-01 and FJP-03 have nothing to find in the real files: a changed file has."""
    made, _ = runs
    path = made.supplier / "fonjep" / "postes_fonjep_2021.csv"
    kept = path.read_bytes()
    try:
        lines = kept.decode("utf-8").splitlines()
        lines[1] = lines[1].replace(";2021;", ";2020;")
        lines[2] = lines[2].replace(";69;", ";99;")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        changed = made.run("fonjep", "france", 2021)
        found = [(f["rule"], f["row_number"]) for f in made.findings(changed)]
        assert ("FJP-01", 2) in found
        assert ("FJP-03", 3) in found
    finally:
        path.write_bytes(kept)
        made.run_all(("fonjep", "france", 2021))


def test_no_campaign_lacks_its_export():
    collection = load_collection(PROJECT_ROOT / "codebook", "fonjep")
    sources = [t.source.url for c in collection.campaigns for t in c.territories]
    assert [(SUPPLIER / url.removeprefix("{supplier}/")).is_file() for url in sources] == [True] * 2
