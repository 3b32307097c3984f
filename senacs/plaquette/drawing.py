"""Charts and maps as SVG that is complete in itself: title, text alternative, legend."""

from dataclasses import dataclass

from senacs.pages.choropleth import Outline
from senacs.plaquette.charts import chart_svg
from senacs.plaquette.maps import draw_map
from senacs.plaquette.model import Chart, Map


@dataclass(frozen=True)
class Drawing:
    """Draws with these shapes of départements; bytes depend on the content alone."""

    outline: Outline

    def __call__(self, drawn: Chart | Map) -> str:
        """The SVG of a chart or a map."""
        if isinstance(drawn, Map):
            return draw_map(drawn, self.outline, legend_inside=True).svg
        return chart_svg(drawn)
