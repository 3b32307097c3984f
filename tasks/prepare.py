"""Makes the warehouse ready: newest revision, shipped reference data, the collection's codebook."""

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import Collection, load_collection
from senacs.codebook.answerable import answerable_years
from senacs.errors import ConfigurationError
from senacs.settings import PROJECT_ROOT, settings
from senacs.territories import departement_of_commune, zoned_communes
from senacs.warehouse.engine import warehouse, warehouse_as_owner
from senacs.warehouse.revisions import upgrade
from senacs.warehouse.statements import copy_csv, execute, execute_many, fetch

REFERENCE_FOLDER = PROJECT_ROOT / "reference"
_BEFORE_OUR_DATA = "1900-01-01"

_ZONINGS = "zonages.csv"

_Row = dict[str, str]
_Made = Iterator[tuple[object, ...]]
_Reshape = Callable[[int, _Row], _Made]


@task(name="prepare", cache_policy=NO_CACHE)
def prepare(collection: str) -> str:
    """Bring the warehouse up to date for a collection; its codebook's version.

    Costs a few milliseconds where nothing has changed.
    """
    upgrade(warehouse_as_owner())
    declared = load_collection(settings().codebook, collection)
    with warehouse().begin() as connection:
        execute(connection, "codebook/lock")
        rows = fetch(connection, "reference/shipped_versions")
        loaded = {str(row["name"]): str(row["sha256"]) for row in rows}
        _load_shipped(connection, loaded)
        _load_zonings(connection, loaded)
        _copy_codebook(connection, declared)
    return declared.version


class _File(NamedTuple):
    """A shipped file and the tables that it fills."""

    name: str
    fills: Mapping[str, _Reshape | None]
    """By table, how a line becomes rows; None: the file has the table's own columns."""


def _load_shipped(connection: Connection, loaded: Mapping[str, str]) -> None:
    """Fill the tables of every set of shipped files of which one has changed."""
    for name, files in _SHIPPED.items():
        found = {file.name: (REFERENCE_FOLDER / file.name).read_bytes() for file in files}
        if all(loaded.get(file) == _sha256(data) for file, data in found.items()):
            continue
        execute(connection, f"reference/clear_{name}")
        for file in files:
            for table, reshape in file.fills.items():
                data = _plain(file.name, found[file.name])
                copy_csv(connection, f"reference/copy_{table}", _reshaped(data, reshape))
        if name == "territories":
            execute(connection, "reference/derive_territories")
        for file_name, data in found.items():
            execute(connection, "reference/note_shipped", name=file_name, sha256=_sha256(data))


def _load_zonings(connection: Connection, loaded: Mapping[str, str]) -> None:
    """Fill the zonings: the shipped lists, and those that an operator has added to the home.

    An operator's file of the same name takes the shipped one's place; one that is taken away
    again is forgotten.

    Raises:
        ConfigurationError: a list has no column of communes, or is not in UTF-8.
    """
    declared = (REFERENCE_FOLDER / _ZONINGS).read_bytes()
    lists = [row for _, row in _lines(declared)]
    found = {_ZONINGS: declared}
    for row in lists:
        for folder in (settings().home / "reference", REFERENCE_FOLDER):
            if (path := folder / row["fichier"]).is_file():
                found[row["fichier"]] = path.read_bytes()
                break
    known = {_ZONINGS, *(row["fichier"] for row in lists)}
    versions = {name: _sha256(data) for name, data in found.items()}
    if {name: sha256 for name, sha256 in loaded.items() if name in known} == versions:
        return
    execute(connection, "reference/clear_zonings", names=sorted(known))
    zonings: list[tuple[str, ...]] = []
    communes: list[tuple[str | int, ...]] = []
    for row in lists:
        file = row["fichier"]
        if file in found:
            try:
                lines = _lines(_plain(file, found[file]))
            except UnicodeDecodeError as error:
                raise ConfigurationError(f"{file}: not in UTF-8 ({error.reason})") from None
            communes += zoned_communes(row["zonage"], file, lines)
        zonings.append((
            row["zonage"], row["famille"], row["libelle"], row["debut"], row["fin"],
            row["geographie"], row["portee"], str(row["complet"] == "oui"), file,
            str(file in found), row["source"], row["note"],
        ))  # fmt: skip
    copy_csv(connection, "reference/copy_zoning", _csv(zonings))
    copy_csv(connection, "reference/copy_zoning_commune", _csv(communes))
    for name, sha256 in versions.items():
        execute(connection, "reference/note_shipped", name=name, sha256=sha256)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _plain(name: str, data: bytes) -> bytes:
    return gzip.decompress(data) if name.endswith(".gz") else data


