"""`python -m benchmarks.estimation [CAMPAIGNS]`: how far estimates are from the truth.

A hundred simulated campaigns (or as many as asked) of four départements, whose structures do not
all answer: at random, by whether they are members of the federation, by that and by size. What all
would have said is known, so that the figures of the respondents, the estimates and their intervals
can be held against it. In this study members are half as large again as others and do more:
otherwise it would not matter who stays away. Takes some minutes.
"""

# ruff: noqa: S608 - the statements are our own

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from benchmarks.laboratory import OBSERVATIONS, UNITS, Asked, Laboratory
from senacs.codebook import Collection, load_collection
from senacs.services.stack import database
from senacs.settings import PROJECT_ROOT, Settings, settings
from senacs.simulation.campaign.answers import Standing, TrueColumn, true_columns
from senacs.simulation.campaign.export import STANDING_WORDS
from senacs.simulation.campaign.response import Nonresponse, responding
from senacs.simulation.campaign.streams import Stream
from senacs.simulation.campaign.structures import Structures, structures_of

_CAMPAIGNS = 100
YEAR = 2019
DEPARTEMENTS = ("33", "35", "54", "92")
MECHANISMS = {
    "at random": Nonresponse(federation=False, by_size=0),
    "federation": Nonresponse(federation=True, by_size=0),
    "federation and size": Nonresponse(federation=True, by_size=0.25),
}
"""Size: one that is e times as large answers 25 points more often, four times what we assume."""

_MEMBERS_LARGER = 1.5
_MEMBERS_ALSO_DO = 0.3
_NUMBERS = ("nb_salaries", "nb_vacataires", "etp_total", "budget_total", "budget_commune",
            "benevoles_activite", "heures_benevolat")  # fmt: skip
_CODES = ("action_parentalite", "action_seniors", "agrement_acf")
_STUDIED = (
    Asked("membres", "count", where_variable="federation_fcsf", where_codes=("oui",)),
    *(Asked(f"{name}_total", "total", name) for name in _NUMBERS),
    *(Asked(f"{name}_moyenne", "mean", name) for name in _NUMBERS),
    *(Asked(f"{name}_part", "share", name, codes=("oui",)) for name in _CODES),
    Asked("part_vacataires", "ratio", "nb_vacataires", "nb_salaries"),
    Asked("part_commune", "ratio", "budget_commune", "budget_total"),
)


