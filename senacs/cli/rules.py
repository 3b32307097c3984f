"""`senacs rules …`: what every export is checked for, and whether the rules hold together."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from senacs.codebook import Collection

Named = Annotated[str, typer.Option("--collection", metavar="NAME", help="Declared collection.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Look at and check the rules that exports are validated with.\n\n"
        "They are data: `expectations/rules/*.yml`, and what follows from the codebook "
        "(`tables.csv`, `wholes.csv`, `thresholds.csv`).",
        no_args_is_help=True,
    )
    group.command("list")(list_rules)
    group.command()(check)
    group.command()(page)
    app.add_typer(group, name="rules", rich_help_panel="Codebook")


def list_rules(
    collection: Named = "senacs",
    year: Annotated[
        int | None, typer.Option("--year", help="Only what is valid for that data year.")
    ] = None,
    layer: Annotated[
        str, typer.Option("--layer", help="Only one layer: form, last_year, register…")
    ] = "",
    csv: Annotated[
        bool, typer.Option("--csv", help="Semicolon-separated values instead of a table.")
    ] = False,
) -> None:
    """List every rule: code, layer, severity, years, thresholds, sentence.

    Members of a family (EVO, TAB…) have a line each. Ends with how many there are by layer.
    """
    from expectations.guide.listing import HEADER, lines_of  # noqa: PLC0415
    from senacs.cli.tables import write_csv  # noqa: PLC0415

    rows = lines_of(_collection(collection), year, layer)
    if csv:
        write_csv(HEADER, rows)
        return
    # A line each: sentences in the narrow column of a table cannot be read.
    counts: dict[str, int] = {}
    for code, of_layer, severity, years, thresholds, sentence in rows:
        if of_layer not in counts:
            typer.secho(f"\n{of_layer}", bold=True)
        counts[of_layer] = counts.get(of_layer, 0) + 1
        limits = f" [{thresholds}]" if thresholds else ""
        typer.echo(f"{code:<32} {severity:<8} {years}: {sentence}{limits}")
    by_layer = ", ".join(f"{n} {name}" for name, n in counts.items())
    typer.echo(f"\n{len(rows)} rules: {by_layer}" if rows else "no rule")


def check() -> None:
    """Refuse rules that contradict themselves or the codebook, naming each; CI runs it.

    Among others: an unknown column or population, a sentence with an unknown value, a rule about
    several columns that does not say what it leaves aside, a rule against last year that would
    keep an answer out, a rule that no data year asks anything for.
    """
    from expectations.consistency import check_rules  # noqa: PLC0415
    from expectations.guide.content import guide_of  # noqa: PLC0415
    from senacs.codebook import in_order  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    for name in in_order(settings().codebook):
        collection = _collection(name)
        check_rules(collection)
        typer.echo(f"{name}: {guide_of(collection).count()} rules")


def page(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    collection: Named = "senacs",
) -> None:
    """Write the guide for correspondents: one HTML page, in French, made from the rules."""
    from expectations.guide import write_page  # noqa: PLC0415

    typer.echo(write_page(_collection(collection), out))


def _collection(name: str) -> "Collection":
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    return load_collection(settings().codebook, name)
