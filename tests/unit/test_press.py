"""The press: documents as tagged PDF, the same everywhere, whatever they hold."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from senacs.errors import PressError
from senacs.press import (
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
    typeset,
)
from senacs.settings import PROJECT_ROOT
from tests.support.pdfs import elements, faults, misplaced, pages

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" font-family="sans-serif">'
    '<rect width="60" height="20" fill="#17427a"/><text y="28" font-size="8">Été</text></svg>'
)
LONG = Table(
    "Une longue table",
    "Nom",
    (Column("Valeur", "Centres sociaux"), Column("France", "Centres sociaux"), Column("Mot")),
    tuple(Row(Cell(f"Ligne {i}", "note"), (Cell(str(i), "9 / 10"),) * 3) for i in range(90)),
    notes=("Une note.",),
    groups=((0, "Finances"), (40, "Emplois")),
)


def document(*blocks: object, cover: bool = True) -> Document:
    return Document(
        title="Titre d’essai",
        subtitle="Sous-titre",
        author="Auteur",
        subject="Sujet",
        running_head="Tête",
        edition="Édition nº 1",
        facts=(("Territoire", "Essai"),),
        warning="Données simulées",
        dated=date(2024, 11, 25),
        blocks=(Section("Chapitre", blocks),),
        cover=cover,
    )


FULL = document(
    Paragraph("Chapeau", "lead"),
    Tiles((Tile("1\u202f234\u00a0€", "Budget", ("Base : 9",)),) * 4, "Centres sociaux"),
    LONG,
    Section("Dessin", (Picture(SVG, "Un rectangle", "Un dessin"),), level=2),
)


@pytest.mark.parametrize("cover", [True, False])
def test_a_document_says_all_to_who_does_not_see_it(cover: bool) -> None:
    made = typeset(replace(FULL, cover=cover))
    assert faults(made) == []
    assert misplaced(made) == []
    with pikepdf.open(BytesIO(made)) as pdf:
        assert str(pdf.docinfo.Title) == "Titre d’essai"
        assert str(pdf.docinfo.Author) == "Auteur"
        assert str(pdf.docinfo.CreationDate) == "D:20241125000000Z"
        assert [e.alternative for e in elements(pdf) if e.role == "/Figure"] == ["Un rectangle"]


def test_each_page_has_its_head_its_number_and_the_warning() -> None:
    made = pages(typeset(FULL))
    for number, text in enumerate(made, start=1):
        assert "Données simulées" in text
        assert f"{number} / {len(made)}" in text
    assert all("Édition nº 1" in text for text in made[1:])


def test_the_head_of_a_table_comes_again_on_each_page_it_reaches() -> None:
    reached = [text for text in pages(typeset(FULL)) if "Ligne" in text]
    assert len(reached) > 1
    assert all("Valeur" in text and "Nom" in text for text in reached)
    assert "Finances" in reached[0]
    assert "Emplois" in reached[-1]


def test_words_are_words_whatever_they_look_like() -> None:
    told = "#panic() $x$ *gras* `code` @ref <b> \\ [x] // pas un commentaire"
    assert told in pages(typeset(document(Paragraph(told))))[1]


def test_a_letter_that_the_font_lacks_does_not_stop_the_press() -> None:
    made = typeset(document(Paragraph("Maison 家 de l’Être 😀 Ωmega Šárka")))
    assert "Šárka" in pages(made)[1]
    assert faults(made) == []


def test_a_picture_without_alternative_is_refused() -> None:
    with pytest.raises(PressError, match="Titre d’essai"):
        typeset(document(Picture(SVG, "", "Dessin")))


def test_a_drawing_that_is_none_is_refused() -> None:
    with pytest.raises(PressError):
        typeset(document(Picture("<svg", "Un rectangle", "Dessin")))


def test_the_same_document_gives_the_same_bytes_elsewhere_and_on_another_day(
    tmp_path: Path,
) -> None:
    """In another folder, another process, time zone, language, and a clock that says otherwise."""
    elsewhere = tmp_path / "ailleurs"
    shutil.copytree(PROJECT_ROOT / "senacs", elsewhere / "senacs")
    shutil.copytree(PROJECT_ROOT / "tests", elsewhere / "tests")
    script = (
        "import sys; from tests.unit.test_press import FULL; from senacs.press import typeset; "
        "sys.stdout.buffer.write(typeset(FULL))"
    )
    made = subprocess.run(
        [sys.executable, "-P", "-c", script],
        check=True,
        capture_output=True,
        cwd=elsewhere,
        env={
            **os.environ,
            "PYTHONPATH": str(elsewhere),
            "TZ": "Pacific/Noumea",
            "LANG": "C",
            "SOURCE_DATE_EPOCH": "1000000000",
        },
    ).stdout
    assert made == typeset(FULL)
