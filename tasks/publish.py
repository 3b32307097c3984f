"""Writes the results site: one page for each collection, and an index."""

from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.codebook import in_order, load_collection
from senacs.deliveries import Outcome
from senacs.pages.choropleth import Outline
from senacs.pages.figures import Figure
from senacs.pages.rendering import file_of
from senacs.pages.results import (
    CollectionPage,
    TerritoryState,
    collection_html,
    collection_page,
    index_html,
)
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.outline import outline
from tasks.pages import replace_text


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
    """Write the site under `<home>/site`; path of its index.

    The index is about all collections; the pages of those not named stay as they are.
    """
    site = settings().home / "site"
    with warehouse().connect() as connection:
        shapes = outline(connection)
        pages = [_page(connection, name, shapes) for name in _all_collections()]
    for page in pages:
        if page.name in collections:
            replace_text(site / file_of(page.name), collection_html(page, pages))
    index = site / "index.html"
    replace_text(index, index_html(pages))
    return str(index)


def _page(connection: Connection, name: str, shapes: Outline) -> CollectionPage:
    declared = load_collection(settings().codebook, name)
    figures = [Figure(**row) for row in fetch(connection, "report/figures", collection=name)]
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
    return collection_page(declared, figures, states, shapes)


def _all_collections() -> list[str]:
    """All declared, a survey before the register it needs."""
    return in_order(settings().codebook)[::-1]
