"""Every rule of the catalogue: it passes on what is right and fails on what is wrong."""

import re

import polars as pl
import pytest
from pydantic import ValidationError

from expectations.catalogue import COMMON, RULES_FOLDER, rules_for
from expectations.consistency import check_rules
from expectations.failures import failures
from expectations.frames import Exports, frames
from expectations.rule import Rule
from expectations.verdict import judge, judge_all
from expectations.wording import sentences
from senacs.codebook import collection_names, load_collection
from senacs.errors import RuleError
from senacs.findings import Severity
from tests.support.exports import CODEBOOK, answers, declared, evidence, setting, table, written
from tests.support.packages import locked, with_entities, xlsx, zipped

COLLECTIONS = collection_names(CODEBOOK)


def row(collection: str = "senacs", **changed: str) -> bytes:
    """One row of which these answers are wrong."""
    return written(table(collection, answers(collection, **changed)))


def without(question_header: str, collection: str = "senacs") -> bytes:
    """The good row, one column left out."""
    header, cells = table(collection)
    at = header.index(question_header)
    return written([header[:at] + header[at + 1 :], cells[:at] + cells[at + 1 :]])


def rows(*given: dict[str, str]) -> bytes:
    return written(table("senacs", *given))


HEADER, CELLS = table("senacs")
EUROS = [title.replace("Budget total (k€)", "Budget total (€)") for title in HEADER]

