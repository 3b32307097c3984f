"""Who is asked what: populations and filters decide between omission and nothing to say."""

import polars as pl
import pytest

from expectations.exports import Exports, Setting
from expectations.verdict import Verdict, judge
from senacs.codebook import Collection
from senacs.codebook.questionnaire import Filter
from senacs.reading import read_export
from tests.support.exports import answers, declared, evidence, setting, table, written

PLACE = "senacs 2024"
EVS_GIVEN = {
    "detail_caf_agc": "",
    "detail_caf_acf": "",
    "detail_caf_animation_locale": "25 000",
    "agrement_acf": "",
    "etp_fonction_direction": "",
    "etp_fonction_referent_famille": "",
    "etp_fonction_accueil": "",
}
"""What an EVS answers where the good row is a centre social's."""


def judged(*rows: dict[str, str], population: str = "CS", place: str = PLACE) -> Verdict:
    data = written(table(place, *rows))
    return judge(evidence(place, data), setting(place, population=population))


def found(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.question) for finding in verdict.findings]


def answer(verdict: Verdict, question: str) -> tuple[str | None, ...]:
    """Raw text, status and value."""
    (row,) = verdict.answers.filter(question=question).iter_rows(named=True)
    return row["raw"], row["status"], row["decimal"] or row["code"] or row["text"]


class TestPopulation:
    def test_no_answer_to_what_others_are_asked_is_no_omission(self):
        verdict = judged(answers(PLACE, **EVS_GIVEN), population="EVS")

        assert found(verdict) == []
        assert answer(verdict, "detail_caf_acf") == ("", "not_asked", None)
        assert answer(verdict, "detail_caf_animation_locale")[1:] == ("reported", "25000")

    def test_the_same_silence_of_those_who_are_asked_is_missing(self):
        verdict = judged(answers(PLACE, detail_caf_acf=""))
        assert answer(verdict, "detail_caf_acf") == ("", "missing", None)

    @pytest.mark.parametrize(
        ("question", "raw"),
        [
            ("detail_caf_acf", "0"),
            ("detail_caf_acf", "0,00 €"),
            ("detail_caf_acf", "nc"),
            ("detail_caf_acf", "sans objet"),
            ("agrement_acf", "Non"),
        ],
    )
    def test_to_say_there_is_none_agrees_and_keeps_its_text(self, question, raw):
        verdict = judged(answers(PLACE, **(EVS_GIVEN | {question: raw})), population="EVS")

        assert found(verdict) == []
        assert answer(verdict, question) == (raw, "not_asked", None)

    @pytest.mark.parametrize(
        ("question", "raw"), [("detail_caf_acf", "12 000"), ("agrement_acf", "Oui")]
    )
    def test_an_answer_nobody_asked_for_is_kept_out_with_its_text(self, question, raw):
        verdict = judged(answers(PLACE, **(EVS_GIVEN | {question: raw})), population="EVS")

        (finding,) = verdict.findings
        assert (finding.rule, finding.question, finding.raw) == ("DOM-20", question, raw)
        assert "qu'aux Centres sociaux" in finding.message
        assert finding.message.endswith("92-001 fait partie des Espaces de vie sociale.")
        assert answer(verdict, question) == (raw, "rejected", None)

    def test_an_unreadable_one_is_said_to_be_both(self):
        verdict = judged(
            answers(PLACE, **(EVS_GIVEN | {"detail_caf_acf": "?!a"})), population="EVS"
        )
        assert found(verdict) == [("DOM-01", "detail_caf_acf"), ("DOM-20", "detail_caf_acf")]

    def test_nothing_follows_for_a_unit_that_the_register_does_not_know(self):
        verdict = judged(answers(PLACE, structure_id="92-999", detail_caf_acf=""))
        assert [rule for rule, _ in found(verdict)] == ["REG-01", "REG-03"]

    def test_of_a_form_that_asks_it_nothing_a_unit_is_out_of_scope_and_said_so_once(self):
        data = written(table("senacs", answers("senacs", nb_salaries="")))
        around = setting("senacs", ("92-001", False), population="EVS")

        verdict = judge(evidence("senacs", data), around)

        assert found(verdict) == [("REG-02", None)]
        assert answer(verdict, "nb_salaries") == ("", "not_asked", None)
        assert answer(verdict, "nb_cdi") == ("10", "reported", "10")

    def test_the_key_is_asked_of_everybody(self):
        verdict = judged(answers("senacs"), population="EVS", place="senacs")
        assert answer(verdict, "structure_id")[1] == "reported"