@dataclass(frozen=True)
class Country:
    """The départements of one seed in one data year: who there is, and what all would say.

    `values` has a row a unit × variable: what it would say, and whether it leaves it out.
    """

    blocks: tuple[Structures, ...]
    values: pl.DataFrame

    def answered(self, seed: int, nonresponse: Nonresponse) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Units and observations, as they are loaded, if this is what non-response depends on."""
        units = pl.concat(
            [_units(block, responding(seed, block, nonresponse)) for block in self.blocks]
        )
        told = self.values.join(
            units.filter("responded").select("unit_id", "territory"), on="unit_id"
        )
        left_out = pl.col("status") == "missing"
        observations = told.with_columns(
            pl.when(~left_out).then(pl.col(name)).alias(name) for name in ("number", "code")
        )
        return units, observations.select(*OBSERVATIONS)


def country(seed: int, survey: Collection, data_year: int) -> Country:
    """What a seed makes of these départements."""
    blocks = [b for d in DEPARTEMENTS for b in structures_of(seed, d, data_year)]
    return Country(tuple(blocks), pl.concat([_values(seed, survey, b, data_year) for b in blocks]))


def _units(block: Structures, answered: Sequence[bool]) -> pl.DataFrame:
    size = len(block)
    return pl.DataFrame(
        {
            "territory": [block.departement] * size,
            "departement": [block.departement] * size,
            "unit_id": block.structure_id,
            "population": [block.population] * size,
            "manager": block.gestionnaire,
            "federated": block.federated.tolist(),
            "in_scope": [True] * size,
            "responded": np.asarray(answered).tolist(),
        },
        schema=UNITS,
    )


def _values(seed: int, survey: Collection, block: Structures, data_year: int) -> pl.DataFrame:
    found = [
        _column(seed, block, column)
        for column in true_columns(seed, survey, block, data_year)
        if column.question.variable in {*_NUMBERS, *_CODES, "federation_fcsf"}
    ]
    return pl.concat(found)


def _column(seed: int, block: Structures, column: TrueColumn) -> pl.DataFrame:
    name = column.question.variable
    numbers: list[float | None] = [None] * len(block)
    codes: list[str | None] = [None] * len(block)
    if name in _NUMBERS:
        grown = np.where(block.federated, _MEMBERS_LARGER, 1.0) * np.asarray(
            column.cells, dtype=float
        )
        numbers = np.round(grown * column.question.factor, 2).tolist()
    else:
        codes = [str(cell) for cell in column.cells]
    if name in _CODES:
        place = f"{block.departement}-{block.population}"
        more = Stream(seed, place, "members do more", name).unit(len(block)) < _MEMBERS_ALSO_DO
        codes = [
            "oui" if also else code
            for also, code in zip(more & block.federated, codes, strict=True)
        ]
    status = [STANDING_WORDS[Standing(at)] for at in column.standing.tolist()]
    if name == "federation_fcsf":
        status = ["reported"] * len(block)  # the study counts members: none leaves it out
    return pl.DataFrame(
        {"unit_id": block.structure_id, "population": [block.population] * len(block),
         "departement": [block.departement] * len(block), "federated": block.federated.tolist(),
         "variable": [name] * len(block), "number": numbers, "code": codes, "status": status},
        schema_overrides={"number": pl.Float64, "code": pl.String},
    ).filter(pl.col("status") != "not_asked")  # fmt: skip


def truth(made: Country) -> dict[tuple[str, str, str], float]:
    """What the figures would be if all had answered everything, by area, population, indicator."""
    concerned = made.values.filter(pl.col("status").is_in(["reported", "missing"]))
    found: dict[tuple[str, str, str], float] = {}
    for area, own in [
        ("*", concerned),
        *((d, concerned.filter(departement=d)) for d in DEPARTEMENTS),
    ]:
        for population in ("CS", "EVS"):
            wide = {
                str(name): frame.sort("unit_id")
                for (name,), frame in own.filter(population=population).group_by("variable")
            }
            for asked in _STUDIED:
                if (value := _true_value(asked, wide)) is not None:
                    found[area, population, asked.indicator] = value
    return found


def _true_value(asked: Asked, wide: Mapping[str, pl.DataFrame]) -> float | None:
    frame = wide.get(asked.variable or asked.where_variable or "")
    if frame is None or frame.is_empty():
        return None
    if asked.statistic == "count":
        return float((frame["code"] == "oui").sum())
    if asked.statistic == "share":
        return float((frame["code"] == "oui").sum()) / frame.height
    if asked.statistic == "ratio":
        both = frame.join(wide[asked.denominator or ""], on="unit_id")
        return float(both["number"].sum()) / float(both["number_right"].sum())
    whole = float(frame["number"].sum())
    return whole if asked.statistic == "total" else whole / frame.height


def studied(
    laboratory: Laboratory,
    survey: Collection,
    seeds: Iterable[int],
    mechanisms: Mapping[str, Nonresponse] = MECHANISMS,
) -> Iterator[pl.DataFrame]:
    """What is found for each seed: estimates and respondents' figures beside the truth."""
    for seed in seeds:
        now, before = country(seed, survey, YEAR), country(seed, survey, YEAR - 1)
        right = truth(now)
        for mechanism, nonresponse in mechanisms.items():
            laboratory.load(YEAR - 1, *before.answered(seed, nonresponse))
            laboratory.load(YEAR, *now.answered(seed, nonresponse))
            laboratory.refresh(YEAR)
            rows = laboratory.ask(
                "select level, area, population, indicator, statistic, e.n_scope, e.n_responded, "
                "c.value as of_respondents, e.value as estimated, low, high "
                "from indicator.estimate e "
                "join indicator.cell c using (collection, data_year, level, area, indicator, "
                "population) join codebook.indicator using (collection, indicator) "
                f"where {{own}} and data_year = {YEAR} and c.breakdown = 'all'"
            )
            yield pl.DataFrame(
                [
                    {
                        name: float(v) if name in _FLOATS and v is not None else v
                        for name, v in row.items()
                    }
                    | {"seed": seed, "mechanism": mechanism, "truth": right[key]}
                    for row in rows
                    if (key := (row["area"], row["population"], row["indicator"])) in right
                ],
                schema_overrides=dict.fromkeys(_FLOATS, pl.Float64),
                infer_schema_length=None,
            )