# What each rule must find something in; the collection is that of the rule's file, `senacs` for
# the common ones, unless the example says another one.
BAD: dict[str, bytes | tuple[str, bytes]] = {
    "FIC-01": b"",
    "FIC-02": b"<!DOCTYPE html><title>403</title>",
    "FIC-03": b"\x7fELF\x02\x01\x00\x00",
    "FIC-04": "a;b\n1;Oc\N{REPLACEMENT CHARACTER}an\n".encode(),
    "FIC-05": b"a;b\n1;\x81\n",
    "FIC-06": b'a;b\n1;"cut',
    "FIC-07": b"only a sentence\n",
    "FIC-08": written([HEADER]),
    "FIC-09": written([HEADER, CELLS], "cp1252"),
    "FIC-10": zipped({"a.csv": b"0" * 80_000_000}),
    "FIC-11": with_entities(xlsx([HEADER, CELLS])),
    "FIC-12": locked(zipped({"a.csv": b"a;b"})),
    "FIC-13": b"PK\x03\x04\x00\x00",
    "FIC-14": zipped({"a.csv": written([HEADER, CELLS]), "b.csv": written([HEADER, CELLS])}),
    "FIC-15": zipped({"a.png": b"\x89PNG\0", "b.png": b"\x89PNG\0"}),
    "FIC-16": b"a;b\n" + b"x" * 9_000_000,
    "FIC-17": written([HEADER, CELLS], "mac_roman"),
    "FIC-18": (
        "adulte_relais",
        written(
            table("adulte_relais", answers("adulte_relais", raison_sociale="A ¦ SOCIÉTÉ")), "cp1252"
        ),
    ),
    "FIC-19": written([HEADER, CELLS]).decode("cp1252", "replace").encode("utf-8"),
    "FIC-20": row(nom="Centre social de l'OcÃ©an"),
    "FIC-21": written([["Enquête de l'année"], HEADER, CELLS]),
    "FIC-22": written([HEADER, CELLS, HEADER]),
    "FIC-23": written([HEADER, CELLS, ["TOTAL GÉNÉRAL", *CELLS[1:]]]),
    "FIC-24": written([HEADER, CELLS, ["Source : Caf des Hauts-de-Seine", *[""] * len(CELLS[1:])]]),
    "FIC-25": xlsx([HEADER, CELLS], Notes=[["Lisez-moi"]]),
    "FIC-26": xlsx([HEADER, CELLS], Suite=[HEADER, CELLS]),
    "FIC-27": xlsx([HEADER, CELLS], Accueil=[["Lisez-moi"]], hidden=["Feuille"]),
    "FIC-28": zipped({"a.csv": written([HEADER, CELLS])}),
    "FIC-29": zipped({"a.csv": written([HEADER, CELLS]), "lisez-moi.txt": b"Bonjour"}),
    "FIC-30": xlsx([HEADER, CELLS], columns=[3]),
    "FIC-31": xlsx([HEADER, CELLS], lines=[2]),
    "COL-01": written([[*HEADER, "Nombre de micro-ondes"], [*CELLS, "2"]]),
    "COL-02": without("Budget total (k€)"),
    "COL-03": written([[*HEADER, "Nb vacataires"], [*CELLS, "15"]]),
    "COL-04": without("Actions jeunes"),
    "COL-05": written(
        [[h.replace("Budget total (k€)", "Budget total (€)") for h in HEADER], CELLS]
    ),
    "COL-06": written(
        [[*HEADER, "Nombre de salariés en CDI / Nombre de vacataires"], [*CELLS, "2"]]
    ),
    "LIG-01": row(structure_id=""),
    "LIG-02": written([HEADER, CELLS[:-3]]),
    "LIG-03": rows(answers("senacs"), answers("senacs")),
    "REG-01": row(structure_id="92-999"),
    "REG-02": rows(answers("senacs"), answers("senacs", structure_id="92-002")),
    "REG-03": rows(answers("senacs", structure_id="92-002")),
    "DOM-01": row(nb_salaries="une trentaine"),
    "DOM-02": row(nb_salaries="30,5"),
    "DOM-03": row(mode_gestion="Coopérative"),
    "DOM-04": row(action_jeunes="parfois"),
    "DOM-05": ("registre", row("registre", fin_agrement="fin 2014")),
    "DOM-06": ("registre", row("registre", siret="775544026")),
    "DOM-07": ("registre", row("registre", siret="77554402601285")),
    "DOM-08": row(benevoles_admin="-8"),
    "DOM-09": row(nb_salaries="501"),
    "DOM-10": row(nb_salaries=""),
    "DOM-11": rows(answers("senacs"), answers("senacs", nb_salaries="31")),
    "DOM-12": ("registre", row("registre", siret="7,75544E+13")),
    "DOM-13": row(structure_id="9,2001E+12"),
    "DOM-14": row(budget_total="800 000 €"),
    "DOM-15": written(
        [[h.replace("Budget total (k€)", "Budget total (€)") for h in HEADER], CELLS]
    ),
    "DOM-16": row(nb_salaries="#REF!"),
    "DOM-17": ("registre", row("registre", fin_agrement="41639")),
    "DOM-18": ("registre", row("registre", commune="1004")),
    "DOM-19": ("registre", row("registre", commune="92002.0")),
    "DOM-20": ("senacs 2024", row("senacs 2024", detail_caf_animation_locale="100")),
    "DOM-21": ("senacs 2024", row("senacs 2024", pe_accueil="Non")),
    "EMP-01": row(etp_total="30,1"),
    "EMP-02": row(nb_vacataires="31"),
    "EMP-03": row(nb_cdi="31"),
    "FIN-01": row(budget_total="809"),
    "PUB-01": row(publics_total="399"),
    "BEN-01": row(heures_benevolat="48211"),
    "AGR-01": row("registre", fin_agrement="11/06/2003"),
    "AGR-02": row("registre", commune="75056"),
    "ADR-01": row("adulte_relais", annee="2021"),
    "ADR-02": row("adulte_relais", code_cv="CV002CV003"),
    "ADR-03": row("adulte_relais", insee_dep="99"),
    "FJP-01": row("fonjep", annee="2021"),
    "FJP-02": row("fonjep", code_cv="CV002CV003"),
    "FJP-03": row("fonjep", insee_dep="99"),
}

# Just inside what a rule allows.
EDGES: dict[str, bytes] = {
    "DOM-08": row(benevoles_admin="0"),
    "DOM-09": row(nb_salaries="500"),
    "EMP-01": row(etp_total="30"),
    "EMP-02": row(nb_vacataires="30"),
    "EMP-03": row(nb_cdi="30"),
    "FIN-01": row(budget_total="808"),
    "BEN-01": row(heures_benevolat="48210"),
    "AGR-01": row("registre", fin_agrement="12/06/2003"),
}

