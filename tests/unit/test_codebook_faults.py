"""Each contradiction in the codebook is refused, with the place where it is."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from senacs.codebook import collection_names, load_collection
from senacs.codebook.loading import content_version
from senacs.errors import CodebookError
from senacs.settings import PROJECT_ROOT

CODEBOOK = PROJECT_ROOT / "codebook"


@pytest.fixture
def codebook(tmp_path) -> Path:
    """A copy to spoil."""
    copied = tmp_path / "codebook"
    shutil.copytree(CODEBOOK, copied)
    return copied


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", collection_names(CODEBOOK))
def test_the_shipped_codebook_holds(name):
    assert load_collection(CODEBOOK, name).collection == name


QUESTIONS = "questions/2011.csv"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("variables.csv", "nom;identite", "structure_id;identite", "'structure_id' is declared 2"),
        ("codes.csv", "type_structure;EVS;", "type_structure;CS;", "'type_structure/CS' is decl"),
        ("indicators.yml", "indicator: part_acf", "indicator: part_federees", "'part_federees' is"),
        ("campaigns.yml", "data_year: 2012", "data_year: 2011", "'2011' is declared 2 times"),
        (QUESTIONS, "nom;Nom;", "structure_id;Nom;", "2011: question 'structure_id' is declared 2"),
        (QUESTIONS, "nom;Nom;", "nom;Identifiant;", "2011: header 'identifiant' is declared 2"),
        (QUESTIONS, "nom;Nom;nom;", "nom;Nom;type;", "2011: variable 'type' is declared 2"),
        (QUESTIONS, ";key;", ";;", "2011: one question has the role `key`, not 0"),
        (QUESTIONS, "code;mode_gestion;", "code;gestion;", "'gestion', which is not in codes.csv"),
        (QUESTIONS, "code;mode_gestion;", "code;;", "'mode_gestion': a code list goes with"),
        (QUESTIONS, "nom;Nom;nom;", "nom;Nom;surnom;", "'surnom', which is not in variables.csv"),
        (QUESTIONS, "Nom de la structure;text;", "Nom;number;", "is a number, its variable a text"),
        ("campaigns.yml", "data_year: 2011", "data_year: 1999", "campaign 1999 has no questions/1"),
        ("campaigns.yml", "perimeter: export", "perimeter: all", "collections without a register"),
        ("campaigns.yml", '["92"]', '["92", "92"]', "2011: département '92' is declared 2 times"),
        ("indicators.yml", "variable: federe", "variable: adherent", "unknown variables: adherent"),
        ("indicators.yml", "codes: [associatif]", "codes: [asso]", "the code 'asso', which 'mode_"),
        ("indicators.yml", "  variable: federe\n", "", "is a share of no variable"),
        ("indicators.yml", "statistic: share", "statistic: mean", "codes go with the statistic"),
        ("indicators.yml", "  where_codes: [oui]\n", "", "`where` and `where_codes` go together"),
        ("indicators.yml", "theme: agrement", "theme: divers", "of theme 'divers', which collec"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(codebook, file, old, new, said):
    edit(codebook / "registre" / file, old, new)
    with pytest.raises(CodebookError) as refused:
        load_collection(codebook, "registre")
    assert "codebook of 'registre'" in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("variables.csv", "nom;identite;", "nom;;", "variables.csv, line 3: theme"),
        ("variables.csv", "nom;identite;", "nom;identite;x;", "variables.csv, line 3: not as many"),
        ("variables.csv", ";kind;", ";sort;", "variables.csv, line 2"),
        (QUESTIONS, "Nom de la structure;text;", "Nom;words;", "2011.csv, line 3: kind"),
        ("campaigns.yml", "opens: 2012-01-02", "opens: soon", "campaigns.yml, line 2: opens"),
        ("campaigns.yml", "perimeter: export", "perimeter: some", "campaigns.yml, line 2: perim"),
        ("indicators.yml", "statistic: count", "statistic: sum", "indicators.yml, line 2: stat"),
        ("indicators.yml", "- indicator: structures\n", "- indicators: x\n", "line 2: indicator"),
        ("collection.yml", "simulated: true", "simulated: perhaps", "collection.yml: simulated"),
        ("collection.yml", "label: Registre", "label: [Registre", "collection.yml"),
    ],
)  # fmt: skip
def test_a_fault_says_its_file_and_line(codebook, file, old, new, said):
    edit(codebook / "registre" / file, old, new)
    with pytest.raises(CodebookError) as refused:
        load_collection(codebook, "registre")
    assert said in str(refused.value)
    assert str(codebook / "registre") in str(refused.value)


def test_a_questionnaires_file_is_named_by_its_year(codebook):
    folder = codebook / "registre" / "questions"
    (folder / "2011.csv").rename(folder / "last year.csv")
    with pytest.raises(CodebookError, match="named by its data year"):
        load_collection(codebook, "registre")


def test_a_unit_that_changes_asks_for_a_factor(codebook):
    questions = codebook / "senacs" / "questions" / "2012.csv"
    edit(questions, ";k€;1000;", ";k€;;")
    with pytest.raises(CodebookError, match="state the factor"):
        load_collection(codebook, "senacs")


def test_a_spelling_of_what_is_not_asked_is_refused(codebook):
    edit(codebook / "senacs" / "headers.csv", "Nb CDI;nb_cdi", "Nb CDI;nb_cdd")
    with pytest.raises(CodebookError, match=r"headers.csv.*'Nb CDI'.*'nb_cdd'"):
        load_collection(codebook, "senacs")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("etp_total,", "etp,", "collection.yml, respondents 1: variable 'etp' is not declared"),
        ("etp_total,", "nb_salaries,", "respondents 1: key item 'nb_salaries' is declared 2 times"),
        ("- key_items", "- populations: [ACF]\n    key_items", "population 'ACF' is not declared"),
        ("least: 3", "least: 6", "2010 asks every CS 5 of the key items, 6 are needed"),
        ("etp_total, budget_total, publics_total", "resultat, ctg", "2012 asks every CS 2 of the"),
        ("respondents:\n", "respondents:\n  - {key_items: [nb_salaries], least: 1, usable_share: 0,"
         " source: x}\n", "respondents of 'CS' is declared 2 times"),
        ("usable_share: 0.5", "usable_share: 50", "collection.yml: respondents.0.usable_share"),
        ("    source: notre choix ; a", "    note: a", "collection.yml: respondents.0.source"),
    ],
)  # fmt: skip
def test_key_items_that_no_structure_could_answer_are_refused(codebook, old, new, said):
    edit(codebook / "senacs" / "collection.yml", old, new)
    with pytest.raises(CodebookError) as refused:
        load_collection(codebook, "senacs")
    assert said in str(refused.value)


def test_a_wage_that_nobody_declares_is_refused(codebook):
    edit(codebook / "senacs" / "collection.yml", "{charges_personnel:", "{salaires:")
    with pytest.raises(CodebookError, match="pay: variable 'salaires' is not declared"):
        load_collection(codebook, "senacs")


def test_every_contradiction_is_told_at_once(codebook):
    edit(codebook / "registre" / "variables.csv", "nom;identite", "structure_id;identite")
    edit(codebook / "registre" / "campaigns.yml", "perimeter: export", "perimeter: all")
    with pytest.raises(CodebookError) as refused:
        load_collection(codebook, "registre")
    assert "'structure_id' is declared 2" in str(refused.value)
    assert "perimeter `export` is for collections without a register" in str(refused.value)


def test_what_is_not_declared_is_named_with_what_is():
    with pytest.raises(CodebookError, match=r"no collection 'mariages'.*registre"):
        load_collection(CODEBOOK, "mariages")
    registre = load_collection(CODEBOOK, "registre")
    with pytest.raises(CodebookError, match="no data year 1999; declared: 2011"):
        registre.campaign(1999)
    with pytest.raises(CodebookError, match="no territory '75'; declared: 92"):
        registre.campaign(2011).territory("75")


def test_the_version_changes_with_any_byte_of_any_file(codebook):
    folder = codebook / "registre"
    version = content_version(folder)
    assert content_version(CODEBOOK / "registre") == version
    edit(folder / "codes.csv", "Centre socioculturel", "Centre socio-culturel")
    changed = content_version(folder)
    (folder / "codes.csv").rename(folder / "code.csv")
    assert len({version, changed, content_version(folder)}) == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("closes: 2013-10-31", "closes: 2013-01-01", "closes on 2013-01-01, before it opens"),
        ("deadline: 2013-09-27", "deadline: 2013-11-01", "the deadline 2013-11-01 is not between"),
        ("2013-09-13, 2013-10-04", "2013-10-04, 2013-09-13", "reminders are not in order"),
        ("2013-07-01, 2013-10-14", "2013-07-01, 2014-10-14", "not open: 2014-10-14"),
        ("edition: 2013-12-02", "edition: 2013-10-31", "due on 2013-10-31, before all is closed"),
        ("edition: 2014-06-02", "edition: 2013-12-02", "before the closing or the other one"),
        ("senacs_92_2012.csv\"}", "senacs_92_2012.csv\"}\n      dates: {deadline: 2013-03-01}",
         "the deadline 2013-03-01 is not between 2013-04-02 and 2013-10-31"),
        ("senacs_92_2012.csv\"}", "senacs_92_2012.csv\"}\n      dates: {closes: 2014-01-10}",
         "due on 2013-12-02, before all is closed"),
    ],
)  # fmt: skip
def test_days_out_of_order_are_refused_with_their_line(codebook, old, new, said):
    campaigns = codebook / "senacs" / "campaigns.yml"
    line = campaigns.read_text("utf-8").splitlines().index("- data_year: 2012") + 1
    edit(campaigns, old, new)
    with pytest.raises(CodebookError) as refused:
        load_collection(codebook, "senacs")
    assert f"campaigns.yml, line {line}: " in str(refused.value)
    assert "campaign 2012: " in str(refused.value)
    assert said in str(refused.value)


def test_a_territory_has_its_own_days_where_it_says_so(codebook):
    campaigns = codebook / "senacs" / "campaigns.yml"
    edit(campaigns, "senacs_92_2012.csv\"}",
         "senacs_92_2012.csv\"}\n      dates: {closes: 2013-11-15, reminders: []}")  # fmt: skip
    campaign = load_collection(codebook, "senacs").campaign(2012)
    dates = campaign.dates_of(campaign.territory("92"))
    assert (dates.deadline, dates.closes) == (date(2013, 9, 27), date(2013, 11, 15))
    assert dates.reminders == ()
    assert dates.query_reminders == campaign.query_reminders
    assert campaign.dates.closes == date(2013, 11, 15)


def test_a_campaign_that_says_no_more_expects_exports_until_it_closes():
    campaign = load_collection(CODEBOOK, "registre").campaign(2012)
    dates = campaign.dates_of(campaign.territory("92"))
    assert dates.deadline == dates.closes == campaign.closes
    assert dates.reminders == dates.query_reminders == ()
    assert campaign.dates.last == campaign.closes
