"""The shapes that maps are drawn with."""

import json

from sqlalchemy import Connection

from senacs.pages.choropleth import Outline
from senacs.settings import PROJECT_ROOT
from senacs.warehouse.statements import fetch

_MAP_FILE = PROJECT_ROOT / "reference" / "cartes_svg_paths.json"


def outline(connection: Connection) -> Outline:
    """The outline of the départements, with their names."""
    shapes = json.loads(_MAP_FILE.read_text(encoding="utf-8"))
    names = {row["code"]: row["name"] for row in fetch(connection, "report/departements")}
    return Outline(shapes["viewBox"], shapes["departements"], names)
