"""The pages of an edition, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

from jinja2 import Environment

from senacs import french
from senacs.codebook.model import Indicator
from senacs.pages.choropleth import Outline
from senacs.plaquette import addresses
from senacs.plaquette.charts import chart_svg
from senacs.plaquette.content import dating, plaquette_of, subject_of
from senacs.plaquette.maps import MapDrawing, draw_map
from senacs.plaquette.method import SIMULATED, method_section
from senacs.plaquette.model import Block, Column, Map
from senacs.plaquette.subject import UNKNOWN_AREA, Ground, Subject
from senacs.site.indicator import asked, indicator_content
from senacs.site.news import news_of
from senacs.templates import environment
from senacs.vintages.model import WHOLE, Area, Edition


class Page(NamedTuple):
    """A file of the site: its name within the edition's folder, and its text."""

    name: str
    text: str


@cache
def _environment() -> Environment:
    made = environment("senacs.site")
    made.globals["page_of"] = addresses.page_of
    made.globals["pdf_of"] = addresses.pdf_of
    made.globals["indicator_page"] = addresses.indicator_page
    made.globals["addresses"] = addresses
    made.globals["indicator_data"] = addresses.indicator_data
    made.globals["groups"] = _groups
    made.globals["chart_svg"] = chart_svg
    made.globals["kind_of"] = _kind_of
    made.filters["fr"] = french.typography
    made.filters["number"] = french.number
    made.filters["day"] = french.day
    return made


def _groups(columns: tuple[Column, ...]) -> list[tuple[str, int]]:
    """Neighbouring columns of one group: its label, and how many they are."""
    return [(label, len(list(same))) for label, same in groupby(columns, key=lambda c: c.group)]


def _kind_of(block: Block) -> str:
    """The name of the macro that shows a block."""
    return type(block).__name__


@dataclass(frozen=True)
class Site:
    """Makes the pages of an edition; the shapes of départements are all it needs beside it."""

    ground: Ground
    outline: Outline

    @property
    def areas(self) -> list[Area]:
        """The areas that have a page."""
        return [one for one in self.ground.edition.areas.values() if one.code != UNKNOWN_AREA]

    @property
    def indicators(self) -> list[Indicator]:
        """The indicators that have a page."""
        return asked(self.ground)

    def all(self) -> Iterator[Page]:
        """Every page, and what they share."""
        yield from self.shared()
        yield self.home()
        yield self.method()
        yield self.news()
        yield self.list_of_indicators()
        yield self.data()
        for area in self.areas:
            yield self.territory(area)
        for indicator in self.indicators:
            yield self.indicator(indicator)

    def shared(self) -> Iterator[Page]:
        """The style sheet, and the script of the search: pages do without both."""
        for name in ("style.css", "recherche.js"):
            yield Page(name, (files("senacs.site") / name).read_text(encoding="utf-8"))

    def territory(self, area: Area) -> Page:
        """The plaquette of an area as a page."""
        subject = Subject(self.ground, area)
        plaquette = plaquette_of(subject)
        name = addresses.page_of(area)
        return self._page(
            name, "territory.html.j2", f"{plaquette.title} : {plaquette.subject}",
            plaquette.summary, plaquette=plaquette, holders=subject.holders,
            departements=subject.departements if len(subject.departements) > 1 else (),
        )  # fmt: skip

    def indicator(self, indicator: Indicator) -> Page:
        """The page of an indicator."""
        content = indicator_content(self.ground, indicator)
        name = addresses.indicator_page(indicator.indicator)
        return self._page(name, "indicator.html.j2", content.title, content.summary, page=content)

    def home(self) -> Page:
        """The first page: key figures, the map, the list of areas."""
        plaquette = plaquette_of(Subject(self.ground, self.ground.edition.whole))
        regions = [area for area in self.areas if area.level == "region"]
        return self._page(
            addresses.HOME, "home.html.j2", plaquette.subject, plaquette.summary,
            plaquette=plaquette,
            whole=self.ground.edition.whole,
            regions=[
                (region, [one for one in self.areas if one.held_by == (region.level, region.code)])
                for region in regions
            ],
            today=[area for area in self.areas if area.level == "region_today"],
            alone=[one for one in self.areas if one.level == "departement"
                   and one.held_by and one.held_by[0] in WHOLE],
        )  # fmt: skip

    def list_of_indicators(self) -> Page:
        """All indicators by theme."""
        themes = self.ground.edition.collection.themes
        listed = [
            (label, [one for one in self.indicators if one.theme == theme])
            for theme, label in themes.items()
        ]
        return self._page(
            addresses.INDICATORS, "indicators.html.j2", "Indicateurs",
            "Tous les indicateurs de l'édition, par thème : définition, base, série, carte, rang.",
            themes=[(label, indicators) for label, indicators in listed if indicators],
        )  # fmt: skip

    def method(self) -> Page:
        """How to read the figures, and what they rest on."""
        section = method_section(Subject(self.ground, self.ground.edition.whole))
        return self._page(
            addresses.METHOD, "method.html.j2", "Note méthodologique",
            "Qui a été interrogé, qui a répondu, sur quoi porte chaque chiffre, ce qui est caché "
            "et pourquoi.",
            section=section, files=self.ground.edition.files,
        )  # fmt: skip

    def data(self) -> Page:
        """Where the figures lie for who wants to compute with them."""
        return self._page(
            addresses.DATA, "data.html.j2", "Données ouvertes",
            "Tous les chiffres de l'édition, avec leur base, à télécharger et à réutiliser.",
        )  # fmt: skip

    def news(self) -> Page:
        """What changed against the vintage before."""
        return self._page(
            addresses.NEWS, "news.html.j2", "Nouveautés de l'édition",
            "Ce qui a changé depuis l'édition précédente, chiffre par chiffre, et pourquoi.",
            news=news_of(self.ground), earlier=self.ground.edition.earlier,
        )  # fmt: skip

    def _page(
        self, name: str, template: str, title: str, description: str, **content: object
    ) -> Page:
        edition = self.ground.edition
        text = _environment().get_template(template).render(
            site=self, edition=edition, here=name, title=french.typography(title),
            description=french.typography(description), subject=subject_of(edition),
            dating=dating(edition), simulated=SIMULATED if edition.collection.simulated else "",
            draw=self._draw, **content,
        )  # fmt: skip
        return Page(name, text)

    def _draw(self, block: Map) -> MapDrawing:
        """A map with its legend apart."""
        return draw_map(block, self.outline)


def site_of(edition: Edition, outline: Outline) -> Site:
    """The site of an edition."""
    return Site(Ground(edition), outline)
