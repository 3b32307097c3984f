"""One installation of the product on a database of its own, and the flows run on it."""

# ruff: noqa: S608 - the statements are our own

import shutil
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from prefect import Flow, Task
from sqlalchemy import Engine

from flows.indicators import indicators
from flows.territory import territory
from senacs.deliveries import RunOutcome
from senacs.demo_supplier import serving
from senacs.settings import PROJECT_ROOT, settings
from senacs.warehouse import engine

SUPPLIER = PROJECT_ROOT / "demo" / "supplier"
CAMPAIGNS = (
    ("registre", "92", 2011),
    ("registre", "92", 2012),
    ("senacs", "92", 2011),
    ("senacs", "92", 2012),
    ("adulte_relais", "france", 2020),
    ("adulte_relais", "france", 2021),
    ("adulte_relais", "france", 2022),
)
"""All that the demonstration's supplier has."""

STATE = (
    "reference.structure",
    "register.structure",
    "register.snapshot",
    "register.attribute",
    "register.agrement",
    "department.delivery",
    "department.record",
    "department.answer",
    "national.unit",
    "national.observation",
    "indicator.part",
    "indicator.region_part",
    "indicator.stored_cell",
    "indicator.panel_part",
    "indicator.panel",
    "indicator.figure",
)
"""What runs leave behind beside the record of the runs themselves."""

OWN_SETTINGS = (
    "HOME",
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "PORTAL_DATABASE_URL",
    "SUPPLIER_URL",
    "HTTP_BACKOFF",
    "ARCHIVE_URL",
    "CODEBOOK",
    "HTTP_ATTEMPTS",
    "HTTP_TIMEOUT",
    "HTTP_CONNECT_TIMEOUT",
    "HTTP_LONGEST_WAIT",
    "DROP_FOLDER",
    "DATA_DOCS",
    "EXPORT_MAX_BYTES",
    "REPLIES",
    "RUNNER",
    "RUNNER_WORKERS",
    "DASK_ADDRESS",
    "BATCH_SIZE",
)


def plain(flow: Flow, **replaced: object) -> Callable[..., Any]:
    """A flow's own code, its tasks called as the functions they are: without Prefect's engine.

    Args:
        flow: one that calls tasks, and functions of its module that do.
        replaced: stand-ins for names of its module, to do something between two steps.
    """
    scope: dict[str, object] = {}
    for name, thing in flow.fn.__globals__.items():
        if isinstance(thing, Task):
            scope[name] = _called(thing)
        elif isinstance(thing, types.FunctionType) and thing.__module__ == flow.fn.__module__:
            scope[name] = types.FunctionType(thing.__code__, scope, name, thing.__defaults__)
        else:
            scope[name] = thing
    scope |= replaced
    made = types.FunctionType(flow.fn.__code__, scope, flow.name, flow.fn.__defaults__)
    made.__kwdefaults__ = flow.fn.__kwdefaults__
    return made


def _called(task: Task) -> Callable[..., Any]:
    def step(*args: object, **given: object) -> object:
        given.pop("return_state", None)
        return task.fn(*args, **given)

    return step


@dataclass(frozen=True)
class Installation:
    """The product as the environment of this process describes it now."""

    home: Path
    supplier: Path

    @property
    def engine(self) -> Engine:
        """As the owner: what tests look at and break is not the flows' to touch."""
        return engine.warehouse_as_owner()

    def leave(self) -> None:
        """Close every connection, so that the database can be copied."""
        engine.warehouse().dispose()
        engine.warehouse_as_owner().dispose()

    def run(self, collection: str, code: str, data_year: int, **replaced: object) -> RunOutcome:
        """The flow `territory`, step by step in this process."""
        return plain(territory, **replaced)(collection, code, data_year).data

    def refresh(self, collection: str, data_year: int) -> int:
        """The flow `indicators`."""
        return plain(indicators)(collection, data_year)

    def run_all(self, *keys: tuple[str, str, int]) -> list[RunOutcome]:
        """Run these and refresh their indicators."""
        ended = [self.run(*key) for key in keys]
        for collection, _, data_year in keys:
            self.refresh(collection, data_year)
        return ended

    def ask(self, query: str, *parameters: object) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query, parameters or None)]

    def frame(self, query: str) -> pl.DataFrame:
        """The answer to a query; numerics as floats."""
        with self.engine.connect() as connection:
            result = connection.exec_driver_sql(query)
            names = list(result.keys())
            rows = [tuple(row) for row in result]
        frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
        return frame.with_columns(pl.selectors.decimal().cast(pl.Float64))

    def findings(self, ended: RunOutcome) -> list[dict[str, object]]:
        names = "rule severity row_number header unit_id question raw message advice file_name"
        rows = self.ask(
            f"select {', '.join(names.split())} from intake.finding "
            "where run_id = %s order by finding_no",
            ended.run_id,
        )
        return [dict(zip(names.split(), row, strict=True)) for row in rows]

    def state(self) -> dict[str, list[str]]:
        """Every row of every table that a run replaces, as text, in one order."""
        return {
            table: sorted(row for (row,) in self.ask(f"select t::text from {table} t"))
            for table in STATE
        }

    def archived(self) -> dict[str, bytes]:
        """What the archive holds, by name."""
        folder = self.home / "archive"
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def settings_in_environment(**given: object) -> Iterator[None]:
    """Run the product with these settings and no others."""
    with pytest.MonkeyPatch.context() as env:
        for name in OWN_SETTINGS:
            env.delenv(f"SENACS_{name}", raising=False)
        for name, value in given.items():
            env.setenv(f"SENACS_{name.upper()}", str(value))
        settings.cache_clear()
        try:
            yield
        finally:
            settings.cache_clear()


@contextmanager
def installation(url: str, home: Path, **given: object) -> Iterator[Installation]:
    """An installation on the database of this URL, with a supplier's folder of its own.

    The folder begins as a copy of the demonstration's; change it as a supplier would.
    """
    supplier = home / "supplier"
    if not supplier.exists():
        shutil.copytree(SUPPLIER, supplier)
    with (
        serving(supplier) as address,
        settings_in_environment(
            **{
                "home": home,
                "database_url": url,
                "supplier_url": address,
                "http_backoff": 0,
                "http_longest_wait": 0,
            }
            | given
        ),
    ):
        try:
            yield (made := Installation(home, supplier))
        finally:
            made.leave()
            engine._engine.cache_clear()
