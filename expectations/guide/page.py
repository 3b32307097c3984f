"""The guide as one HTML page: French, self-contained, readable without JavaScript."""

from pathlib import Path

from expectations.guide.content import Guide, guide_of
from expectations.rule import Layer
from senacs.codebook import Collection
from senacs.findings import Severity
from senacs.templates import environment


def page(guide: Guide) -> str:
    """The page; the same rules and codebook give the same bytes."""
    return (
        environment("expectations.guide")
        .get_template("rules.html.j2")
        .render(
            guide=guide, collection=guide.collection, layers=list(Layer), severities=list(Severity)
        )
    )


def write_page(collection: Collection, folder: Path) -> Path:
    """Write `<collection>.html` to the folder; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{collection.collection}.html"
    path.write_text(page(guide_of(collection)), encoding="utf-8", newline="\n")
    return path
