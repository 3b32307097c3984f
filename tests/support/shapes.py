"""The shapes of départements, without a warehouse."""

import json
from functools import cache

from senacs.pages.choropleth import Outline
from senacs.settings import PROJECT_ROOT


@cache
def shapes() -> Outline:
    """The shipped outline of the départements; their names are their codes."""
    file = PROJECT_ROOT / "reference" / "cartes_svg_paths.json"
    read = json.loads(file.read_text(encoding="utf-8"))
    return Outline(
        read["viewBox"], read["departements"], {code: code for code in read["departements"]}
    )
