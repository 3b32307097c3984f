"""Tables that commands print."""

from collections.abc import Iterable, Sequence


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Semicolon-separated values on standard output."""
    import csv  # noqa: PLC0415
    import sys  # noqa: PLC0415

    writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on the terminal, without the columns that are empty."""
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    kept = list(rows)
    used = [place for place, _ in enumerate(header) if any(row[place] for row in kept)]
    table = Table(title=title or None, title_justify="left")
    for place in used:
        table.add_column(header[place], overflow="fold", no_wrap=place == 0)
    for row in kept:
        table.add_row(*(escape(row[place]) for place in used))
    Console().print(table)