def _lines(data: bytes) -> Iterator[tuple[int, _Row]]:
    """Each line of a shipped file or an operator's, with its number."""
    text = data.decode("utf-8-sig")
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return enumerate(rows, start=2)


def _reshaped(data: bytes, reshape: _Reshape | None) -> bytes:
    if reshape is None:
        return data
    return _csv(made for number, row in _lines(data) for made in reshape(number, row))


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _region(_: int, row: _Row) -> _Made:
    yield row["code"], row["nom"], row["debut"], row["fin_incluse"]


def _departement(_: int, row: _Row) -> _Made:
    yield row["code"], row["nom"], row["zone"], row["region_2016"], row["region_1970_2015"]


def _commune(_: int, row: _Row) -> _Made:
    code = row["code_insee"]
    yield (
        code, row["nom"], row["debut"] or _BEFORE_OUR_DATA, row["fin"], departement_of_commune(code)
    )  # fmt: skip


def _commune_successor(_: int, row: _Row) -> _Made:
    successors = [code for code in row["codes_successeurs"].split(",") if code]
    cause = row["cause_fin"].removesuffix("?")
    for successor in successors:
        yield (
            row["code_insee"], row["debut"] or _BEFORE_OUR_DATA, row["fin"], successor, cause,
            cause != row["cause_fin"], len(successors),
        )  # fmt: skip


def _commune_movement(number: int, row: _Row) -> _Made:
    yield number, *row.values()


def _avs_place(number: int, row: _Row) -> _Made:
    yield (
        number, row["nom"], row["siret"], row["siret_ok"], row["type_presume"], row["dep"],
        row["source"],
    )  # fmt: skip


_SHIPPED: Mapping[str, tuple[_File, ...]] = {
    "territories": (
        _File("regions.csv", {"region": _region}),
        _File("departements.csv", {"departement": _departement}),
        _File(
            "communes_historique.csv",
            {"commune": _commune, "commune_successor": _commune_successor},
        ),
        _File("communes_outre_mer.csv", {"commune": _commune}),
        _File("mouvements_communes.csv.gz", {"commune_movement": _commune_movement}),
        _File("communes_alias.csv", {"commune_alias": None}),
        _File("arrondissements_municipaux.csv", {"arrondissement_municipal": None}),
        _File("communes_populations.csv.gz", {"commune_population": None}),
        _File("epci.csv.gz", {"epci": None}),
        _File("epci_annees.csv", {"epci_year": None}),
        _File("communes_epci.csv.gz", {"commune_epci": None}),
        _File("collectivites.csv", {"collectivite": None}),
        _File("caf.csv", {"caf": None}),
        _File("collectes_senacs.csv", {"collection_extent": None}),
        _File("collectes_senacs_departements.csv", {"collection_territory": None}),
    ),
    "avs_place": (_File("structures_avs_reelles.csv", {"avs_place": _avs_place}),),
}
"""Sets of shipped files; a set is loaded as a whole, since what is derived needs all of it."""


def _copy_codebook(connection: Connection, declared: Collection) -> None:
    name = declared.collection
    copied = fetch(connection, "codebook/version", collection=name)
    if copied and copied[0]["version"] == declared.version:
        return
    execute(connection, "codebook/delete_collection", collection=name)
    execute(connection, "codebook/insert_collection", **_fields(
        declared, "collection label unit_label unit_label_plural simulated provenance licence "
        "epci_least version"), disclosure=str(declared.disclosure),
        register_collection=declared.register_collection or None,
        **_pooled(declared))  # fmt: skip
    for statement, rows in (
        ("population", _populations(declared)),
        ("code", _codes(declared)),
        ("variable", _variables(declared)),
        ("question", _questions(declared)),
        ("respondent", _respondents(declared)),
        ("breakdown", _breakdowns(declared)),
        ("category", _categories(declared)),
        ("indicator", _indicators(declared)),
        ("indicator_year", _indicator_years(declared)),
        ("campaign", _campaigns(declared)),
        ("campaign_departement", _campaign_departements(declared)),
        ("campaign_territory", _campaign_territories(declared)),
    ):
        execute_many(connection, f"codebook/insert_{statement}", list(rows))
    for data_year in sorted({campaign.data_year for campaign in declared.campaigns}):
        execute(connection, "department/open_year", data_year=data_year)
    execute(connection, "codebook/make_wide_views", collection=name)


