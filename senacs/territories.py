"""Codes of territories as text. What depends on a date is asked of the warehouse."""

import re
from collections.abc import Iterable, Iterator, Mapping

from senacs.errors import ConfigurationError

OVERSEAS = ("97", "98")

_SAINT_MARTIN = "97150"
"""The postal code, which exports hold in place of 97801; no commune bears it."""

_COMMUNE_COLUMNS = ("code_insee", "codgeo", "insee_com", "code_commune", "commune")
_AREA_COLUMNS = ("code_qp", "codeqp", "code_quartier", "qp")
_NAME_COLUMNS = ("lib_qp", "nom_qp", "nom_quartier")
_STATUS_COLUMNS = ("statut", "codefrr", "frr", "codezrr", "zrr")
_NOT_IN_IT = re.compile(r"|0|n|(nc|non)\b.*", re.IGNORECASE)


def departement_of_commune(code: str) -> str | None:
    """The département of an Insee commune code; None if it is not one.

    >>> [departement_of_commune(code) for code in ("92004", "2A004", "97411", "97150")]
    ['92', '2A', '974', '978']
    """
    if len(code) != 5 or not code.isalnum():  # noqa: PLR2004 - Insee's length
        return None
    upper = code.upper()
    if upper == _SAINT_MARTIN:
        return "978"
    return upper[:3] if upper.startswith(OVERSEAS) else upper[:2]


def departement_code(code: str) -> str | None:
    """A département's code as Insee writes it (`1` → `01`, `2a` → `2A`); None for no code."""
    upper = code.strip().upper()
    if not upper:
        return None
    return upper.zfill(2)


def zoned_communes(
    zoning: str, file: str, lines: Iterable[tuple[int, Mapping[str, str]]]
) -> Iterator[tuple[str | int, ...]]:
    """The communes that a zoning's list holds: zoning, line, commune, area, name, status.

    Reads our own files and those of the State: columns are found by their usual names, one cell
    may hold several communes, and a line whose status says "not classed" is none.

    >>> list(zoned_communes("qpv", "f", [(2, {"code_qp": "QN1", "insee_com": "92002, 92004"})]))
    [('qpv', 2, '92002', 'QN1', '', ''), ('qpv', 2, '92004', 'QN1', '', '')]

    Raises:
        ConfigurationError: no column of communes, or a cell of it holds something else.
    """
    for number, line in lines:
        row = {(name or "").strip().lower(): value or "" for name, value in line.items()}
        if not (cell := _first(row, _COMMUNE_COLUMNS)):
            raise ConfigurationError(
                f"{file}, line {number}: no commune; expected in one of the columns "
                f"{', '.join(_COMMUNE_COLUMNS)}"
            )
        status = _first(row, _STATUS_COLUMNS)
        if any(name in row for name in _STATUS_COLUMNS) and _NOT_IN_IT.fullmatch(status):
            continue
        for code in re.split(r"[,;|/\s]+", cell.strip()):
            if departement_of_commune(code) is None:
                raise ConfigurationError(f"{file}, line {number}: {code!r} is no commune's code")
            yield (
                zoning, number, code.upper(), _first(row, _AREA_COLUMNS),
                _first(row, _NAME_COLUMNS), status,
            )  # fmt: skip


def _first(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")
