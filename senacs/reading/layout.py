"""Where the table lies among the rows of a sheet: titles above, header, records, totals below."""

import re
from collections.abc import Callable

from senacs.reading.folding import folded
from senacs.reading.table import FileProblem, Note, NoteKind, Rows, Table

Score = Callable[[list[str]], int]
"""How many of these cells are titles that the codebook knows."""

_SEARCHED = 40
_TOTAL = re.compile(
    r"(sous )?tota(l|ux)( (general|generaux|france|national|departement|departemental|region"
    r"|regional|territoire|cs|evs|centres|sociaux|structures|lignes|de|des|du|\d+))*"
)
_TOTAL_ALONE = frozenset({"ensemble", "somme", "moyenne", "mediane"})
_FOOTNOTE = re.compile(
    r"\s*(sources?\b|notes?\b|champ\b|lecture\b|nb\s*:|(\*+|\(\d\)|©|@)\s*\w{3}|extraction\b"
    r"|mise à jour\b|mis à jour\b|édité\b|export\b|date d.export)",
    re.IGNORECASE,
)
_SENTENCE_LENGTH, _SENTENCE_WORDS = 30, 5
_CODE = re.compile(r"[A-Z][A-Z0-9_]+|\d+X\d+X\w+")
_TITLED = 2


def laid_out(rows: Rows, score: Score) -> Table:
    """The table among these rows. Blank rows are no rows; what is left out is noted.

    The header is the row, or the two rows read together, of which the codebook knows most
    titles; where it knows none, the first row with two filled cells.
    """
    filled = [(number, cells) for number, cells in rows if any(map(str.strip, cells))]
    (first, last), header = _header(filled, score)
    if header is None:
        return Table(problem=FileProblem.NO_HEADER)
    notes: list[Note] = []
    if first:
        notes.append(_note(NoteKind.TITLE_ROWS, filled[:first]))
    after = last + 1
    if after < len(filled) and _is_second_header(filled, after, header, score):
        last, after = after, after + 1
    if last > first:
        notes.append(_note(NoteKind.HEADER_ROWS, filled[first : last + 1]))
    body = filled[after:]
    again = [row for row in body if _stripped(row[1]) == header]
    if again:
        notes.append(_note(NoteKind.HEADER_ROWS, again))
    totals = [row for row in body if _is_total(row[1])]
    if totals:
        notes.append(_note(NoteKind.TOTAL_ROWS, totals))
    left_out = {number for number, _ in (*again, *totals)}
    records = [row for row in body if row[0] not in left_out] if left_out else body
    footnotes: Rows = []
    while records and _is_footnote(records[-1][1]):
        footnotes.insert(0, records.pop())
    if footnotes:
        notes.append(_note(NoteKind.FOOTNOTES, footnotes))
    problem = FileProblem.NONE if records else FileProblem.NO_ROW
    return Table(header, records, problem=problem, notes=tuple(notes))


def best_score(rows: Rows, score: Score) -> int:
    """How much of its best header the codebook knows."""
    best = 0
    for _, cells in rows[:_SEARCHED]:
        best = max(best, score(cells))
        if _is_clear(best, cells):
            break
    return best


def _is_clear(known: int, cells: list[str]) -> bool:
    """Whether so many known titles make these cells the header, whatever comes below."""
    return known >= _TITLED and known * 2 >= sum(map(bool, cells))


def _header(filled: Rows, score: Score) -> tuple[tuple[int, int], list[str] | None]:
    """The place (first and last row) and the titles of the header; no titles for none."""
    best, place = 0, (0, 0)
    titles: list[str] | None = None
    below = score(filled[0][1]) if filled else 0
    for i, (_, cells) in enumerate(filled[:_SEARCHED]):
        single = below
        below = score(filled[i + 1][1]) if i + 1 < len(filled) else 0
        if single > best:
            best, place, titles = single, (i, i), cells
        # Of two rows that are one header, some titles stand in one of them alone.
        if i + 1 < len(filled) and single + below:
            joined = _joined(cells, filled[i + 1][1], score)
            both = score(joined)
            if both > max(best, single, below):
                best, place, titles = both, (i, i + 1), joined
        if titles is not None and _is_clear(best, titles) and below <= best:
            break
    if titles is None:
        for i, (_, cells) in enumerate(filled[:_SEARCHED]):
            if sum(map(bool, map(str.strip, cells))) >= _TITLED:
                place, titles = (i, i), cells
                break
    if titles is None:
        return place, None
    header = _stripped(titles)
    return place, header if len(header) >= _TITLED else None


def _joined(above: list[str], below: list[str], score: Score) -> list[str]:
    """Two rows as one: what stands above a merged cell holds for all that is under it."""
    titles: list[str] = []
    group = ""
    for i in range(max(len(above), len(below))):
        top = above[i].strip() if i < len(above) else ""
        sub = below[i].strip() if i < len(below) else ""
        group = top or group
        candidates = [f"{group} {sub}".strip(), sub, top] if sub else [top]
        known = (text for text in candidates if text and score([text]))
        titles.append(next(known, candidates[0]))
    return titles


def _is_second_header(filled: Rows, at: int, header: list[str], score: Score) -> bool:
    """Titles again under the header, such as codes under labels: they are no record."""
    cells = [cell.strip() for cell in filled[at][1] if cell.strip()]
    known = score(filled[at][1])
    if known >= _TITLED and known * 2 >= score(header):
        return True
    coded = len(cells) >= _TITLED and len(set(cells)) == len(cells) and _all_codes(cells)
    following = [cell.strip() for _, row in filled[at + 1 : at + 2] for cell in row if cell.strip()]
    return coded and bool(following) and not _all_codes(following)


def _all_codes(cells: list[str]) -> bool:
    return all(_CODE.fullmatch(cell) for cell in cells)


def _stripped(cells: list[str]) -> list[str]:
    """The titles up to the last one: a delimiter too many at the end makes no column."""
    titles = [" ".join(cell.split()) if "\n" in cell else cell.strip() for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _is_total(cells: list[str]) -> bool:
    start = next((cell for cell in cells if cell.strip()), "")
    if len(start) > 60 or start[:1].isdigit():  # noqa: PLR2004 - no total's title is that long
        return False
    word = folded(start)
    return word in _TOTAL_ALONE or bool(_TOTAL.fullmatch(word))


def _is_footnote(cells: list[str]) -> bool:
    text = cells[0].strip()
    if not text or any(map(str.strip, cells[1:])):
        return False
    sentence = len(text) >= _SENTENCE_LENGTH and len(text.split()) >= _SENTENCE_WORDS
    return sentence or bool(_FOOTNOTE.match(text))


def _note(kind: NoteKind, rows: Rows) -> Note:
    first, last = rows[0][0], rows[-1][0]
    if first == last:
        where = f"ligne {first}"
    elif last - first == len(rows) - 1:
        where = f"lignes {first} à {last}"
    else:
        where = "lignes " + ", ".join(str(number) for number, _ in rows[:10])
        where += "…" if len(rows) > 10 else ""  # noqa: PLR2004
    start = next((cell.strip() for cell in rows[0][1] if cell.strip()), "")
    shown = f"{start[:80]}…" if len(start) > 80 else start  # noqa: PLR2004
    return Note(kind, f"{where} : « {shown} »", first)
