"""Writes the open data of each edition into its folder."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.opendata.files import open_data
from senacs.plaquette.addresses import DATA, EDITIONS
from senacs.settings import settings
from senacs.vintages.model import Edition
from senacs.warehouse.engine import warehouse
from tasks.editions import edition, newest_vintages
from tasks.pages import replace_bytes


@task(name="write-open-data", cache_policy=NO_CACHE)
def write_open_data(collection: str) -> int:
    """Write the open data of the newest edition of each data year; how many files there are.

    Under `<home>/site/editions/<vintage>/donnees`.
    """
    site = settings().home / "site" / EDITIONS
    files = 0
    with warehouse().connect() as connection:
        for vintage in newest_vintages(connection, collection):
            made = edition(connection, collection, vintage.data_year, vintage.number)
            files += edition_data(made, site / vintage.name)
    return files


def edition_data(made: Edition, folder: Path) -> int:
    """Write the open data of an edition into its folder; how many files there are."""
    files = 0
    for name, data in open_data(made):
        replace_bytes(folder / DATA / name, data)
        files += 1
    return files