SURROUNDED = {
    "REG-02": (("92-001", True), ("92-002", False)),
    "REG-03": (("92-001", True), ("92-002", True)),
}
"""The register, where a rule is about it."""

BY_CODE: dict[str, tuple[str, Rule]] = {
    rule.rule: (collection, rule)
    for collection in sorted(COLLECTIONS, key="senacs".__ne__, reverse=True)
    for rule in rules_for(collection)
}
"""Each rule with its collection; `senacs` for the common ones."""


def failing(code: str, data: bytes, collection: str | None = None) -> list[str]:
    """What one rule says."""
    own, rule = BY_CODE[code]
    collection = collection or own
    frame = rows_for(rule, collection, data, *SURROUNDED.get(code, ()))
    found = failures([(frame, rule)], declared(collection))
    return [sentence for _, rows in found for sentence in sentences(rule, rows)]


def rows_for(
    rule: Rule, collection: str, data: bytes, *structures: tuple[str, bool]
) -> pl.DataFrame:
    """The frame that a rule is run on, made from an export."""
    exports = Exports.of({0: evidence(collection, data)}, {0: setting(collection, *structures)})
    return frames(exports, rule.frame)[rule.frame]


def test_every_rule_has_an_example():
    """Here, or its own, or made for it by the tests of families."""
    elsewhere = {code for code, (_, rule) in BY_CODE.items() if rule.examples or rule.each}
    assert set(BAD) | elsewhere | {"IDN-01"} == set(BY_CODE)
    assert not set(BAD) & elsewhere
    assert set(EDGES) <= set(BAD)


def test_common_rules_are_tried_on_the_survey():
    common = [code for code, (collection, _) in BY_CODE.items() if collection == "senacs"]
    assert {"FIC-01", "DOM-11", "EMP-01"} <= set(common)


@pytest.mark.parametrize("code", BAD)
def test_it_fails_on_what_is_wrong(code):
    example = BAD[code]
    collection, data = example if isinstance(example, tuple) else (None, example)
    found = failing(code, data, collection)
    assert found

    assert not re.search(r"[{}]|None", found[0])


@pytest.mark.parametrize("code", BAD)
def test_it_passes_on_what_is_right(code):
    collection, rule = BY_CODE[code]
    if isinstance(BAD[code], tuple):
        collection = BAD[code][0]
    frame = rows_for(rule, collection, written(table(collection)))

    assert frame.height, "the rule has nothing to look at"
    assert failures([(frame, rule)], declared(collection)) == []


@pytest.mark.parametrize("code", EDGES)
def test_it_passes_on_the_edge(code):
    assert failing(code, EDGES[code]) == []


# Those of several sheets have tests of their own (test_sheets.py).
ONE_TABLE = [name for name in COLLECTIONS if not declared(name).sheets]


@pytest.mark.parametrize("collection", [*ONE_TABLE, "senacs 2024"])
def test_a_good_export_is_found_nothing_against(collection):
    verdict = judge(evidence(collection, written(table(collection))), setting(collection))
    assert verdict.findings == []
    assert not verdict.refused
    assert set(verdict.answers["status"]) <= {"reported", "missing", "not_asked"}
    assert verdict.records["accepted"].all()


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_rules_name_what_exists(collection):
    check_rules(declared(collection))


def test_every_file_of_rules_is_a_collections():
    assert {path.stem for path in RULES_FOLDER.glob("*.yml")} == {COMMON, *COLLECTIONS}


def test_no_code_is_used_twice():
    own = [len(rules_for(collection)) for collection in COLLECTIONS]
    common = len(rules_for("no such collection"))
    assert len(BY_CODE) == sum(own) - common * (len(own) - 1)


