"""Defects planted in an export: what people do to cells, rows and columns, with who is to notice.

Each defect is at a cell, row or column of its own; what a rule may also say because of it (the
cross-checks of a row that holds one, the silence of a structure whose key was lost) is not another
defect. Blocking defects are in `refusals`.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from senacs.codebook import Kind, Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.simulation.campaign.export import Draft, Line, Meaning, Planted
from senacs.simulation.campaign.spelling import Written
from senacs.simulation.campaign.streams import Stream

UNKNOWN_TITLES = ("Nombre de micro-ondes", "Météo du jour", "Remarque interne")
UNKNOWN_STRUCTURE = "inconnue"
_NOTHING = Meaning("reported")
_KILO = 1000


@dataclass(frozen=True)
class _Cell:
    """What a defect of a cell is: which questions it fits, and what it makes of the cell."""

    rule: str
    fits: Callable[[Question], bool]
    spoil: Callable[[Question, str], Written | None]
    """The cell's new content from its true value; None where this one cannot be spoilt so."""
    keeps: bool = False
    """Whether the cell still means what it meant."""
    means: Meaning = _NOTHING
    """What it means, where it does not."""


def _number(question: Question) -> bool:
    return question.kind in NUMERIC


def _of_kind(*kinds: Kind) -> Callable[[Question], bool]:
    return lambda question: question.kind in kinds and question.role is None


def _below(question: Question, _: str) -> str | None:
    return None if question.minimum is None else f"{question.minimum - 8:.0f}"


def _above(question: Question, _: str) -> str | None:
    return None if question.maximum is None else f"{question.maximum * 10:.0f}"


def _wrong_digit(_: Question, value: str) -> str:
    # In the last place before the zeros: any other digit there fails the check.
    return f"{value[:10]}{(int(value[10]) + 1) % 10}{value[11:]}"


CELL_DEFECTS: dict[str, _Cell] = {
    "unreadable_number": _Cell("DOM-01", _number, lambda _, value: f"environ {value}"),
    "not_an_integer": _Cell("DOM-02", _of_kind(Kind.INTEGER), lambda _, value: f"{value},5"),
    "unknown_code": _Cell("DOM-03", _of_kind(Kind.CODE), lambda _, __: "Cela dépend des jours"),
    "not_yes_no": _Cell("DOM-04", _of_kind(Kind.YES_NO), lambda _, __: "peut-être"),
    "not_a_date": _Cell("DOM-05", _of_kind(Kind.DATE), lambda _, value: f"31/02/{value[:4]}"),
    "siret_shape": _Cell("DOM-06", _of_kind(Kind.SIRET), lambda _, value: value[:13]),
    "siret_check": _Cell("DOM-07", _of_kind(Kind.SIRET), _wrong_digit),
    "below_minimum": _Cell("DOM-08", _number, _below),
    "above_maximum": _Cell("DOM-09", _number, _above),
    "siret_digits_lost": _Cell("DOM-12", _of_kind(Kind.SIRET), lambda _, __: "7,75544E+13"),
    "foreign_unit": _Cell(
        "DOM-14", lambda q: q.kind is Kind.NUMBER and q.unit == "€", lambda _, value: f"{value} k€"
    ),
    "formula_error": _Cell(
        "DOM-16", lambda q: q.kind is not Kind.TEXT and q.role is None, lambda _, __: "#REF!"
    ),
    "date_serial": _Cell("DOM-17", _of_kind(Kind.DATE), lambda _, __: "41275"),
    "required_left_empty": _Cell(
        "DOM-10",
        lambda q: q.required and q.role is None,
        lambda _, __: "",
        means=Meaning("missing"),
    ),
    "spaces_around": _Cell(
        "", _of_kind(Kind.YES_NO), lambda _, value: f"  {value.upper()} ", keeps=True
    ),
    "marked_zero": _Cell(
        "", _of_kind(Kind.INTEGER), lambda _, value: f"{value},0" if value else None, keeps=True
    ),
}
CROSS_DEFECTS: dict[str, tuple[str, str, Callable[[Callable[[str], float]], float]]] = {
    "etp_above_heads": ("EMP-01", "etp_total", lambda number: number("nb_salaries") + 3),
    "vacataires_above_heads": ("EMP-02", "nb_vacataires", lambda n: n("nb_salaries") + 4),
    "cdi_above_heads": ("EMP-03", "nb_cdi", lambda number: number("nb_salaries") + 2),
    "funders_do_not_sum": ("FIN-01", "budget_total", lambda n: round(n("budget_total") * 1.3)),
    "ages_do_not_sum": ("PUB-01", "publics_total", lambda number: number("publics_total") + 37),
    "hours_beyond_reason": (
        "BEN-01",
        "heures_benevolat",
        lambda n: (n("benevoles_activite") + n("benevoles_admin")) * 2000,
    ),
}
"""Cells that contradict others of their row: rule, question, and the value that does."""

