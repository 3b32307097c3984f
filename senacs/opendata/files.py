"""All files of the open data of an edition."""

from collections.abc import Iterator

from senacs.opendata import sdmx, texts
from senacs.opendata.explanations import explanations
from senacs.opendata.figures import figures_table
from senacs.opendata.package import package_json
from senacs.opendata.series import series_json
from senacs.opendata.tables import Table
from senacs.vintages.model import Edition

FOLDER = "donnees"
"""Where they lie in an edition's folder: they never move."""


def open_data(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Path in the folder and bytes of each file, one at a time: France has tens of megabytes."""
    figures = figures_table(edition)
    tables = (figures, *explanations(edition))
    written = _tables(tables)
    package = package_json(edition, tables, written)
    yield from written.items()
    written.clear()
    yield "datapackage.json", package.encode()
    yield "sdmx/structure.json", sdmx.structure_json(edition).encode()
    yield "sdmx/donnees.csv", sdmx.data_csv(edition, figures)
    for indicator in edition.collection.indicators:
        yield f"indicateurs/{indicator.indicator}.json", series_json(edition, indicator).encode()
    yield "LISEZMOI.md", texts.readme(edition, tables).encode()
    yield "LICENCE.txt", texts.licence(edition).encode()
    yield "CITATION.cff", texts.citation(edition).encode()
    yield "CHANGEMENTS.md", texts.changes(edition).encode()


def _tables(tables: tuple[Table, ...]) -> dict[str, bytes]:
    return {
        f"{tables[0].name}.parquet": tables[0].parquet,
        **{f"{table.name}.csv": table.csv for table in tables},
    }
