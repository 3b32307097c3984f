"""`senacs codebook …`: what is declared, whether it holds together, and how it changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from senacs.cli.headers import headers
from senacs.cli.tables import print_table, write_csv

if TYPE_CHECKING:
    from senacs.codebook import Collection

Named = Annotated[str, typer.Option("--collection", metavar="NAME", help="Declared collection.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", help="Data year.")]
Csv = Annotated[bool, typer.Option("--csv", help="Semicolon-separated values instead of a table.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Look at and check the declared collections.", no_args_is_help=True)
    group.command()(check)
    group.command()(diff)
    group.command()(show)
    group.command()(dictionary)
    group.command()(headers)
    app.add_typer(group, name="codebook", rich_help_panel="Codebook")


def check() -> None:
    """Read every collection and all rules; refuse what contradicts itself, naming file and line."""
    from expectations.catalogue import rules_for  # noqa: PLC0415
    from senacs.codebook import in_order, load_collection  # noqa: PLC0415
    from senacs.disclosure.rules import load_rules  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    load_rules(settings().codebook)
    for name in in_order(settings().codebook):
        collection = load_collection(settings().codebook, name)
        years = collection.data_years
        typer.echo(
            f"{name} {collection.version}: data years {years[0]}–{years[-1]}, "
            f"{len(collection.questions)} questions, {len(collection.variables)} variables, "
            f"{len(collection.indicators)} indicators, {len(rules_for(name))} rules"
        )


def diff(earlier: Year, later: Year, collection: Named = "senacs", csv: Csv = False) -> None:
    """Show what changed from one data year to another: questions, headers, units, codes, series."""
    from senacs.codebook.comparison import differences  # noqa: PLC0415

    declared = _collection(collection)
    for year in (earlier, later):
        _asked_in(declared, year)
    found = differences(declared, earlier, later)
    header = ("question", "change", "before", "after", "note")
    rows = [(d.question, d.change, d.before, d.after, d.note) for d in found]
    if csv:
        write_csv(header, rows)
        return
    before, after = (len(declared.questions_of(year)) for year in (earlier, later))
    print_table(
        f"{declared.label}: {before} questions about {earlier}, {after} about {later}",
        header, rows,
    )  # fmt: skip
    counts = {change: sum(d.change is change for d in found) for change in dict.fromkeys(
        d.change for d in found)}  # fmt: skip
    typer.echo(", ".join(f"{n} {change}" for change, n in counts.items()) or "nothing changed")


def show(
    question: Annotated[str, typer.Argument(help="Code of a question, such as nb_salaries.")],
    collection: Named = "senacs",
) -> None:
    """Show a question: what it means, and how each data year asks it."""
    from senacs.dictionary.content import spells_of  # noqa: PLC0415
    from senacs.errors import CodebookError  # noqa: PLC0415

    declared = _collection(collection)
    asked = declared.asked(question)
    if not asked:
        raise CodebookError(
            f"collection {collection!r} asks no question {question!r}{_closest(declared, question)}"
        )
    last = asked[-1]
    variable = declared.variable_by_name.get(last.variable)
    theme = declared.theme_of(last)
    facts = {
        "label": last.label,
        "theme": declared.themes.get(theme, theme),
        "block": declared.blocks.get(last.block, ""),
        "variable": f"{variable.variable} ({variable.unit})".replace(" ()", "") if variable else "",
        "note": variable.note if variable else "",
        "table": f"{last.table}: {last.row} × {last.column}" if last.table else "",
        "codes": ", ".join(f"{c.code} = {c.label}" for c in declared.codes_of(last.codes)),
        "attested by": "; ".join(
            p.label for p in declared.publications if p.publication in last.attested
        ),
        "source": last.source,
    }
    for name, fact in facts.items():
        if fact:
            typer.echo(f"{name}: {fact}")
    header = ("years", "header", "kind", "unit", "asked", "filter", "comparability", "note")
    rows = [
        (
            spell.years, q.header, q.kind, q.unit, "|".join(declared.populations_of(q)),
            str(q.filter or ""), q.comparability, q.note,
        )
        for spell in spells_of(asked)
        for q in (spell.question,)
    ]  # fmt: skip
    print_table("", header, rows)


def dictionary(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    collection: Named = "senacs",
) -> None:
    """Write the data dictionary, made from the codebook: one HTML page and one XLSX workbook."""
    from senacs.dictionary import write_dictionary  # noqa: PLC0415

    for path in write_dictionary(_collection(collection), out):
        typer.echo(path)


def _collection(name: str) -> "Collection":
    from senacs.codebook import load_collection  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    return load_collection(settings().codebook, name)


def _asked_in(collection: "Collection", year: int) -> None:
    from senacs.errors import CodebookError  # noqa: PLC0415

    if year not in collection.data_years:
        known = ", ".join(str(y) for y in collection.data_years)
        raise CodebookError(
            f"collection {collection.collection!r} has no data year {year}; declared: {known}"
        )


def _closest(collection: "Collection", question: str) -> str:
    from rapidfuzz import process  # noqa: PLC0415

    codes = dict.fromkeys(q.question for q in collection.questions)
    near = [code for code, _, _ in process.extract(question, codes.keys(), limit=3)]
    return f"; closest: {', '.join(near)}" if near else ""
