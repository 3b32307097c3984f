"""Fictitious agreements: they say so, they are the same every time, and no number moves another."""

from datetime import date
from decimal import Decimal

import pytest

from senacs.settings import PROJECT_ROOT
from tests.support.pacts import lines

NUMBERS = range(1, 60)


@pytest.fixture(scope="module")
def made():
    return lines(*NUMBERS)


def test_no_name_can_be_taken_for_a_real_one(made):
    names = [line["libelle"] for line in made["convention"]]
    names += [line["nom_signataire"] for line in made["signataire"]]
    names += [line["nom_centre"] for line in made["centre"]]
    assert all("ficti" in name for name in names)
    assert all(line["siren"].startswith("000") for line in made["signataire"])

    real = (PROJECT_ROOT / "reference" / "structures_avs_reelles.csv").read_text("utf-8")
    assert not any(name in real for name in names)


def test_an_agreement_does_not_depend_on_the_others(made):
    (number,) = {7} & set(NUMBERS)
    own = {
        sheet: [line for line in all_lines if line["convention"] == f"PF-{number:05}"]
        for sheet, all_lines in made.items()
    }
    assert lines(number) == own


def test_a_year_later_promises_stand_and_money_has_moved(made):
    before = lines(*NUMBERS, data_year=2011)

    def key(line):
        return tuple(line[name] for name in ("convention", "siren", "structure_id", "annee"))

    later = {key(line): line for line in made["engagement"]}
    assert {key(line) for line in before["engagement"]} <= set(later)
    for line in before["engagement"]:
        now = later[key(line)]
        assert now["montant_initial"] == line["montant_initial"]
        assert now["montant_promis"] == line["montant_promis"] or now["version"] > line["version"]
        if line["annee"] <= 2011:
            assert now["montant_verse"] >= line["montant_verse"]


def test_amounts_are_whole_cents_and_add_up(made):
    for line in made["engagement"]:
        amounts = [line[name] for name in line if name.startswith("montant_") and line[name]]
        assert all(amount == amount.quantize(Decimal("0.01")) for amount in amounts)
    for agreement in made["convention"]:
        own = [e for e in made["engagement"] if e["convention"] == agreement["convention"]]
        assert agreement["montant_total"] == sum(e["montant_promis"] for e in own)


def test_every_feature_is_shown(made):
    assert {line["version"] for line in made["version"]} == {1, 2}
    assert {line["objet"] for line in made["engagement"]} == {
        "droit_commun", "politique_ville", "projet"
    }  # fmt: skip
    ends = {line["convention"]: line["fin"] for line in made["convention"]}
    last: dict[tuple[str, str], date] = {}
    for line in made["agrement"]:
        key = line["convention"], line["structure_id"]
        last[key] = max(last.get(key, line["fin_agrement"]), line["fin_agrement"])
    covered = {last[key] >= ends[key[0]] for key in last}
    assert covered == {True, False}
