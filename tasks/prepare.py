"""Makes the warehouse ready: newest revision, shipped reference data, the collection's codebook."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import Collection, load_collection
from senacs.settings import PROJECT_ROOT, settings
from senacs.territories import departement_of_commune
from senacs.warehouse.engine import warehouse
from senacs.warehouse.revisions import upgrade
from senacs.warehouse.statements import copy_csv, execute, execute_many, fetch

REFERENCE_FOLDER = PROJECT_ROOT / "reference"
_BEFORE_OUR_DATA = "1900-01-01"

_Row = dict[str, str]


@task(name="prepare", cache_policy=NO_CACHE)
def prepare(collection: str) -> str:
    """Bring the warehouse up to date for a collection; its codebook's version.

    Costs a few milliseconds where nothing has changed.
    """
    engine = warehouse()
    upgrade(engine)
    declared = load_collection(settings().codebook, collection)
    with engine.begin() as connection:
        execute(connection, "codebook/lock")
        for table, file_name, reshape in _SHIPPED:
            _load_shipped(connection, table, file_name, reshape)
        _copy_codebook(connection, declared)
    return declared.version


def _load_shipped(
    connection: Connection,
    table: str,
    file_name: str,
    reshape: Callable[[int, _Row], Iterable[object]],
) -> None:
    data = (REFERENCE_FOLDER / file_name).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    loaded = fetch(connection, "reference/shipped_version", name=file_name)
    if loaded and loaded[0]["sha256"] == sha256:
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    rows = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=";")
    writer.writerows(reshape(number, row) for number, row in enumerate(rows, start=2))
    execute(connection, f"reference/clear_{table}")
    copy_csv(connection, f"reference/copy_{table}", out.getvalue().encode())
    execute(connection, "reference/note_shipped", name=file_name, sha256=sha256)


def _region(_: int, row: _Row) -> tuple[str, ...]:
    return row["code"], row["nom"], row["debut"], row["fin_incluse"]


def _departement(_: int, row: _Row) -> tuple[str, ...]:
    return row["code"], row["nom"], row["zone"], row["region_2016"], row["region_1970_2015"]


def _commune(_: int, row: _Row) -> tuple[str | None, ...]:
    code = row["code_insee"]
    return (
        code, row["nom"], row["debut"] or _BEFORE_OUR_DATA, row["fin"], departement_of_commune(code)
    )  # fmt: skip


def _avs_place(number: int, row: _Row) -> tuple[str | int, ...]:
    return (
        number, row["nom"], row["siret"], row["siret_ok"], row["type_presume"], row["dep"],
        row["source"],
    )  # fmt: skip


_SHIPPED: tuple[tuple[str, str, Callable[[int, _Row], Iterable[object]]], ...] = (
    ("region", "regions.csv", _region),
    ("departement", "departements.csv", _departement),
    ("commune", "communes_historique.csv", _commune),
    ("avs_place", "structures_avs_reelles.csv", _avs_place),
)


def _copy_codebook(connection: Connection, declared: Collection) -> None:
    name = declared.collection
    copied = fetch(connection, "codebook/version", collection=name)
    if copied and copied[0]["version"] == declared.version:
        return
    execute(connection, "codebook/delete_collection", collection=name)
    execute(connection, "codebook/insert_collection", **_fields(
        declared, "collection label unit_label unit_label_plural simulated provenance licence "
        "version"), disclosure=str(declared.disclosure))  # fmt: skip
    for statement, rows in (
        ("variable", _variables(declared)),
        ("question", _questions(declared)),
        ("indicator", _indicators(declared)),
        ("campaign", _campaigns(declared)),
        ("campaign_departement", _campaign_departements(declared)),
    ):
        execute_many(connection, f"codebook/insert_{statement}", list(rows))


def _fields(thing: object, names: str) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names.split()}


def _variables(declared: Collection) -> Iterator[dict[str, object]]:
    for variable in declared.variables:
        yield {
            "collection": declared.collection,
            **_fields(variable, "variable theme label unit"),
            "kind": str(variable.kind),
        }


def _questions(declared: Collection) -> Iterator[dict[str, object]]:
    for position, question in enumerate(declared.questions, start=1):
        yield {
            "collection": declared.collection,
            **_fields(question, "data_year question label factor"),
            "position": position,
            "variable": question.variable or None,
            "populations": list(question.population) or None,
        }


def _indicators(declared: Collection) -> Iterator[dict[str, object]]:
    for position, indicator in enumerate(declared.indicators, start=1):
        yield {
            "collection": declared.collection,
            **_fields(indicator, "indicator theme label unit decimals headline note"),
            "position": position,
            "theme_label": declared.themes[indicator.theme],
            "statistic": str(indicator.statistic),
            "variable": indicator.variable or None,
            "codes": list(indicator.codes),
            "denominator": indicator.denominator or None,
            "where_variable": indicator.where or None,
            "where_codes": list(indicator.where_codes),
        }


def _campaigns(declared: Collection) -> Iterator[dict[str, object]]:
    for campaign in declared.campaigns:
        yield {
            "collection": declared.collection,
            **_fields(campaign, "data_year campaign_year opens closes"),
        }


def _campaign_departements(declared: Collection) -> Iterator[dict[str, object]]:
    for campaign in declared.campaigns:
        for territory in campaign.territories:
            for departement in territory.departements:
                yield {
                    "collection": declared.collection,
                    "data_year": campaign.data_year,
                    "territory": territory.code,
                    "departement": departement,
                    "perimeter": str(campaign.perimeter),
                }
