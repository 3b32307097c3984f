"""Prints the plaquettes of an edition: a PDF an area, beside its page."""

from collections.abc import Collection, Sequence
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.errors import VintageError
from senacs.pages.choropleth import Outline
from senacs.plaquette.addresses import pdf_of
from senacs.plaquette.content import plaquettes
from senacs.plaquette.drawing import Drawing
from senacs.plaquette.printed import plaquette_pdf
from senacs.vintages.manifest import NAME
from senacs.vintages.model import Edition
from senacs.warehouse.engine import warehouse
from tasks.editions import edition, folder_of
from tasks.manifest import write_manifest
from tasks.outline import outline
from tasks.pages import replace_bytes


@task(name="print-plaquettes", cache_policy=NO_CACHE)
def print_plaquettes(
    collection: str,
    data_year: int,
    number: int | None = None,
    departements: Sequence[str] | None = None,
) -> list[str]:
    """Write the plaquettes of a released vintage beside the pages of its edition; their paths.

    Args:
        collection: declared collection.
        data_year: year of the activity described.
        number: which vintage; None: the newest.
        departements: these, and the areas that hold them, only; None: all.

    Raises:
        VintageError: no such vintage is released, or it does not tell of a département.
        PressError: one cannot be set.
    """
    with warehouse().connect() as connection:
        released = edition(connection, collection, data_year, number)
        shapes = outline(connection)
    only = None if departements is None else with_holders(released, departements)
    folder = folder_of(released.vintage)
    paths = [str(path) for path in write_plaquettes(released, shapes, folder, only)]
    if (folder / NAME).is_file():
        write_manifest(released, folder)
    return paths


def write_plaquettes(
    released: Edition,
    shapes: Outline,
    folder: Path,
    only: Collection[tuple[str, str]] | None = None,
) -> list[Path]:
    """Write the plaquettes of an edition that is read already, of `only` these areas if said."""
    draw = Drawing(shapes)
    paths = []
    for one in plaquettes(released):
        if only is None or (one.area.level, one.area.code) in only:
            path = folder / pdf_of(one.area)
            replace_bytes(path, plaquette_pdf(released, one, draw))
            paths.append(path)
    return paths


def with_holders(released: Edition, departements: Sequence[str]) -> set[tuple[str, str]]:
    """The départements, and every area that one of them is a part of."""
    unknown = [code for code in departements if ("departement", code) not in released.areas]
    if unknown:
        raise VintageError(f"{released.vintage.name} tells of no département {', '.join(unknown)}")
    chosen = set()
    for code in departements:
        key: tuple[str, str] | None = ("departement", code)
        while key is not None and key in released.areas:
            chosen.add(key)
            key = released.areas[key].held_by
    return chosen
