"""Every figure computed a second time, by polars, from the answers and the codebook's own files.

Nothing of what the refresh works with is read: who is in scope, who responded, what counts, which
areas are complete and which EPCI a commune is in are worked out here from the answers of register
and survey, the files of `codebook/` and those of `reference/`.
"""

# ruff: noqa: S608 - the statements are our own

import csv
import itertools
from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from senacs.deliveries import Outcome
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.world import World, simulate
from tests.support.installation import installation

YEARS = (2015, 2022, 2023)
"""The last year of the old regions, then two with espaces de vie sociale; 2023 breaks series."""

PLACES = {"67": ("67",), "reste": ("68", "2A")}
"""Structures are simulated in these; `reste` is declared to collect all other départements."""

REFERENCE = PROJECT_ROOT / "reference"
KEY = ["indicator", "population", "level", "area", "breakdown", "category"]
COUNTS = ["n_scope", "n_responded", "n_base", "n_item", "n_corrected", "n_managers"]
OUT_OF_BASE = ("not_asked", "not_concerned")
GIVEN = ("reported", "confirmed", "corrected")
SUMS = ("total", "mean", "ratio")
OF_UNITS = ("scope", "count", "response")
DERIVED = {
    "budget_bloc_communal": ("budget_commune", "budget_interco"),
    "administrateurs_plus_40": ("administrateurs_41_60", "administrateurs_plus_60"),
    "action_famille": ("action_parentalite", "action_petite_enfance"),
    "depart_12_18": ("action_vacances", "vacances_12_18"),
}


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def departements() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in lines(REFERENCE / "departements.csv")}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A small France: two territories that together ask every département."""
    home = tmp_path_factory.mktemp("again")
    small = World(11, YEARS, PLACES, 0.004, times=0.4)
    for _ in simulate(small, home / "world", PROJECT_ROOT / "codebook"):
        pass
    for name in ("registre", "senacs"):
        path = home / "world" / "codebook" / name / "campaigns.yml"
        campaigns = yaml.safe_load(path.read_text("utf-8"))
        for campaign in campaigns:
            (rest,) = (t for t in campaign["territories"] if t["code"] == "reste")
            rest["departements"] = sorted(set(departements()) - {"67"})
        path.write_text(yaml.safe_dump(campaigns, allow_unicode=True), "utf-8")
    return home


@pytest.fixture(scope="module")
def house(server, world):
    """Territory 67 collected for all years; the rest follows in `complete`."""
    url = server.create()
    given = {"codebook": world / "world" / "codebook", "drop_folder": world / "world" / "exports"}
    with installation(url, world / "home", **given) as made:
        made.refresh("registre", YEARS[0])
        collect(made, "67")
        yield made
    server.drop(url)


def collect(made, territory: str) -> None:
    keys = [(name, territory, year) for year in YEARS for name in ("registre", "senacs")]
    assert {one.outcome for one in made.run_all(*keys)} == {Outcome.LOADED}


class Again:
    """The figures of one data year, worked out again."""

    def __init__(self, made, codebook: Path, year: int, loaded: set[str]):
        self.made, self.folder, self.year, self.loaded = made, codebook, year, loaded
        self.manifest = yaml.safe_load((codebook / "senacs/collection.yml").read_text("utf-8"))
        self.populations = list(self.manifest["populations"])
        self.indicators = yaml.safe_load((codebook / "senacs/indicators.yml").read_text("utf-8"))
        self.breakdowns = yaml.safe_load((codebook / "senacs/breakdowns.yml").read_text("utf-8"))
        self.questions = lines(codebook / "senacs/questions" / f"{year}.csv")
        self.units = self._units()
        self.said = self._said()
        self.units = self._with_response()

    def asked_of(self, variable: str) -> set[str]:
        """Populations that the year's form asks a variable; every one that it asks anything, of ''.

        A derived one is asked of whom all that it is made of is asked of.
        """
        if variable in DERIVED:
            return set.intersection(*(self.asked_of(one) for one in DERIVED[variable]))
        return {
            population
            for q in self.questions
            if variable in ("", q["variable"])
            for population in (q["population"] or "|".join(self.populations)).split("|")
        }

    def asked(self, indicator: dict) -> set[str]:
        names = [indicator.get(name) for name in ("variable", "denominator", "where")]
        return set.intersection(*(self.asked_of(n) for n in names if n), self.asked_of(""))

    def _answers(self, collection: str) -> pl.DataFrame:
        return self.made.frame(
            "select territory, unit_id, question, number, code, text, status "
            f"from department.answer where collection = '{collection}' and data_year = {self.year}"
        )

    def _units(self) -> pl.DataFrame:
        """Who is in scope, from the register's answers."""
        register = self._answers("registre").with_columns(pl.coalesce("code", "text").alias("said"))
        wide = register.pivot("question", index=["territory", "unit_id"], values="said")
        first = pl.col("date_premier_agrement").str.slice(0, 4).cast(pl.Int64)
        return wide.filter(
            first.is_null() | (first <= self.year), pl.col("type").is_in(list(self.asked_of("")))
        ).select(
            "territory", "unit_id", "commune", "mode_gestion", "federe", "qpv",
            population="type",
            departement=pl.when(pl.col("commune").str.starts_with("97"))
            .then(pl.col("commune").str.slice(0, 3))
            .otherwise(pl.col("commune").str.slice(0, 2)),
            manager=pl.coalesce("gestionnaire", "unit_id"),
        )  # fmt: skip

    def _said(self) -> pl.DataFrame:
        """What the delivered units of the register answered, in the variables' units."""
        delivered = self.made.frame(
            "select distinct territory, unit_id from department.record "
            f"where collection = 'senacs' and data_year = {self.year} and accepted"
        )
        form = pl.DataFrame(
            [
                (q["question"], q["variable"], float(q["factor"] or 1), population)
                for q in self.questions
                if q["variable"]
                for population in self.populations
            ],
            schema=["question", "variable", "factor", "population"],
            orient="row",
        )
        said = (
            self._answers("senacs")
            .join(delivered, on=["territory", "unit_id"])
            .join(self.units.select("territory", "unit_id", "population"), ["territory", "unit_id"])
            .join(form, on=["question", "population"])
        )
        foreign = pl.Series(
            "foreign",
            [p not in self.asked_of(v) for v, p in said.select("variable", "population").rows()],
            dtype=pl.Boolean,
        )
        said = said.select(
            "territory", "unit_id", "variable", "code", number=pl.col("number") * pl.col("factor"),
            status=pl.when((pl.col("status") == "rejected") & foreign)
            .then(pl.lit("not_asked")).otherwise("status"),
        )  # fmt: skip
        return pl.concat([said, *self._derived(said)], how="diagonal")

    def _derived(self, said: pl.DataFrame):
        for name, sources in DERIVED.items():
            if not all(self.asked_of(source) for source in sources):
                continue
            one, other = (said.filter(pl.col("variable") == source) for source in sources)
            both = one.join(other, on=["territory", "unit_id"], how="full", coalesce=True)
            if name == "action_famille":
                code = (
                    pl.when((pl.col("code") == "oui") | (pl.col("code_right") == "oui"))
                    .then(pl.lit("oui"))
                    .when((pl.col("code") == "non") & (pl.col("code_right") == "non"))
                    .then(pl.lit("non"))
                )
                value, column = code, "code"
            elif name == "depart_12_18":
                code = (
                    pl.when(pl.col("number_right") > 0).then(pl.lit("oui"))
                    .when((pl.col("number_right") == 0) | (pl.col("code") == "non"))
                    .then(pl.lit("non"))
                )  # fmt: skip
                value, column = code, "code"
            else:
                value, column = pl.col("number") + pl.col("number_right"), "number"
            yield both.select(
                "territory", "unit_id", variable=pl.lit(name), status=pl.lit("derived"),
                **{column: value},
            ).drop_nulls(column)  # fmt: skip

    def _with_response(self) -> pl.DataFrame:
        (rule,) = self.manifest["respondents"]
        keys = (
            self.said.filter(
                pl.col("variable").is_in(rule["key_items"]), pl.col("status").is_in(GIVEN)
            )
            .group_by("territory", "unit_id")
            .len("keys")
        )
        return self.units.join(keys, ["territory", "unit_id"], "left").with_columns(
            responded=(pl.col("keys") >= rule["least"]).fill_null(value=False)
        )

    def _named(self, variable: str | None, suffix: str) -> pl.DataFrame:
        """A variable's answers: one row a unit."""
        return self.said.filter(pl.col("variable") == (variable or "")).select(
            "territory", "unit_id", pl.col("number", "code", "status").name.suffix(suffix)
        )

    def items(self, indicator: dict) -> pl.DataFrame:
        """What each unit in scope says to an indicator."""
        statistic, by = indicator["statistic"], ["territory", "unit_id"]
        frame = self.units.filter(pl.col("population").is_in(list(self.asked(indicator))))
        for suffix, role in (("", "variable"), ("_d", "denominator"), ("_w", "where")):
            frame = frame.join(self._named(indicator.get(role), suffix), by, "left")
        out = pl.col("status", "status_d").is_in(OUT_OF_BASE).fill_null(value=False)
        held = pl.any_horizontal(
            pl.col("status", "status_d", "status_w").is_in(["corrected", "confirmed"])
        ).fill_null(value=False)
        base = pl.col("responded") & ~pl.any_horizontal(out)
        if "where" in indicator:
            held_by = pl.col("code_w").is_in(indicator["where_codes"]).fill_null(value=False)
            base = base & held_by
        if statistic in ("scope", "response"):
            base = pl.lit(value=True)
        answered, value, weight = pl.lit(value=True), pl.lit(1.0), pl.lit(1.0)
        if statistic == "share":
            answered = pl.col("code").is_not_null()
            value = pl.col("code").is_in(indicator["codes"]).cast(pl.Float64)
        elif statistic not in OF_UNITS:
            answered, value = pl.col("number").is_not_null(), pl.col("number")
        if statistic == "ratio":
            answered, weight = answered & pl.col("number_d").is_not_null(), pl.col("number_d")
        return frame.select(
            *by, "population", "departement", "commune", "manager", "responded",
            indicator=pl.lit(indicator["indicator"]), statistic=pl.lit(statistic),
            base=base, item=base & answered, held=base & answered & held, value=value,
            weight=weight, pooled=pl.lit(indicator.get("pooled", False)),
            by_epci=pl.lit(indicator.get("by_epci", False)),
        )  # fmt: skip

    def shown_as(self, items: pl.DataFrame, asked: set[str]) -> pl.DataFrame:
        """Each population, and all together where the year asks all of them."""
        if asked != set(self.populations):
            return items
        (together,) = self.manifest["pooled"]
        return pl.concat([items, items.filter("pooled").with_columns(population=pl.lit(together))])

    def categories(self) -> pl.DataFrame:
        """Every unit's category of every breakdown."""
        units = self.units.select("territory", "unit_id", "mode_gestion", "federe", "qpv")
        found = [units.select("territory", "unit_id", breakdown=pl.lit("all"),
                              category=pl.lit("all"))]  # fmt: skip
        register = {
            q["variable"] for q in lines(self.folder / f"registre/questions/{self.year}.csv")
        }
        for breakdown in self.breakdowns:
            variable = breakdown["variable"]
            if breakdown.get("of_register"):
                if variable not in register:
                    continue
                known = units.select("territory", "unit_id", code=variable, number=pl.lit(None))
            elif self.asked_of(variable):
                known = units.select("territory", "unit_id").join(
                    self._named(variable, ""), ["territory", "unit_id"], "left"
                )
            else:
                continue
            category = pl.lit(None, pl.String)
            for one in breakdown["categories"]:
                if one.get("codes"):
                    fits = pl.col("code").is_in(one["codes"])
                else:
                    fits = (
                        pl.col("number")
                        .cast(pl.Float64)
                        .is_between(
                            one.get("at_least", -1e300), one.get("below", 1e300), closed="left"
                        )
                    )
                category = pl.when(fits).then(pl.lit(one["category"])).otherwise(category)
            found.append(known.select("territory", "unit_id", breakdown=pl.lit(
                breakdown["breakdown"]), category=category.fill_null("inconnu")))  # fmt: skip
        return pl.concat(found)

    def broken_down_by(self, indicator: dict) -> list[str]:
        own = indicator.get("breakdowns")
        if own is None:
            in_scope = indicator["statistic"] in ("scope", "response")
            own = [b["breakdown"] for b in self.breakdowns if b.get("of_register") or not in_scope]
        return ["all", *own]

    def areas(self) -> pl.DataFrame:
        """Every complete area that a département is part of."""
        known = departements()
        old, new = "region_1970_2015", "region_2016"
        now = old if self.year <= 2015 else new
        inside = {code: row for code, row in known.items() if row["zone"] != "com"}

        def complete(column: str, region: str) -> bool:
            return all(code in self.loaded for code, r in inside.items() if r[column] == region)

        found = [(code, "departement", code) for code in known]
        for level, column in (("region", now), ("region_today", new)):
            if level == "region" or column != now:
                found += [
                    (code, level, row[column])
                    for code, row in inside.items()
                    if complete(column, row[column])
                ]
        whole = set(inside) <= self.loaded
        found += [(code, *(("france", "FR") if whole else ("surveyed", "*"))) for code in known]
        return pl.DataFrame(found, schema=["departement", "level", "area"], orient="row")

    def epci(self) -> pl.DataFrame:
        rows = pl.read_csv(
            REFERENCE / "communes_epci.csv.gz", separator=";",
            schema_overrides=dict.fromkeys(("code_insee", "siren_epci"), pl.String),
        )  # fmt: skip
        ends = pl.col("annee_fin").cast(pl.Int64, strict=False).fill_null(9999)
        return rows.filter(pl.col("annee_debut") <= self.year, ends >= self.year).select(
            commune="code_insee", area="siren_epci"
        )

    def cells(self) -> pl.DataFrame:
        categories, areas, epci = self.categories(), self.areas(), self.epci()
        placed = []
        for indicator in self.indicators:
            asked = self.asked(indicator)
            items = self.shown_as(self.items(indicator), asked)
            own = categories.filter(pl.col("breakdown").is_in(self.broken_down_by(indicator)))
            placed.append(items.join(own, on=["territory", "unit_id"]).join(areas, "departement"))
            if indicator.get("by_epci"):
                placed.append(
                    items.join(epci, "commune").with_columns(
                        breakdown=pl.lit("all"), category=pl.lit("all"), level=pl.lit("epci")
                    )
                )
        long = pl.concat(placed, how="diagonal")
        figures = long.group_by(*KEY, "statistic").agg(
            n_scope=pl.len(),
            n_responded=pl.col("responded").sum(),
            n_base=pl.col("base").sum(),
            n_item=pl.col("item").sum(),
            n_corrected=pl.col("held").sum(),
            n_managers=pl.min_horizontal(pl.col("manager").filter("item").n_unique(), 3),
            total=pl.col("value").filter("item").sum(),
            weights=pl.col("weight").filter("item").sum(),
            median=pl.col("value").filter("item").median(),
            largest=pl.col("value").filter("item").abs().max(),
            spread=pl.col("value").filter("item").abs().sum(),
        )
        least = self.manifest["epci_least"]
        return _finished(figures).filter((pl.col("level") != "epci") | (pl.col("n_scope") >= least))

    def panel(self, before: "Again") -> pl.DataFrame:
        """The units of both years, where nothing breaks between them."""
        broken = {q["variable"] for q in self.questions if q["comparability"] == "break"}
        areas, placed = self.areas(), []
        for indicator in self.indicators:
            names = {indicator.get(role) for role in ("variable", "denominator", "where")} - {None}
            sources = {s for name in names for s in DERIVED.get(name, (name,))}
            if indicator["statistic"] in OF_UNITS or sources & broken:
                continue
            now, then = (one.items(indicator).filter("item") for one in (self, before))
            placed.append(
                now.join(then.select("unit_id", "population", before="value",
                                     weight_before="weight"), ["unit_id", "population"])
                .join(areas, "departement")
            )  # fmt: skip
        long = pl.concat(placed, how="diagonal")
        by = ["indicator", "population", "level", "area"]
        figures = long.group_by(*by, "statistic").agg(
            n_panel=pl.len(), n_managers=pl.col("manager").n_unique(),
            **{
                f"{name}{suffix}": value
                for suffix, said, weight in (("_before", "before", "weight_before"),
                                             ("", "value", "weight"))
                for name, value in (
                    ("value", pl.when(pl.col("statistic").first() == "total")
                     .then(pl.col(said).sum())
                     .when(pl.col("statistic").first() == "median").then(pl.col(said).median())
                     .when(pl.col(weight).sum() != 0)
                     .then(pl.col(said).sum() / pl.col(weight).sum())),
                    ("alone", pl.col(said).abs().max() > 0.85 * pl.col(said).abs().sum()),
                )
            },
        )  # fmt: skip
        return figures.select(
            *by, "n_panel", "value_before", "value",
            confidential=(pl.col("n_panel") < 3) | (pl.col("n_managers") < 3)
            | (pl.col("statistic").is_in(SUMS) & (pl.col("alone") | pl.col("alone_before"))),
        )  # fmt: skip