_NEEDS = {
    "etp_above_heads": ("nb_salaries",),
    "vacataires_above_heads": ("nb_salaries",),
    "cdi_above_heads": ("nb_salaries",),
    "funders_do_not_sum": tuple(
        f"budget_{f}"
        for f in ("commune", "interco", "caf", "etat", "departement", "region", "usagers", "autres")
    ),
    "ages_do_not_sum": tuple(f"publics_{a}" for a in ("enfants", "jeunes", "adultes", "seniors")),
    "hours_beyond_reason": ("benevoles_activite", "benevoles_admin"),
}


class Planting:
    """Plants in a draft, by draws of its own; no cell and no row is spoilt twice."""

    def __init__(self, draft: Draft, seed: int) -> None:
        self.draft = draft
        self.draw = Stream(seed, "defects", draft.territory, draft.data_year)
        self.spoilt_rows: set[int] = set()
        self.spoilt_columns: set[str] = set()
        self.spoilt: set[tuple[int, str]] = set()

    def plant(self, rate: float, kinds: Sequence[str] = ()) -> None:
        """Plant each kind once where it fits, then cells up to that share of all.

        Args:
            rate: share of the cells that are spoilt; 0 plants nothing.
            kinds: only these kinds, each once; all of them if none is named.
        """
        if not rate or not self.draft.lines:
            return
        chosen = list(DEFECT_KINDS)
        if kinds:
            chosen = [kind for kind in chosen if kind in kinds]
        wanted = rate * len(self.draft.lines) * len(self.draft.questions)
        # A small rate plants some kinds only, other ones in each territory.
        often = min(1.0, wanted / len(chosen)) if not kinds else 1.0
        cells = 0
        for kind in chosen:
            if self.draw.unit(1)[0] < often:
                cells += self._one(kind)
        names = [kind for kind in CELL_DEFECTS if not kinds or kind in kinds]
        for _ in range(int(wanted) - cells if names else 0):
            self._one(names[int(self.draw.unit(1)[0] * len(names))])

    def _one(self, kind: str) -> int:
        if kind in CELL_DEFECTS:
            return self._spoil_cell(kind)
        if kind in CROSS_DEFECTS:
            return self._contradict(kind)
        if kind in _ROW_DEFECTS:
            return _ROW_DEFECTS[kind](self)
        return _COLUMN_DEFECTS[kind](self)

    # --- cells

    def _spoil_cell(self, kind: str) -> int:
        defect = CELL_DEFECTS[kind]
        names = [q for q in self.draft.delivered if defect.fits(q) and self._free(q.question)]
        if not names:
            return 0
        question = names[int(self.draw.unit(1)[0] * len(names))]
        for place in self._lines(question.question):
            line = self.draft.lines[place]
            value = line.meaning[question.question].value or ""
            raw = defect.spoil(question, value)
            if raw is None:
                continue
            meaning = line.meaning[question.question] if defect.keeps else defect.means
            self.write(kind, defect.rule, place, question.question, raw=raw, meaning=meaning)
            return 1
        return 0

    def _contradict(self, kind: str) -> int:
        rule, name, value_of = CROSS_DEFECTS[kind]
        asked = {q.question: q for q in self.draft.delivered}
        needed = (*_NEEDS[kind], name)
        if not asked.keys() >= set(needed) or not all(self._free(q) for q in needed):
            return 0
        question = asked[name]
        for place in self._lines(name):
            meaning = self.draft.lines[place].meaning
            if any(meaning[q].status != "reported" or meaning[q].value is None for q in needed):
                continue
            value = value_of(lambda q, line=meaning: float(line[q].value or 0))  # type: ignore[misc]
            if question.maximum is not None and value > question.maximum:
                continue
            text = f"{value:.2f}".rstrip("0").rstrip(".")
            raw: Written = text.replace(".", ",")
            self.write(kind, rule, place, name, raw=raw, meaning=Meaning("reported", text))
            self.spoilt |= {(place, q) for q in needed}
            return 1
        return 0

    def write(
        self, kind: str, rule: str, place: int, name: str, *, raw: Written, meaning: Meaning
    ) -> None:
        """Put a content in a cell, and note why."""
        line = self.draft.lines[place]
        line.cells[name] = raw
        if meaning.value is None:
            self._forget(line, name)
        line.meaning[name] = meaning
        self.spoilt.add((place, name))
        self.draft.planted.append(
            Planted(
                kind, rule, self.draft.row_of(place), line.structure_id, name,
                self.draft.title_of(name), str(raw).strip(),
            )
        )  # fmt: skip

    def _forget(self, line: Line, name: str) -> None:
        """What depends on a lost answer and was left empty is no longer known to be beside it."""
        for question in self.draft.questions:
            if question.filter and question.filter.question == name:
                own = question.question
                if line.meaning[own].status == "not_concerned" and line.cells[own] == "":
                    line.meaning[own] = Meaning("missing")
                    self._forget(line, own)

    def _lines(self, question: str) -> Iterator[int]:
        """Places of clean reported answers to a question, in a drawn order."""
        count = len(self.draft.lines)
        start = int(self.draw.unit(1)[0] * count)
        for i in range(count):
            place = (start + i) % count
            if place in self.spoilt_rows or (place, question) in self.spoilt:
                continue
            answer = self.draft.lines[place].meaning[question]
            if answer.status == "reported" and answer.value is not None:
                yield place

    def _free(self, question: str) -> bool:
        return question not in self.spoilt_columns

    # --- rows

    def whole_row(self) -> int | None:
        """A row in which nothing is spoilt, kept for one defect; none if all are."""
        count = len(self.draft.lines)
        start = int(self.draw.unit(1)[0] * count)
        touched = {place for place, _ in self.spoilt} | self.spoilt_rows
        for i in range(count):
            place = (start + i) % count
            if place not in touched:
                self.spoilt_rows.add(place)
                return place
        return None

    def append(self, line: Line) -> int:
        """Put a line at the end, so that no other row moves; its place."""
        self.draft.lines.append(line)
        place = len(self.draft.lines) - 1
        self.spoilt_rows.add(place)
        return place

    def note(self, kind: str, rule: str, place: int, question: str = "") -> None:
        """Note a defect of a row."""
        title = self.draft.title_of(question) if question else ""
        self.draft.planted.append(
            Planted(
                kind, rule, self.draft.row_of(place), self.draft.lines[place].structure_id,
                question, title,
            )
        )  # fmt: skip

    # --- columns

    def free_column(self, fits: Callable[[Question], bool]) -> Question | None:
        """A question whose column is still clean and on which no other depends."""
        depended = {q.filter.question for q in self.draft.questions if q.filter}
        crossed = {name for names in _NEEDS.values() for name in names} | {
            name for _, name, _ in CROSS_DEFECTS.values()
        }
        touched = {name for _, name in self.spoilt} | self.spoilt_columns | depended | crossed
        names = [
            q for q in self.draft.delivered
            if fits(q) and not q.role and not q.required and q.question not in touched
        ]  # fmt: skip
        if not names:
            return None
        question = names[int(self.draw.unit(1)[0] * len(names))]
        self.spoilt_columns.add(question.question)
        return question

    def note_column(self, kind: str, rule: str, title: str, question: str = "") -> None:
        """Note a defect of a column."""
        self.draft.planted.append(Planted(kind, rule, question=question, header=title))


