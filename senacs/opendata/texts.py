"""What people read in the folder: how to read it, licence, citation, what is new. In French."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import yaml
from jinja2 import Environment

from senacs import french
from senacs.opendata.licences import licence_of
from senacs.opendata.tables import Table
from senacs.opendata.words import KINDS, STATUSES
from senacs.templates import environment
from senacs.vintages.model import Edition, Reason

PUBLISHER = "Senacs, observatoire des centres sociaux et des espaces de vie sociale"

SERIES = "indicateurs"
"""The folder of the files of one indicator each."""

_SAID = {
    Reason.PERIMETER: "le nombre de structures du périmètre est autre",
    Reason.LATE_REPLY: "le nombre de réponses, à l'enquête ou à la question, est autre",
    Reason.METHOD: "le codebook ou le programme est autre",
    Reason.CORRECTION: "rien de cela, et la valeur est autre",
    Reason.DISCLOSURE: "il est masqué maintenant, ou l'était : rien d'autre n'en est dit",
}


def readme(edition: Edition, tables: Sequence[Table]) -> str:
    """LISEZMOI.md: what each file is, and how a figure is read with its base."""
    return _rendered("lisezmoi.md.j2", edition, tables=tables, statuses=STATUSES.values())


def licence(edition: Edition) -> str:
    """LICENCE.txt: under which terms, with the words to name the source by."""
    return _rendered("licence.txt.j2", edition, licence=licence_of(edition.collection.licence))


def changes(edition: Edition) -> str:
    """CHANGEMENTS.md: which vintage this is, why, and how many figures are others than before."""
    counts = Counter(reason for one in edition.changes for reason in one.reasons)
    return _rendered(
        "changements.md.j2", edition,
        by_reason=[(said, counts[reason]) for reason, said in _SAID.items() if counts[reason]],
        n_changes=len(edition.changes),
    )  # fmt: skip


def citation(edition: Edition) -> str:
    """CITATION.cff, of version 1.2.0."""
    vintage = edition.vintage
    spdx = licence_of(edition.collection.licence).spdx
    cited = {
        "cff-version": "1.2.0",
        "message": "Pour citer ces données.",
        "type": "dataset",
        "title": title_of(edition),
        "abstract": edition.collection.provenance.strip(),
        "authors": [{"name": PUBLISHER}],
        "version": vintage.name,
        "date-released": vintage.released_on,
        **({"license": spdx} if spdx else {}),
    }
    return yaml.safe_dump(cited, allow_unicode=True, sort_keys=False, width=100)


def title_of(edition: Edition) -> str:
    """How the data are called: collection, data year, vintage; that they are simulated, if so."""
    vintage = edition.vintage
    said = "Données simulées : " if edition.collection.simulated else ""
    return (
        f"{said}{edition.collection.label}, données {vintage.data_year}, "
        f"millésime {vintage.number} ({KINDS[vintage.kind]})"
    )


@cache
def _environment() -> Environment:
    made = environment("senacs.opendata")
    made.filters["fr"] = french.typography
    made.filters["size"] = french.size
    return made


def _rendered(template: str, edition: Edition, **context: object) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            edition=edition,
            collection=edition.collection,
            vintage=edition.vintage,
            title=title_of(edition),
            publisher=PUBLISHER,
            kind=KINDS[edition.vintage.kind],
            day=french.day(edition.vintage.released_on),
            whole=edition.whole,
            earlier=[frozen.vintage for frozen in edition.earlier],
            number=french.number,
            **context,
        )
    )
