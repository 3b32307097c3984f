"""The correspondent's report: what it says for each outcome, and that nothing gets out of hand."""

import csv
import io
from datetime import datetime

import pytest

from senacs.codebook import load_collection
from senacs.deliveries import Outcome, TerritoryYear
from senacs.findings import Finding, Severity
from senacs.pages.contacts import masked
from senacs.pages.report import (
    RAW_SHOWN,
    SHOWN_PER_RULE,
    Counts,
    Loaded,
    Participant,
    Reception,
    findings_csv,
    report_page,
    territory_report,
)
from senacs.settings import PROJECT_ROOT

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&"
KEY = TerritoryYear("senacs", "92", 2012)
RECEIVED = Reception("export <b>.csv", 12_000, "ab" * 32, datetime(2013, 7, 14, 9, 5))  # noqa: DTZ001
LOADED = Loaded(datetime(2013, 7, 14, 9, 6), "avant.csv", Counts(34, 1666, 55))  # noqa: DTZ001
REGISTER = [
    Participant("92-001", "Centre social La Voile", in_scope=True, responded=True),
    Participant("92-002", "Centre social <i>L'Ancre</i>", in_scope=True, responded=False),
    Participant("92-003", "Hors champ", in_scope=False, responded=False),
]


def finding(rule="DOM-01", severity=Severity.ERROR, **given) -> Finding:
    given = {"message": "Ce n'est pas un nombre.", "advice": "Corrigez.", "row": 3} | given
    return Finding(rule=rule, severity=severity, **given)


def report(findings=(), outcome=Outcome.LOADED, received=RECEIVED, loaded=LOADED, message=""):
    return territory_report(
        load_collection(PROJECT_ROOT / "codebook", "senacs"),
        KEY,
        outcome=outcome,
        message=message,
        received=received,
        loaded=loaded,
        findings=list(findings),
        register=REGISTER,
    )


class TestEscaping:
    def test_nothing_delivered_becomes_markup(self):
        hostile = finding(
            raw=HOSTILE, header=HOSTILE, unit_id=HOSTILE, message=HOSTILE, advice=HOSTILE
        )

        page = report_page(report([hostile], message=HOSTILE, outcome=Outcome.FAILED))

        assert "<script" not in page
        assert "<img" not in page
        assert "<i>" not in page
        assert "export <b>" not in page
        assert page.count("&lt;script&gt;") == 6

    def test_a_page_needs_nothing_else_and_runs_nothing(self):
        page = report_page(report([finding()]))

        assert "<script" not in page
        assert "http" not in page
        assert "<link" not in page
        assert "@import" not in page


class TestContacts:
    @pytest.mark.parametrize(
        "text",
        ["accueil@92-099.exemple.invalid", "a;b@c.fr;d", "01 23 45 67 89", "+33 6.12.34.56.78",
         "0612345678", "06-12-34-56-78"],
    )  # fmt: skip
    def test_what_looks_like_one_is_masked(self, text):
        assert "masqué" in masked(f"ligne {text} fin")
        assert not any(part in masked(text) for part in ("@", "2345", "12.34", "12-34"))

    @pytest.mark.parametrize(
        "text", ["1 234 567,5", "00012345600017", "80012345600017", "14/07/2013 09:42", "0,156789"]
    )
    def test_numbers_stay(self, text):
        assert masked(text) == text

    def test_page_and_table_mask_them(self):
        one = finding(raw="x;qui@ou.fr;y", message="« qui@ou.fr » ?")

        assert "qui@ou.fr" not in report_page(report([one]))
        assert "qui@ou.fr" not in findings_csv([one], {})


class TestFindings:
    def test_they_come_by_severity_then_rule(self):
        page = report_page(
            report(
                [
                    finding("REG-03", Severity.INFO),
                    finding("LIG-03", Severity.QUERY),
                    finding("EMP-01"),
                    finding("DOM-01"),
                ]
            )
        )

        places = [page.index(f"<b>{rule}</b>") for rule in ("DOM-01", "EMP-01", "LIG-03", "REG-03")]
        assert places == sorted(places)
        assert "Rien ne bloque." in page

    def test_what_is_not_listed_is_counted_and_in_the_table_beside(self):
        many = [finding(row=row, raw=f"v{row}") for row in range(2, SHOWN_PER_RULE + 1236)]

        view = report(many)
        page = report_page(view)

        assert page.count('class="raw">v') == SHOWN_PER_RULE
        assert "1\N{NARROW NO-BREAK SPACE}234\N{NO-BREAK SPACE}autres constats" in page
        assert view.csv_name in page
        assert len(findings_csv(many, {}).splitlines()) == 1 + len(many)

    def test_a_long_raw_value_is_cut_and_says_so(self):
        page = report_page(report([finding(raw="é" * (RAW_SHOWN + 1))]))

        assert "é" * RAW_SHOWN in page
        assert "é" * (RAW_SHOWN + 1) not in page
        assert "texte entier dans le tableau" in page

    def test_the_table_runs_no_formula_and_keeps_numbers(self):
        raws = ["=HYPERLINK(1)", "+cmd", "@x", "-8", "- 1 234,5", "oui"]

        rows = list(
            csv.reader(io.StringIO(findings_csv([finding(raw=r) for r in raws], {})), delimiter=";")
        )

        assert [row[6] for row in rows[1:]] == [
            "'=HYPERLINK(1)", "'+cmd", "'@x", "-8",
            "- 1 234,5", "oui",
        ]  # fmt: skip


class TestOutcomes:
    def test_loaded(self):
        page = report_page(report([finding(), finding("FIN-01", Severity.QUERY)]))

        assert "1\N{NO-BREAK SPACE}constat d’erreur" in page
        assert "1 des 2 structures interrogées a répondu" in page
        assert "Données simulées" in page
        assert "14\N{NO-BREAK SPACE}juillet 2013" in page
        assert "Hors champ" not in page

    def test_unchanged_shows_the_findings_of_what_is_loaded(self):
        page = report_page(report([finding()], outcome=Outcome.UNCHANGED))

        assert "Constats du dernier chargement" in page
        assert "DOM-01" in page

    def test_refused_says_that_nothing_was_loaded(self):
        blocking = finding("FIC-01", Severity.BLOCKING, message="Le fichier est vide.", row=None)

        page = report_page(report([blocking], outcome=Outcome.REFUSED, loaded=None))

        assert "Le fichier est refusé" in page
        assert "Aucune donnée de ce territoire" in page
        assert "Le fichier est vide." in page
        assert "n’ont pas répondu" not in page

    def test_refused_says_what_stays(self):
        page = report_page(report(outcome=Outcome.REFUSED))

        assert "fichier avant.csv" in page
        assert "restent en place" in page

    def test_failed_gives_the_reason_without_a_file(self):
        page = report_page(
            report(outcome=Outcome.FAILED, received=None, loaded=None, message="Source muette.")
        )

        assert "Source muette." in page
        assert "Aucun fichier" in page
