"""Where the pages and files of an edition lie, beside each other in one folder: they never move."""

from senacs.vintages.model import Area

HOME = "index.html"
METHOD = "methode.html"
NEWS = "nouveautes.html"
INDICATORS = "indicateurs.html"
DATA = "donnees.html"

DATA_FOLDER = "donnees"
"""The files of the open data lie in it; `DATA` is the page that leads to them."""

_STEMS = {
    "departement": "departement-{}",
    "region": "region-{}",
    "region_today": "region-actuelle-{}",
    "france": "france",
    "surveyed": "territoires-enquetes",
}


def stem_of(area: Area) -> str:
    """What the files of an area are called, without their kind: `departement-92`."""
    return _STEMS[area.level].format(area.code)


def page_of(area: Area) -> str:
    """The page of an area."""
    return f"{stem_of(area)}.html"


def pdf_of(area: Area) -> str:
    """Its plaquette in print."""
    return f"plaquette-{stem_of(area)}.pdf"


def indicator_page(indicator: str) -> str:
    """The page of an indicator."""
    return f"indicateur-{indicator.replace('_', '-')}.html"


def indicator_data(indicator: str) -> str:
    """The figures of an indicator as open data."""
    return f"{DATA_FOLDER}/indicateurs/{indicator}.json"
