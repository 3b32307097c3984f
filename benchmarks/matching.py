"""`python -m benchmarks.matching`: how well records are brought to structures of the register.

A simulated national year, each département by itself. Half of the records have lost their
identifier or have one that is wrong, and say the rest as people do: another kind of name, no
accents, a letter too few, a word less, a SIRET of the same organism or none. Some are of
structures that no register has. What matters most is that no record is given to a structure that
it is not of.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from senacs.codebook import load_collection
from senacs.codebook.identification import Identification
from senacs.reading.folding import folded
from senacs.register.matching import Claim, How, Structure, matches
from senacs.settings import PROJECT_ROOT
from senacs.simulation.campaign.structures import Structures, departements, structures_of

DATA_YEAR, SEED = 2022, 1
_SPOILT, _UNKNOWN, _NO_SIRET, _NO_COMMUNE, _NO_NAME = 0.5, 0.05, 0.3, 0.05, 0.03

Known = dict[str, Structure]


def main() -> None:
    """Draw, match, count, print."""
    console = Console()
    declared = load_collection(PROJECT_ROOT / "codebook", "senacs").identification
    if declared is None:
        raise SystemExit("the survey does not say how its records are identified")
    table = Table(title=f"Data year {DATA_YEAR}, each département by itself", title_justify="left")
    for title in ("identifier", "records", "right", "wrong", "asked", "unknown",
                  "precision", "recall"):  # fmt: skip
        table.add_column(title, justify="left" if title == "identifier" else "right")
    start = time.perf_counter()
    counted = _counted(random.Random(SEED), declared)  # noqa: S311 - the same each time
    for kind, counts in sorted(counted.items()):
        found = counts["right"] + counts["wrong"]
        total = counts.total()
        table.add_row(
            kind, str(total), *(str(counts[c]) for c in ("right", "wrong", "asked", "unknown")),
            f"{counts['right'] / found:.2%}" if found else "–",
            f"{counts['right'] / total:.1%}" if kind != _STRANGER else "–",
        )  # fmt: skip
    console.print(table)
    console.print(f"{time.perf_counter() - start:.1f} s with the drawing")


def _counted(draw: random.Random, declared: Identification) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = {}
    for departement in departements():
        known = _known(structures_of(SEED, departement, DATA_YEAR))
        # Some of them the register has forgotten: nobody may be taken for their neighbours.
        strangers = {name for name in known if draw.random() < _UNKNOWN}
        truth, claims, kinds = {}, [], {}
        for name, structure in known.items():
            kind = _STRANGER if name in strangers else _kind(draw)
            claim = _claim(draw, structure, _IDS[kind](draw, name), spoilt=kind != _EXACT)
            if claim.unit_id in truth:  # two that were given one identifier are one unit
                continue
            truth[claim.unit_id], kinds[claim.unit_id] = name, kind
            claims.append(claim)
        held = [s for name, s in known.items() if name not in strangers]
        for unit, match in matches(claims, held, declared, {}).items():
            counts = counted.setdefault(kinds[unit], Counter())
            if match.structure_id:
                counts["right" if match.structure_id == truth[unit] else "wrong"] += 1
            else:
                counts["asked" if match.how is How.AMBIGUOUS else "unknown"] += 1
    return counted


def _known(blocks: list[Structures]) -> Known:
    return {
        name: Structure(name, nom, siret, (commune, place))
        for block in blocks
        for name, nom, siret, commune, place in zip(
            block.structure_id, block.nom, block.siret, block.commune, block.nom_commune,
            strict=True,
        )
    }  # fmt: skip


_EXACT, _STRANGER = "right", "of nobody known"
_IDS: dict[str, Callable[[random.Random, str], str]] = {
    _EXACT: lambda _, name: name,
    _STRANGER: lambda _, name: f"{name[:-4]}9{name[-3:]}",
    "without zeros, with spaces": lambda _, name: f"{name[:-4]} {name[-4:].lstrip('0')}",
    "lost": lambda _, name: f"ligne {name}",
    "a letter for a digit": lambda _, name: f"{name[:-1]}O{name[-1]}",
    "a number of their own": lambda draw, _: f"S{draw.randrange(10**6):06}",
}


def _kind(draw: random.Random) -> str:
    spoilt = [kind for kind in _IDS if kind not in {_EXACT, _STRANGER}]
    return draw.choice(spoilt) if draw.random() < _SPOILT else _EXACT


def _claim(draw: random.Random, structure: Structure, unit: str, *, spoilt: bool) -> Claim:
    claim = Claim(unit, not unit.startswith("ligne "), structure.name, structure.siret,
                  structure.communes[1])  # fmt: skip
    if not spoilt:
        return claim
    if draw.random() < _NO_SIRET:
        claim = replace(claim, siret="")
    elif claim.siret and draw.random() < _NO_SIRET:
        claim = replace(claim, siret=f"{claim.siret[:9]}{draw.randrange(10**5):05}")
    if draw.random() < _NO_COMMUNE:
        claim = replace(claim, commune="")
    name = "" if draw.random() < _NO_NAME else draw.choice(_NAMES)(draw, structure.name)
    return replace(claim, name=name)


def _typo(draw: random.Random, name: str) -> str:
    at = draw.randrange(len(name))
    return name[:at] + name[at + 1 :]


_NAMES: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _, name: name,
    lambda _, name: folded(name).upper(),
    lambda _, name: f"CSC {name[name.index(' L') + 1 :]}",
    lambda _, name: name[name.index(" L") + 1 :],
    _typo,
    lambda draw, name: _typo(draw, _typo(draw, name)),
    lambda _, name: " ".join(name.split()[:-1]),
    lambda draw, name: f"{name} (site {draw.choice('AB')})",
)


if __name__ == "__main__":
    main()
