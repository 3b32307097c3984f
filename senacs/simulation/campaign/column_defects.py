"""What happens to whole columns: one too many, one left out, one in another unit."""

from collections.abc import Callable

from senacs.codebook import Kind
from senacs.simulation.campaign.cross_defects import CROSSED
from senacs.simulation.campaign.export import Meaning
from senacs.simulation.campaign.planting import UNREADABLE, Planting

_UNKNOWN_TITLES = ("Nombre de micro-ondes", "Météo du jour", "Remarque interne")
_KILO = 1000


def _unknown_column(planting: Planting) -> int:
    titles = _UNKNOWN_TITLES
    title = titles[int(planting.draw.unit(1)[0] * len(titles))]
    planting.draft.added.append((title, ["2"] * len(planting.draft.lines)))
    planting.note_column("unknown_column", "COL-01", title)
    return 1


def _absent_column(planting: Planting) -> int:
    question = planting.free_column(
        lambda q: q.kind in (Kind.YES_NO, Kind.TEXT) and not q.filter, CROSSED
    )
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
    question = planting.free_column(
        lambda q: q.unit == "€" and q.question.startswith("detail_"), CROSSED
    )
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
        planting.write("other_unit", "DOM-15", place, name, raw=raw, meaning=UNREADABLE)
    return 1


COLUMN_DEFECTS: dict[str, Callable[[Planting], int]] = {
    "absent_column": _absent_column,
    "other_unit": _other_unit,
    "unknown_column": _unknown_column,
}
"""Kind to what plants one; each says how many it planted."""
