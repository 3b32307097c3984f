"""French typography for numbers that people read."""

NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def number(value: float, decimals: int | None = None) -> str:
    """A number with a decimal comma and narrow spaces; without `decimals`, as many as it has.

    >>> number(1234.5) == "1\N{NARROW NO-BREAK SPACE}234,5"
    True
    """
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.6f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", NARROW).replace(".", ",")


def quantity(value: float, unit: str, decimals: int) -> str:
    """A figure with its unit; the unit `share` (0 to 1) is shown in per cent."""
    if unit == "share":
        return f"{number(value * 100, decimals)}{NO_BREAK}%"
    return f"{number(value, decimals)}{NO_BREAK}{unit}" if unit == "€" else number(value, decimals)
