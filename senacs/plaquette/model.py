"""What a plaquette says, as data: sections of blocks, in the order in which they are read.

All text is French and typeset (no-break spaces, curved apostrophes): renderers print it as it is.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from senacs.vintages.model import Area


class CellKind(StrEnum):
    """What there is to see in a cell."""

    VALUE = "value"
    HIDDEN = "hidden"
    """Shown as `s`, without value and base."""
    UNANSWERED = "unanswered"
    """Nobody answered the item: `nd`."""
    EMPTY = "empty"
    """It is about nobody here: a dash."""
    ABSENT = "absent"
    """Not asked, or there is no such figure: a dash."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as shown.

    Attributes:
        text: the value with its unit, `s`, `nd` or a dash.
        base: answered the item / responded / in scope; empty where there is no value.
        number: the value, for charts; None where there is none.
    """

    kind: CellKind
    text: str
    base: str = ""
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure shown large.

    Attributes:
        label: what it counts.
        population: of whom, in French; empty where the collection has only one population.
        cell: the figure itself, long amounts in millions.
        compared: the same of what holds the area: (name of that area, its figure).
        indicator: for links.
    """

    label: str
    population: str
    cell: Cell
    compared: tuple[tuple[str, Cell], ...]
    indicator: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures shown large, those of one population together."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures.

    Attributes:
        group: what it shares with its neighbours (the population); empty where there is nothing.
        label: what tells it from them: an area, a year, a category.
        area: the area it is about, for links; None where it is not about one.
    """

    group: str
    label: str
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table.

    Attributes:
        note: what a reader of this line must know; may be empty.
        indicator: for links; empty where the line is not one indicator.
        area: the area that the line is about, for links; None where it is not about one.
        strong: whether it is the one that the others are read against.
    """

    label: str
    cells: tuple[Cell, ...]
    note: str = ""
    indicator: str = ""
    area: Area | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows and columns.

    Attributes:
        name: unique in the plaquette, fit for an anchor.
        stub: what the rows are: the heading of the first column.
        notes: what holds for all of it, each a sentence.
    """

    name: str
    title: str
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


class Form(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    """A horizontal bar for each point, one colour for each series, from zero."""
    LINES = "lines"
    """Points are years; a year without a value interrupts the line, and so does a break."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a chart; `cell` says it, or why there is none.

    Attributes:
        broken: whether it does not compare with the point before it.
    """

    label: str
    cell: Cell
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together: of one population, or of one area."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as data: it draws nothing that the table behind it does not say.

    Attributes:
        name: unique in the plaquette, fit for an anchor and a file.
        unit: of the values in French: `%`, `€`, `personnes`; values of `%` are from 0 to 1.
        alternative: what it shows, in sentences, for who does not see it.
        series: all with the same points in the same order.
        table: the name of the table that holds every value, with its base.
    """

    name: str
    form: Form
    title: str
    unit: str
    alternative: str
    series: tuple[Series, ...]
    table: str


@dataclass(frozen=True, slots=True)
class MapValue:
    """What a map shows of a département."""

    code: str
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Map:
    """A map of départements as data.

    Attributes:
        name: unique in the plaquette.
        caption: what the reader must know to read it.
        alternative: what it shows, in sentences.
        values: of every département that it tells of; those it does not tell of are ground.
        highlighted: codes of the départements that the plaquette is about; none where it is all.
        framed: codes to zoom in on; none for all of France with its overseas départements.
        table: the name of the table that holds every value.
        decimals: of the values, for the bounds of the legend.
    """

    name: str
    title: str
    caption: str
    alternative: str
    unit: str
    values: tuple[MapValue, ...]
    highlighted: tuple[str, ...]
    framed: tuple[str, ...]
    table: str
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A structure as the register lists it."""

    commune: str
    name: str
    population: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The structures of a département, by commune and name."""

    title: str
    structures: tuple[Listed, ...]


Block = Paragraph | KeyFigures | Table | Chart | Map | Directory


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a plaquette under its own heading; `name` is fit for an anchor."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Plaquette:
    """All that is said of an area in a vintage.

    Attributes:
        title: the name of the area.
        subject: whom it is about: "Centres sociaux et espaces de vie sociale".
        dating: data year, vintage and day of publication, in words.
        simulated: the sentence that says so wherever figures are shown; empty for real data.
        summary: one sentence with the first figures, for who shares the page.
    """

    vintage: str
    area: Area
    title: str
    subject: str
    dating: str
    simulated: str
    summary: str
    sections: tuple[Section, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """Its tables by name: those behind charts and maps among them."""
        return {
            block.name: block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Table)
        }
