"""Data years as they are written on the command line."""

from collections.abc import Sequence

import typer


def years_in(said: Sequence[str]) -> tuple[int, ...]:
    """The years that these texts name, in order: 2015, 2010-2024.

    Raises:
        typer.BadParameter: one names no year.
    """
    found: set[int] = set()
    for text in said:
        first, _, last = text.replace("\N{EN DASH}", "-").partition("-")
        try:
            found |= set(range(int(first), int(last or first) + 1))
        except ValueError:
            raise typer.BadParameter(f"{text!r} is no year and no range of years") from None
    if not found:
        raise typer.BadParameter(f"{' '.join(said)!r} holds no year: write 2010-2024")
    return tuple(sorted(found))
