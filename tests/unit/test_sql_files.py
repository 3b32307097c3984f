"""The statements of `sql/` say what they do, and do what they say."""

import re
from pathlib import Path

import pytest

from senacs.settings import PROJECT_ROOT
from senacs.warehouse.statements import SQL_FOLDER, statements

KEYS = ("grain", "reads", "replaces", "parameters")
SCHEMAS = (
    "reference|codebook|intake|department|national|indicator|query|quality|access|register|analysis"
    "|portal|notice|publication|pact"
)
RELATION = re.compile(rf"\b(?:{SCHEMAS})\.[a-z_]+\b|\balembic_version\b")
REVISION = re.compile(r"\d{4}_")
FILES = sorted(
    path for path in SQL_FOLDER.rglob("*.sql") if not REVISION.match(path.name)
)  # fmt: skip
CHANGED = re.compile(
    r"\b(?:insert into|delete from|update|copy)\s+"
    rf"((?:{SCHEMAS})\.[a-z_]+)"
)
PARAMETER = re.compile(r"%\(([a-z_0-9]+)\)s")


def parts(path: Path) -> tuple[list[str], str]:
    """The four lines of the header, and the statements without any comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    body = "\n".join(re.sub(r"--.*", "", line) for line in lines)
    return lines[:4], body


def said(path: Path) -> dict[str, str]:
    return {line[3:].split(":", 1)[0].strip(): line.split(":", 1)[1].strip()
            for line in parts(path)[0]}  # fmt: skip


def by_name(path: Path) -> str:
    return path.relative_to(SQL_FOLDER).as_posix()


every_file = pytest.mark.parametrize("path", FILES, ids=by_name)


def test_there_are_statements():
    assert len(FILES) > 40


@every_file
def test_it_begins_with_what_it_is_about(path):
    for key, line in zip(KEYS, parts(path)[0], strict=True):
        assert re.fullmatch(rf"-- {key:<10} : \S.*", line)


@every_file
def test_its_parameters_are_those_that_it_names(path):
    header = re.sub(r"\(.*\)", "", said(path)["parameters"])
    named = set() if header.strip() == "none" else {n.strip() for n in header.split(",")}
    assert named == set(PARAMETER.findall(parts(path)[1]))


@every_file
def test_it_reads_what_it_says(path):
    body = parts(path)[1]
    # A table that it changes is read only where it stands after `from` or `join` as well.
    found = set(re.findall(rf"(?<!delete )\b(?:from|join)\s+({RELATION.pattern})", body))
    said_to_be_read = set(RELATION.findall(said(path)["reads"]))
    assert said_to_be_read == found
    if not said_to_be_read:
        assert re.match(r"nothing|the rows sent by the client", said(path)["reads"])


@every_file
def test_it_changes_what_it_says(path):
    changed = set(CHANGED.findall(parts(path)[1]))
    named = set(RELATION.findall(said(path)["replaces"]))
    if path.name == "delete_collection.sql":
        named -= {"codebook.variable", "codebook.question", "codebook.indicator"}
    if not changed:
        assert said(path)["replaces"].startswith("nothing")
    elif named:
        assert named == changed
    else:
        assert re.search(r"adds", said(path)["replaces"])


@every_file
def test_a_percent_sign_is_a_parameters(path):
    """A lone one would be taken for one by the driver."""
    body = path.read_text(encoding="utf-8")
    assert "%" not in PARAMETER.sub("", body).replace("%%", "")


@every_file
def test_it_has_statements_and_somebody_runs_them(path):
    name = by_name(path).removesuffix(".sql")
    assert statements(name)
    if name.count("/") == 2:  # a derivation, which a collection's manifest names
        _, collection, derivation = name.split("/")
        manifest = PROJECT_ROOT / "codebook" / collection / "collection.yml"
        assert derivation in manifest.read_text("utf-8")
        return
    code = [p for folder in ("senacs", "tasks", "expectations", "portal") for p in
            (PROJECT_ROOT / folder).rglob("*.py")]  # fmt: skip
    named = {name, *built(name)}
    assert any(any(f'"{n}"' in p.read_text("utf-8") for n in named) for p in code)


def built(name: str) -> set[str]:
    """Names as the code builds them from a part of the name."""
    _, _, rest = name.partition("/")
    prefixes = {"clear_", "copy_", "insert_"}
    return {rest.removeprefix(prefix) for prefix in prefixes if rest.startswith(prefix)}


@pytest.mark.parametrize("path", sorted(p for p in SQL_FOLDER.rglob("*.sql") if p not in FILES))
def test_a_revision_has_both_its_files(path):
    twin = path.parent / "versions" / f"{path.stem}.py"
    assert f'revision = "{path.stem[:4]}"' in twin.read_text(encoding="utf-8")


BEGINS = re.compile(
    r"""["']\s*(?:select\s\S.*\sfrom\s|insert into \w|delete from \w|update \w+\.\w+ set"""
    r"""|create (?:table|view|schema) |copy \w+\.\w+ |(?:drop|truncate) table )""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("line", ['"select 1 from t"', "'DELETE FROM x'", 'f"update a.b set'])
def test_a_statement_is_recognised(line):
    assert BEGINS.search(line)


def test_sql_stands_nowhere_else():
    """Python holds names of statements, no statement."""
    found = [
        f"{path.relative_to(PROJECT_ROOT)}: {line.strip()}"
        for folder in ("senacs", "tasks", "flows", "expectations", "portal")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        if "services" not in path.parts  # the embedded server makes its own roles and databases
        for line in path.read_text(encoding="utf-8").splitlines()
        if BEGINS.search(line)
    ]
    assert found == []