class TestPopulationOfTheExport:
    """Where there is no register, the export says what its rows are, or they are all the same."""

    @staticmethod
    def populations(collection: str, *rows: dict[str, str]) -> list[tuple[int, str | None]]:
        made = evidence(collection, written(table(collection, *rows)))
        framed = Exports.of({0: made}, {0: setting(collection)}).answers
        return framed.select("row", "population").unique(maintain_order=True).rows()

    def test_its_own_column(self):
        kinds = [
            answers("registre"),
            answers("registre", structure_id="92-002", type="Espace de vie sociale"),
            answers("registre", structure_id="92-003", type=""),
        ]
        assert self.populations("registre", *kinds) == [(2, "CS"), (3, "EVS"), (4, None)]

    def test_rows_of_one_unit_that_state_two_state_none(self):
        rows = [answers("registre"), answers("registre", type="Espace de vie sociale")]
        assert self.populations("registre", *rows) == [(2, None), (3, None)]

    def test_the_only_one(self):
        assert self.populations("fonjep", answers("fonjep")) == [(2, "POSTE")]


class TestFilter:
    def test_no_answer_to_what_does_not_apply_is_no_omission(self):
        verdict = judged(answers(PLACE, pe_accueil="Non", pe_enfants=""))

        assert found(verdict) == []
        assert answer(verdict, "pe_enfants") == ("", "not_concerned", None)

    @pytest.mark.parametrize("raw", ["", "nc", "parfois"])
    def test_nothing_follows_from_a_filter_that_says_nothing(self, raw):
        verdict = judged(answers(PLACE, pe_accueil=raw, pe_enfants=""))
        assert answer(verdict, "pe_enfants") == ("", "missing", None)

    def test_a_filter_that_does_not_apply_itself_excludes(self):
        verdict = judged(answers(PLACE, pe_accueil="sans objet", pe_enfants=""))
        assert answer(verdict, "pe_enfants") == ("", "not_concerned", None)

    def test_zero_agrees_and_keeps_its_text(self):
        verdict = judged(answers(PLACE, pe_accueil="Non", pe_enfants="0"))

        assert found(verdict) == []
        assert answer(verdict, "pe_enfants") == ("0", "not_concerned", None)

    def test_zero_where_it_applies_is_an_answer(self):
        verdict = judged(answers(PLACE, pe_enfants="0"))
        assert answer(verdict, "pe_enfants") == ("0", "reported", "0")

    def test_any_other_answer_is_kept_and_asked_back(self):
        verdict = judged(answers(PLACE, pe_accueil="Non", pe_enfants="3"))

        (finding,) = verdict.findings
        assert (finding.rule, finding.question, finding.raw) == ("DOM-21", "pe_enfants", "3")
        assert finding.message == (
            "« 3 » répond à « Enfants de moins de 3 ans accueillis », qui ne se demande que si la "
            "réponse à « Accueil du jeune enfant dans la structure » est « Oui » ; ici elle est "
            "« Non »."
        )
        assert answer(verdict, "pe_enfants") == ("3", "reported", "3")

    def test_rows_of_one_unit_complete_each_other(self):
        """One says that it does not apply, the other answers all the same."""
        rows = [
            answers(PLACE, pe_accueil="Non", pe_enfants=""),
            answers(PLACE, pe_accueil="", pe_enfants="3"),
        ]
        verdict = judged(*rows)

        assert found(verdict) == [("LIG-03", None), ("LIG-03", None), ("DOM-21", "pe_enfants")]
        assert answer(verdict, "pe_enfants") == ("3", "reported", "3")

    def test_rows_of_one_unit_that_differ_on_the_filter_exclude_nothing(self):
        rows = [
            answers(PLACE, pe_accueil="Non", pe_enfants=""),
            answers(PLACE, pe_accueil="Oui", pe_enfants="3"),
        ]
        verdict = judged(*rows)

        assert answer(verdict, "pe_accueil")[1] == "rejected"
        assert answer(verdict, "pe_enfants") == ("3", "reported", "3")


