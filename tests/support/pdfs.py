"""What a PDF says to who does not see it, and whether what is seen stands where it should.

Not a validator of PDF/UA: it looks at what that standard asks for and a file can be asked:
tags, language, title, alternatives, order of headings, and that no text is outside all marks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import pikepdf
import pypdfium2

_TEXT = {"Tj", "TJ", "'", '"'}
_PAINT = {"Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh"}
_LEAST = 60


@dataclass(frozen=True)
class Element:
    """A node of the structure tree."""

    role: str
    alternative: str
    scope: str


def faults(data: bytes) -> list[str]:
    """What a reader with assistive technology would miss; empty where nothing is found."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [*_of_file(pdf), *_of_elements(elements(pdf)), *_unmarked(pdf), *_of_fonts(pdf)]


def _of_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked", False):
        yield "not tagged"
    if str(pdf.Root.get("/Lang", "")).casefold() != "fr-fr":
        yield f"language {pdf.Root.get('/Lang')}"
    if not pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "the title is not shown"
    with pdf.open_metadata() as meta:
        if meta.get("pdfuaid:part") != "1":
            yield "does not say that it is PDF/UA-1"
        if not meta.get("dc:title"):
            yield "no title"
    for number, page in enumerate(pdf.pages, start=1):
        if page.obj.get("/Annots") and page.obj.get("/Tabs") != "/S":
            yield f"page {number}: links not in the order of the structure"


def elements(pdf: pikepdf.Pdf) -> list[Element]:
    """The structure tree in the order of reading."""
    found: list[Element] = []
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary) and (node.get("/S") or "/K" in node):
            if node.get("/S"):
                found.append(
                    Element(str(node.S), str(node.get("/Alt", "")), _scope(node.get("/A")))
                )
            if "/K" in node:
                waiting.append(node.K)
    return found


def _scope(attributes: object) -> str:
    each = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    said = (one.get("/Scope") for one in each if isinstance(one, pikepdf.Dictionary))
    return next((str(scope) for scope in said if scope is not None), "")


def _of_elements(tree: list[Element]) -> Iterator[str]:
    level = 0
    for element in tree:
        if element.role == "/Figure" and not element.alternative.strip():
            yield "a picture without alternative"
        if element.role == "/TH" and not element.scope:
            yield "a head of a table without scope"
        if element.role[:2] == "/H" and element.role[2:].isdigit():
            now = int(element.role[2:])
            if now > level + 1:
                yield f"a heading of level {now} after one of level {level}"
            level = now
    if not level:
        yield "no heading"


def _unmarked(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Text or drawing that is neither part of the structure nor said to be beside it."""
    for number, page in enumerate(pdf.pages, start=1):
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            name = str(instruction.operator)
            if name in {"BDC", "BMC"}:
                depth += 1
            elif name == "EMC":
                depth -= 1
            elif name in _TEXT | _PAINT and not depth:
                yield f"page {number}: {name} outside all marks"
                break


def _of_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()):
                yield f"{each.FontName} is not in the file"
            if "SourceSans3" not in str(each.FontName):
                yield f"{each.FontName} is none of ours"


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def misplaced(data: bytes, margin: float = 40) -> list[str]:
    """Pages with hardly any text, text in the margins, and letters that lie over others.

    `margin` is in points.
    """
    found = []
    with pypdfium2.PdfDocument(data) as pdf:
        for number, page in enumerate(pdf, start=1):
            text = page.get_textpage()
            if text.count_chars() < _LEAST:
                found.append(f"page {number}: hardly any text")
            width, _ = page.get_size()
            boxes = list(_boxes(text))
            if any(box.left < margin or box.right > width - margin for box in boxes):
                found.append(f"page {number}: text in the margin")
            found += [f"page {number}: {over!r} lies over a letter" for over in _over(boxes)]
    return found


@dataclass(frozen=True, order=True)
class _Letter:
    """Where a letter stands, in points; on its line first, so that lines sort together."""

    line: int
    left: float
    right: float
    height: float
    letter: str


def _boxes(text: pypdfium2.PdfTextPage) -> Iterator[_Letter]:
    whole = text.get_text_range()
    for position in range(min(text.count_chars(), len(whole))):
        letter = whole[position]
        if letter.strip():
            left, bottom, right, top = text.get_charbox(position, loose=True)
            yield _Letter(round((bottom + top) / 2), left, right, top - bottom, letter)


def _over(boxes: list[_Letter]) -> Iterator[str]:
    """Letters that begin before the one on their left ends, by more than what is kerned.

    Letters of a ligature share a box.
    """
    for one, after in pairwise(sorted(boxes)):
        ligature = (one.left, one.right) == (after.left, after.right)
        kerned = 0.15 * one.height
        if one.line == after.line and after.left < one.right - kerned and not ligature:
            yield after.letter
