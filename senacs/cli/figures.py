"""`senacs figures …`: figures with base and estimate, why they changed, what they are made of."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from senacs.cli.tables import print_table, write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Collection = Annotated[str, typer.Argument(help="Declared collection, such as senacs.")]
Year = Annotated[int, typer.Argument(help="Year of the activity described, not of the campaign.")]
Area = Annotated[
    str | None,
    typer.Option("--area", help="Code of the area: 92, 11, FR, * (what was surveyed), a SIREN."),
]
Indicator = Annotated[
    str | None, typer.Option("--indicator", help="Name of the indicator, as in indicators.yml.")
]
Csv = Annotated[bool, typer.Option("--csv", help="Semicolon-separated values instead of a table.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Figures for the house: each with what it rests on. What a disclosure rule hides is "
        "shown as `s`; what is shown can still be subtracted, so nothing of a protected "
        "collection may leave the house from here.",
        no_args_is_help=True,
    )
    group.command("list")(list_figures)
    group.command("changes")(list_changes)
    group.command("sources")(list_sources)
    app.add_typer(group, name="figures", rich_help_panel="Collection")


def list_figures(
    collection: Collection,
    data_year: Year,
    *,
    indicator: Indicator = None,
    level: Annotated[
        str | None,
        typer.Option(
            "--level", help="departement, region, region_today, epci, france or surveyed."
        ),
    ] = None,
    area: Area = None,
    breakdown: Annotated[
        str, typer.Option("--breakdown", help="all, or a breakdown of breakdowns.yml.")
    ] = "all",
    population: Annotated[
        str | None, typer.Option("--population", help="CS, EVS; AVS: both together.")
    ] = None,
    csv: Csv = False,
) -> None:
    """List figures of a data year.

    `base`: units that answered the item / in the base / responded / in scope. `estimate`: for all
    in scope, with its 95 % interval (docs/estimates.md). `same structures`: those that answered in
    this year and the one before.

    senacs figures list senacs 2012 --area 92 --indicator budget_moyen --breakdown gestion
    """
    from senacs.cli.session import database_ready  # noqa: PLC0415

    about = _declared(collection, data_year)
    with database_ready():
        from tasks.figures import figures  # noqa: PLC0415

        rows = figures(
            collection, data_year, indicator=indicator, level=level, area=area,
            breakdown=breakdown, population=population,
        )  # fmt: skip
    header = (
        "indicator", "population", "level", "area", "category", "value", "base", "estimate",
        "interval", "same structures", "comparability", "changed",
    )  # fmt: skip
    _show(about, header, [_figure(row) for row in rows], csv=csv)


def list_changes(
    collection: Collection,
    data_year: Year,
    *,
    indicator: Indicator = None,
    area: Area = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many, the latest first.")] = 50,
    csv: Csv = False,
) -> None:
    """List how figures changed, and why: correction, late reply, method, perimeter."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    about = _declared(collection, data_year)
    with database_ready():
        from tasks.figures import changes  # noqa: PLC0415

        rows = changes(collection, data_year, indicator, area, most)
    header = ("at", "indicator", "population", "level", "area", "before", "after", "item",
              "responded", "why")  # fmt: skip
    _show(f"Changes: {about}", header, [_change(row) for row in rows], csv=csv)


def list_sources(
    collection: Collection,
    data_year: Year,
    level: Annotated[
        str, typer.Argument(help="departement, region, region_today, france, surveyed.")
    ],
    area: Annotated[str, typer.Argument(help="Code of the area: 92, 11, FR, *.")],
    csv: Csv = False,
) -> None:
    """List what the figures of an area were made from: files, runs, codebook."""
    from senacs.cli.session import database_ready  # noqa: PLC0415

    about = _declared(collection, data_year)
    with database_ready():
        from tasks.figures import sources  # noqa: PLC0415

        rows = sources(collection, data_year, level, area)
    header = ("territory", "file_name", "records", "answers", "run_id", "finished_at",
              "codebook_version", "sha256")  # fmt: skip
    lines = [tuple("" if row[name] is None else str(row[name]) for name in header) for row in rows]
    _show(f"Sources: {about}, {level} {area}", header, lines, csv=csv)


def _figure(row: "Mapping[str, Any]") -> "tuple[str, ...]":
    secret = row["status"] == "confidential"
    shown = "s" if secret else _amount(row, "value")
    interval = [_amount(row, end) for end in ("estimate_low", "estimate_high")]
    panel = [_amount(row, end) for end in ("panel_before", "panel_value")]
    changed = ""
    if row["changed_at"]:
        changed = f"{row['changed_at']:%Y-%m-%d}: {', '.join(row['changed_why'])}"
    return (
        row["indicator"],
        row["population"],
        row["level"],
        f"{row['area']} {row['area_label']}",
        row["category_label"],
        shown or row["status"],
        " / ".join(
            "s" if secret and name in {"n_item", "n_base"} else str(row[name])
            for name in ("n_item", "n_base", "n_responded", "n_scope")
        ),
        "" if secret else _amount(row, "estimate"),
        "" if secret or not all(interval) else " – ".join(interval),
        _evolution(row, panel),
        row["comparability"] or "",
        changed,
    )


def _evolution(row: "Mapping[str, Any]", panel: "Sequence[str]") -> str:
    if row["panel_confidential"]:
        return "s"
    return f"{' → '.join(panel)} ({row['n_panel']})" if all(panel) else ""


def _change(row: "Mapping[str, Any]") -> "tuple[str, ...]":
    secret = row["confidential"]
    return (
        f"{row['at']:%Y-%m-%d %H:%M}",
        row["indicator"],
        row["population"],
        row["level"],
        row["area"],
        "s" if secret else _amount(row, "value_before"),
        "s" if secret else _amount(row, "value_after"),
        "s" if secret else f"{row['n_item_before']} → {row['n_item_after']}",
        f"{row['n_responded_before']} → {row['n_responded_after']}",
        ", ".join(row["reasons"]),
    )


def _amount(row: "Mapping[str, Any]", name: str) -> str:
    """A number of the row as it is printed; empty where there is none."""
    from senacs.french import quantity  # noqa: PLC0415

    return "" if row[name] is None else quantity(row[name], row["unit"], row["decimals"])


def _show(
    title: str, header: "Sequence[str]", rows: "Sequence[Sequence[str]]", *, csv: bool
) -> None:
    if csv:
        write_csv(header, rows)
    elif rows:
        print_table(title, header, rows)
    else:
        typer.echo("nothing there: see the codes of areas, and `senacs run indicators`", err=True)
        raise typer.Exit(1)


def _declared(collection: str, data_year: int) -> str:
    """What a table is about; a wrong name is told before anything is started."""
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    declared = load_collection(settings().codebook, collection)
    declared.campaign(data_year)
    return f"{collection} {data_year}{' (simulated)' if declared.simulated else ''}"
