"""The static check: each contradiction is refused, by a sentence that names its place."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from senacs.codebook.loading import collection_names, load_collection
from senacs.codebook.questionnaire import Comparability, Filter
from senacs.errors import CodebookError
from senacs.settings import PROJECT_ROOT

CODEBOOK = PROJECT_ROOT / "codebook"

COLUMNS = (
    "question;header;variable;theme;block;population;filter;table;row;column;label;kind;codes;unit;"
    "factor;role;required;minimum;maximum;comparability;resumes;note;attested;source"
)

COLLECTION = """
label: Essai
unit_label: structure
unit_label_plural: structures
populations: {CS: Centres sociaux, EVS: Espaces de vie sociale}
disclosure: open
simulated: true
licence: aucune
provenance: essai
themes: {emplois: Emplois, actions: Actions}
register_collection: registre
pooled: {AVS: Centres sociaux et espaces de vie sociale}
epci_least: 3
blocks: {covid: Crise sanitaire}
releases:
  - {release: "1.0", date: 2026-01-01, change: Premier}
"""

REGISTER = """
label: Registre
unit_label: structure
unit_label_plural: structures
populations: {CS: Centres sociaux, EVS: Espaces de vie sociale}
disclosure: open
simulated: true
licence: aucune
provenance: essai
themes: {identite: Identité}
"""

BREAKDOWNS = """
- breakdown: aidee
  label: Aide
  variable: aide
  categories:
    - {category: aidee, label: Aidée, codes: [oui]}
    - {category: seule, label: Seule, codes: [non]}
- breakdown: taille
  label: Taille
  variable: montant
  categories:
    - {category: petite, label: Petite, below: 10}
    - {category: grande, label: Grande, at_least: 10}
- breakdown: federation
  label: Fédération
  variable: federe
  of_register: true
  categories:
    - {category: adherent, label: Adhérente, codes: [oui]}
    - {category: autre, label: Autre, codes: [non]}
"""

INDICATORS = """
- {indicator: taux, theme: emplois, label: Taux, statistic: response, unit: share, pooled: true}
- {indicator: aides, theme: actions, label: Aidées, statistic: count, where: aide,
   where_codes: [oui], unit: structures, by_epci: true}
- {indicator: total, theme: emplois, label: Total, statistic: total, variable: montant, unit: €,
   breakdowns: [taille]}
