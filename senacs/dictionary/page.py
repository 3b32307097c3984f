"""The dictionary as one HTML page: French, self-contained, readable without JavaScript."""

from senacs.dictionary.content import COMPARABILITY, MARKS, Dictionary
from senacs.templates import environment


def page(dictionary: Dictionary) -> str:
    """The page; the same codebook gives the same bytes."""
    return (
        environment("senacs.dictionary")
        .get_template("dictionary.html.j2")
        .render(
            dictionary=dictionary,
            collection=dictionary.collection,
            marks=MARKS,
            meanings=COMPARABILITY,
        )
    )