def _finished(figures: pl.DataFrame) -> pl.DataFrame:
    """From sums to figures."""
    statistic, none = pl.col("statistic"), pl.col("n_item") == 0
    numerator = (
        pl.when(statistic == "scope").then(pl.col("n_scope").cast(pl.Float64))
        .when(statistic == "count").then(pl.col("n_base").cast(pl.Float64))
        .when(statistic == "response").then(pl.col("n_responded").cast(pl.Float64))
        .when((statistic != "median") & ~none).then("total")
    )  # fmt: skip
    denominator = (
        pl.when(statistic == "response").then(pl.col("n_scope").cast(pl.Float64))
        .when(statistic.is_in(["mean", "share", "ratio"]) & ~none).then("weights")
    )  # fmt: skip
    return figures.with_columns(numerator=numerator, denominator=denominator).select(
        *KEY, *COUNTS, "numerator", "denominator",
        value=pl.when(statistic == "median").then("median")
        .when(statistic.is_in(["scope", "count", "total"])).then("numerator")
        .when(pl.col("denominator") != 0).then(pl.col("numerator") / pl.col("denominator")),
        confidential=~none & ((pl.col("n_item") < 3) | (pl.col("n_managers") < 3)
        | (statistic.is_in(SUMS) & (pl.col("largest") > 0.85 * pl.col("spread")))),
    )  # fmt: skip


