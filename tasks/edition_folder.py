"""Writes an edition into a folder of its own: pages, plaquettes, open data, last its manifest."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.opendata.files import open_data
from senacs.pages.choropleth import Outline
from senacs.plaquette.addresses import DATA_FOLDER
from senacs.site.pages import site_of
from senacs.vintages.manifest import NAME
from senacs.vintages.model import Edition
from senacs.warehouse.engine import warehouse
from tasks.editions import edition, folder_of, newest_vintages
from tasks.manifest import write_manifest
from tasks.outline import outline
from tasks.pages import replace_bytes, replace_text
from tasks.plaquettes import write_plaquettes
from tasks.run_log import run_logger


def published_years(collection: str) -> list[int]:
    """The data years of which a vintage is released, oldest first."""
    with warehouse().connect() as connection:
        return [one.data_year for one in newest_vintages(connection, collection)]


@task(name="write-edition", cache_policy=NO_CACHE)
def write_edition(collection: str, data_year: int, *, again: bool = False) -> int:
    """Write the edition of a data year's newest vintage; how many files, 0 if it is there already.

    An edition never changes: one whose folder has its manifest is left alone.

    Args:
        collection: declared collection.
        data_year: year of the activity described.
        again: write it all the same, as after a change of how pages look.

    Raises:
        VintageError: no vintage of that data year is released.
    """
    with warehouse().connect() as connection:
        newest = {one.data_year: one for one in newest_vintages(connection, collection)}
        if data_year in newest and not again and (folder_of(newest[data_year]) / NAME).is_file():
            return 0
        released = edition(connection, collection, data_year)
        shapes = outline(connection)
    folder = folder_of(released.vintage)
    files = write_pages(released, shapes, folder)
    run_logger().info("%s: %d pages", released.vintage.name, files)
    if released.collection.printed:
        printed = len(write_plaquettes(released, shapes, folder))
        run_logger().info("%s: %d plaquettes", released.vintage.name, printed)
        files += printed
    files += write_open_data(released, folder)
    write_manifest(released, folder)
    return files + 1


def write_pages(released: Edition, shapes: Outline, folder: Path) -> int:
    """Write the pages of an edition into its folder; how many there are."""
    pages = 0
    for name, text in site_of(released, shapes).all():
        replace_text(folder / name, text)
        pages += 1
    return pages


def write_open_data(released: Edition, folder: Path) -> int:
    """Write the open data of an edition into its folder; how many files there are."""
    files = 0
    for name, data in open_data(released):
        replace_bytes(folder / DATA_FOLDER / name, data)
        files += 1
    return files