class TestVerdict:
    def test_a_finding_says_where_and_what(self):
        (found,) = judge(
            evidence("senacs", row(nb_salaries="une trentaine"), "senacs_92.csv"),
            setting("senacs"),
        ).findings

        assert found.rule == "DOM-01"
        assert found.severity is Severity.ERROR
        assert (found.row, found.unit_id, found.question) == (2, "92-001", "nb_salaries")
        assert (found.header, found.raw) == ("Effectif salarié (personnes)", "une trentaine")
        assert found.message == (
            "« une trentaine » n'est pas un nombre (Effectif salarié (personnes))."
        )

    def test_a_rejected_answer_keeps_its_text_only(self):
        answered = judge(
            evidence("senacs", row(etp_total="31,5")), setting("senacs")
        ).answers.filter(question="etp_total")
        assert answered.select("raw", "status", "decimal", "code", "text").rows() == [
            ("31,5", "rejected", None, None, None)
        ]

    def test_a_missing_required_column_refuses_the_file_whatever_else_is_wrong(self):
        """An unreadable cell beside it is not our fault, and nothing is looked into."""
        header, cells = table("senacs", answers("senacs", nb_salaries="une trentaine"))
        at = header.index("Budget total (k€)")
        data = written([header[:at] + header[at + 1 :], cells[:at] + cells[at + 1 :]])

        verdict = judge(evidence("senacs", data), setting("senacs"))

        assert verdict.refused
        assert [finding.rule for finding in verdict.findings] == ["COL-02"]

    def test_rows_of_one_structure_that_agree_count_once(self):
        verdict = judge(
            evidence("senacs", rows(answers("senacs"), answers("senacs"))), setting("senacs")
        )
        assert {finding.rule for finding in verdict.findings} == {"LIG-03"}
        assert verdict.records.select("unit_id", "row", "accepted").rows() == [("92-001", 2, True)]
        assert set(verdict.answers["status"]) == {"reported"}

    def test_rows_of_one_structure_that_differ_lose_that_answer_alone(self):
        verdict = judge(
            evidence("senacs", rows(answers("senacs"), answers("senacs", nb_salaries="31"))),
            setting("senacs"),
        )
        rejected = verdict.answers.filter(status="rejected")["question"].to_list()
        assert rejected == ["nb_salaries"]

    def test_an_answer_in_one_row_of_two_is_kept(self):
        verdict = judge(
            evidence("senacs", rows(answers("senacs", nb_cdi=""), answers("senacs"))),
            setting("senacs"),
        )
        kept = verdict.answers.filter(question="nb_cdi")
        assert kept.select("status", "decimal").rows() == [("reported", "10")]

    def test_what_is_kept_out_is_not_asked_about_again(self):
        """Neither a sum with an unreadable part, nor a comparison with what is not the case."""
        data = row(budget_commune="cent", nb_salaries="une trentaine", etp_total="45")
        found = judge(evidence("senacs", data), setting("senacs")).findings
        assert [finding.rule for finding in found] == ["DOM-01", "DOM-01"]

    def test_a_shifted_row_does_not_take_the_good_one_along(self):
        verdict = judge(evidence("senacs", written([HEADER, CELLS[:-3], CELLS])), setting("senacs"))
        assert verdict.records.select("row", "accepted").rows() == [(3, True)]
        assert set(verdict.answers["status"]) == {"reported"}

    def test_a_row_without_identifier_is_kept_aside_under_its_place(self):
        verdict = judge(evidence("senacs", row(structure_id="")), setting("senacs"))
        assert verdict.records.select("unit_id", "accepted").rows() == [("ligne 2", False)]
        assert set(verdict.answers["status"]) == {"rejected"}

    def test_a_null_is_no_failure_of_a_rule_between_two_answers(self):
        data = row(nb_salaries="", etp_total="12")
        assert failing("EMP-01", data) == []

    def test_contacts_are_in_no_finding(self):
        header, cells = [*HEADER, "Courriel du contact"], [*CELLS, "moi@exemple.invalid"]
        unknown = ["92-999", *cells[1:]]
        data = written([header, unknown, ["", *cells[1:]], [*cells, "x"]])

        findings = judge(evidence("senacs", data), setting("senacs")).findings

        assert {"REG-01", "LIG-01", "LIG-02"} <= {finding.rule for finding in findings}
        assert [f for f in findings if "exemple.invalid" in f"{f.raw} {f.message}"] == []


