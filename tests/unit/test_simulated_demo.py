"""The simulated exports: reproducible, invented, calibrated, and wrong only where they say so."""

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from senacs.codebook.loading import load_collection
from senacs.codebook.model import Collection
from senacs.reading.export import read_export
from senacs.settings import PROJECT_ROOT
from senacs.simulation.demo.answers import FUNDERS, PUBLICS, true_answers
from senacs.simulation.demo.centres import DATA_YEARS, centres, federated, register_entry
from senacs.simulation.demo.draws import Draws, scale_to_total
from senacs.simulation.demo.exports import (
    SUPPLIER,
    demo_files,
    pacts_path,
    register_path,
    survey_path,
    write_demo,
)
from senacs.simulation.demo.planted import CELLS, UNKNOWN_STRUCTURE_NAME, Defect
from senacs.simulation.demo.survey_export import CONTACT, survey_headers
from senacs.simulation.demo.truth import Truth, truth
from senacs.simulation.demo.writing import CODEBOOK

REAL_PLACES = PROJECT_ROOT / "reference" / "structures_avs_reelles.csv"
COMMUNES = PROJECT_ROOT / "reference" / "communes_historique.csv"


@pytest.fixture(scope="module")
def senacs() -> Collection:
    return load_collection(CODEBOOK, "senacs")


@pytest.fixture(scope="module")
def world() -> Truth:
    return truth()