def stored(made, table: str, columns: list[str], year: int) -> pl.DataFrame:
    return made.frame(
        f"select {', '.join(columns)} from indicator.{table} "
        f"where collection = 'senacs' and data_year = {year}"
    )


def assert_same(found: pl.DataFrame, expected: pl.DataFrame, key: list[str]) -> None:
    expected = expected.select(found.columns)
    counts = [name for name in found.columns if name.startswith("n_")]
    found, expected = (
        one.with_columns(pl.col(counts).cast(pl.Int64)).sort(key) for one in (found, expected)
    )
    for one, other in itertools.permutations((found, expected)):
        lonely = one.join(other, on=key, how="anti")
        assert lonely.is_empty(), lonely
    assert_frame_equal(found, expected, check_dtypes=False, rel_tol=1e-9, abs_tol=6e-7)


def compare(made, world: Path, loaded: set[str]) -> dict[int, int]:
    """Hold every cell and every evolution of all years to the second computation."""
    codebook = world / "world" / "codebook"
    again = {year: Again(made, codebook, year, loaded) for year in YEARS}
    counted = {}
    for year, one in again.items():
        columns = [*KEY, *COUNTS, "numerator", "denominator", "value", "confidential"]
        found = stored(made, "cell", columns, year)
        assert_same(found, one.cells(), KEY)
        counted[year] = len(found)
    columns = [*KEY[:4], "n_panel", "value_before", "value", "confidential"]
    assert_same(stored(made, "panel", columns, 2023), again[2023].panel(again[2022]), KEY[:4])
    assert stored(made, "panel", columns, 2022).is_empty()
    return counted