"""

Files = dict[str, list[str]]


def question(code: str, **cells: str) -> str:
    """A line of a questionnaire, right unless changed."""
    values = {
        "question": code,
        "header": f"Intitulé {code}",
        "theme": "emplois",
        "label": f"Libellé {code}",
        "kind": "text",
        "required": "false",
        "source": "notre choix",
    } | cells
    assert set(values) <= set(COLUMNS.split(";"))
    return ";".join(values.get(name, "") for name in COLUMNS.split(";"))


def number(code: str, **cells: str) -> str:
    return question(code, **{"kind": "number", "unit": "€", "variable": code} | cells)


KEY = question("code_structure", role="key", required="true")
YES = question("aide", kind="yes_no", theme="actions", variable="aide")
STATUT = question("statut", kind="code", codes="statut", variable="statut")
CELL = {"table": "argent", "row": "caf", "column": "montant"}


def year(*lines: str) -> list[str]:
    return [COLUMNS, *lines]


def good() -> Files:
    """Three years of a small collection that holds together."""
    same = {"comparability": "same"}
    return {
        "collection.yml": [COLLECTION],
        "variables.csv": [
            "variable;theme;label;kind;unit;codes;note",
            "montant;emplois;Montant;number;€;;",
            "aide;actions;Aide;yes_no;;;",
            "statut;emplois;Statut;code;;statut;",
        ],
        "codes.csv": [
            "list;code;label;spellings",
            "statut;libre;Libre;Libre|Ouvert",
            "statut;occupe;Occupé;Occupé",
            "statut_court;libre;Libre;",
            "financeur;caf;Caf;",
            "mesure;montant;Montant;",
        ],
        "tables.csv": ["table;label;rows;columns", "argent;Argent;financeur;mesure"],
        "publications.csv": ["publication;label;url", "NAT14;Brochure;"],
        "questions/2011.csv": year(
            KEY, YES, STATUT, number("montant", filter="aide=oui", attested="NAT14", **CELL)
        ),
        "questions/2012.csv": year(
            KEY,
            question("aide", kind="yes_no", theme="actions", variable="aide", **same),
            question("statut", kind="code", codes="statut", variable="statut", **same),
            number("montant", filter="aide=oui", **CELL, **same),
            question("covid_texte", block="covid"),
        ),
        "questions/2013.csv": year(
            KEY,
            question("aide", kind="yes_no", theme="actions", variable="aide", **same),
            question("statut", kind="code", codes="statut_court", variable="statut",
                     comparability="recoded", note="Liste raccourcie"),
            number("montant", filter="aide=oui", **CELL, **same),
        ),
        "headers.csv": ["territory;data_year;header;question", "92;2012;Montant reçu;montant"],
        "breakdowns.yml": BREAKDOWNS.splitlines(),
        "indicators.yml": INDICATORS.splitlines(),
        "../registre/collection.yml": [REGISTER],
        "../registre/variables.csv": [
            "variable;theme;label;kind;unit;codes;note",
            "federe;identite;Fédérée;yes_no;;;",
            "nom;identite;Nom;text;;;",
        ],
    }  # fmt: skip


def loaded(folder: Path, files: Files):
    """The collection that these files declare."""
    home = folder / "essai"
    shutil.rmtree(home, ignore_errors=True)
    for name, lines in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_collection.cache_clear()
    return load_collection(folder, "essai")


def in_year(data_year: int, *lines: str) -> Callable[[Files], None]:
    """Add these lines to a year, in place of the questions of the same code."""
    codes = [line.partition(";")[0] for line in lines]

    def change(files: Files) -> None:
        kept = [x for x in files[f"questions/{data_year}.csv"] if x.partition(";")[0] not in codes]
        files[f"questions/{data_year}.csv"] = [*kept, *lines]

    return change


def added(name: str, *lines: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[name] = [*files.get(name, []), *lines]

    return change


def without(name: str, start: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[name] = [line for line in files[name] if not line.startswith(start)]

    return change


def replaced(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert any(old in line for line in files[name])
        files[name] = [line.replace(old, new) for line in files[name]]

    return change


SAME = {"comparability": "same"}

REFUSED: dict[str, tuple[Callable[[Files], None], str]] = {
    "code twice": (added("codes.csv", "statut;libre;Encore;"), "code 'statut/libre' is declared 2"),
    "spelling of two codes": (
        added("codes.csv", "statut;ferme;Fermé;ouvert"), "'ouvert' means both 'libre' and 'ferme'"
    ),
    "variable never asked": (
        added("variables.csv", "vide;emplois;Vide;text;;;"), "variable 'vide' is declared and never"
    ),
    "code list never used": (
        added("codes.csv", "autre;a;A;"), "code list 'autre' is declared and never used"
    ),
    "block never used": (
        replaced("collection.yml", "covid: Crise", "vide: Vide, covid: Crise"),
        "block 'vide' is declared and never used",
    ),
    "publication never cited": (
        added("publications.csv", "X;Y;"), "publication 'X' is declared and never used"
    ),
    "table never used": (
        added("tables.csv", "vide;Vide;financeur;mesure"), "table 'vide' is declared and never"
    ),
    "table of unknown list": (
        replaced("tables.csv", "financeur;mesure", "financeur;rien"), "code list 'rien' is not"
    ),
    "variable of unknown theme": (
        replaced("variables.csv", "aide;actions", "aide;rien"), "theme 'rien' is not declared"
    ),
    "variable without label": (
        replaced("variables.csv", "emplois;Montant", "emplois; "), "'montant' has no label"
    ),
    "question twice": (added("questions/2011.csv", YES), "2011: question 'aide' is declared 2"),
    "header twice": (
        in_year(2011, question("b", header="INTITULÉ AIDE")), "header 'intitulé aide' is declared 2"
    ),
    "variable fed twice": (
        in_year(2011, number("b", variable="montant")), "variable 'montant' is declared 2"
    ),
    "no key": (without("questions/2011.csv", "code_structure"), "one question has the role `key`"),
    "label missing": (in_year(2011, question("b", label="")), "line 6: label: Field required"),
    "label blank": (in_year(2011, question("b", label=" ")), "'b' has no label"),
    "header missing": (in_year(2011, question("b", header="")), "line 6: header: Field required"),
    "header in spaces": (in_year(2011, question("b", header=" B ")), "spaces around it"),
    "source blank": (in_year(2011, question("b", source=" ")), "does not say its source"),
    "codes on a text": (in_year(2011, question("b", codes="statut")), "goes with the kind `code`"),
    "codes missing": (in_year(2011, question("b", kind="code")), "goes with the kind `code`"),
    "codes unknown": (
        in_year(2011, question("b", kind="code", codes="rien")), "which is not in codes.csv"
    ),
    "unit on a text": (in_year(2011, question("b", unit="€")), "bounds are for numbers"),
    "bounds reversed": (
        in_year(2011, number("b", variable="", minimum="2", maximum="1")), "above its maximum"
    ),
    "factor of nought": (
        in_year(2011, number("b", variable="", factor="0")), "factor is not above zero"
    ),
    "unknown theme": (in_year(2011, question("b", theme="rien")), "theme 'rien' is not declared"),
    "unknown block": (in_year(2011, question("b", block="rien")), "block 'rien' is not declared"),
    "unknown population": (
        in_year(2011, question("b", population="CS|RIEN")), "population 'RIEN' is not declared"
    ),
    "unknown publication": (
        in_year(2011, question("b", attested="RIEN")), "publication 'RIEN' is not declared"
    ),
    "unknown variable": (
        in_year(2011, question("b", variable="rien")), "maps to 'rien', which is not in variables"
    ),
    "theme against the variable's": (
        in_year(2011, question("aide", kind="yes_no", variable="aide")), "its variable of 'actions'"
    ),
    "kind against the variable's": (
        in_year(2011, question("statut", variable="statut")), "is a text, its variable a code"
    ),
    "unit against the variable's": (
        in_year(2011, number("montant", unit="k€")), "state the factor"
    ),
    "factor in the same unit": (
        in_year(2011, number("montant", factor="1000")), "and states a factor"
    ),
    "codes that the variable has not": (
        in_year(2011, question("statut", kind="code", codes="financeur", variable="statut")),
        "codes that its variable does not have: caf",
    ),
    "filter of no shape": (in_year(2011, question("b", filter="aide")), "question=code"),
    "filter on an unknown question": (
        in_year(2011, question("b", filter="rien=oui")), "does not ask before it"
    ),
    "filter on a later question": (
        in_year(2011, question("b", filter="c=oui"), question("c", kind="yes_no")),
        "does not ask before it",
    ),
    "filter on an unknown code": (
        in_year(2011, question("b", filter="aide=oui|peut-être")), "unknown codes: peut-être"
    ),
    "filter on a number": (
        in_year(2011, question("b", filter="montant=1")), "only codes can be looked for"
    ),
    "filter on the required": (
        in_year(2011, question("b", filter="aide=oui", required="true")), "required of all"
    ),
    "filter not asked of all": (
        in_year(2011, question("a", kind="yes_no", population="CS"), question("b", filter="a=oui")),
        "is not asked of EVS",
    ),
    "table without row": (
        in_year(2011, question("b", table="argent")), "table, row and column go together"
    ),
    "unknown table": (
        in_year(2011, question("b", table="rien", row="caf", column="montant")), "tables.csv"
    ),
    "unknown row": (
        in_year(2011, question("b", table="argent", row="rien", column="montant")),
        "row 'rien' is not a code of 'financeur'",
    ),
    "cell twice": (in_year(2011, question("b", **CELL)), "argent caf × montant' is declared 2"),
    "unit in silence": (
        in_year(2012, number("montant", unit="k€", factor="1000", **SAME)),
        "its unit changes in silence since 2011, from '€' to 'k€'",
    ),
    "unit without note": (
        in_year(2012, number("montant", unit="k€", factor="1000", comparability="recoded")),
        "a note says what changed",
    ),
    "kind in silence": (
        in_year(2012, number("montant", kind="integer", **SAME)), "only `break` allows it"
    ),
    "codes in silence": (
        in_year(2013, question("statut", kind="code", codes="statut_court", variable="statut",
                               **SAME)),
        "its code list changes in silence since 2012, from 'statut' to 'statut_court'",
    ),
    "comparability unstated": (
        in_year(2012, number("montant")), "state its comparability since 2011"
    ),
    "variable changed": (
        in_year(2012, question("statut", kind="code", codes="statut", variable="autre", **SAME)),
        "feeds 'autre', not 'statut'",
    ),
    "series taken over in silence": (
        lambda files: (
            without("questions/2012.csv", "montant")(files),
            in_year(2012, number("montant_net", variable="montant"))(files),
        )[0],
        "state its comparability since 2011 ('montant')",
    ),
    "year left out": (
        without("questions/2012.csv", "statut"), "state `resumes` 2011"
    ),
    "resumes the wrong year": (
        in_year(2013, question("aide", kind="yes_no", theme="actions", variable="aide",
                               resumes="2011", **SAME)),
        "resumes 2011, but was last asked in 2012",
    ),
    "header of another question": (
        in_year(2013, question("b", header="Intitulé covid_texte")),
        "that 'covid_texte' had in 2012",
    ),
    "spelling of no question": (
        added("headers.csv", "92;2012;B;rien"), "to 'rien', which 2012 does not ask"
    ),
    "spelling of another question": (
        added("headers.csv", "92;2012;Intitulé aide;montant"), "gives to 'aide'"
    ),
    "spelling twice": (
        added("headers.csv", "92;2012;Montant reçu;montant"), "header spelling '92 2012 Montant"
    ),
    "cells too many": (added("variables.csv", "a;b;c"), "not as many cells as headers"),
    "made of others by nobody": (
        lambda files: files.update({"variables.csv": [
            "variable;theme;label;kind;unit;codes;made_of;note",
            "montant;emplois;Montant;number;€;;;", "aide;actions;Aide;yes_no;;;statut;",
            "statut;emplois;Statut;code;;statut;;",
        ]}),
        "variable 'aide' is made of others, and no derivation makes it",
    ),
    "made of what is not asked": (
        lambda files: (
            files.update({"variables.csv": [
                "variable;theme;label;kind;unit;codes;made_of;note",
                "montant;emplois;Montant;number;€;;;", "aide;actions;Aide;yes_no;;;;",
                "statut;emplois;Statut;code;;statut;;", "dit;emplois;Dit;number;€;;montant|dite;",
            ]}),
            replaced("collection.yml", "epci_least: 3", "epci_least: 3\nderivations: [dit]")(files),
        )[0],
        "variable 'dit': asked variable 'dite' is not declared",
    ),
    "breakdown twice": (
        replaced("breakdowns.yml", "breakdown: aidee", "breakdown: taille"),
        "breakdown 'taille' is declared 2",
    ),
    "breakdown of a taken name": (
        replaced("breakdowns.yml", "breakdown: aidee", "breakdown: all"), "'all': the name is taken"
    ),
    "breakdown by an unknown variable": (
        replaced("breakdowns.yml", "variable: aide", "variable: rien"),
        "names the unknown variable 'rien' of 'Essai'",
    ),
    "breakdown by what the register does not say": (
        replaced("breakdowns.yml", "variable: federe", "variable: aide"),
        "names the unknown variable 'aide' of 'Registre'",
    ),
    "breakdown of no register": (
        replaced("collection.yml", "register_collection: registre", ""),
        "is of the register, and the collection names none",
    ),
    "breakdown by a text": (
        replaced("breakdowns.yml", "variable: federe", "variable: nom"),
        "'nom' is a text; codes or numbers make categories",
    ),
    "category twice": (
        replaced("breakdowns.yml", "category: seule", "category: aidee"),
        "category 'aidee' is declared 2",
    ),
    "category of what is left": (
        replaced("breakdowns.yml", "category: seule", "category: inconnu"), "it is what is left"
    ),
    "category of codes and numbers": (
        replaced("breakdowns.yml", "codes: [oui]", "codes: [oui], below: 3"),
        "either codes, or at_least and below",
    ),
    "category of nothing": (
        replaced("breakdowns.yml", ", below: 10", ""), "either codes, or at_least and below"
    ),
    "category upside down": (
        replaced("breakdowns.yml", "below: 10", "at_least: 12, below: 10"),
        "`at_least` is not under `below`",
    ),
    "categories that share a code": (
        replaced("breakdowns.yml", "codes: [non]", "codes: [non, oui]"), "code 'oui' is declared 2"
    ),
    "categories of an unknown code": (
        replaced("breakdowns.yml", "codes: [non]", "codes: [non, rien]"),
        "looks for the code 'rien', which 'aide' does not have",
    ),
    "code in no category": (
        replaced("breakdowns.yml", "codes: [non]", "codes: [oui]"), "'non' is in no category"
    ),
    "codes of a number": (
        replaced("breakdowns.yml", "below: 10", "codes: [oui]"), "'petite': numbers are expected"
    ),
    "numbers of a code": (
        replaced("breakdowns.yml", "codes: [non]", "at_least: 3"), "'seule': codes are expected"
    ),
    "categories that overlap": (
        replaced("breakdowns.yml", "below: 10", "below: 11"), "'petite' and 'grande' overlap"
    ),
    "numbers in no category": (
        replaced("breakdowns.yml", "below: 10", "below: 9"),
        "numbers between 'petite' and 'grande' are in none",
    ),
    "numbers above every category": (
        replaced("breakdowns.yml", "at_least: 10", "at_least: 10, below: 90"),
        "the lowest category has no `at_least`, the highest no `below`",
    ),
    "pooled as a population": (
        replaced("collection.yml", "{AVS:", "{CS:"), "pooled: 'CS' is a population"
    ),
    "pooled in two ways": (
        replaced("collection.yml", "{AVS:", "{TOUS: Tous, AVS:"), "at most 1 item"
    ),
    "pooled of one": (
        replaced("collection.yml", ", EVS: Espaces de vie sociale}", "}"),
        "pooled: there is one population",
    ),
    "EPCI without a register": (
        replaced("collection.yml", "register_collection: registre", ""),
        "epci_least: a register says a unit's commune",
    ),
    "response of a variable": (
        replaced("indicators.yml", "statistic: response", "statistic: response, variable: aide"),
        "'taux' counts units, of whatever variable",
    ),
    "response of some": (
        replaced("indicators.yml", "statistic: response",
                 "statistic: response, where: aide, where_codes: [oui]"),
        "'taux' is about all in scope: `where`",
    ),
    "response by what only respondents say": (
        replaced("indicators.yml", "statistic: response",
                 "statistic: response, breakdowns: [federation, aidee]"),
        "'taux' is about all in scope: 'aidee'",
    ),
    "broken down by the unknown": (
        replaced("indicators.yml", "[taille]", "[rien]"), "breakdown 'rien' is not declared"
    ),
    "broken down twice": (
        replaced("indicators.yml", "[taille]", "[taille, taille]"), "'taille' is declared 2"
    ),
    "mean of several populations": (
        replaced("indicators.yml", "statistic: total", "pooled: true, statistic: mean"),
        "a mean is never told of several populations",
    ),
    "pooled as nothing": (
        replaced(
            "collection.yml", "pooled: {AVS: Centres sociaux et espaces de vie sociale}", ""
        ),
        "'taux' is pooled: collection.yml does not say as what",
    ),
    "by EPCI from nowhere": (
        replaced("collection.yml", "epci_least: 3", ""), "collection.yml states no `epci_least`"
    ),
    "unknown column": (
        replaced("tables.csv", "table;label", "table;libelle"), "Extra inputs are not permitted"
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", REFUSED)
def test_it_is_refused(tmp_path, change):
    alter, sentence = REFUSED[change]
    files = good()
    alter(files)

    with pytest.raises(CodebookError) as refused:
        loaded(tmp_path, files)

    assert sentence in str(refused.value)


ALLOWED: dict[str, Callable[[Files], None]] = {
    "nothing changed": lambda _: None,
    "a unit recoded, with its note": in_year(
        2012,
        number("montant", unit="k€", factor="1000", comparability="recoded", note="En k€", **CELL),
    ),
    "a year left out on purpose": lambda files: (
        without("questions/2012.csv", "statut")(files),
        in_year(2013, question("statut", kind="code", codes="statut", variable="statut",
                               resumes="2011", **SAME))(files),
        without("codes.csv", "statut_court")(files),
    )[0],
    "a rotating block that comes back": lambda files: (
        without("questions/2012.csv", "covid_texte")(files),
        in_year(2011, question("covid_texte", block="covid"))(files),
        in_year(2013, question("covid_texte", block="covid"))(files),
    )[0],
    "a header that changes": in_year(2012, number("montant", header="Somme", **SAME, **CELL)),
    "a population that grows": lambda files: (
        in_year(2011, question("c", population="CS"))(files),
        in_year(2012, question("c"))(files),
    )[0],
}  # fmt: skip


@pytest.mark.parametrize("change", ALLOWED)
def test_it_is_allowed(tmp_path, change):
    files = good()
    ALLOWED[change](files)
    if change == "a unit recoded, with its note":
        files["questions/2013.csv"] = [
            line.replace("same", "recoded").replace(";;;;notre choix", ";;En €;;notre choix")
            if line.startswith("montant")
            else line
            for line in files["questions/2013.csv"]
        ]
    assert loaded(tmp_path, files).data_years == (2011, 2012, 2013)


def test_every_contradiction_is_told_at_once(tmp_path):
    files = good()
    for name in ("variable never asked", "unknown block", "spelling of no question"):
        REFUSED[name][0](files)
    with pytest.raises(CodebookError) as refused:
        loaded(tmp_path, files)
    assert str(refused.value).count("\n") == 3


def test_what_the_model_reads(tmp_path):
    made = loaded(tmp_path, good())
    amount = made.asked("montant")[0]

    assert amount.filter == Filter(question="aide", codes=("oui",))
    assert str(Filter.parsed("a = x | y")) == "a=x|y"
    assert amount.attested == ("NAT14",)
    assert made.populations_of(amount) == ("CS", "EVS")
    assert made.theme_of(amount) == "emplois"
    assert [q.comparability for q in made.asked("statut")] == [
        Comparability.UNSTATED, Comparability.SAME, Comparability.RECODED,
    ]  # fmt: skip
    assert made.asked("rien") == ()
    assert made.questions_of(1999) == ()
    assert [r.release for r in made.releases] == ["1.0"]


def test_all_that_is_declared_is_read_and_checked_quickly():
    """Every command and every flow pays for it; the bound leaves room for a slow machine."""
    load_collection.cache_clear()
    before = time.process_time()
    for name in collection_names(CODEBOOK):
        load_collection(CODEBOOK, name)
    assert time.process_time() - before < 3
