"""`senacs codebook headers`: the lines that a person adds so that a file's headers are known."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer


def headers(
    file: Annotated[Path, typer.Argument(help="An export, in any format.", exists=True)],
    collection: Annotated[str, typer.Option(help="Declared collection.")],
    territory: Annotated[str, typer.Option(help="Code of the territory.")],
    year: Annotated[int, typer.Option(help="Data year.")],
) -> None:
    """Print, for headers.csv, the headers of FILE that the codebook does not know.

    Each comes with the question it looks like, to be checked, or with none, which would declare
    the column ignored. Nothing is written: a person accepts a line by adding it.
    """
    from senacs.codebook import load_collection  # noqa: PLC0415 - paid where it is used
    from senacs.errors import SenacsError  # noqa: PLC0415
    from senacs.reading import read_export  # noqa: PLC0415
    from senacs.settings import settings  # noqa: PLC0415

    declared = load_collection(settings().codebook, collection)
    declared.campaign(year).territory(territory)
    evidence = read_export(file.read_bytes(), file.name, declared, territory, year)
    problem = evidence.file["problem"][0]
    if problem:
        raise SenacsError(f"{file}: not readable ({problem}: {evidence.file['detail'][0]})")
    unknown = evidence.columns.filter(status="unknown")
    for row in unknown.iter_rows(named=True):
        line = io.StringIO()
        cells = (territory, year, row["header"], row["suggestion"] or "")
        csv.writer(line, delimiter=";", lineterminator="").writerow(cells)
        typer.echo(line.getvalue())
        like = f"{row['score']} % like it" if row["suggestion"] else "like no question: check first"
        typer.echo(f"  column {row['position']}, {row['filled']} answers, {like}", err=True)
    if not unknown.height:
        typer.echo("Every header is known.", err=True)
