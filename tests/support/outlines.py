"""The shapes that maps are drawn with, without a warehouse."""

import json
from functools import cache

from senacs.pages.choropleth import Outline
from senacs.settings import PROJECT_ROOT


@cache
def outline() -> Outline:
    """The départements of the reference data; drawings of editions need no names of them."""
    text = (PROJECT_ROOT / "reference" / "cartes_svg_paths.json").read_text(encoding="utf-8")
    shapes = json.loads(text)
    return Outline(shapes["viewBox"], shapes["departements"], {})
