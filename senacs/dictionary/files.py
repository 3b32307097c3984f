"""Writes the dictionary's files."""

from pathlib import Path

from senacs.codebook.model import Collection
from senacs.dictionary.content import dictionary_of
from senacs.dictionary.page import page
from senacs.dictionary.workbook import workbook


def write_dictionary(collection: Collection, folder: Path) -> tuple[Path, Path]:
    """Write `<collection>.html` and `<collection>.xlsx` to the folder; their paths."""
    made = dictionary_of(collection)
    folder.mkdir(parents=True, exist_ok=True)
    html = folder / f"{collection.collection}.html"
    xlsx = folder / f"{collection.collection}.xlsx"
    html.write_text(page(made), encoding="utf-8", newline="\n")
    xlsx.write_bytes(workbook(made))
    return html, xlsx
