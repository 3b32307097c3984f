"""What the codes of a figure are called in French."""

from functools import cached_property

from senacs.codebook.breakdowns import UNKNOWN_CATEGORY
from senacs.opendata.words import EVERYTHING as ENSEMBLE
from senacs.opendata.words import UNKNOWN
from senacs.vintages.model import EVERYTHING, Edition, FigureKey


class Labels:
    """Labels of an edition's areas and categories."""

    def __init__(self, edition: Edition) -> None:
        """Of that edition."""
        self._edition = edition

    def area(self, key: FigureKey) -> str:
        """The name of a figure's area; its code where the edition has none."""
        area = self._edition.areas.get((key.level, key.area))
        return area.label if area else key.area

    def category(self, key: FigureKey) -> tuple[str, str, str]:
        """Breakdown, category and its label, as the open data write them."""
        if key.breakdown == EVERYTHING:
            return self.categories[0]
        return self._by_code[key.breakdown, key.category]

    @cached_property
    def categories(self) -> tuple[tuple[str, str, str], ...]:
        """Everyone, then breakdown, category and label of all that the codebook declares."""
        return (
            (ENSEMBLE, ENSEMBLE, "Ensemble"),
            *(
                (breakdown.breakdown, code, label)
                for breakdown in self._edition.collection.breakdowns
                for code, label in (
                    *((one.category, one.label) for one in breakdown.categories),
                    (UNKNOWN_CATEGORY, UNKNOWN),
                )
            ),
        )

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        return {
            (breakdown, code): (breakdown, code, label)
            for breakdown, code, label in self.categories
        }
