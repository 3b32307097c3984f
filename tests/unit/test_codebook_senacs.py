"""The survey's codebook and its register's: what the static check does not look at."""

import pytest

from senacs.codebook.loading import load_collection
from senacs.codebook.model import Collection, Disclosure, Kind, Perimeter, Question, Role
from senacs.codebook.questionnaire import Comparability
from senacs.settings import PROJECT_ROOT

CODEBOOK = PROJECT_ROOT / "codebook"
YEARS = (2011, 2012)
ASKED = range(2010, 2025)
UNITS = {"€", "personnes", "ETP", "heures", ""}


@pytest.fixture(scope="module", params=["registre", "senacs"])
def collection(request) -> Collection:
    return load_collection(CODEBOOK, request.param)


@pytest.fixture(scope="module")
def senacs() -> Collection:
    return load_collection(CODEBOOK, "senacs")


@pytest.fixture(scope="module")
def registre() -> Collection:
    return load_collection(CODEBOOK, "registre")


def by_name(collection: Collection, data_year: int) -> dict[str, Question]:
    return {q.question: q for q in collection.questions_of(data_year)}


class TestBoth:
    def test_they_are_simulated_and_protected(self, collection):
        assert collection.simulated
        assert collection.disclosure is Disclosure.PROTECTED

    def test_every_theme_is_named(self, collection):
        used = {v.theme for v in collection.variables} | {i.theme for i in collection.indicators}
        assert used <= set(collection.themes)

    def test_every_variable_is_asked_and_in_a_known_unit(self, collection):
        asked = {q.variable for q in collection.questions}
        declared = {v.variable for v in collection.variables}
        assert declared - set(collection.derivations) == asked - {""}
        demanded = {q.variable for year in YEARS for q in collection.questions_of(year)}
        units = {v.unit for v in collection.variables if v.variable in demanded}
        assert units <= UNITS

    def test_every_question_says_where_it_comes_from(self, collection):
        published = ("senacs.fr", "attesté", "publié", "type")
        for question in collection.questions:
            assert "notre choix" in question.source or any(w in question.source for w in published)

    def test_no_spelling_means_two_codes(self, collection):
        for name in {item.list for item in collection.code_items}:
            meanings: dict[str, str] = {}
            for item in collection.codes_of(name):
                for text in (item.code, item.label, *item.spellings):
                    assert meanings.setdefault(text.casefold(), item.code) == item.code

    def test_it_is_collected_in_the_hauts_de_seine_the_year_after(self, collection):
        assert [c.data_year for c in collection.campaigns] == list(YEARS)
        for campaign in collection.campaigns:
            assert campaign.campaign_year == campaign.data_year + 1 == campaign.opens.year
            (territory,) = campaign.territories
            assert (territory.code, territory.departements) == ("92", ("92",))
            assert territory.source.url.startswith("{supplier}/")


class TestRegister:
    def test_it_is_its_own_list_of_what_exists(self, registre):
        assert not registre.register_collection
        assert {c.perimeter for c in registre.campaigns} == {Perimeter.EXPORT}

    @pytest.mark.parametrize("data_year", YEARS)
    def test_it_says_population_and_commune(self, registre, data_year):
        roles = {q.role: q.question for q in registre.questions_of(data_year) if q.role}
        assert roles == {
            Role.KEY: "structure_id",
            Role.POPULATION: "type",
            Role.COMMUNE: "commune",
        }
        codes = {item.code for item in registre.codes_of("type_structure")}
        assert codes == set(registre.populations)

    def test_every_question_is_harmonised(self, registre):
        assert all(q.variable == q.question for q in registre.questions)


class TestSurvey:
    def test_its_register_is_declared(self, senacs):
        register = load_collection(CODEBOOK, senacs.register_collection)
        assert register.populations == senacs.populations
        assert {c.data_year for c in senacs.campaigns} == {c.data_year for c in register.campaigns}

    def test_only_the_federated_were_asked_about_2011(self, senacs):
        assert senacs.campaign(2011).perimeter is Perimeter.FEDERATED
        assert senacs.campaign(2012).perimeter is Perimeter.ALL

    def test_the_form_changed_as_declared(self, senacs):
        before, after = by_name(senacs, 2011), by_name(senacs, 2012)
        assert set(before) - set(after) == {"action_logement"}
        assert set(after) - set(before) == {"benevoles_jeunes", "action_developpement_durable"}
        budgets = {q for q in before if q.startswith("budget_")}
        renamed = {q for q in set(before) & set(after) if before[q].header != after[q].header}
        assert renamed == {"nb_salaries"} | budgets

    def test_budgets_are_brought_to_euros(self, senacs):
        for question in (*senacs.questions_of(2011), *senacs.questions_of(2012)):
            if question.question.startswith("budget_"):
                expected = {2011: ("€", 1, "same"), 2012: ("k€", 1000, "recoded")}
                assert (
                    question.unit,
                    question.factor,
                    question.comparability,
                ) == expected[question.data_year]

    def test_numbers_are_bounded(self, senacs):
        numeric = [q for q in senacs.questions if q.kind in {Kind.NUMBER, Kind.INTEGER}]
        assert all(q.minimum is not None and q.maximum is not None for q in numeric)

    def test_personal_data_and_timestamps_are_ignored_by_declaration(self, senacs):
        for year in YEARS:
            ignored = {
                s.header for s in senacs.header_spellings if s.data_year == year and not s.question
            }
            assert ignored == {"Horodateur", "Courriel du contact"}

    def test_the_three_published_figures_are_headlines_and_cite_what_was_published(self, senacs):
        indicators = {i.indicator: i for i in senacs.indicators}
        for name in ("part_parentalite", "part_vacataires", "heures_benevolat_moyenne"):
            assert indicators[name].headline
            assert "données 2011" in indicators[name].source
        assert indicators["heures_benevolat_total"].headline
        assert "Nous le lisons comme une moyenne" in indicators["heures_benevolat_moyenne"].note

    def test_a_share_of_the_budget_is_published_for_each_funder(self, senacs):
        funders = {
            q.question
            for q in senacs.questions
            if q.question.startswith("budget_") and q.question != "budget_total"
        }
        shares = {i.variable for i in senacs.indicators if i.denominator == "budget_total"}
        assert shares >= funders


