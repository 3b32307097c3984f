"""Which indicators print one sum, in the survey's own codebook."""

from senacs.codebook import load_collection
from senacs.disclosure.quantities import Quantity, quantities, sharing
from senacs.disclosure.rules import Kind
from senacs.settings import PROJECT_ROOT

SENACS = load_collection(PROJECT_ROOT / "codebook", "senacs")
BY_NAME = {indicator.indicator: indicator for indicator in SENACS.indicators}


def test_mean_and_total_of_a_variable_are_one_sum() -> None:
    shared = sharing(SENACS)
    etp = Quantity("etp_total", Kind.AMOUNT, "etp_total")
    assert {"etp_total", "etp_moyen"} <= set(shared[etp])


def test_every_indicator_prints_something() -> None:
    printed = {name for names in sharing(SENACS).values() for name in names}
    assert printed == set(BY_NAME)


def test_a_condition_that_is_a_category_is_that_category() -> None:
    (urban,) = quantities(SENACS, BY_NAME["part_qpv_urbains"])
    (everywhere,) = quantities(SENACS, BY_NAME["part_qpv"])
    assert urban.name == everywhere.name
    assert (urban.breakdown, urban.category) == ("territoire", "urbain")


def test_a_ratio_is_two_sums_of_its_own() -> None:
    parts = quantities(SENACS, BY_NAME["part_vacataires"])
    assert len(parts) == 2
    assert not {part.name for part in parts} & {"nb_vacataires", "nb_salaries"}


def test_a_wage_is_a_wage_in_every_indicator() -> None:
    (total,) = quantities(SENACS, BY_NAME["budget_cumule"], pay=frozenset({"budget_total"}))
    assert total.kind is Kind.PAY
