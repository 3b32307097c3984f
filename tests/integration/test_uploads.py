"""Exports that persons send in: archived first, taken when chosen, until something newer comes."""

import csv
import hashlib
import io
import zipfile
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.deliveries import Outcome, TerritoryYear
from senacs.errors import ReplyError, RequestError
from senacs.findings import Severity
from senacs.rehearsal import REHEARSAL
from senacs.replies.model import ReplyKind
from senacs.replies.reference import Reference
from senacs.warehouse.engine import warehouse
from tasks import archive
from tasks.rehearsal import rehearsed
from tasks.returned import Taken, answer
from tasks.uploads import choose, take_upload, uploads_of, withdraw
from tests.support.dumps import difference, dump
from tests.support.installation import installation
from tests.support.postgres import name_of
from tests.support.returned import answered

KEY = TerritoryYear("senacs", "92", 2012)
RUN = (KEY.collection, KEY.territory, KEY.data_year)
UNIT, QUESTION = "92-037", "benevoles_activite"
FILE = "senacs/senacs_92_2012.csv"


@pytest.fixture(scope="module")
def asked(server, prepared, tmp_path_factory):
    """Name of a database with the survey of 2012 loaded, and the home of its archive."""
    url = server.create(prepared)
    home = tmp_path_factory.mktemp("asked")
    with installation(url, home) as made:
        made.run_all(("registre", "92", 2012), RUN)
    return name_of(url), home


@pytest.fixture
def desk(server, asked, tmp_path):
    name, home = asked
    url = server.create(name)
    with installation(url, tmp_path, archive_url=(home / "archive").as_uri()) as made:
        yield made
    server.drop(url)


def export_of(desk, value: str, without: str = "") -> bytes:
    """The source's export with another number of volunteers of one structure, and without one."""
    text = (desk.supplier / FILE).read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    (at,) = (n for n, title in enumerate(rows[0]) if "environ 40" in {r[n] for r in rows})
    for row in rows:
        if row[1] == UNIT:
            row[at] = value
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(row for row in rows if row[1] != without)
    return out.getvalue().encode("cp1252")


def sent(desk, value: str) -> UUID:
    taken = take_upload(KEY, export_of(desk, value), "corrige.csv", "Mme Essai")
    assert isinstance(taken, UUID)
    return taken


def chosen(upload: UUID) -> None:
    with warehouse().begin() as connection:
        choose(connection, KEY, upload, "Mme Essai")


def endings() -> list[tuple[bool, str | None]]:
    """Of each upload, oldest first, whether it is in place and how it ended."""
    with warehouse().connect() as connection:
        found = uploads_of(connection, KEY)
    return [(one.in_place, str(one.ending) if one.ending else None) for one in reversed(found)]


def volunteers(desk) -> str:
    return desk.ask("select raw from department.answer where (data_year, unit_id, question) = "
                    "(2012, %s, %s)", UNIT, QUESTION)[0][0]  # fmt: skip


