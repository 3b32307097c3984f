"""Which cells add up to which, from their keys alone."""

from senacs.disclosure.linking import sums
from senacs.disclosure.table import Key, Sum

FRANCE = Key("x", "CS", "france", "FR")
HOLDER = {
    ("departement", "01"): (("region", "82"),),
    ("departement", "03"): (("region", "83"),),
    ("region", "82"): (("region_today", "84"),),
    ("region", "83"): (("region_today", "84"),),
    ("region_today", "84"): (("france", "FR"),),
}


def at(level: str, area: str, **what: str) -> Key:
    return FRANCE._replace(level=level, area=area, **what)


def test_areas_add_up_from_departement_to_france() -> None:
    keys = [FRANCE, *(at(level, area) for level, area in HOLDER)]
    assert set(sums(keys, HOLDER)) == {
        Sum(at("region", "82"), (at("departement", "01"),)),
        Sum(at("region", "83"), (at("departement", "03"),)),
        Sum(at("region_today", "84"), (at("region", "82"), at("region", "83"))),
        Sum(FRANCE, (at("region_today", "84"),)),
    }


def test_categories_add_up_each_breakdown_by_itself() -> None:
    yes, no, big = (
        FRANCE._replace(breakdown=breakdown, category=category)
        for breakdown, category in (("qpv", "a"), ("qpv", "b"), ("taille", "a"))
    )
    assert set(sums([FRANCE, yes, no, big], {})) == {Sum(FRANCE, (yes, no)), Sum(FRANCE, (big,))}


def test_populations_add_up_to_the_pooled_one() -> None:
    centres, espaces = FRANCE, FRANCE._replace(population="EVS")
    together = FRANCE._replace(population="AVS")
    assert sums([centres, espaces, together], {}, pooled="AVS") == [
        Sum(together, (centres, espaces))
    ]
    assert sums([centres, espaces], {}, pooled="AVS") == []


def test_vintages_and_years_do_not_add_up() -> None:
    assert sums([FRANCE, at("region_today", "84")._replace(vintage=1)], HOLDER) == []