def levels(made, year: int) -> set[str]:
    return set(stored(made, "cell", ["level"], year)["level"])


def test_a_part_of_france(house, world):
    assert min(compare(house, world, {"67"}).values()) > 1000
    assert levels(house, 2015) == levels(house, 2022) == {"departement", "epci", "surveyed"}


@pytest.fixture(scope="module")
def complete(house):
    """All of it, after the part that was computed before."""
    collect(house, "reste")
    return house


def test_all_of_france(complete, world):
    assert min(compare(complete, world, set(departements())).values()) > 4000
    assert levels(complete, 2015) == {"departement", "epci", "region", "region_today", "france"}
    assert levels(complete, 2022) == {"departement", "epci", "region", "france"}


def added_up(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Counts and sums of what is finer, and of how many cells."""
    addable = [*COUNTS[:-1], "numerator", "denominator"]
    return frame.group_by(by).agg(pl.col(addable).sum(), parts=pl.len()).sort(by)


@pytest.mark.parametrize("year", YEARS)
def test_what_should_add_up_does(complete, year):
    """Départements to regions to France, categories to all, populations to both together."""
    columns = [*KEY, *COUNTS, "numerator", "denominator"]
    cells = stored(complete, "cell", columns, year)
    value = ["indicator", "population", "breakdown", "category"]
    sums = [*COUNTS[:-1], "numerator", "denominator"]

    def same(finer: pl.DataFrame, coarser: pl.DataFrame, by: list[str]) -> int:
        both = added_up(finer, by).join(coarser, on=by, suffix="_whole")
        assert len(both) == len(coarser)
        for name in sums:
            whole = both[f"{name}_whole"].fill_null(0).cast(pl.Float64)
            assert (both[name].cast(pl.Float64) - whole).abs().max() < 1e-3, name
        return len(both)

    of = {level: cells.filter(pl.col("level") == level) for level in levels(complete, year)}
    for level in sorted(set(of) & {"departement", "region", "region_today"}):
        assert same(of[level], of["france"], value)
    parts = cells.filter(pl.col("breakdown") != "all")
    for (breakdown,), own in parts.group_by("breakdown"):
        by = ["indicator", "population", "level", "area"]
        whole = cells.filter(
            pl.col("breakdown") == "all", pl.col("level") != "epci",
            pl.col("indicator").is_in(own["indicator"].unique().to_list()),
        )  # fmt: skip
        assert same(own, whole, by), breakdown
    together = cells.filter(pl.col("population") == "AVS")
    apart = cells.filter(pl.col("population") != "AVS").join(
        together.select("indicator").unique(), "indicator"
    )
    rest = ["indicator", "level", "area", "breakdown", "category"]
    if year == 2015:
        assert together.is_empty()
    else:
        wanted = apart.filter(pl.col("level") != "epci")
        assert same(wanted, together.filter(pl.col("level") != "epci"), rest)
