"""Codes of territories as text: which département a code of a commune lies in."""

OVERSEAS = ("97", "98")


def departement_of_commune(code: str) -> str | None:
    """The département of an Insee commune code; None if it is not one.

    >>> [departement_of_commune(code) for code in ("92004", "2A004", "97411")]
    ['92', '2A', '974']
    """
    if len(code) != 5 or not code.isalnum():  # noqa: PLR2004 - Insee's length
        return None
    upper = code.upper()
    return upper[:3] if upper.startswith(OVERSEAS) else upper[:2]


def departement_code(code: str) -> str | None:
    """A département's code as Insee writes it (`1` → `01`, `2a` → `2A`); None for no code."""
    upper = code.strip().upper()
    if not upper:
        return None
    return upper.zfill(2)
