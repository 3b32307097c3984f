"""Which structure a record is about: never a guess, and the same in any order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senacs.codebook import load_collection
from senacs.register.identification import identified
from senacs.register.matching import Claim, How, Match, Structure, matches, same_id
from senacs.replies.checking import fault_of
from senacs.replies.model import Place, Reply, ReplyKind
from tests.support.exports import CODEBOOK, answers, evidence, table, written

DECLARED = load_collection(CODEBOOK, "senacs").identification
SIRET, SAME_SIREN, OTHER = "77554402601284", "77554402601276", "32318058800036"
BLUE = Structure("92-0001", "Centre social La Boussole bleue", SIRET, ("92002", "Antony"))
RED = Structure("92-0002", "Centre social Le Phare rouge", OTHER, ("92004", "Asnières-sur-Seine"))
BOTH = (BLUE, RED)


def decided(*claims: Claim, structures=BOTH, corrections=None) -> dict[str, Match]:
    return matches(claims, structures, DECLARED, corrections or {})


def how(claim: Claim, structures=BOTH) -> tuple[How, str | None]:
    match = decided(claim, structures=structures)[claim.unit_id]
    return match.how, match.structure_id


class TestById:
    def test_the_exact_one_is_believed_and_an_unlike_name_is_asked_about(self):
        assert how(Claim("92-0001")) == (How.EXACT, "92-0001")
        alike = Claim("92-0001", name="la boussole BLEUE", commune="Antony")
        assert how(alike) == (How.EXACT, "92-0001")
        unlike = Claim("92-0001", name="Le Phare rouge", commune="Asnières sur Seine", siret=OTHER)
        assert how(unlike) == (How.DOUBTFUL, "92-0001")

    @pytest.mark.parametrize("text", ["92-1", " 92 0001 ", "92_001", "92-00001"])
    def test_the_same_in_another_writing_is_the_same(self, text):
        assert how(Claim(text)) == (How.FOLDED, "92-0001")

    @pytest.mark.parametrize("text", ["920001", "92-10", "92-0001-2", "93-1", ""])
    def test_another_one_is_another_one(self, text):
        assert how(Claim(text)) == (How.UNKNOWN, None)

    def test_two_writings_of_one_identifier_are_left_to_a_person(self):
        found = decided(Claim("92-1"), Claim("92 01"))
        assert {m.how for m in found.values()} == {How.AMBIGUOUS}
        taken = decided(Claim("92-0001"), Claim("92-1"))
        assert [m.how for m in taken.values()] == [How.EXACT, How.AMBIGUOUS]

    def test_so_is_one_writing_of_two_structures(self):
        twin = Structure("92-01", "Espace Le Moulin")
        assert how(Claim("92-1"), (BLUE, twin)) == (How.AMBIGUOUS, None)

    def test_what_a_person_gave_comes_first(self):
        found = decided(Claim("92-0001"), corrections={"92-0001": "92-0002"})
        assert found["92-0001"] == Match(How.CORRECTED, "92-0002")


class TestByLikeness:
    @pytest.mark.parametrize(
        "claim",
        [
            Claim("x", name="CSC LA BOUSSOLE BLEUE", siret=SIRET, commune="antony"),
            Claim("x", name="La Bousole bleue", siret=SAME_SIREN, commune="Antony"),
            Claim("x", name="Boussole bleue (la)", commune="Antony"),
            Claim("ligne 4", has_id=False, name="La Boussole bleue", commune="92002"),
        ],
    )
    def test_name_siret_and_commune_together_say_who_it_is(self, claim):
        assert how(claim) == (How.SCORED, "92-0001")

    @pytest.mark.parametrize(
        "claim",
        [
            Claim("x", name="La Boussole bleue"),
            Claim("x", siret=SIRET, commune="Antony"),
            Claim("x", name="Centre social", siret=SIRET, commune="Antony"),
            Claim("x", name="Le Moulin à vent", siret=SIRET, commune="Antony"),
        ],
        ids=["a name alone", "no name", "a generic name", "another name"],
    )
    def test_less_than_that_says_nothing(self, claim):
        assert how(claim)[1] is None

    def test_two_that_are_alike_are_left_to_a_person_with_their_scores(self):
        twin = replace(BLUE, structure_id="92-0007", name="Espace La Boussole bleue")
        claim = Claim("x", name="La Boussole bleue", siret=SIRET, commune="Antony")
        match = decided(claim, structures=(*BOTH, twin))["x"]
        assert match.how is How.AMBIGUOUS
        assert [(c.structure.structure_id, c.score) for c in match.candidates] == [
            ("92-0001", 100.0), ("92-0007", 100.0),
        ]  # fmt: skip

    def test_one_structure_has_one_record(self):
        claim = Claim("x", name="La Boussole bleue", siret=SIRET, commune="Antony")
        twice = decided(claim, replace(claim, unit_id="y"))
        assert {m.how for m in twice.values()} == {How.AMBIGUOUS}
        taken = decided(claim, Claim("92-0001"))
        assert taken["x"].how is How.AMBIGUOUS

    def test_without_a_register_nobody_is_known(self):
        assert how(Claim("92-0001", name="La Boussole bleue"), ()) == (How.UNKNOWN, None)


words = st.sampled_from(["La Boussole bleue", "Le Phare rouge", "Le Moulin", "CS Le Moulin", ""])
sirets = st.sampled_from(["", SIRET, SAME_SIREN, OTHER])
towns = st.sampled_from(["", "Antony", "Nanterre"])
ids = st.sampled_from(["92-0001", "92-1", "92-0002", "92-02", "a", "b", "c", "ligne 3"])
some_claims = st.lists(
    st.builds(lambda i, n, s, t: Claim(i, not i.startswith("ligne"), n, s, t),
              ids, words, sirets, towns),
    max_size=6, unique_by=lambda claim: claim.unit_id,
)  # fmt: skip
some_structures = st.lists(
    st.builds(lambda i, n, s, t: Structure(i, n, s, (t,) if t else ()),
              st.sampled_from(["92-0001", "92-0002", "92-0003", "92-01"]), words, sirets, towns),
    max_size=4, unique_by=lambda structure: structure.structure_id,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(some_claims, some_structures, st.randoms(use_true_random=False))
def test_no_order_changes_what_is_decided(claims, structures, chance):
    found = matches(claims, structures, DECLARED, {})
    chance.shuffle(claims)
    chance.shuffle(structures)
    assert matches(claims, structures, DECLARED, {}) == found
    assert found.keys() == {claim.unit_id for claim in claims}
    given_to = [m.structure_id for m in found.values() if m.structure_id]
    assert len(given_to) == len(set(given_to))
    assert set(given_to) <= {s.structure_id for s in structures}
    assert all(
        found[c.unit_id].how in {How.EXACT, How.DOUBTFUL}
        for c in claims
        if c.has_id and c.unit_id in given_to
    )


@given(st.text(max_size=12))
def test_folding_twice_is_folding_once(text):
    assert same_id(same_id(text)) == same_id(text)


class TestTheExport:
    KNOWN = (Structure("92-001", "Centre Bleu", "", ("Antony",)),)

    @staticmethod
    def read(*rows: dict[str, str]):
        return evidence("senacs", written(table("senacs", *rows)))

    def test_the_registers_identifier_takes_the_place_and_the_raw_one_stays(self):
        read = self.read(answers("senacs", structure_id="92-1"))
        made = identified(read, load_collection(CODEBOOK, "senacs"), 2012, self.KNOWN, [])
        assert set(made.answers["unit_id"]) == {"92-001"}
        row = made.records.row(0, named=True)
        assert (row["unit_id"], row["delivered_id"], row["matched"]) == ("92-001", "92-1", "folded")
        (cell,) = made.answers.filter(question="structure_id").to_dicts()
        assert (cell["raw"], cell["text"]) == ("92-1", "92-001")
        assert made.answers.drop("unit_id", "text", "required").equals(
            read.answers.drop("unit_id", "text", "required")
        )

    def test_two_rows_that_a_person_brings_together_are_one_unit_with_two_answers(self):
        read = self.read(
            answers("senacs", nb_salaries="30"),
            answers("senacs", structure_id="92-777", nb_salaries="31"),
        )
        place = Place("", "92-777", "structure_id")
        correction = Reply(ReplyKind.CORRECTED, place, "92-777", "92-001", "", "X", "")
        made = identified(read, load_collection(CODEBOOK, "senacs"), 2012, self.KNOWN, [correction])
        assert made.records["unit_id"].to_list() == ["92-001", "92-001"]
        assert made.records["times"].to_list() == [2, 2]
        assert set(made.answers.filter(question="nb_salaries")["distinct"]) == {2}

    def test_an_identifier_is_corrected_only_where_a_register_says_which_there_are(self):
        place = Place("", "92-1", "structure_id")
        correction = Reply(ReplyKind.CORRECTED, place, "92-1", "92-001", "", "X", "")
        survey, register = (load_collection(CODEBOOK, name) for name in ("senacs", "registre"))
        assert fault_of(correction, survey, 2012) == ""
        assert "ne se corrige pas" in fault_of(correction, register, 2012)

    def test_a_collection_that_identifies_nobody_is_left_alone(self):
        data = written(table("adulte_relais"))
        read = evidence("adulte_relais", data)
        declared = load_collection(CODEBOOK, "adulte_relais")
        assert identified(read, declared, 2020, self.KNOWN, []) is read
