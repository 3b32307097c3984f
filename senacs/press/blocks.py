"""What a printed document is made of: words that are ready, in the order of reading."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text.

    Attributes:
        tone: plain; lead opens a document; note is small print; warning stands in a frame.
    """

    text: str
    tone: Literal["plain", "lead", "note", "warning"] = "plain"
    kind: Literal["paragraph"] = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that stands out.

    Attributes:
        figure: the number with its unit, short.
        label: what it is of.
        under: what it rests on and what it is compared with, a line each.
    """

    figure: str
    label: str
    under: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures side by side, three in a row.

    Attributes:
        title: what they have in common; may be empty.
    """

    tiles: Sequence[Tile]
    title: str = ""
    kind: Literal["tiles"] = field(default="tiles", init=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table; `under` in small print below it."""

    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name, then a cell a column."""

    label: Cell
    cells: Sequence[Cell]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        group: what neighbours share, set once above them; may be empty.
        text: whether it holds words, which are set to the left.
        width: in proportion to the others.
    """

    label: str
    group: str = ""
    text: bool = False
    strong: bool = False
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on each page it reaches.

    Attributes:
        caption: what it shows.
        stub: what its lines are: the head of their names.
        stub_width: in proportion to the columns.
        notes: below it, a line each.
        groups: position of a line and the heading of it and those after it.
        small: set in small type, for long ones.
    """

    caption: str
    stub: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    stub_width: float = 3.0
    notes: Sequence[str] = ()
    groups: Sequence[tuple[int, str]] = ()
    small: bool = False
    kind: Literal["table"] = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or a map.

    Attributes:
        svg: the drawing.
        alternative: the same for who does not see it.
        caption: what it shows.
        note: below it.
        highest: in points; it is as wide as its place unless that makes it higher.
    """

    svg: str
    alternative: str
    caption: str
    note: str = ""
    highest: float = 360.0
    kind: Literal["picture"] = field(default="picture", init=False)


@dataclass(frozen=True, slots=True)
class Beside:
    """Two pictures side by side, the left one first; one by itself leaves half the page white."""

    left: Picture
    right: Picture | None = None
    kind: Literal["beside"] = field(default="beside", init=False)


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks below a heading.

    Attributes:
        level: 1 for a chapter, 2 for what is below it, 3 below that.
        new_page: whether it begins one.
    """

    title: str
    blocks: Sequence["Block"]
    level: int = 1
    new_page: bool = False
    kind: Literal["section"] = field(default="section", init=False)


Block = Paragraph | Tiles | Table | Picture | Beside | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A document of some pages.

    Attributes:
        title: of the document, also where a reader lists open files.
        subtitle: below it on the cover.
        author: who answers for it.
        subject: one sentence for the file's properties.
        running_head: at the top of the pages after the first, on the left.
        edition: on the right of it: data year, kind and number.
        facts: name and value of what the cover says.
        warning: on every page, such as that the data are simulated; may be empty.
        dated: the date in the file; no clock is read.
        lead: opens it, on the cover where it has one; may be empty.
        cover: whether it has a cover page with a table of contents.
    """

    title: str
    subtitle: str
    author: str
    subject: str
    running_head: str
    edition: str
    facts: Sequence[tuple[str, str]]
    warning: str
    dated: date
    blocks: Sequence[Block]
    lead: str = ""
    cover: bool = True
