"""How the annotated spreadsheet looks: colours by severity, formats, heights of rows."""

from collections.abc import Iterable
from math import ceil
from typing import Any

from senacs.findings import Severity

COLOURS = {
    Severity.BLOCKING: "#F4A6A0",
    Severity.ERROR: "#F9CDB5",
    Severity.QUERY: "#FFF0B3",
    Severity.INFO: "#DCE8F5",
}
ANSWERED = "#D3EBD3"

_LINE, _MOST_LINES = 13, 25


class Look:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - the library is untyped
        base = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9CFDA",
                "font_size": 10}  # fmt: skip
        self._book = book
        self._base = base
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#17427A"})
        self.note = book.add_format({"font_color": "#515C6E", "font_size": 10})
        self.warning = book.add_format({"bold": True, "font_color": "#7A4B00", "font_size": 11})
        self.header = book.add_format(
            base | {"bold": True, "bg_color": "#17427A", "font_color": "#FFFFFF"}
        )
        self.answer_header = book.add_format(
            base | {"bold": True, "bg_color": "#1A6330", "font_color": "#FFFFFF"}
        )
        self.cell = book.add_format(base)
        self.number = book.add_format(base | {"align": "center"})
        self.one_line = book.add_format(base | {"text_wrap": False})
        self.raw = book.add_format(base | {"font_name": "Consolas"})
        self.link = book.add_format(base | {"font_color": "#17427A", "underline": 1})
        self.answer = book.add_format(
            base | {"bg_color": "#FFFFE8", "locked": False, "num_format": "@"}
        )
        self.no_answer = book.add_format(
            base | {"bg_color": "#EDEFF3", "font_color": "#515C6E", "italic": True}
        )
        self.ignored = book.add_format(base | {"bg_color": "#EDEFF3"})
        self.ignored_title = book.add_format(
            base | {"bg_color": "#EDEFF3", "font_color": "#515C6E", "italic": True}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top", "font_size": 11})
        self.heading = book.add_format({"bold": True, "font_size": 12, "font_color": "#17427A"})
        self._coloured: dict[tuple[str, bool, bool], Any] = {}

    def coloured(self, colour: str, *, bold: bool = False, wrap: bool = True) -> Any:  # noqa: ANN401
        """A cell of that colour."""
        look = (colour, bold, wrap)
        if look not in self._coloured:
            self._coloured[look] = self._book.add_format(
                self._base | {"bg_color": colour, "bold": bold, "text_wrap": wrap}
            )
        return self._coloured[look]


def row_height(cells: Iterable[tuple[str, int]]) -> float:
    """The height of a row whose wrapped texts are all to be read: not every program sees to it."""
    lines = 1
    for text, width in cells:
        parts = text.split("\n")
        lines = max(lines, sum(max(1, ceil(len(part) * 1.12 / width)) for part in parts))
    return min(lines, _MOST_LINES) * _LINE + 4
