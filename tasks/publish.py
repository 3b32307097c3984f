"""Writes the front of the site: what was collected, and which editions there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import in_order, load_collection
from senacs.deliveries import Outcome
from senacs.pages.rendering import file_of
from senacs.pages.results import (
    CollectionPage,
    Edition,
    TerritoryState,
    collection_html,
    collection_page,
    index_html,
)
from senacs.plaquette.addresses import HOME
from senacs.settings import settings
from senacs.vintages.model import WHOLE, Kind, Vintage
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.editions import EDITIONS
from tasks.pages import replace_text
from tasks.vintages import vintage_of


@task(name="published-collections", cache_policy=NO_CACHE)
def published_collections(named: Sequence[str] | None) -> list[str]:
    """The collections to publish: those named, else all declared, the survey before its register.

    Raises:
        CodebookError: a name is not a declared collection.
    """
    names = named or _all_collections()
    return [load_collection(settings().codebook, name).collection for name in names]


@task(name="publish", cache_policy=NO_CACHE)
def publish(collections: Sequence[str]) -> str:
    """Write the front of the site under `<home>/site`; path of its index.

    The index is about all collections; the pages of those not named stay as they are.
    """
    site = settings().home / "site"
    with warehouse().connect() as connection:
        pages = [_page(connection, name) for name in _all_collections()]
    for page in pages:
        if page.name in collections:
            replace_text(site / file_of(page.name), collection_html(page, pages))
    index = site / "index.html"
    replace_text(index, index_html(pages))
    return str(index)


def _page(connection: Connection, name: str) -> CollectionPage:
    declared = load_collection(settings().codebook, name)
    states = [
        TerritoryState(
            **{
                **row,
                "outcome": Outcome(row["outcome"]) if row["outcome"] else None,
                "message": row["message"] or "",
                "file_name": row["file_name"] or "",
            }
        )
        for row in fetch(connection, "report/territories", collection=name)
    ]
    return collection_page(declared, states, _editions(connection, name))


def _editions(connection: Connection, name: str) -> list[Edition]:
    """The newest edition of each data year, with what it is about as a whole."""
    return [
        _edition(
            vintage_of(row),
            fetch(connection, "publication/areas_of", vintage_no=row["vintage_no"]),
        )
        for row in fetch(connection, "publication/newest", collection=name)
    ]


def _edition(vintage: Vintage, areas: Sequence[Mapping[str, Any]]) -> Edition:
    return Edition(
        vintage.data_year,
        vintage.name,
        next(area["label"] for area in areas if area["level"] in WHOLE),
        "provisoire" if vintage.kind is Kind.PROVISIONAL else "définitive",
        vintage.released_on,
        f"{EDITIONS}/{vintage.name}/{HOME}",
    )


def _all_collections() -> list[str]:
    """All declared, a survey before the register it needs."""
    return in_order(settings().codebook)[::-1]
