"""All files of the open data of an edition."""

from collections.abc import Iterator

from senacs.opendata import sdmx, texts
from senacs.opendata.explanations import explanations
from senacs.opendata.figures import figures_table
from senacs.opendata.package import package_json
from senacs.opendata.series import series_json
from senacs.vintages.model import Edition


def open_data(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Path in the folder and bytes of each file, one at a time: France has tens of megabytes."""
    tables = (figures_table(edition), *explanations(edition))
    figures = tables[0]
    written = {
        f"{figures.name}.parquet": figures.parquet,
        **{f"{table.name}.csv": table.csv for table in tables},
    }
    package = package_json(edition, tables, written)
    yield from written.items()
    written.clear()
    yield "datapackage.json", package.encode()
    yield "sdmx/structure.json", sdmx.structure_json(edition).encode()
    yield "sdmx/donnees.csv", sdmx.data_csv(edition, figures)
    for one in edition.collection.indicators:
        yield f"{texts.SERIES}/{one.indicator}.json", series_json(edition, one).encode()
    yield "LISEZMOI.md", texts.readme(edition, tables).encode()
    yield "LICENCE.txt", texts.licence(edition).encode()
    yield "CITATION.cff", texts.citation(edition).encode()
    yield "CHANGEMENTS.md", texts.changes(edition).encode()
