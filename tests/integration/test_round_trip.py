"""Export, findings, annotated spreadsheet, answers, and back: nothing is asked again."""

import csv
import io
import random
import re

import pytest

from senacs.deliveries import Outcome, TerritoryYear
from senacs.errors import ReplyError
from senacs.pages.annotated import MANUAL, TITLES
from senacs.replies.reference import Reference
from senacs.replies.sheet import EXPORT, FINDINGS
from tasks.returned import take_file
from tests.support import libreoffice
from tests.support.installation import installation
from tests.support.packages import unzipped, xlsx
from tests.support.postgres import name_of
from tests.support.returned import Answer, answered, fill, lines_of, sheets_in

KEY = ("senacs", "92", 2012)
OWNER = TerritoryYear(*KEY)
ANSWERS: list[Answer] = [
    ("DOM-01", "92-037", "corrigé", "40", "compté sur la liste", "Mme Essai"),
    ("DOM-03", "92-027", "corrigé", "Comité", "", "Mme Essai"),
    ("DOM-08", "92-026", "Corrigé ", "8", "un signe de trop", "Mme Essai"),
    ("DOM-11", "92-021", "corrigé", "14", "la première ligne est la bonne", ""),
    ("EMP-01", "92-007", "corrigé", "11,5", "virgule perdue", "Mme Essai"),
    ("FIN-01", "92-039", "confirmé", "", "une subvention n'est pas ventilée", "Mme Essai"),
    ("LIG-03", "92-021", "confirmé", "", "doublon connu", "Mme Essai"),
]
RIGHT = {
    ("92-037", "benevoles_activite"): ("environ 40", "40", None),
    ("92-026", "benevoles_admin"): ("-8", "8", None),
    ("92-021", "nb_administrateurs"): ("14", "14", None),
    ("92-007", "etp_total"): ("115", "11.5", None),
}


@pytest.fixture(scope="module")
def given(server, prepared, tmp_path_factory):
    """A database with the survey of 2012 loaded, its home, and the spreadsheet made of it."""
    url = server.create(prepared)
    home = tmp_path_factory.mktemp("given")
    with installation(url, home, replies=home / "none") as made:
        made.run_all(("registre", "92", 2012), KEY)
        sheet = sheet_of(made)
    return name_of(url), home, sheet


@pytest.fixture
def desk(server, given):
    """A database of one's own on the archive of the module: replies change no archive."""
    url = server.create(given[0])
    with installation(url, given[1], replies=given[1] / "none") as made:
        yield made
    server.drop(url)


@pytest.fixture
def sheet(given) -> bytes:
    return given[2]


def sheet_of(desk) -> bytes:
    return (desk.home / "reports" / "senacs" / "92" / "2012.xlsx").read_bytes()


def take(data: bytes, name: str = "rendu.xlsx", expected=OWNER):
    return take_file.fn(data, name, "Correspondante du 92", expected)


def standing(desk) -> dict[tuple[str, str | None], tuple[str, str | None]]:
    return {
        (rule, unit): (state, kind)
        for rule, unit, state, kind in desk.ask(
            "select rule, unit_id, state, kind from query.state where data_year = 2012"
        )
    }


def closed_and_quiet(desk, taken) -> None:
    """What must hold after the answers have come back."""
    assert taken.refused == []
    assert len(taken.new) == len(ANSWERS)
    assert {standing(desk)[rule, unit][0] for rule, unit, *_ in ANSWERS} == {"answered"}

    ended = desk.run(*KEY)

    assert ended.outcome is Outcome.LOADED, ended.message
    after = standing(desk)
    for rule, unit, word, *_ in ANSWERS:
        corrected = word.strip().lower() == "corrigé"
        expected = ("accepted", "corrected") if corrected else ("answered", "confirmed")
        assert after[rule, unit] == expected, rule
    for (unit, question), expected in RIGHT.items():
        assert desk.ask(
            "select raw, number::text, code from department.answer "
            "where (data_year, unit_id, question, status) = (2012, %s, %s, 'corrected')",
            unit,
            question,
        ) == [expected]
    assert desk.ask(
        "select unit_id, question, raw from department.answer "
        "where data_year = 2012 and status = 'confirmed'"
    ) == [("92-039", "budget_total", "640,5")]
    waiting = {
        (line["Règle"], line["Structure"][:6])
        for line in lines_of(sheet_of(desk))
        if line["État"] in {"à traiter", "à revoir"}
    }
    assert waiting.isdisjoint({(rule, unit) for rule, unit, *_ in ANSWERS})
    assert desk.run(*KEY).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_answered_is_closed_and_not_asked_again(desk, sheet, kind):
    data = answered(sheet, ANSWERS, kind)

    closed_and_quiet(desk, take(data, f"rendu.{kind}"))

    again = take(data, f"rendu.{kind}")
    assert (again.new, again.already, again.refused) == ([], len(ANSWERS), [])
    assert desk.run(*KEY).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(("kind", "sort"), [("xlsx", False), ("xlsx", True), ("ods", True)])
