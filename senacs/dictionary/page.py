"""The dictionary as one HTML page: French, self-contained, readable without JavaScript."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from senacs.dictionary.content import COMPARABILITY, MARKS, Dictionary


def page(dictionary: Dictionary) -> str:
    """The page; the same codebook gives the same bytes."""
    environment = Environment(
        loader=PackageLoader("senacs.dictionary"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("dictionary.html.j2").render(
        dictionary=dictionary,
        collection=dictionary.collection,
        marks=MARKS,
        meanings=COMPARABILITY,
    )