def _fields(thing: object, names: str) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names.split()}


def _pooled(declared: Collection) -> dict[str, object]:
    code, label = next(iter(declared.pooled.items()), (None, None))
    return {"pooled_population": code, "pooled_label": label}


def _populations(declared: Collection) -> Iterator[dict[str, object]]:
    for position, (population, label) in enumerate(declared.populations.items(), start=1):
        yield {
            "collection": declared.collection,
            "population": population,
            "position": position,
            "label": label,
        }


def _codes(declared: Collection) -> Iterator[dict[str, object]]:
    for position, item in enumerate(declared.code_items, start=1):
        yield {
            "collection": declared.collection,
            **_fields(item, "list code label"),
            "position": position,
        }


def _respondents(declared: Collection) -> Iterator[dict[str, object]]:
    for one in declared.respondents:
        for population in one.populations or declared.populations:
            yield {
                "collection": declared.collection,
                "population": population,
                **_fields(one, "least usable_share"),
                "key_items": list(one.key_items),
            }


def _variables(declared: Collection) -> Iterator[dict[str, object]]:
    for variable in declared.variables:
        yield {
            "collection": declared.collection,
            **_fields(variable, "variable theme label unit"),
            "kind": str(variable.kind),
            "dated": variable.dated or None,
            "codes": variable.codes or None,
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


def _breakdowns(declared: Collection) -> Iterator[dict[str, object]]:
    for position, breakdown in enumerate(declared.breakdowns, start=1):
        yield {
            "collection": declared.collection,
            **_fields(breakdown, "breakdown label variable of_register"),
            "position": position,
        }


def _categories(declared: Collection) -> Iterator[dict[str, object]]:
    for breakdown in declared.breakdowns:
        for position, category in enumerate(breakdown.categories, start=1):
            yield {
                "collection": declared.collection,
                "breakdown": breakdown.breakdown,
                **_fields(category, "category label at_least below"),
                "position": position,
                "codes": list(category.codes),
            }


def _indicators(declared: Collection) -> Iterator[dict[str, object]]:
    for position, indicator in enumerate(declared.indicators, start=1):
        yield {
            "collection": declared.collection,
            **_fields(indicator, "indicator theme label unit decimals headline note"),
            **_fields(indicator, "pooled by_epci"),
            "position": position,
            "theme_label": declared.themes[indicator.theme],
            "statistic": str(indicator.statistic),
            "variable": indicator.variable or None,
            "codes": list(indicator.codes),
            "denominator": indicator.denominator or None,
            "where_variable": indicator.where or None,
            "where_codes": list(indicator.where_codes),
            "breakdowns": list(declared.breakdowns_of(indicator)),
        }


def _indicator_years(declared: Collection) -> Iterator[dict[str, object]]:
    for one in answerable_years(declared):
        yield {
            "collection": declared.collection,
            **_fields(one, "indicator data_year note"),
            "populations": list(one.populations),
            "comparability": str(one.comparison),
        }


def _campaigns(declared: Collection) -> Iterator[dict[str, object]]:
    for campaign in declared.campaigns:
        yield {
            "collection": declared.collection,
            **_fields(campaign, "data_year campaign_year opens closes"),
            "perimeter": str(campaign.perimeter),
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


def _campaign_territories(declared: Collection) -> Iterator[dict[str, object]]:
    for campaign in declared.campaigns:
        for territory in campaign.territories:
            dates = campaign.dates_of(territory)
            yield {
                "collection": declared.collection,
                "data_year": campaign.data_year,
                "territory": territory.code,
                "label": territory.label,
                **_fields(dates, "opens deadline closes"),
                "reminders": list(dates.reminders),
                "query_reminders": list(dates.query_reminders),
            }
