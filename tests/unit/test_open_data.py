"""The open data of an edition: what it says, and that libraries of the field read it."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import frictionless
import polars as pl
import pytest
import yaml
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import Codelist

from senacs.opendata.files import open_data
from senacs.opendata.series import POINT
from senacs.opendata.words import LEVELS, STATUSES
from senacs.plaquette.addresses import DATA_FOLDER
from senacs.vintages.model import Change, Edition, FigureKey, FrozenFigures, Reason, Status
from tasks.edition_folder import write_open_data
from tests.support.editions import edition, survey

_SHOWN = ("perimetre", "repondants", "taux_reponse", "part_qpv_urbains", "adherents_familles_total")


@pytest.fixture(scope="module")
def made() -> Edition:
    return _small(edition(2023, ("75", "92", "2A")))


@pytest.fixture(scope="module")
def files(made: Edition) -> dict[str, bytes]:
    return dict(open_data(made))


@pytest.fixture(scope="module")
def folder(made: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("edition")
    write_open_data(made, root)
    return root / DATA_FOLDER


def _small(whole: Edition) -> Edition:
    """The same with few indicators, and with changes."""

    def few(one: FrozenFigures) -> FrozenFigures:
        kept = {key: f for key, f in one.figures.items() if key.indicator in _SHOWN}
        return FrozenFigures(one.vintage, kept)

    frozen = few(whole.frozen)
    second = replace(frozen.vintage, number=2, reason="Réponses tardives, « 3 » : l'Aude")
    keys = sorted(frozen.figures)[:2]
    changes = (
        Change(keys[1], (Reason.DISCLOSURE,), None, None),
        Change(keys[0], (Reason.CORRECTION, Reason.LATE_REPLY), Decimal("0.5"), Decimal("0.25")),
    )
    return replace(
        whole,
        frozen=FrozenFigures(second, frozen.figures),
        earlier=tuple(few(one) for one in whole.earlier),
        changes=changes,
    )


def test_same_bytes_twice_and_in_whatever_order_figures_come(
    made: Edition, files: dict[str, bytes]
) -> None:
    def backwards(one: FrozenFigures) -> FrozenFigures:
        return FrozenFigures(one.vintage, dict(reversed(one.figures.items())))

    other = replace(
        made,
        frozen=backwards(made.frozen),
        earlier=tuple(backwards(one) for one in made.earlier),
        areas=dict(reversed(made.areas.items())),
        structures=made.structures[::-1],
        changes=made.changes[::-1],
    )
    assert dict(open_data(other)) == files


def test_every_figure_is_a_row_with_its_base_and_nothing_of_one_that_is_hidden(
    made: Edition, files: dict[str, bytes]
) -> None:
    typed = pl.read_parquet(io.BytesIO(files["chiffres.parquet"])).schema
    rows = pl.read_csv(files["chiffres.csv"], schema=typed)
    assert rows.height == len(made.frozen.figures)
    statuses = {word.code: status for status, word in STATUSES.items()}
    levels = {code: level for level, (code, _) in LEVELS.items()}
    hidden = 0
    for row in rows.iter_rows(named=True):
        of = [row[name] for name in ("indicateur", "population", "territoire")]
        part = [row[name].replace("ensemble", "all") for name in ("ventilation", "modalite")]
        key = FigureKey(*of[:2], levels[row["niveau"]], of[2], *part)
        figure = made.frozen.figures[key]
        assert statuses[row["statut"]] is figure.status
        told = [row["n_interrogees"], row["n_repondantes"], row["n_concernees"], row["n_reponses"]]
        assert told == [figure.n_scope, figure.n_responded, figure.n_base, figure.n_item]
        numbers = ("valeur", "estimation", "estimation_basse", "estimation_haute")
        expected = (figure.value, figure.estimate, figure.estimate_low, figure.estimate_high)
        assert [row[n] for n in numbers] == [None if e is None else float(e) for e in expected]
        if figure.status is Status.HIDDEN:
            hidden += 1
            assert row["confidentialite"] == "secret"
            assert all(row[name] is None for name in (*numbers, "n_concernees", "n_reponses"))
    assert hidden


def test_parquet_says_what_the_csv_says(files: dict[str, bytes]) -> None:
    typed = pl.read_parquet(io.BytesIO(files["chiffres.parquet"]))
    assert pl.read_csv(files["chiffres.csv"], schema=typed.schema).equals(typed)


def test_frictionless_finds_the_package_valid_and_a_changed_file_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    package = frictionless.Package("datapackage.json")
    checked = [one for one in package.resources if one.format == "csv"]
    assert {f"{one.name}.csv" for one in checked} == {path.name for path in folder.glob("*.csv")}
    package.remove_resource("chiffres-parquet")  # another extra, of as many megabytes, reads it
    report = package.validate()
    assert report.valid, report.flatten(["title", "message"])

    areas = folder / "territoires.csv"
    kept = areas.read_bytes()
    areas.write_bytes(kept.replace(b"departement,2A", b"departement,2B"))
    try:
        found = frictionless.Package("datapackage.json")
        found.remove_resource("chiffres-parquet")
        wrong = {error.type for task in found.validate().tasks for error in task.errors}
    finally:
        areas.write_bytes(kept)
    assert {"hash-count", "foreign-key"} <= wrong


def test_pysdmx_reads_structure_and_data_back(made: Edition, files: dict[str, bytes]) -> None:
    structure = files["sdmx/structure.json"].decode()
    (dataset,) = get_datasets(files["sdmx/donnees.csv"].decode(), structure)
    data = dataset.data
    assert len(data) == len(made.frozen.figures)
    dimensions = [one.id for one in dataset.structure.components.dimensions]
    assert not data[dimensions].duplicated().any()

    lists = {
        one.id.removeprefix("CL_"): {code.id for code in one}
        for one in read_sdmx(structure).structures
        if isinstance(one, Codelist)
    }
    for name, codes in lists.items():
        assert set(data[name]) <= codes, name
    hidden = data[data["CONF_STATUS"] == "C"]
    n_hidden = sum(f.status is Status.HIDDEN for f in made.frozen.figures.values())
    assert len(hidden) == n_hidden > 0
    assert set(hidden["OBS_STATUS"]) == {"Q"}
    assert hidden[["OBS_VALUE", "ESTIMATE"]].isna().all(axis=None)
    assert set(data[data["OBS_VALUE"].notna()]["OBS_STATUS"]) == {"P"}


def test_an_indicator_s_file_has_each_year_with_its_base(
    made: Edition, files: dict[str, bytes]
) -> None:
    said = json.loads(files["indicateurs/part_qpv_urbains.json"])
    assert said["simule"] is True
    assert [one["annee"] for one in said["annees"]] == [2022, 2023]
    (corse,) = (
        one for one in said["series"] if (one["population"], one["territoire"]) == ("EVS", "2A")
    )
    points = [dict(zip(POINT, point, strict=True)) for point in corse["points"]]
    for year, point in zip((2022, 2023), points, strict=True):
        figure = made.figure(FigureKey("part_qpv_urbains", "EVS", "departement", "2A"), year)
        assert figure is not None
        assert point["annee"] == year
        assert point["statut"] == STATUSES[figure.status].code
        assert point["valeur"] == (None if figure.value is None else float(figure.value))
        assert point["n_repondantes"] == figure.n_responded
    assert set(files) >= {f"indicateurs/{one.indicator}.json" for one in survey().indicators}


def test_a_region_of_today_goes_back_to_when_it_was_not_yet_in_force() -> None:
    old, new = edition(2015, ("62", "80"), ()), edition(2016, ("62", "80"), ())
    both = replace(new, earlier=(old.frozen,))
    said = json.loads(dict(open_data(_small(both)))["indicateurs/perimetre.json"])
    (series,) = (
        one
        for one in said["series"]
        if (one["niveau"], one["territoire"], one["population"]) == ("region", "32", "CS")
    )
    assert [point[0] for point in series["points"]] == [2015, 2016]


def test_what_people_read_names_files_that_are_there_and_says_simulated(
    files: dict[str, bytes],
) -> None:
    for name in ("LISEZMOI.md", "CHANGEMENTS.md"):
        links = re.findall(r"\]\(([^)]+)\)", files[name].decode())
        assert links
        assert set(links) <= set(files)
    for name in ("LISEZMOI.md", "CHANGEMENTS.md", "LICENCE.txt", "CITATION.cff"):
        assert "simulées" in files[name].decode()
    readme = files["LISEZMOI.md"].decode()
    assert "aucun de ces chiffres n'est celui de la France" in readme
    assert "&" not in readme
    assert "« 3 » : l'Aude" in files["CHANGEMENTS.md"].decode()


def test_changes_are_told_with_their_reasons(files: dict[str, bytes]) -> None:
    rows = pl.read_csv(files["changements.csv"]).to_dicts()
    assert [row["raisons"] for row in rows] == ["reponse_tardive correction", "secret"]
    assert [(row["avant"], row["apres"]) for row in rows] == [(0.5, 0.25), (None, None)]


def test_the_citation_names_the_vintage_and_its_day(made: Edition, files: dict[str, bytes]) -> None:
    cited = yaml.safe_load(files["CITATION.cff"])
    assert cited["version"] == made.vintage.name
    assert cited["date-released"] == made.vintage.released_on == date(2024, 11, 25)


def test_an_open_licence_is_named_as_machines_name_it(made: Edition) -> None:
    licensed = made.collection.model_copy(
        update={
            "licence": "Licence Ouverte 2.0 (Etalab)",
            "simulated": False,
            "provenance": "Liste de l'État.",
        }
    )
    files = dict(open_data(replace(made, collection=licensed)))
    (licence,) = json.loads(files["datapackage.json"])["licenses"]
    assert licence["name"] == "etalab-2.0"
    assert yaml.safe_load(files["CITATION.cff"])["license"] == "etalab-2.0"
    text = files["LICENCE.txt"].decode()
    assert "simul" not in text
    assert "Origine : Liste de l'État." in text