class TestUpload:
    def test_it_changes_nothing_until_it_is_chosen(self, desk):
        sent(desk, "41")
        assert desk.run(*RUN).outcome is Outcome.UNCHANGED
        assert endings() == [(False, None)]

    def test_a_chosen_one_is_taken_until_the_source_has_something_newer(self, desk):
        chosen(sent(desk, "41"))
        assert desk.run(*RUN).outcome is Outcome.LOADED
        assert desk.run(*RUN).outcome is Outcome.UNCHANGED
        assert (volunteers(desk), endings()) == ("41", [(True, None)])

        (desk.supplier / FILE).write_bytes(export_of(desk, "42"))
        assert desk.run(*RUN).outcome is Outcome.LOADED
        assert (volunteers(desk), endings()) == ("42", [(False, "overtaken")])

    def test_the_source_is_asked_again_once_it_is_withdrawn(self, desk):
        upload = sent(desk, "41")
        chosen(upload)
        desk.run(*RUN)
        withdraw(KEY, upload, "M. Essai")
        assert desk.run(*RUN).outcome is Outcome.LOADED
        assert (volunteers(desk), endings()) == ("environ 40", [(False, "withdrawn")])
        with pytest.raises(RequestError, match="retiré"):
            chosen(upload)

    def test_a_later_one_takes_its_place(self, desk):
        chosen(sent(desk, "41"))
        chosen(sent(desk, "43"))
        desk.run(*RUN)
        assert (volunteers(desk), endings()) == ("43", [(False, "replaced"), (True, None)])

    def test_it_stands_while_the_source_does_not_answer(self, desk):
        chosen(sent(desk, "41"))
        (desk.supplier / FILE).rename(desk.supplier / "gone.csv")
        assert desk.run(*RUN).outcome is Outcome.LOADED
        assert volunteers(desk) == "41"

    def test_what_the_source_had_when_it_came_back_is_not_newer(self, desk):
        """It did not answer when the upload was chosen: its first answer is what was known."""
        chosen(sent(desk, "41"))
        gone = desk.supplier / "gone.csv"
        (desk.supplier / FILE).rename(gone)
        desk.run(*RUN)
        gone.rename(desk.supplier / FILE)
        assert desk.run(*RUN).outcome is Outcome.UNCHANGED
        assert endings() == [(True, None)]

    def test_another_territorys_is_not_to_be_had(self, desk):
        upload = sent(desk, "41")
        other = TerritoryYear("senacs", "92", 2011)
        with pytest.raises(RequestError, match="pas un envoi"), warehouse().begin() as connection:
            choose(connection, other, upload, "Mme Essai")
        with pytest.raises(RequestError, match="pas un envoi"):
            withdraw(other, upload, "Mme Essai")
        with pytest.raises(RequestError, match="pas un envoi"):
            withdraw(KEY, uuid4(), "Mme Essai")

    @pytest.mark.usefixtures("desk")
    def test_a_name_is_no_path(self):
        take_upload(KEY, b"a;b\n1;2\n", "../../etc/passwd\x00", "Mme Essai")
        with warehouse().connect() as connection:
            assert uploads_of(connection, KEY)[0].receipt.file_name == "passwd"

    @pytest.mark.parametrize(("data", "said"), [(b"", "vide"), (b"PK\x03\x04broken", "ouvre pas")])
    @pytest.mark.usefixtures("desk")
    def test_what_cannot_be_opened_is_refused(self, data, said):
        with pytest.raises(RequestError, match=said):
            take_upload(KEY, data, "export.xlsx", "Mme Essai")
        assert endings() == []

    @pytest.mark.usefixtures("desk")
    def test_a_bomb_is_archived_and_refused(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("export.csv", b"0" * 300_000_000)
        with pytest.raises(RequestError, match="trop grand une fois ouvert"):
            take_upload(KEY, bomb.getvalue(), "export.zip", "Mme Essai")
        assert endings() == []
        assert archive.holds(hashlib.sha256(bomb.getvalue()).hexdigest())

    def test_an_answered_spreadsheet_goes_the_way_of_returned_files(self, desk):
        sheet = desk.home / "reports" / "senacs" / "92" / "2012.xlsx"
        desk.run(*RUN)
        said = ("DOM-01", UNIT, "corrigé", "40", "", "M. Essai")
        back = answered(sheet.read_bytes(), [said])
        taken = take_upload(KEY, back, "2012.xlsx", "M. Essai")
        assert isinstance(taken, Taken)
        assert len(taken.new) == 1
        with pytest.raises(ReplyError, match="rien n'en est repris"):
            take_upload(TerritoryYear("senacs", "92", 2011), back, "2012.xlsx", "M. Essai")


class TestRehearsal:
    def test_it_says_what_a_rerun_would_change_and_changes_nothing(self, desk):
        before = dump(desk.engine)
        receipt = self.receipt(sent(desk, "41"))
        with_upload = dump(desk.engine)
        assert difference(with_upload, before) != []

        found = rehearsed(KEY, receipt, self.version(desk))

        assert difference(dump(desk.engine), with_upload) == []
        assert desk.ask("select count(*) from intake.run where outcome = 'running'") == [(0,)]
        assert (found.may_load, found.new, found.changed, found.gone) == (True, 0, 1, 0)
        assert found.structures_before == found.structures_after > 0
        assert [(one.rule, one.new, one.gone) for one in found.findings] == [("DOM-01", 0, 1)]
        assert all(f.n_item_after is None or f.n_item_after <= f.n_responded_after
                   for f in found.figures)  # fmt: skip
        assert REHEARSAL.validate_json(REHEARSAL.dump_json(found)) == found

    def test_what_it_says_is_what_the_rerun_does(self, desk):
        upload = take_upload(KEY, export_of(desk, "41", without="92-038"), "n.csv", "Mme Essai")
        said = rehearsed(KEY, self.receipt(upload), self.version(desk))
        figures = self.headlines(desk)
        assert [f.value_before for f in said.figures] == figures

        chosen(upload)
        desk.run_all(RUN)

        assert [f.value_after for f in said.figures] == self.headlines(desk)
        assert any(f.moves for f in said.figures)
        assert said.structures_after == said.structures_before - 1
        assert said.gone == said.answers_before - said.answers_after > 0
        assert desk.ask("select message from intake.run order by started_at desc limit 1") == [
            (said.message,)
        ]

    def test_a_refused_export_is_said_to_be(self, desk):
        page = b"<!DOCTYPE html><html><head><title>Maintenance</title></head></html>"
        upload = take_upload(KEY, page, "export.csv", "Mme Essai")
        before = dump(desk.engine)

        found = rehearsed(KEY, self.receipt(upload), self.version(desk))

        assert not found.may_load
        assert Severity.BLOCKING in {one.severity for one in found.findings}
        assert (found.new, found.changed, found.gone, found.figures) == (0, 0, 0, ())
        assert difference(dump(desk.engine), before) == []

    @staticmethod
    def receipt(upload):
        with warehouse().connect() as connection:
            return next(u for u in uploads_of(connection, KEY) if u.upload_id == upload).receipt

    @staticmethod
    def version(desk) -> str:
        return desk.ask("select version from codebook.collection where collection = 'senacs'")[0][0]

    @staticmethod
    def headlines(desk) -> list[object]:
        return [v for (v,) in desk.ask(
            "select value from indicator.figure where collection = 'senacs' and data_year = 2012 "
            "and headline and level in ('departement', 'surveyed') "
            "order by level, area, position, population"
        )]  # fmt: skip


class TestAnswerInPlace:
    def reference(self, desk, rule="DOM-01") -> Reference:
        (row,) = desk.ask("select item_key, version from query.state where data_year = 2012 "
                          "and (rule, unit_id) = (%s, %s)", rule, UNIT)  # fmt: skip
        return Reference(KEY, *row)

    def test_it_is_what_the_spreadsheet_would_have_said(self, desk):
        reference = self.reference(desk)
        assert answer(reference, ReplyKind.CORRECTED, "40", "", "M. Essai")
        assert not answer(reference, ReplyKind.CORRECTED, "40", "", "M. Essai"), (
            "said twice is once"
        )
        desk.run(*RUN)
        assert desk.ask(
            "select number::int, status from department.answer "
            "where (data_year, unit_id, question) = (2012, %s, %s)",
            UNIT,
            QUESTION,
        ) == [(40, "corrected")]

    @pytest.mark.parametrize(
        ("kind", "value", "reason", "said"),
        [
            (ReplyKind.CONFIRMED, "", "compté", "ne se confirme pas"),
            (ReplyKind.CORRECTED, "beaucoup", "", "beaucoup"),
            (ReplyKind.CORRECTED, "9" * 2001, "", "2000 caractères"),
        ],
    )
    def test_what_cannot_be_taken_is_told_and_not_recorded(self, desk, kind, value, reason, said):
        with pytest.raises(ReplyError, match=said):
            answer(self.reference(desk), kind, value, reason, "M. Essai")
        assert desk.ask("select count(*) from query.reply") == [(0,)]

    def test_an_item_of_another_territory_is_not_known(self, desk):
        own = self.reference(desk)
        other = Reference(TerritoryYear("senacs", "92", 2011), own.item_key, own.version)
        with pytest.raises(ReplyError, match="pas connu ici"):
            answer(other, ReplyKind.CORRECTED, "40", "", "M. Essai")


class TestCommand:
    """`senacs uploads`, which does without Prefect."""

    def said(self, *arguments: object) -> str:
        done = CliRunner().invoke(app, ["uploads", *map(str, arguments)], terminal_width=200)
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done.output

    def test_an_export_is_sent_chosen_and_withdrawn(self, desk, tmp_path):
        file = tmp_path / "corrige.csv"
        file.write_bytes(export_of(desk, "41"))
        who = ("--author", "Mme Essai")

        told = self.said("send", file, *RUN, *who)

        assert "(0 new, 1 changed, 0 gone)" in told
        assert "findings DOM-01 (error): 0 new, 1 gone" in told
        upload = told.split()[1]
        assert "waiting" in self.said("list", *RUN)
        self.said("choose", *RUN, upload, *who)
        assert "in place" in self.said("list", *RUN)
        assert desk.run(*RUN).outcome is Outcome.LOADED
        self.said("withdraw", *RUN, upload, *who)
        assert "withdrawn" in self.said("list", *RUN)