def test_the_same_through_libreoffice(desk, sheet, tmp_path, kind, sort):
    data = libreoffice.saved(sheet, tmp_path, kind, ANSWERS, sort=sort)

    closed_and_quiet(desk, take(data, f"rendu.{kind}"))


class TestTheSheet:
    def test_it_has_their_rows_and_columns_where_they_were(self, desk, sheet):
        delivered = (desk.supplier / "senacs" / "senacs_92_2012.csv").read_bytes().decode("cp1252")
        rows = list(csv.reader(io.StringIO(delivered, newline=""), delimiter=";"))
        contacts = {rows[0].index(t) for t in ("Courriel du contact", "Horodateur")}

        shown = sheets_in(sheet)[EXPORT]

        assert shown[0] == rows[0]
        assert len(shown) == len(rows)
        for mine, theirs in zip(shown[1:], rows[1:], strict=True):
            padded = [*theirs, *[""] * (len(rows[0]) - len(theirs))]
            assert mine == ["" if i in contacts else c for i, c in enumerate(padded)]

    def test_it_holds_no_contact_and_no_formula(self, sheet):
        for name, part in unzipped(sheet).items():
            assert b"exemple.invalid" not in part, name
            assert b"<f>" not in part, name

    def test_concerned_cells_are_coloured_and_commented(self, sheet):
        parts = unzipped(sheet)
        comments = b"".join(part for name, part in parts.items() if "comments" in name).decode()
        for rule, *_ in ANSWERS:
            assert rule in comments
        assert "Que faire" in comments

    def test_it_says_that_data_are_simulated_and_how_to_answer(self, sheet):
        sheets = sheets_in(sheet)
        assert list(sheets) == [FINDINGS, EXPORT, MANUAL]
        for name in (FINDINGS, MANUAL):
            assert "SIMULÉES" in str(sheets[name])

    def test_every_finding_that_waits_can_be_answered_or_says_why_not(self, desk, sheet):
        lines = lines_of(sheet)
        waiting = [line for line in lines if line["État"] == "à traiter"]
        assert len(waiting) == desk.ask(
            "select count(*) from query.state where asked and data_year = 2012"
        )[0][0]  # fmt: skip
        for line in waiting:
            reference = Reference.parsed(line["Référence"])
            assert reference is not None
            assert reference.key == OWNER
        new_export = {line["Règle"] for line in waiting if line["Réponse"] == "nouvel export"}
        assert new_export >= {"COL-01", "REG-01"}

    def test_same_state_same_bytes(self, desk, sheet):
        place = desk.home / "reports" / "senacs" / "92" / "2012.xlsx"
        desk.run(*KEY)
        written = place.stat().st_mtime_ns
        assert desk.run(*KEY).outcome is Outcome.UNCHANGED
        assert place.stat().st_mtime_ns == written, "it is not made again"
        place.unlink()
        desk.run(*KEY)
        assert sheet_of(desk) == sheet