_STATISTICS = ("count", "total", "mean", "share", "ratio")
_FLOATS = ("of_respondents", "estimated", "low", "high")


def judged(found: pl.DataFrame) -> pl.DataFrame:
    """Bias and coverage by mechanism, level and statistic.

    The bias of an indicator is the mean over campaigns of its error, in parts of the mean truth;
    that of a statistic the mean of its indicators', each without its sign.
    """
    keys = ["mechanism", "level", "statistic"]
    # Grossed up: what the respondents' figure is if they are taken to be like all.
    alike = pl.col("of_respondents") * pl.col("n_scope") / pl.col("n_responded")
    whole = pl.col("statistic").is_in(["total", "count"])
    inside = (pl.col("low") - 1e-6 <= pl.col("truth")) & (pl.col("truth") <= pl.col("high") + 1e-6)
    by_indicator = (
        found.filter(pl.col("estimated").is_not_null(), pl.col("of_respondents").is_not_null())
        .with_columns(
            alike=pl.when(whole).then(alike).otherwise(pl.col("of_respondents")), inside=inside
        )
        .group_by(*keys, "area", "population", "indicator", maintain_order=True)
        .agg(
            *(((pl.col(name) - pl.col("truth")).mean() / pl.col("truth").mean()).abs().alias(name)
              for name in ("of_respondents", "alike", "estimated")),
            pl.col("inside").mean(),
            ((pl.col("high") - pl.col("low")).mean() / 2 / pl.col("truth").mean()).alias("reach"),
        )
    )  # fmt: skip
    return (
        by_indicator.group_by(*keys, maintain_order=True)
        .agg(pl.col("of_respondents", "alike", "estimated", "inside", "reach").mean())
        .with_columns(cut=1 - pl.col("estimated") / pl.col("of_respondents"))
    )


def laboratory_of(engine: Engine) -> Laboratory:
    """The study's collection, declared in a warehouse that is prepared."""
    territories = {departement: (departement,) for departement in DEPARTEMENTS}
    made = Laboratory(engine, "etude", (YEAR - 1, YEAR), territories, _STUDIED)
    made.declare()
    return made


def main(campaigns: int) -> None:
    """Simulate, estimate, hold against the truth, print."""
    console = Console(width=100)
    started = time.perf_counter()
    survey = load_collection(PROJECT_ROOT / "codebook", "senacs")
    with tempfile.TemporaryDirectory(prefix="senacs-benchmark-", dir=_cache()) as folder:
        home = Path(folder) / "home"
        with database(Settings(home=home, database_url=None)) as url:
            os.environ |= {"SENACS_DATABASE_URL": url, "SENACS_HOME": str(home)}
            settings.cache_clear()
            from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415 - reads the settings
            from tasks.prepare import prepare  # noqa: PLC0415

            prepare.fn("registre")
            laboratory = laboratory_of(warehouse_as_owner())
            found = pl.concat(list(studied(laboratory, survey, range(1, campaigns + 1))))
            warehouse_as_owner().dispose()
    for level, title in (
        ("surveyed", "The four départements together"),
        ("departement", "One département"),
    ):
        console.print(_table(judged(found.filter(level=level)), f"{title}, {campaigns} campaigns"))
    console.print(f"{time.perf_counter() - started:.0f} s. SIMULATED data.")


def _cache() -> Path:
    cache = PROJECT_ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    return cache


def _table(found: pl.DataFrame, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("non-response by", "statistic"):
        table.add_column(name, no_wrap=True)
    for name in ("respondents", "alike", "estimate", "cut", "inside", "±"):
        table.add_column(name, justify="right", no_wrap=True)
    places = {name: place for place, name in enumerate((*MECHANISMS, *_STATISTICS))}
    order = sorted(
        found.iter_rows(named=True),
        key=lambda row: (places[row["mechanism"]], places[row["statistic"]]),
    )
    for row in order:
        shares = [
            row[name] for name in ("of_respondents", "alike", "estimated", "cut", "inside", "reach")
        ]
        table.add_row(row["mechanism"], row["statistic"], *(f"{share:.1%}" for share in shares))
    table.caption = (
        "Bias of the respondents' figure, of the same if all are taken to be like them, of the "
        "estimate; how much of the first is cut; how often the truth is inside the 95 % interval; "
        "half its width."
    )
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else _CAMPAIGNS)
