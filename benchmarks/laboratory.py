"""Invented units in a real warehouse: what estimates are tried on, in the benchmark and in tests.

A collection of its own in the codebook's tables, units and observations by COPY, and the refresh
that the flows call. Nothing is read from an export: what is tried here is what comes after loading.
"""

# ruff: noqa: S608 - the statements are our own

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine

from tasks.refresh import refresh

UNITS: Mapping[str, type[pl.DataType]] = {
    "territory": pl.String,
    "departement": pl.String,
    "unit_id": pl.String,
    "population": pl.String,
    "manager": pl.String,
    "federated": pl.Boolean,
    "in_scope": pl.Boolean,
    "responded": pl.Boolean,
}
"""Columns of units, one a unit of a data year."""

OBSERVATIONS: Mapping[str, type[pl.DataType]] = {
    "territory": pl.String,
    "unit_id": pl.String,
    "variable": pl.String,
    "number": pl.Float64,
    "code": pl.String,
    "status": pl.String,
}
"""Columns of observations, one a unit × variable of a data year."""

_EXPORT = "0" * 64


@dataclass(frozen=True)
class Asked:
    """An indicator of the laboratory's collection, as the codebook declares it."""

    indicator: str
    statistic: str
    variable: str | None = None
    denominator: str | None = None
    codes: tuple[str, ...] = ()
    where_variable: str | None = None
    where_codes: tuple[str, ...] = ()
    pooled: bool = False
    breaks: bool = False


@dataclass(frozen=True)
class Laboratory:
    """A collection of invented units.

    Attributes:
        engine: the warehouse, prepared, as its owner.
        collection: its name; no other laboratory of the warehouse has it.
        territories: code of a territory to its départements, in every data year.
        asked: what is estimated, in every data year.
    """

    engine: Engine
    collection: str
    data_years: tuple[int, ...]
    territories: Mapping[str, tuple[str, ...]]
    asked: tuple[Asked, ...]
    populations: tuple[str, ...] = ("CS", "EVS")
    disclosure: str = "open"
    pooled: str | None = "AVS"

    def load(self, data_year: int, units: pl.DataFrame, observations: pl.DataFrame) -> None:
        """Put these in place of all units of a data year."""
        self.replace(data_year, self.territories, units, observations)

    def replace(
        self,
        data_year: int,
        territories: Iterable[str],
        units: pl.DataFrame,
        observations: pl.DataFrame,
    ) -> None:
        """Put these in place of the units of some territories, as a load does; none: take away."""
        with self.engine.begin() as connection:
            for code in territories:
                own = [frame.filter(pl.col("territory") == code) for frame in (units, observations)]
                self._replace(connection, data_year, code, *own)

    def refresh(self, data_year: int) -> int:
        """Bring the figures up to date, as the flow does; how many were written."""
        return refresh.fn(self.collection, data_year)

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The answer to a query; `{own}` in it is the condition on the collection."""
        with self.engine.connect() as connection:
            own = f"collection = '{self.collection}'"
            result = connection.exec_driver_sql(query.format(own=own))
            return [dict(row) for row in result.mappings()]

    def _replace(
        self,
        connection: Connection,
        data_year: int,
        territory: str,
        units: pl.DataFrame,
        observations: pl.DataFrame,
    ) -> None:
        run = connection.exec_driver_sql
        key = f"collection = '{self.collection}' and data_year = {data_year} and territory = %s"
        for table in ("national.observation", "national.unit", "department.delivery"):
            run(f"delete from {table} where {key}", (territory,))
        if units.is_empty():
            return
        told = units.select(
            pl.lit(self.collection).alias("collection"),
            pl.lit(data_year).alias("data_year"),
            *UNITS,
            pl.lit("ZZ").alias("region"),
            pl.col("responded").alias("delivered"),
        )
        said = observations.select(
            pl.lit(self.collection).alias("collection"),
            pl.lit(data_year).alias("data_year"),
            *OBSERVATIONS,
        )
        _copy(connection, "national.unit", told)
        _copy(connection, "national.observation", said)
        content = (
            f"{told.sort('unit_id').write_csv()}{said.sort('unit_id', 'variable').write_csv()}"
        )
        fingerprint = hashlib.sha256(content.encode()).hexdigest()
        run(
            "insert into department.delivery values (%s, %s, %s, %s, %s, '', 0, 0, 0)",
            (self.collection, data_year, territory, _EXPORT, fingerprint),
        )

    def declare(self) -> None:
        """Put the collection into the codebook's tables, once."""
        with self.engine.begin() as connection:
            self._declare(connection)

    def _declare(self, connection: Connection) -> None:
        run = connection.exec_driver_sql
        run(f"insert into intake.export values ('{_EXPORT}', 0, 'epoch') on conflict do nothing")
        run(
            "insert into codebook.collection (collection, label, unit_label, unit_label_plural, "
            "disclosure, simulated, provenance, licence, version, pooled_population, pooled_label) "
            "values (%s, 'Essai SIMULÉ', 'structure', 'structures', %s, true, '', '', '1', %s, %s)",
            (self.collection, self.disclosure, self.pooled, self.pooled),
        )
        for position, population in enumerate(self.populations):
            run(
                "insert into codebook.population values (%s, %s, %s, %s)",
                (self.collection, population, position, population),
            )
        for position, one in enumerate(self.asked):
            run(
                "insert into codebook.indicator (collection, indicator, position, theme, "
                "theme_label, label, statistic, variable, codes, denominator, where_variable, "
                "where_codes, unit, decimals, headline, note, breakdowns, pooled, by_epci) values "
                "(%s, %s, %s, '', '', '', %s, %s, %s, %s, %s, %s, '', 0, false, '', '{}', %s, "
                "false)",
                (
                    self.collection, one.indicator, position, one.statistic, one.variable,
                    list(one.codes), one.denominator, one.where_variable, list(one.where_codes),
                    one.pooled,
                ),
            )  # fmt: skip
            for data_year in self.data_years:
                compares = "break" if one.breaks else "same"
                run(
                    "insert into codebook.indicator_year values (%s, %s, %s, %s, %s, '')",
                    (self.collection, one.indicator, data_year, list(self.populations), compares),
                )
        for data_year in self.data_years:
            run("select department.open_year(%s)", (data_year,))
            for code, departements in self.territories.items():
                for departement in departements:
                    run(
                        "insert into reference.campaign_departement values (%s, %s, %s, %s, 'all')",
                        (self.collection, data_year, code, departement),
                    )


def _copy(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    text = io.BytesIO()
    frame.write_csv(text, include_header=False)
    driver = connection.connection.driver_connection
    columns = ", ".join(frame.columns)
    with (
        driver.cursor() as cursor,
        cursor.copy(f"copy {table} ({columns}) from stdin (format csv)") as copy,
    ):
        copy.write(text.getvalue())
