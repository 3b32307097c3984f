"""How the plaquette of a collection is laid out: data, in `layouts/<collection>.yml`.

A layout chooses and orders; it defines no figure. A collection without one gets a section a
theme, with its headline indicators as key figures.
"""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from senacs.codebook import Collection
from senacs.codebook.declared import Declared
from senacs.errors import CodebookError


class Bars(Declared):
    """A chart of several indicators of one unit: each with the few words that fit beside a bar.

    Attributes:
        in_order: whether the bars have an order of their own; else the longest comes first.
    """

    title: str
    bars: dict[str, str] = Field(min_length=2)
    in_order: bool = False


class Part(Declared):
    """A section: the indicators of its table, in that order, and the charts drawn of them."""

    section: str
    title: str
    indicators: tuple[str, ...]
    charts: tuple[Bars, ...] = ()


class Layout(Declared):
    """The choices that make a plaquette out of a codebook.

    Attributes:
        mapped: the count that the map shows.
        key_figures: shown large, of each population.
        pooled_figures: the same of all populations together, where the codebook allows it.
        compared: indicators compared with neighbours, region and whole; also broken down.
        lines: indicators whose evolution is drawn; the table of evolution holds all key figures.
        source: in words, what is attested and what is our choice.
    """

    mapped: str
    key_figures: tuple[str, ...]
    pooled_figures: tuple[str, ...] = ()
    compared: tuple[str, ...]
    lines: tuple[str, ...]
    parts: tuple[Part, ...]
    source: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Every indicator that it names, each once."""
        chosen = [self.mapped, *self.key_figures, *self.pooled_figures, *self.compared]
        chosen += self.lines
        for part in self.parts:
            chosen += part.indicators
            chosen += [name for chart in part.charts for name in chart.bars]
        return tuple(dict.fromkeys(chosen))


@cache
def _declared(name: str) -> Layout | None:
    file = files("senacs.plaquette") / "layouts" / f"{name}.yml"
    if not file.is_file():
        return None
    return Layout.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def layout_of(collection: Collection) -> Layout:
    """The declared layout, else one made of the codebook's themes.

    Raises:
        CodebookError: the layout names an indicator that the codebook does not have.
    """
    layout = _declared(collection.collection) or _by_theme(collection)
    known = {indicator.indicator for indicator in collection.indicators}
    unknown = [name for name in layout.named if name not in known]
    if unknown:
        raise CodebookError(
            f"the plaquette of {collection.collection} names indicators that its codebook "
            f"does not have: {', '.join(unknown)}"
        )
    return layout


def _by_theme(collection: Collection) -> Layout:
    """A section a theme; what is headline is a key figure, compared and drawn."""
    headline = tuple(one.indicator for one in collection.indicators if one.headline)
    chosen = headline or tuple(one.indicator for one in collection.indicators)
    parts = tuple(
        Part(section=theme.replace("_", "-"), title=label, indicators=names)
        for theme, label in collection.themes.items()
        if (names := tuple(i.indicator for i in collection.indicators if i.theme == theme))
    )
    return Layout(
        mapped=collection.indicators[0].indicator,
        key_figures=chosen,
        compared=chosen,
        lines=chosen[:1],
        parts=parts,
    )