def _no_key(planting: Planting) -> int:
    place = planting.whole_row()
    if place is None:
        return 0
    line = planting.draft.lines[place]
    planting.note("no_key", "LIG-01", place)
    key = next(q.question for q in planting.draft.questions if q.role == "key")
    line.cells[key] = ""
    line.meaning[key] = Meaning("missing")
    planting.draft.respondents -= {line.structure_id}
    return 1


def _shifted(planting: Planting) -> int:
    """A cell lost in a text: those behind it stand under the wrong titles."""
    if planting.draft.dialect.form.workbook:
        return 0
    place = planting.whole_row()
    if place is None:
        return 0
    delivered = planting.draft.delivered
    at = delivered[len(delivered) // 2].question
    planting.draft.lines[place].shift = at
    planting.note("shifted", "LIG-02", place)
    return 1


def _repeated(planting: Planting) -> int:
    place = planting.whole_row()
    if place is None:
        return 0
    again = planting.append(deepcopy(planting.draft.lines[place]))
    planting.note("repeated", "LIG-03", place)
    planting.note("repeated", "LIG-03", again)
    return 1


def _repeated_otherwise(planting: Planting) -> int:
    """Sent twice, with another answer to one question."""
    names = [q.question for q in planting.draft.delivered if q.kind is Kind.INTEGER]
    place = planting.whole_row()
    if place is None or not names:
        return 0
    line = planting.draft.lines[place]
    for name in names:
        answer = line.meaning[name]
        if answer.status == "reported" and answer.value is not None:
            again = deepcopy(line)
            other = str(int(answer.value) + 1)
            again.cells[name] = other
            again.meaning[name] = Meaning("reported", other)
            for at in (place, planting.append(again)):
                planting.note("repeated_otherwise", "LIG-03", at)
                planting.note("repeated_otherwise", "DOM-11", at, name)
            return 1
    return 0


def _unknown_structure(planting: Planting) -> int:
    place = planting.whole_row()
    if place is None:
        return 0
    line = deepcopy(planting.draft.lines[place])
    planting.spoilt_rows.discard(place)
    key = next(q.question for q in planting.draft.questions if q.role == "key")
    line.structure_id = f"{line.structure_id[:-4]}9{line.structure_id[-3:]}"
    line.cells[key] = line.structure_id
    # Nobody knows which type it is: nothing says that it was not asked.
    line.meaning = {
        name: Meaning("missing") if answer.status == "not_asked" else answer
        for name, answer in line.meaning.items()
    }
    line.meaning[key] = Meaning("reported", line.structure_id)
    planting.note("unknown_structure", "REG-01", planting.append(line))
    return 1


def _unknown_column(planting: Planting) -> int:
    titles = UNKNOWN_TITLES
    title = titles[int(planting.draw.unit(1)[0] * len(titles))]
    planting.draft.added.append((title, ["2"] * len(planting.draft.lines)))
    planting.note_column("unknown_column", "COL-01", title)
    return 1


def _absent_column(planting: Planting) -> int:
    question = planting.free_column(lambda q: q.kind in (Kind.YES_NO, Kind.TEXT) and not q.filter)
    if question is None:
        return 0
    planting.note_column("absent_column", "COL-04", question.header, question.question)
    planting.draft.dropped.add(question.question)
    for line in planting.draft.lines:
        if line.meaning[question.question].status == "reported":
            line.meaning[question.question] = Meaning("missing")
    return 1


def _other_unit(planting: Planting) -> int:
    """A column whose title names another unit than the one asked."""
    question = planting.free_column(lambda q: q.unit == "€" and q.question.startswith("detail_"))
    if question is None:
        return 0
    name = question.question
    draft = planting.draft
    if draft.titles.header[name] in draft.titles.accepted:
        return 0
    draft.renamed[name] = f"{question.header} (en k€)"
    planting.note_column("other_unit", "COL-05", draft.renamed[name], name)
    for place, line in enumerate(draft.lines):
        answer = line.meaning[name]
        if answer.status != "reported" or answer.value is None or line.shift:
            continue
        raw = f"{float(answer.value) / _KILO:.1f}".replace(".", ",")
        planting.write("other_unit", "DOM-15", place, name, raw=raw, meaning=_NOTHING)
    return 1


_ROW_DEFECTS: dict[str, Callable[[Planting], int]] = {
    "no_key": _no_key,
    "shifted": _shifted,
    "unknown_structure": _unknown_structure,
    "repeated": _repeated,
    "repeated_otherwise": _repeated_otherwise,
}
_COLUMN_DEFECTS: dict[str, Callable[[Planting], int]] = {
    "absent_column": _absent_column,
    "other_unit": _other_unit,
    "unknown_column": _unknown_column,
}
WHOLE_ROW = frozenset({"shifted", "no_key"})
"""Kinds that spoil all of a row: whatever else is found in it follows from them."""
DEFECT_KINDS = (*CELL_DEFECTS, *CROSS_DEFECTS, *_ROW_DEFECTS, *_COLUMN_DEFECTS)
"""Every kind of defect that is planted."""