def test_a_rule_that_names_an_unknown_column_is_our_error(monkeypatch):
    broken = BY_CODE["EMP-01"][1].model_copy(update={"arguments": {"column": "no_such_variable"}})
    monkeypatch.setattr("expectations.verdict.rules_for", lambda _: (broken,))
    with pytest.raises(RuleError, match=r"EMP-01.*no_such_variable"):
        judge(evidence("senacs", row()), setting("senacs"))


class TestStatic:
    """What the check of rules refuses, beside what reading them refuses."""

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"message": "{no_such_column} salariés."}, "sentence names unknown columns"),
            ({"message": "Trop de salariés"}, "message is no sentence"),
            ({"advice": ""}, "advice is no sentence"),
            ({"answers": ("no_such_variable",)}, "no question gives"),
            ({"applies_to": ("MJC",)}, "unknown populations MJC"),
            ({"years": "-2009"}, "no data year asks"),
            ({"instead_of": ("TAB-no-such",)}, "TAB-no-such: no family has this member"),
        ],
    )
    def test_it_says_what_is_wrong(self, monkeypatch, changed, said):
        broken = BY_CODE["EMP-01"][1].model_copy(update=changed)
        for module in ("catalogue", "consistency"):
            monkeypatch.setattr(
                f"expectations.{module}.rules_for",
                lambda name: () if name == COMMON else (broken,),
            )
        with pytest.raises(RuleError, match=said):
            check_rules(load_collection(CODEBOOK, "senacs"))

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"frame": "changes", "severity": "error"}, "asks"),
            ({"frame": "distribution", "severity": "blocking"}, "asks"),
            ({"frame": "previous_file", "severity": "error"}, "asks"),
            ({"layer": "last_year", "severity": "query"}, "no rule on forms"),
            ({"years": "2012-13"}, "write 2013-"),
            ({"relation": "etp/personnes"}, "pairs"),
            ({"frame": "pairs"}, "pairs"),
        ],
    )
    def test_a_rule_that_may_not_be_is_not_read(self, changed, said):
        """A layer that compares with what was loaded before keeps nothing out, above all."""
        fields = BY_CODE["EMP-01"][1].model_dump(exclude={"layer"}) | changed
        with pytest.raises(ValidationError, match=said):
            Rule.model_validate(fields)


class TestSeveralExports:
    """A campaign judged in one pass is judged as its exports one by one."""

    EXPORTS = (
        written(table("senacs")),
        row(nb_salaries="une trentaine", nb_vacataires="31"),
        b"",
        row(structure_id="92-999"),
        without("Budget total (k€)"),
        rows(answers("senacs"), answers("senacs", nb_salaries="31", etp_total="40")),
    )

    def test_it_gives_the_verdict_of_each(self):
        given = [(evidence("senacs", data), setting("senacs")) for data in self.EXPORTS]

        together = judge_all(given)

        apart = [judge(*export) for export in given]
        assert [verdict.findings for verdict in together] == [v.findings for v in apart]
        assert [verdict.refused for verdict in together] == [False, False, True, False, True, False]
        for one, other in zip(together, apart, strict=True):
            assert one.answers.equals(other.answers)
            assert one.records.equals(other.records)

    def test_exports_of_two_campaigns_are_not_judged_together(self):
        good = [
            (evidence(name, written(table(name))), setting(name)) for name in ("senacs", "fonjep")
        ]
        with pytest.raises(RuleError, match="one campaign"):
            judge_all(good)

    def test_exports_that_are_all_refused_are_looked_into_no_further(self):
        verdicts = judge_all([(evidence("senacs", b""), setting("senacs"))] * 2)
        assert [[f.rule for f in verdict.findings] for verdict in verdicts] == [["FIC-01"]] * 2