class TestEveryYear:
    """What the publications say of the form over fifteen data years, and what we chose."""

    def test_each_data_year_has_its_questionnaire(self, senacs):
        assert senacs.data_years == tuple(ASKED)

    def test_the_form_grows_to_the_published_size_and_is_cut_to_about_a_hundred(self, senacs):
        size = {year: len(senacs.questions_of(year)) for year in ASKED}

        assert size[2014] == max(size.values()) == 277
        assert {size[2023] // 10, size[2024] // 10} == {10}
        assert all(size[year] > 200 for year in range(2014, 2023))

    def test_it_is_wide_enough(self, senacs):
        assert len({q.question for q in senacs.questions}) > 250
        assert len(senacs.variables) > 150

    def test_the_six_published_themes_hold_every_question(self, senacs):
        themes = {senacs.theme_of(q) for q in senacs.questions}
        assert themes == set(senacs.themes) - {"ensemble"}
        assert len(themes) == 6

    @pytest.mark.parametrize("data_year", ASKED)
    def test_espaces_de_vie_sociale_are_asked_from_data_2017_on(self, senacs, data_year):
        asked = {p for q in senacs.questions_of(data_year) for p in senacs.populations_of(q)}
        assert asked == ({"CS"} if data_year < 2017 else {"CS", "EVS"})

    def test_each_population_is_asked_for_the_grant_of_its_kind(self, senacs):
        asked = by_name(senacs, 2018)
        assert asked["detail_caf_agc"].population == ("CS",)
        assert asked["detail_caf_animation_locale"].population == ("EVS",)

    def test_rotating_blocks_are_in_the_years_that_the_codebook_says(self, senacs):
        years: dict[str, set[int]] = {}
        for question in senacs.questions:
            if question.block:
                years.setdefault(question.block, set()).add(question.data_year)
        assert years["covid"] == {2020}
        assert years["jeunes_adultes"] == {2017}
        assert {b for b, in_years in years.items() if in_years & {2023}} == {"ecologie"}
        assert years["democratie"] == {2022, 2024}

    def test_zonings_are_not_one_series(self, senacs):
        asked = {
            q: [x.data_year for x in senacs.asked(q)]
            for q in ("politique_ville", "geographie_prioritaire")
        }
        assert asked["politique_ville"] == list(range(2010, 2015))
        assert asked["geographie_prioritaire"] == list(range(2015, 2025))
        assert by_name(senacs, 2024)["geographie_prioritaire"].comparability is Comparability.BREAK

    def test_ages_break_where_the_published_bounds_moved(self, senacs):
        broken = {q.question for q in senacs.questions_of(2023) if q.comparability == "break"}
        assert broken == {"publics_enfants", "publics_jeunes"}

    def test_housing_resumes_after_the_year_without_it(self, senacs):
        resumed = [(q.data_year, q.resumes) for q in senacs.asked("action_logement") if q.resumes]
        assert resumed == [(2013, 2011)]

    def test_tables_have_their_cells(self, senacs):
        cells = {(q.row, q.column) for q in senacs.questions_of(2014) if q.table == "contrats"}
        assert {("cdi", "personnes"), ("cdi", "etp"), ("total", "personnes")} <= cells
        assert {q.table for q in senacs.questions_of(2014)} - {""} >= {
            "financeurs",
            "publics",
            "contrats",
        }

    def test_what_is_attested_is_cited_and_the_rest_is_our_choice(self, senacs):
        for question in senacs.questions:
            assert "notre choix" in question.source
            assert bool(question.attested) == (question.source != "notre choix")

    def test_no_question_asks_for_personal_data(self, senacs):
        assert not [
            q
            for q in senacs.questions
            if "courriel" in q.header.casefold() or "mail" in q.header.casefold()
        ]
