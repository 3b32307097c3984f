"""What people and tools do to single cells, and the rule that is to find it."""

from collections.abc import Callable
from dataclasses import dataclass

from senacs.codebook import Kind, Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.simulation.campaign.export import Meaning
from senacs.simulation.campaign.planting import UNREADABLE, Planting
from senacs.simulation.campaign.spelling import Written


@dataclass(frozen=True)
class CellDefect:
    """What a defect of a cell is: which questions it fits, and what it makes of the cell."""

    rule: str
    fits: Callable[[Question], bool]
    spoil: Callable[[Question, str], Written | None]
    """The cell's new content from its true value; None where this one cannot be spoilt so."""
    keeps: bool = False
    """Whether the cell still means what it meant."""
    means: Meaning = UNREADABLE
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


CELL_DEFECTS: dict[str, CellDefect] = {
    "unreadable_number": CellDefect("DOM-01", _number, lambda _, value: f"environ {value}"),
    "not_an_integer": CellDefect("DOM-02", _of_kind(Kind.INTEGER), lambda _, value: f"{value},5"),
    "unknown_code": CellDefect(
        "DOM-03", _of_kind(Kind.CODE), lambda _, __: "Cela dépend des jours"
    ),
    "not_yes_no": CellDefect("DOM-04", _of_kind(Kind.YES_NO), lambda _, __: "peut-être"),
    "not_a_date": CellDefect("DOM-05", _of_kind(Kind.DATE), lambda _, value: f"31/02/{value[:4]}"),
    "siret_shape": CellDefect("DOM-06", _of_kind(Kind.SIRET), lambda _, value: value[:13]),
    "siret_check": CellDefect("DOM-07", _of_kind(Kind.SIRET), _wrong_digit),
    "below_minimum": CellDefect("DOM-08", _number, _below),
    "above_maximum": CellDefect("DOM-09", _number, _above),
    "siret_digits_lost": CellDefect("DOM-12", _of_kind(Kind.SIRET), lambda _, __: "7,75544E+13"),
    "foreign_unit": CellDefect(
        "DOM-14", lambda q: q.kind is Kind.NUMBER and q.unit == "€", lambda _, value: f"{value} k€"
    ),
    "formula_error": CellDefect(
        "DOM-16", lambda q: q.kind is not Kind.TEXT and q.role is None, lambda _, __: "#REF!"
    ),
    "date_serial": CellDefect("DOM-17", _of_kind(Kind.DATE), lambda _, __: "41275"),
    "required_left_empty": CellDefect(
        "DOM-10",
        lambda q: q.required and q.role is None,
        lambda _, __: "",
        means=Meaning("missing"),
    ),
    "spaces_around": CellDefect(
        "", _of_kind(Kind.YES_NO), lambda _, value: f"  {value.upper()} ", keeps=True
    ),
    "decimal_zero": CellDefect(
        "", _of_kind(Kind.INTEGER), lambda _, value: f"{value},0" if value else None, keeps=True
    ),
}
"""Kind to defect; one without a rule is unusual but right."""


def spoil_cell(planting: Planting, kind: str) -> int:
    """Spoil one clean cell so, if any fits; how many were."""
    defect = CELL_DEFECTS[kind]
    names = [q for q in planting.draft.delivered if defect.fits(q) and planting.is_free(q.question)]
    if not names:
        return 0
    question = names[int(planting.draw.unit(1)[0] * len(names))]
    for place in planting.clean_lines(question.question):
        line = planting.draft.lines[place]
        value = line.meaning[question.question].value or ""
        raw = defect.spoil(question, value)
        if raw is None:
            continue
        meaning = line.meaning[question.question] if defect.keeps else defect.means
        planting.write(kind, defect.rule, place, question.question, raw=raw, meaning=meaning)
        return 1
    return 0