@pytest.mark.usefixtures("desk")
class TestWhatPeopleDo:
    def test_rows_and_columns_may_move_and_others_go(self, sheet):
        def shuffled(rows):
            start = rows.index(list(TITLES))
            body = [row for row in rows[start + 1 :] if row[TITLES.index("Réponse")]]
            random.Random(1).shuffle(body)
            order = random.Random(2).sample(range(len(TITLES)), len(TITLES))
            return [["Mes notes"], [], *([row[i] for i in order] for row in [rows[start], *body])]

        data = answered(sheet, ANSWERS, change=shuffled)

        assert len(take(data).new) == len(ANSWERS)

    def test_other_cells_may_be_changed(self, sheet):
        def scribbled(rows):
            for row in rows[4:]:
                row[TITLES.index("Valeur reçue")] = "=1+1"
                row[TITLES.index("Constat")] = "vu au téléphone"
            return rows

        assert len(take(answered(sheet, ANSWERS, change=scribbled)).new) == len(ANSWERS)

    def test_what_is_changed_in_the_copy_of_the_export_is_told(self, sheet):
        sheets = sheets_in(answered(sheet, ANSWERS))
        sheets.pop("Feuille")
        at = sheets[EXPORT][0].index("Nb vacataires")
        row = next(r for r in sheets[EXPORT] if "92-011" in r)
        row[at] = "13"

        taken = take(xlsx(sheets.pop(FINDINGS), **sheets))

        assert len(taken.new) == len(ANSWERS)
        (said,) = taken.refused
        assert "« Nb vacataires » : « 130 » est devenu « 13 »" in said

    def test_what_came_back_is_kept_as_it_came(self, desk, sheet):
        data = answered(sheet, ANSWERS)
        take(data)
        ((sha256, name, author, recorded),) = desk.ask(
            "select sha256, file_name, author, recorded from query.returned_file"
        )
        assert (name, author, recorded) == ("rendu.xlsx", "Correspondante du 92", len(ANSWERS))
        assert desk.archived()[sha256] == data

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            (("DOM-01", "92-037", "corrigé", "une quarantaine", "", ""), "ce n'est pas un nombre"),
            (("DOM-01", "92-037", "corrigé", "-3", "", ""), "le minimum admis est 0"),
            (("DOM-01", "92-037", "corrigé", "", "", ""), "il manque la nouvelle valeur"),
            (("DOM-01", "92-037", "confirmé", "", "si si", ""), "elle se corrige"),
            (("DOM-03", "92-027", "corrigé", "Parlement", "", ""), "pas une réponse proposée"),
            (("FIN-01", "92-039", "confirmé", "", "", ""), "une confirmation demande un motif"),
            (("FIN-01", "92-039", "confirmé", "700", "vu", ""), "l'un ou l'autre"),
            (("FIN-01", "92-039", "ok", "", "vu", ""), "n'est pas une réponse"),
            (("FIN-01", "92-039", "", "", "vu", ""), "choisissez « corrigé » ou « confirmé »"),
            (("REG-01", "92-099", "corrigé", "92-001", "", ""), "seul un nouvel export"),
            (("REG-01", "92-099", "confirmé", "", "c'est lui", ""), "seul un nouvel export"),
        ],
    )  # fmt: skip
    def test_a_line_that_cannot_be_taken_says_why_and_stops_no_other(self, sheet, answer, sentence):
        good = ("EMP-01", "92-007", "corrigé", "11,5", "", "")

        taken = take(answered(sheet, [answer, good]))

        assert len(taken.new) == 1
        (said,) = taken.refused
        assert sentence in said
        assert re.match(r"ligne \d+ : ", said)

    def test_a_new_value_alone_is_a_correction(self, sheet):
        (reply,) = take(answered(sheet, [("DOM-01", "92-037", "", "40", "", "")])).new
        assert (reply.value, reply.author) == ("40", "Correspondante du 92")

    def test_two_lines_about_one_answer_must_agree(self, sheet):
        def doubled(rows):
            line = next(r for r in rows if "DOM-01" in r)
            other = list(line)
            fill(line, ("corrigé", "40", "", ""))
            fill(other, ("corrigé", "41", "", ""))
            return [*rows, other]

        taken = take(answered(sheet, [], change=doubled))

        assert [reply.value for reply in taken.new] == ["40"]
        assert "contredit la ligne" in taken.refused[0]

    def test_what_has_changed_since_is_not_overwritten(self, sheet):
        take(answered(sheet, [("DOM-01", "92-037", "corrigé", "40", "", "Mme A")]))

        taken = take(answered(sheet, [("DOM-01", "92-037", "corrigé", "45", "", "M. B")]))

        assert taken.new == []
        assert "a changé depuis" in taken.refused[0]
        assert "Mme A" in taken.refused[0]


@pytest.mark.usefixtures("desk")
class TestWhoseItIs:
    def test_another_territorys_or_years_is_refused_as_a_whole(self, desk, sheet):
        data = answered(sheet, ANSWERS)
        for other in (("senacs", "93", 2012), ("senacs", "92", 2011), ("registre", "92", 2012)):
            with pytest.raises(ReplyError, match="répond pour senacs/92/2012, et non pour"):
                take(data, expected=TerritoryYear(*other))
        assert desk.ask("select count(*) from query.reply") == [(0,)]

    def test_lines_of_several_are_refused_as_a_whole(self, sheet):
        def mixed(rows):
            row = next(r for r in rows if "DOM-01" in r)
            stranger = Reference(TerritoryYear("senacs", "93", 2012), "0" * 16, 1)
            return [*rows, [*row[:-1], str(stranger)]]

        data = answered(sheet, [ANSWERS[0]], change=mixed)
        with pytest.raises(ReplyError, match="plusieurs territoires"):
            take(data, expected=None)

    def test_a_changed_reference_is_told(self, sheet):
        def forged(rows):
            row = next(r for r in rows if "DOM-01" in r)
            row[-1] = row[-1].replace("/1/", "/2/")
            return rows

        taken = take(answered(sheet, ANSWERS, change=forged))

        assert len(taken.new) == len(ANSWERS) - 1
        assert "la référence du constat manque ou a été modifiée" in taken.refused[0]

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (xlsx([["a", "b"], ["1", "2"]]), "n'a pas de feuille « Constats »"),
            (xlsx([["a", "b"], ["1", "2"]])[:500], "ne s'ouvre pas"),
            (b"\xff\xfe\x00", "YAML"),
            (b"", "collection, territory et data_year"),
            (b"a: [", "YAML"),
            (b"[" * 100_000, "YAML"),
        ],
        ids=lambda value: "" if isinstance(value, bytes) else value,
    )
    def test_a_file_that_is_not_ours_is_refused(self, data, sentence):
        with pytest.raises(ReplyError, match=re.escape(sentence)):
            take(data)

    def test_a_sheet_that_nobody_filled_in_says_so(self, sheet):
        with pytest.raises(ReplyError, match="aucune ligne n'est remplie"):
            take(sheet)
