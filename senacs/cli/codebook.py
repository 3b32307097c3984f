"""`senacs codebook …`: what is declared, and whether it holds together."""

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Look at and check the declared collections.", no_args_is_help=True)
    group.command()(check)
    app.add_typer(group, name="codebook", rich_help_panel="Codebook")


def check() -> None:
    """Read every collection and its rules; refuse what contradicts itself, naming file and line."""
    from expectations.catalogue import rules_for  # noqa: PLC0415
    from senacs.codebook import in_order, load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    for name in in_order(settings().codebook):
        collection = load_collection(settings().codebook, name)
        years = sorted({question.data_year for question in collection.questions})
        typer.echo(
            f"{name} {collection.version}: data years {years[0]}–{years[-1]}, "
            f"{len(collection.questions)} questions, {len(collection.variables)} variables, "
            f"{len(collection.indicators)} indicators, {len(rules_for(name))} rules"
        )
