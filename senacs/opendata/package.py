"""The description of the folder: a data package (datapackage.org, version 2)."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from senacs.opendata.licences import licence_of
from senacs.opendata.tables import Column, Reference, Table
from senacs.opendata.texts import PUBLISHER, title_of
from senacs.vintages.model import Edition

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def package_json(edition: Edition, tables: Sequence[Table], files: Mapping[str, bytes]) -> str:
    """The package of these tables, each of which is in `files` as CSV.

    Beside them it names the Parquet file of the first one, which needs no schema: it has its own.
    """
    vintage, collection = edition.vintage, edition.collection
    licence = licence_of(collection.licence)
    described = {
        "$schema": _PROFILE,
        "name": vintage.name.replace("_", "-"),
        "id": vintage.name,
        "title": title_of(edition),
        "description": collection.provenance.strip(),
        "version": f"{vintage.data_year}.{vintage.number}.0",
        "created": f"{vintage.released_on.isoformat()}T00:00:00Z",
        "licenses": [licence.described],
        "contributors": [{"title": PUBLISHER, "roles": ["publisher"]}],
        "keywords": list(collection.populations.values()),
        "simulated": collection.simulated,
        "resources": [
            *(_table(table, files[f"{table.name}.csv"]) for table in tables),
            _parquet(tables[0], files[f"{tables[0].name}.parquet"]),
        ],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _table(table: Table, data: bytes) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [_foreign(one) for one in table.references]
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "title": table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_sealed(data),
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True},
        "schema": schema,
    }


def _parquet(table: Table, data: bytes) -> dict[str, object]:
    return {
        "name": f"{table.name}-parquet",
        "path": f"{table.name}.parquet",
        "title": f"{table.title} (Parquet)",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **_sealed(data),
    }


def _sealed(data: bytes) -> dict[str, object]:
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _field(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "type": column.type.value,
        "description": column.meaning,
    }
    if column.type.value == "boolean":
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    constraints: dict[str, object] = {}
    if column.always:
        constraints["required"] = True
    if column.codes:
        constraints["enum"] = list(column.codes)
    return described | ({"constraints": constraints} if constraints else {})


def _foreign(reference: Reference) -> dict[str, object]:
    return {
        "fields": list(reference.columns),
        "reference": {"resource": reference.table, "fields": list(reference.key)},
    }