def chained(**filters: str) -> Collection:
    """The survey of 2024 with these filters in place of its own."""
    made = declared(PLACE)
    questions = tuple(
        q.model_copy(update={"filter": Filter.parsed(filters[q.question])})
        if q.data_year == 2024 and q.question in filters
        else q
        for q in made.questions
    )
    # Made anew: a copy would keep what was looked up in the original.
    given = {name: getattr(made, name) for name in Collection.model_fields}
    return Collection(**(given | {"questions": questions}))


class TestChain:
    """A filter on what is filtered itself."""

    FORM = chained(
        pe_assistants_maternels="pe_accueil=oui", pe_1000_jours="pe_assistants_maternels=non"
    )

    def judged(self, **given: str) -> Verdict:
        data = written(table(PLACE, answers(PLACE, **({"pe_enfants": ""} | given))))
        around = setting(PLACE)
        around = Setting(self.FORM, around.territory, 2024, around.departements, around.scope)
        return judge(read_export(data, "essai.csv", self.FORM, "92", 2024), around)

    @pytest.mark.parametrize("raw", ["", "Non"])
    def test_what_hangs_on_a_question_that_does_not_apply_does_not_either(self, raw):
        verdict = self.judged(pe_accueil="Non", pe_assistants_maternels=raw, pe_1000_jours="")

        assert found(verdict) == []
        assert answer(verdict, "pe_assistants_maternels")[1:] == ("not_concerned", None)
        assert answer(verdict, "pe_1000_jours")[1:] == ("not_concerned", None)

    def test_an_answer_at_its_end_is_asked_back(self):
        verdict = self.judged(pe_accueil="Non", pe_assistants_maternels="", pe_1000_jours="Oui")

        (finding,) = verdict.findings
        assert (finding.rule, finding.question) == ("DOM-21", "pe_1000_jours")
        assert "ici elle est « sans objet »" in finding.message

    def test_an_answer_that_is_asked_back_still_decides(self):
        verdict = self.judged(pe_accueil="Non", pe_assistants_maternels="Oui", pe_1000_jours="")

        assert found(verdict) == [("DOM-21", "pe_assistants_maternels")]
        assert answer(verdict, "pe_1000_jours")[1:] == ("not_concerned", None)


def without(header: str, *rows: dict[str, str], place: str = PLACE) -> bytes:
    cells = table(place, *rows)
    at = cells[0].index(header)
    return written([row[:at] + row[at + 1 :] for row in cells])


class TestAbsentColumns:
    AMOUNT = "Prestation de service animation locale (€)"

    def test_a_column_for_another_population_is_not_missed(self):
        verdict = judge(evidence(PLACE, without(self.AMOUNT, answers(PLACE))), setting(PLACE))
        assert found(verdict) == []
        assert answer(verdict, "detail_caf_animation_locale") == (None, "not_asked", None)

    def test_it_is_missed_where_one_unit_is_asked(self):
        verdict = judge(
            evidence(PLACE, without(self.AMOUNT, answers(PLACE, **EVS_GIVEN))),
            setting(PLACE, population="EVS"),
        )
        assert found(verdict) == [("COL-04", "detail_caf_animation_locale")]

    def test_a_column_that_applies_to_nobody_is_not_missed(self):
        data = without("Enfants de moins de 3 ans accueillis", answers(PLACE, pe_accueil="Non"))
        assert found(judge(evidence(PLACE, data), setting(PLACE))) == []

    def test_one_required_of_another_population_refuses_nothing(self):
        data = without("Budget total (k€)", answers("senacs"), place="senacs")
        around = setting("senacs", ("92-001", False), population="EVS")
        assert not judge(evidence("senacs", data), around).refused

    def test_it_is_missed_where_nobody_is_known(self):
        data = without(self.AMOUNT, answers(PLACE, structure_id="92-999"))
        findings = judge(evidence(PLACE, data), setting(PLACE)).findings
        assert "COL-04" in {finding.rule for finding in findings}


def test_the_rows_and_their_order_stay():
    made = evidence(PLACE, written(table(PLACE, answers(PLACE), answers(PLACE, structure_id="b"))))
    framed = Exports.of({0: made}, {0: setting(PLACE)}).answers
    assert framed.select("row", "question", "raw").equals(
        made.answers.select("row", "question", "raw")
    )
    assert framed.filter(pl.col("contradiction") != "").is_empty()
