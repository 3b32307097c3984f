"""What happens to whole rows: lost keys, lost cells, rows sent twice, rows of nobody known."""

from collections.abc import Callable
from copy import deepcopy

from senacs.codebook import Kind
from senacs.simulation.campaign.export import Meaning
from senacs.simulation.campaign.planting import Planting


def _no_key(planting: Planting) -> int:
    place = planting.whole_row()
    if place is None:
        return 0
    line = planting.draft.lines[place]
    planting.note("no_key", "LIG-01", place)
    for name in (_key(planting), _NAME):  # nobody can tell by its name either
        line.cells[name] = ""
        line.meaning[name] = Meaning("missing")
    planting.draft.respondents -= {line.structure_id}
    return 1


def _lost_id(planting: Planting) -> int:
    """No identifier, but a name, a commune and perhaps a SIRET that tell who it is."""
    return _identified_otherwise(planting, "lost_id", "REG-13", lambda _: "")


def _mistyped_id(planting: Planting) -> int:
    """A letter for a digit, and a name that tells who it is."""
    return _identified_otherwise(
        planting, "mistyped_id", "REG-13", lambda name: f"{name[:-1]}O{name[-1]}"
    )


def _mangled_id(planting: Planting) -> int:
    """The identifier without its zeros, as a spreadsheet or a hurried hand writes it."""

    def mangled(name: str) -> str:
        departement, _, number = name.partition("-")
        return f"{departement} - {number.lstrip('0')}"

    return _identified_otherwise(planting, "mangled_id", "REG-12", mangled)


def _identified_otherwise(
    planting: Planting, kind: str, rule: str, write: Callable[[str], str]
) -> int:
    """Write the identifier of one row otherwise, where its name tells who it is."""
    place = planting.whole_row()
    if place is None:
        return 0
    line = planting.draft.lines[place]
    if line.meaning[_NAME].status != "reported" or line.meaning[_PLACE].status != "reported":
        return 0
    key = _key(planting)
    line.cells[key] = write(line.structure_id)
    if not line.cells[key]:
        line.meaning[key] = Meaning("missing")
    planting.note(kind, rule, place, key)
    return 1


def _key(planting: Planting) -> str:
    return next(q.question for q in planting.draft.questions if q.role == "key")


_NAME, _PLACE, _SIRET = "nom", "commune_nom", "siret"


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
    key = _key(planting)
    line.structure_id = f"{line.structure_id[:-4]}9{line.structure_id[-3:]}"
    line.cells[key] = line.structure_id
    line.cells[_NAME] = _UNKNOWN_NAME
    line.meaning[_NAME] = Meaning("reported", _UNKNOWN_NAME)
    if _SIRET in line.cells:
        line.cells[_SIRET], line.meaning[_SIRET] = "", Meaning("missing")
    # Nobody knows which type it is: nothing says that it was not asked.
    line.meaning = {
        name: Meaning("missing") if answer.status == "not_asked" else answer
        for name, answer in line.meaning.items()
    }
    line.meaning[key] = Meaning("reported", line.structure_id)
    planting.note("unknown_structure", "REG-01", planting.append(line))
    return 1


_UNKNOWN_NAME = "Foyer Xylophone Zéphyr Quiproquo"
"""Like no name that is drawn."""

ROW_DEFECTS: dict[str, Callable[[Planting], int]] = {
    "no_key": _no_key,
    "lost_id": _lost_id,
    "mistyped_id": _mistyped_id,
    "mangled_id": _mangled_id,
    "shifted": _shifted,
    "unknown_structure": _unknown_structure,
    "repeated": _repeated,
    "repeated_otherwise": _repeated_otherwise,
}
"""Kind to what plants one; each says how many it planted."""

WHOLE_ROW = frozenset({"shifted", "no_key"})
"""Kinds that spoil all of a row: whatever else is found in it follows from them."""
