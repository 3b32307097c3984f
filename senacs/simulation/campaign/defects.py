"""The defects planted in an export: how many, and of which kinds.

What a rule may also say because of one (the cross-checks of a row that holds it, the silence of a
structure whose key was lost) is not another defect. Whole files are spoilt in `refusals`.
"""

from collections.abc import Callable, Sequence
from functools import partial

from senacs.simulation.campaign.cell_defects import CELL_DEFECTS, spoil_cell
from senacs.simulation.campaign.column_defects import COLUMN_DEFECTS
from senacs.simulation.campaign.cross_defects import CROSS_DEFECTS, contradict
from senacs.simulation.campaign.export import Draft
from senacs.simulation.campaign.planting import Planting
from senacs.simulation.campaign.row_defects import ROW_DEFECTS

DEFECTS: dict[str, Callable[[Planting], int]] = {
    **{kind: partial(spoil_cell, kind=kind) for kind in CELL_DEFECTS},
    **{kind: partial(contradict, kind=kind) for kind in CROSS_DEFECTS},
    **ROW_DEFECTS,
    **COLUMN_DEFECTS,
}
"""Every kind to what plants one of it; cells before rows, and rows before columns."""


def plant(draft: Draft, seed: int, rate: float, kinds: Sequence[str] = ()) -> None:
    """Plant each kind once where it fits, then cells up to that share of all.

    Args:
        draft: the export; what is planted is noted in it.
        seed: the same seed plants the same.
        rate: share of the cells that are spoilt; 0 plants nothing, and where that is less than
            one of each kind, each export gets some of them.
        kinds: only these kinds, each once for sure; all of them if none is named.
    """
    if not rate or not draft.lines:
        return
    planting = Planting(draft, seed)
    wanted = rate * len(draft.lines) * len(draft.questions)
    often = 1.0 if kinds else min(1.0, wanted / len(DEFECTS))
    planted = 0
    for kind, plant_one in DEFECTS.items():
        if (not kinds or kind in kinds) and planting.draw.unit(1)[0] < often:
            planted += plant_one(planting)
    names = [kind for kind in CELL_DEFECTS if not kinds or kind in kinds]
    for _ in range(int(wanted) - planted if names else 0):
        spoil_cell(planting, names[int(planting.draw.unit(1)[0] * len(names))])
