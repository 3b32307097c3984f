"""How a territory's tools and habits write an export: format, headers, numbers, words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from senacs.simulation.campaign.streams import Stream

Item = TypeVar("Item")

NARROW, NO_BREAK = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Format:
    """A container with its text's encoding and delimiter (both empty for a workbook)."""

    name: str
    suffix: str
    encoding: str = ""
    delimiter: str = ""
    line_end: str = "\r\n"
    quoted: bool = False
    """Every cell in quotes, as some tools write."""

    @property
    def workbook(self) -> bool:
        """Whether cells have types."""
        return not self.encoding


FORMATS = {
    made.name: made
    for made in (
        Format("csv-utf8", "csv", "utf-8", ";", "\n"),
        Format("csv-bom", "csv", "utf-8-sig", ";"),
        Format("csv-cp1252", "csv", "cp1252", ";"),
        Format("csv-latin9", "csv", "iso8859-15", ";", "\n"),
        Format("csv-macroman", "csv", "mac_roman", ";", "\r"),
        Format("csv-comma", "csv", "utf-8", ",", "\n", quoted=True),
        Format("csv-pipe", "txt", "cp1252", "|"),
        Format("tsv-utf16", "txt", "utf-16", "\t"),
        Format("csv-gzip", "csv.gz", "utf-8", ";", "\n"),
        Format("csv-zip", "zip", "cp1252", ";"),
        Format("xlsx", "xlsx"),
        Format("xls", "xls"),
        Format("ods", "ods"),
    )
}
_SHARES = {
    "csv-utf8": 12, "csv-bom": 14, "csv-cp1252": 24, "csv-latin9": 3, "csv-macroman": 2,
    "csv-comma": 4, "csv-pipe": 2, "tsv-utf16": 5, "csv-gzip": 3, "csv-zip": 4, "xlsx": 22,
    "xls": 3, "ods": 2,
}  # fmt: skip
"""How often each is met: our choice."""

_BOOLEANS = (
    ("Oui", "Non"), ("Oui", "Non"), ("oui", "non"), ("OUI", "NON"), ("O", "N"), ("1", "0"),
    ("Vrai", "Faux"),
)  # fmt: skip
_THOUSANDS = ("", "", NO_BREAK, NARROW, " ")
_DATES = ("%d/%m/%Y", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_MISSING = (("",), ("",), ("", "NC"), ("", "n/a"), ("NR",), ("", "-"))
_NOT_CONCERNED = (("",), ("", "sans objet"), ("S.O.",), ("Non concerné",))
_HEADERS = ("codebook", "codebook", "upper", "plain", "spaced", "units", "own", "limesurvey")
_CODES = ("label", "label", "spelling", "code", "both")


@dataclass(frozen=True)
class Dialect:
    """The habits of one territory, kept from year to year."""

    territory: str
    form: Format
    headers: str
    booleans: tuple[str, str]
    codes: str
    thousands: str
    decimal: str
    euros: bool
    """Whether amounts are followed by their sign."""
    day: str
    spaced_siret: bool
    missing: tuple[str, ...]
    not_concerned: tuple[str, ...]
    numbers_as_text: bool
    """In a workbook: numbers stored as text, as exports of web tools are."""
    titles: bool
    """Title rows above the header."""
    codes_below: bool
    """A second header row, of codes."""
    totals: bool
    """A row of totals and a footnote below."""
    hidden: bool
    """In a workbook: the column of contacts is hidden."""
    more_sheets: bool
    """In a workbook: a sheet of instructions beside; in a ZIP: a read-me beside."""


def dialect_of(seed: int, territory: str, formats: Sequence[str] = ()) -> Dialect:
    """The territory's habits, with one of these formats (all, if none is named)."""
    draw = Stream(seed, "dialect", territory).unit(20)
    offered = {name: _SHARES[name] for name in formats or _SHARES}
    thousands = _chosen(_THOUSANDS, draw[6])
    return Dialect(
        territory=territory,
        form=FORMATS[_weighted(offered, draw[0])],
        headers=_chosen(_HEADERS, draw[1]),
        booleans=_chosen(_BOOLEANS, draw[2]),
        codes=_chosen(_CODES, draw[3]),
        thousands=thousands,
        decimal="." if not thousands and draw[7] < 0.3 else ",",  # noqa: PLR2004
        euros=bool(draw[8] < 0.2),  # noqa: PLR2004
        day=_chosen(_DATES, draw[9]),
        spaced_siret=bool(draw[10] < 0.4),  # noqa: PLR2004
        missing=_chosen(_MISSING, draw[11]),
        not_concerned=_chosen(_NOT_CONCERNED, draw[12]),
        numbers_as_text=bool(draw[13] < 0.3),  # noqa: PLR2004
        titles=bool(draw[14] < 0.25),  # noqa: PLR2004
        codes_below=bool(draw[15] < 0.1),  # noqa: PLR2004
        totals=bool(draw[16] < 0.2),  # noqa: PLR2004
        hidden=bool(draw[18] < 0.3),  # noqa: PLR2004
        more_sheets=bool(draw[17] < 0.4),  # noqa: PLR2004
    )


def with_format(dialect: Dialect, name: str) -> Dialect:
    """The same habits in another format."""
    return replace(dialect, form=FORMATS[name])


def _chosen(items: Sequence[Item], at: float) -> Item:
    return items[int(at * len(items))]


def _weighted(weights: dict[str, int], at: float) -> str:
    left = at * sum(weights.values())
    for name, weight in weights.items():
        left -= weight
        if left < 0:
            return name
    return next(reversed(weights))
