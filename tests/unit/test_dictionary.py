"""The data dictionary: complete, accessible, the same bytes every time, and up to date."""

import io
import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from senacs.codebook import Collection, collection_names, load_collection
from senacs.codebook.questionnaire import Question
from senacs.dictionary import dictionary_of, page, workbook, write_dictionary
from senacs.settings import PROJECT_ROOT

CODEBOOK = PROJECT_ROOT / "codebook"
COMMITTED = PROJECT_ROOT / "docs" / "dictionary" / "senacs.html"
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Outline(HTMLParser):
    """Identifiers, links, headings and elements of a page, and whether its tags are closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        given = dict(attrs)
        self.attributes += [(tag, name) for name in given]
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def asking_only(collection: Collection, question: Question) -> Collection:
    """A new collection: a copy would keep what the first one has worked out."""
    fields = {name: getattr(collection, name) for name in Collection.model_fields}
    return Collection(**fields | {"questions": (question,)})


@pytest.fixture(scope="module")
def senacs():
    return load_collection(CODEBOOK, "senacs")


@pytest.fixture(scope="module")
def made(senacs):
    return dictionary_of(senacs)


@pytest.fixture(scope="module")
def html(made) -> str:
    return page(made)


@pytest.fixture(scope="module")
def outline(html) -> Outline:
    return Outline(html)


class TestContent:
    def test_every_question_is_in_it_once(self, senacs, made):
        assert {e.question for e in made.entries} == {q.question for q in senacs.questions}
        assert len(made.entries) == len({e.question for e in made.entries})

    def test_its_years_are_the_questionnaires(self, senacs, made):
        for entry in made.entries:
            assert list(entry.years.values()) == list(senacs.asked(entry.question))

    def test_spells_cover_the_years_without_overlap(self, made):
        for entry in made.entries:
            covered = [y for s in entry.spells for y in range(s.first, s.last + 1)]
            assert covered == list(entry.years)

    def test_a_break_begins_a_spell(self, made):
        (entry,) = (e for e in made.entries if e.question == "publics_enfants")
        assert [s.years for s in entry.spells][-1] == "2023–2024"
        (zoning,) = (e for e in made.entries if e.question == "geographie_prioritaire")
        assert [s.years for s in zoning.spells] == ["2015–2016", "2017–2023", "2024"]

    def test_counts_by_population_are_the_questionnaires(self, made):
        assert [made.asked(2014), made.asked(2014, "CS"), made.asked(2014, "EVS")] == [277, 277, 0]
        assert 0 < made.asked(2018, "EVS") < made.asked(2018, "CS") < made.asked(2018)


class TestPage:
    def test_it_is_up_to_date(self, html):
        """If not: senacs codebook dictionary --out docs/dictionary."""
        assert COMMITTED.read_text(encoding="utf-8") == html

    def test_it_is_not_too_heavy(self):
        assert COMMITTED.stat().st_size < 1_500_000

    def test_it_is_closed_french_and_by_itself(self, html, outline):
        assert outline.open == []
        assert '<html lang="fr">' in html
        assert outline.tags["script"] == outline.tags["img"] == outline.tags["link"] == 0
        assert not [name for _, name in outline.attributes if name.startswith("on")]
        assert {link for link in outline.links if not link.startswith("#")} <= {
            p.url for p in load_collection(CODEBOOK, "senacs").publications
        }

    def test_every_link_inside_leads_somewhere(self, outline):
        assert len(outline.ids) == len(set(outline.ids))
        inside = {link[1:] for link in outline.links if link.startswith("#")}
        assert inside <= set(outline.ids)

    def test_headings_skip_no_level(self, outline):
        assert outline.headings[0] == 1
        assert outline.headings.count(1) == 1
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after - before <= 1 for before, after in steps)

    def test_every_table_has_headers_with_a_scope(self, html, outline):
        assert html.count("<th ") == html.count('<th scope="')
        assert outline.tags["table"] == outline.tags["thead"]

    def test_it_says_what_is_attested_and_what_is_not(self, html):
        assert "sujet attesté : <a" in html
        assert "<dd>notre choix</dd>" in html

    def test_what_the_codebook_says_is_escaped(self, senacs):
        bad: Question = senacs.questions[0].model_copy(
            update={"label": "<script>alert(1)</script>", "note": '"><b>'}
        )
        shown = page(dictionary_of(asking_only(senacs, bad)))
        assert "<script" not in shown
        assert "<b>" not in shown

    @pytest.mark.parametrize("name", collection_names(CODEBOOK))
    def test_every_collection_has_one(self, name):
        shown = Outline(page(dictionary_of(load_collection(CODEBOOK, name))))
        assert shown.open == []


@pytest.fixture(scope="module")
def book(made) -> bytes:
    return workbook(made)


class TestWorkbook:
    def test_the_same_codebook_gives_the_same_bytes(self, senacs, book):
        assert workbook(dictionary_of(senacs)) == book

    def test_its_questions_are_the_codebooks(self, senacs, book):
        rows = questions(book)
        assert [row["question"] for row in rows] == [q.question for q in senacs.questions]
        assert [row["intitulé"] for row in rows] == [q.header for q in senacs.questions]

    def test_headers_are_frozen_and_filtered(self, book):
        for name, xml in sheets(book):
            assert 'state="frozen"' in xml, name
            assert "<autoFilter" in xml, name

    def test_nothing_in_it_is_a_formula_or_a_link(self, senacs):
        texts = {"header": "=1+1", "label": "+cmd|'/C calc'!A0", "note": "http://example.invalid"}
        bad = senacs.questions[0].model_copy(update=texts)
        book = workbook(dictionary_of(asking_only(senacs, bad)))
        for name, xml in sheets(book):
            tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(xml).iter()}  # noqa: S314
            assert tags.isdisjoint({"f", "hyperlink", "hyperlinks"}), name
        assert questions(book)[0]["intitulé"] == "=1+1"


def questions(book: bytes) -> list[dict[str, object]]:
    header, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("Questions").to_python()
    )
    return [dict(zip(header, row, strict=True)) for row in rows]


def sheets(book: bytes) -> list[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return [
            (name, archive.read(name).decode())
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]


def test_both_files_are_written(senacs, tmp_path):
    written = write_dictionary(senacs, tmp_path / "new")
    assert [path.name for path in written] == ["senacs.html", "senacs.xlsx"]
    assert written[0].read_bytes() == COMMITTED.read_bytes()
