"""The press: documents in A4 as tagged, accessible PDF.

`blocks` says what a document is made of, `typeset` makes the PDF of it. Who fills documents
knows figures and words; who sets them knows neither.
"""

from senacs.press.blocks import (
    Beside,
    Block,
    Cell,
    Column,
    Document,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
    Tile,
    Tiles,
)
from senacs.press.typeset import typeset

__all__ = [
    "Beside",
    "Block",
    "Cell",
    "Column",
    "Document",
    "Paragraph",
    "Picture",
    "Row",
    "Section",
    "Table",
    "Tile",
    "Tiles",
    "typeset",
]
