"""`senacs findings …` on a real warehouse: what is printed, and how it ends."""

import re

import pytest
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.errors import ReplyError
from tests.support.installation import installation
from tests.support.returned import answered

PLACE = ["senacs", "92", "2012"]
ANSWER = ("DOM-01", "92-037", "corrigé", "40", "", "Mme Essai")


@pytest.fixture(scope="module")
def desk(server, prepared, tmp_path_factory):
    url = server.create(prepared)
    home = tmp_path_factory.mktemp("command")
    with installation(url, home, replies=home / "none") as made:
        made.run_all(("registre", "92", 2012), ("senacs", "92", 2012))
        yield made


def findings(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["findings", *arguments], terminal_width=200)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def test_a_finding_goes_its_way(desk, tmp_path):
    listed = findings("list", *PLACE, "--csv").splitlines()
    assert listed[0].startswith("key;state;severity;rule;row")
    (line,) = (one for one in listed if ";DOM-01;" in one)
    key = line.split(";")[0]
    assert re.fullmatch("[0-9a-f]{8}", key)
    assert "open" in findings("list", *PLACE).splitlines()[-1]

    sheet = (desk.home / "reports" / "senacs" / "92" / "2012.xlsx").read_bytes()
    file = tmp_path / "retour.xlsx"
    bad = ("EMP-01", "92-007", "corrigé", "beaucoup", "", "")
    file.write_bytes(answered(sheet, [ANSWER, bad]))
    told = findings("import", str(file), "--author", "X", "--for", "senacs/92/2012", code=2)
    assert "1 recorded, 0 recorded before, 1 refused" in told
    assert "ce n'est pas un nombre" in told
    assert "senacs run territory senacs 92 2012" in told

    desk.run("senacs", "92", 2012)
    findings("reopen", key, "--author", "Équipe", "--reason", "à revoir ensemble")
    shown = findings("show", key)
    for word in ("environ 40", "Mme Essai", "answered", "accepted", "reopened", "à revoir"):
        assert word in shown
    with pytest.raises(ReplyError, match="seul un constat auquel il a été répondu"):
        findings("accept", key, "--author", "Équipe")


def test_anothers_file_is_refused(desk, tmp_path):
    sheet = (desk.home / "reports" / "senacs" / "92" / "2012.xlsx").read_bytes()
    file = tmp_path / "retour.xlsx"
    file.write_bytes(answered(sheet, [("EMP-02", "92-011", "corrigé", "13", "", "")]))
    with pytest.raises(ReplyError, match="et non pour senacs/92/2011"):
        findings("import", str(file), "--author", "X", "--for", "senacs/92/2011")
    findings("import", str(file), "--author", "X", "--for", "92/2011", code=2)


def test_the_campaigns_summary_is_written(desk):
    path = findings("summary", "senacs", "2012").strip().replace("\n", "")
    assert path == str(desk.home / "reports" / "senacs" / "2012.html")


@pytest.mark.parametrize("command", [[], ["list"], ["show"], ["import"], ["accept"], ["reopen"]])
def test_each_command_says_what_it_does(command):
    assert len(findings(*command, "--help")) > 200