def rows_of(name: str, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    text = (SUPPLIER / name).read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def survey_rows_of(data_year: int) -> list[dict[str, str]]:
    return rows_of(survey_path(data_year), {2011: "utf-8-sig", 2012: "cp1252"}[data_year])


def reference(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def bare(name: str) -> str:
    """A name without case, accents, punctuation and the words that say what it is."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    generic = {"centre", "social", "socioculturel", "socio", "culturel", "espace", "maison", "de"}
    return " ".join(word for word in words if word not in generic)


def luhn_holds(siret: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(siret))]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def content_of(path: Path) -> dict[str, bytes]:
    """A file's bytes; those of a workbook's parts, as how they are packed is the packer's."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


class TestFiles:
    def test_regenerated_bytes_are_the_committed_ones(self, tmp_path):
        write_demo(tmp_path)

        paths = [path for path in tmp_path.rglob("*") if path.is_file()]
        made = {path.relative_to(tmp_path).as_posix(): content_of(path) for path in paths}
        assert made == {name: content_of(SUPPLIER / name) for name in demo_files()}

    def test_there_is_a_register_a_survey_and_a_workbook_of_agreements_a_year(self):
        assert set(demo_files()) == {
            path(year) for year in DATA_YEARS for path in (register_path, survey_path, pacts_path)
        }

    def test_2011_is_utf8_with_a_mark_and_french_numbers(self):
        content = (SUPPLIER / survey_path(2011)).read_bytes()

        assert content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        numbers = {row["Budget total (€)"] for row in survey_rows_of(2011)}
        assert all(re.fullmatch(r"\d{1,3}([\u202f\u00a0]\d{3})+", n) for n in numbers)
        assert {c for n in numbers for c in n if not c.isdigit()} == {"\u202f", "\u00a0"}
        assert all("." not in row["ETP total"] for row in survey_rows_of(2011))

    def test_2012_is_windows_with_other_headers(self):
        content = (SUPPLIER / survey_path(2012)).read_bytes()

        assert content.count(b"\n") == content.count(b"\r\n") == 1 + 33 + 2
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
        assert b"Budget total (k\x80)" in content

    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_every_declared_question_is_delivered(self, senacs, data_year):
        headers = list(survey_rows_of(data_year)[0])

        assert set(survey_headers(senacs, data_year).values()) <= set(headers)
        assert len(headers) == len(set(headers))
        declared = {s.header for s in senacs.header_spellings if s.data_year == data_year}
        assert declared <= set(headers)

    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_contacts_cannot_be_reached(self, data_year):
        assert all(row[CONTACT].endswith(".invalid") for row in survey_rows_of(data_year))

    def test_the_readme_says_at_once_that_the_data_are_simulated(self):
        readme = (SUPPLIER.parent / "README.md").read_text(encoding="utf-8")
        assert "simulated" in readme.splitlines()[0]


class TestNothingReal:
    def test_no_invented_name_is_a_real_one(self):
        real = {bare(row["nom"]) for row in reference(REAL_PLACES)}
        invented = [centre.nom for centre in centres()] + [UNKNOWN_STRUCTURE_NAME]

        assert len({bare(name) for name in invented}) == len(invented)
        clashes = [n for n in invented if any(bare(n) in r or r == bare(n) for r in real)]
        assert clashes == []

    def test_sirets_look_valid_and_are_nobodys(self):
        real = {row["siret"] for row in reference(REAL_PLACES)}
        sirets = {
            register_entry(centre, year).siret for centre in centres() for year in DATA_YEARS
        } - {""}

        assert sirets.isdisjoint(real)
        assert all(re.fullmatch(r"000\d{11}", siret) for siret in sirets)
        assert all(luhn_holds(siret) and luhn_holds(siret[:9]) for siret in sirets)

    def test_a_siret_is_its_managers(self):
        pairs = {
            (centre.gestionnaire, register_entry(centre, 2011).siret)
            for centre in centres()
            if register_entry(centre, 2011).siret
        }
        assert len(pairs) == len({m for m, _ in pairs}) == len({s for _, s in pairs})

    def test_communes_are_real_and_of_the_hauts_de_seine(self):
        known = {row["code_insee"]: row["nom"] for row in reference(COMMUNES)}
        for row in rows_of(register_path(2011)):
            assert row["Code Insee"].startswith("92")
            assert row["Commune"] == known[row["Code Insee"]]


class TestRegister:
    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_it_holds_forty_centres_of_which_twenty_four_are_federated(self, data_year):
        rows = rows_of(register_path(data_year))

        assert len({row["Identifiant"] for row in rows}) == len(rows) == 40
        members = [r for r in rows if r["Adhérent à la Fédération des centres sociaux"] == "Oui"]
        assert len(members) == 24
        assert {row["Type"] for row in rows} == {"Centre social"}

    def test_every_agrement_is_running_at_the_end_of_the_year(self):
        for centre in centres():
            ends = [register_entry(centre, year).fin_agrement.year for year in DATA_YEARS]
            assert ends[0] in range(2011, 2015)
            assert ends[1] in range(2012, 2016)
            assert all(later >= earlier for earlier, later in pairwise(ends))


class TestCalibration:
    """The published figures of the Hauts-de-Seine, data 2011, else national ones."""

    @pytest.fixture
    def figures(self, senacs, world) -> dict[str, float]:
        return world.indicators(senacs, 2011)

    def test_parentality_is_95_percent(self, figures):
        assert f"{figures['part_parentalite']:.0%}" == "95%"

    def test_vacataires_are_60_percent(self, figures):
        assert f"{figures['part_vacataires']:.0%}" == "60%"

    def test_hours_are_near_2000_a_centre(self, figures):
        assert 1950 <= figures["heures_benevolat_moyenne"] <= 1999

    def test_a_centre_has_the_published_size(self, figures):
        permanents = figures["salaries_moyenne"] * (1 - figures["part_vacataires"])
        assert permanents == pytest.approx(14, abs=0.1)
        assert figures["etp_moyen"] == pytest.approx(10.7, abs=0.05)
        assert figures["budget_moyen"] == pytest.approx(450_000, rel=0.01)
        assert figures["publics_moyenne"] == pytest.approx(780, rel=0.05)

    def test_funders_have_the_published_shares(self, figures):
        assert figures["part_commune"] + figures["part_interco"] == pytest.approx(0.41, abs=0.005)
        assert figures["part_caf"] == pytest.approx(0.30, abs=0.005)
        assert figures["part_etat"] == pytest.approx(0.07, abs=0.005)
        assert sum(figures[f"part_{funder}"] for funder in FUNDERS) == pytest.approx(1)

    def test_members_answer_more_often(self, world):
        members = {centre.structure_id for centre in federated()}
        assert world.asked[2011] == world.responded[2011] == members
        assert len(world.asked[2012]) == 40
        assert len(world.responded[2012]) == 33
        assert len(world.responded[2012] & members) == 22

    def test_a_structure_is_itself_a_year_later(self):
        before, after = true_answers(2011), true_answers(2012)
        for structure_id, answers in before.items():
            later = after[structure_id]
            assert later["budget_total"] == pytest.approx(answers["budget_total"], rel=0.1)
            assert later["heures_benevolat"] == pytest.approx(answers["heures_benevolat"], rel=0.1)
            assert later["mode_gestion"] == answers["mode_gestion"]
            actions = [q for q in answers if q.startswith("action_")]
            assert sum(later[q] != answers[q] for q in actions) <= 4


class TestCrossFieldLogic:
    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_what_is_true_hangs_together(self, data_year):
        for answers in true_answers(data_year).values():
            assert answers["etp_total"] <= answers["nb_salaries"]
            assert answers["nb_cdi"] + answers["nb_vacataires"] <= answers["nb_salaries"]
            assert answers["benevoles_jeunes"] <= answers["benevoles_activite"]
            assert answers["benevoles_admin"] <= answers["nb_administrateurs"]
            assert sum(answers[f"budget_{f}"] for f in FUNDERS) == answers["budget_total"]
            assert sum(answers[f"publics_{a}"] for a in PUBLICS) == answers["publics_total"]

    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_what_is_true_is_within_the_declared_bounds(self, senacs, data_year):
        for question in senacs.questions_of(data_year):
            if question.minimum is None or question.maximum is None:
                continue
            for answers in true_answers(data_year).values():
                asked = float(answers[question.question]) / question.factor
                assert question.minimum <= asked <= question.maximum

    def test_what_is_planted_breaks_it(self, world):
        delivered = world.delivered[2012]
        assert delivered["92-011"]["nb_vacataires"] > delivered["92-011"]["nb_salaries"]
        assert delivered["92-007"]["etp_total"] > delivered["92-007"]["nb_salaries"]
        funders = sum(delivered["92-039"][f"budget_{f}"] for f in FUNDERS)
        assert delivered["92-039"]["budget_total"] > 1.2 * funders


class TestPlanted:
    def test_each_defect_is_in_its_cell(self, senacs, world):
        for defect in world.defects:
            if defect.kind in {Defect.UNKNOWN_COLUMN, Defect.UNKNOWN_STRUCTURE}:
                continue
            header = survey_headers(senacs, defect.data_year)[defect.question]
            row = survey_rows_of(defect.data_year)[defect.row - 2]
            key = survey_headers(senacs, defect.data_year)["structure_id"]
            assert (row[key], row[header]) == (defect.structure_id, defect.raw)

    def test_each_kind_of_defect_is_planted(self, world):
        assert {defect.kind for defect in world.defects} == set(Defect)

    def test_the_unknown_structure_is_in_the_survey_only(self, senacs, world):
        (defect,) = (d for d in world.defects if d.kind is Defect.UNKNOWN_STRUCTURE)
        row = survey_rows_of(2012)[defect.row - 2]

        assert row[survey_headers(senacs, 2012)["structure_id"]] == "92-099"
        assert all("92-099" not in str(row) for row in rows_of(register_path(2012)))
        assert "92-099" not in world.delivered[2012]

    def test_one_structure_is_delivered_twice_with_one_differing_answer(self, senacs):
        key = survey_headers(senacs, 2012)["structure_id"]
        counts = Counter(row[key] for row in survey_rows_of(2012))
        first, second = (row for row in survey_rows_of(2012) if row[key] == "92-021")

        assert [k for k, n in counts.items() if n > 1] == ["92-021"]
        assert {header for header in first if first[header] != second[header]} == {
            "Horodateur",
            "Nombre d'administrateurs",
        }

    def test_an_unusual_spelling_still_says_the_truth(self):
        for cell in CELLS:
            if cell.kind is Defect.SPELLING:
                true = true_answers(cell.data_year)[cell.structure_id][cell.question]
                assert cell.value == true

    def test_left_out_answers_are_not_counted(self, senacs, world):
        (hours,) = (i for i in senacs.indicators if i.indicator == "part_vacataires")
        planted = frozenset({("92-011", "nb_vacataires")})

        assert world.indicator(hours, 2012) > 0.65
        assert world.indicator(hours, 2012, left_out=planted) == pytest.approx(0.6, abs=0.01)


class TestReading:
    """The product's reader finds in the exports what the simulation says it put there."""

    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_what_is_read_is_what_was_delivered(self, senacs, world, data_year):
        name = survey_path(data_year)
        data = (SUPPLIER / name).read_bytes()
        factors = {q.question: q.factor for q in senacs.questions_of(data_year)}

        read = read_export(data, name, senacs, "92", data_year).answers.sort("row")

        found: dict[str, dict[str, object]] = {}
        for answer in read.iter_rows(named=True):
            value = answer["code"]
            if answer["number"] is not None:
                value = pytest.approx(answer["number"] * factors[answer["question"]])
            found.setdefault(answer["unit_id"], {}).setdefault(answer["question"], value)
        assert set(found) - set(world.delivered[data_year]) <= {"92-099"}
        for structure_id, answers in world.delivered[data_year].items():
            for question in set(factors) & set(answers):
                assert answers[question] == found[structure_id][question]

    @pytest.mark.parametrize("data_year", DATA_YEARS)
    def test_the_register_reads_without_a_problem(self, data_year):
        name = register_path(data_year)
        registre = load_collection(CODEBOOK, "registre")

        read = read_export((SUPPLIER / name).read_bytes(), name, registre, "92", data_year)

        assert set(read.columns["status"]) == {"mapped"}
        assert set(read.answers["problem"]) == {""}


class TestDraws:
    def test_the_same_path_gives_the_same_draws(self):
        first, again, other = Draws("a", 1), Draws("a", 1), Draws("a", 2)
        values = [first.unit() for _ in range(5)]
        assert values == [again.unit() for _ in range(5)]
        assert values != [other.unit() for _ in range(5)]

    def test_whole_takes_both_ends(self):
        draws = Draws("ends")
        assert {draws.whole(1, 3) for _ in range(100)} == {1, 2, 3}

    @pytest.mark.parametrize("total", [0, 1, 7, 1000])
    def test_scaling_meets_the_total(self, total):
        made = scale_to_total([1.5, 0.0, 2.25, 3.0], total)
        assert sum(made) == total
        assert made[1] == 0
