"""The sheet of one structure, from a warehouse: its own answers are those that figures count."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from senacs.cli.main import app
from senacs.codebook.model import Statistic
from senacs.errors import RequestError, VintageError
from senacs.structure_sheet import own_value, structure_sheet
from senacs.warehouse.engine import warehouse
from tasks.structure_sheet import own_answers
from tests.support.editions import edition, survey
from tests.support.pdfs import faults, pages

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def connection() -> Iterator[Connection]:
    with warehouse().connect() as connection:
        yield connection


def summed_up(statistic: Statistic, said: list[Decimal]) -> Decimal | None:
    """What they say together; None: not from their own values alone."""
    match statistic:
        case Statistic.TOTAL:
            return sum(said, Decimal(0))
        case Statistic.MEAN | Statistic.SHARE:
            return sum(said, Decimal(0)) / len(said)
        case Statistic.MEDIAN:
            return median(said)
    return None


def respondents(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql(
        "select unit_id from national.unit where collection = 'senacs' and data_year = 2012"
        " and in_scope and responded order by unit_id"
    )
    return list(found.scalars())


def test_figures_are_made_of_what_each_structure_is_shown_as_its_own(connection):
    each = [own_answers(connection, "senacs", 2012, one) for one in respondents(connection)]
    cells = connection.exec_driver_sql(
        "select indicator, n_item, value from indicator.cell where collection = 'senacs'"
        " and data_year = 2012 and level = 'departement' and area = '92' and population = 'CS'"
        " and breakdown = 'all' and n_item > 0"
    ).all()
    by_name = {one.indicator: one for one in survey().indicators}
    compared = 0
    for name, n_item, value in cells:
        said = [own for one in each if (own := own_value(by_name[name], one)) is not None]
        made = summed_up(by_name[name].statistic, said)
        if made is not None:
            compared += 1
            assert len(said) == n_item, name
            assert float(made) == pytest.approx(float(value), abs=1e-6), name
    assert compared > 40


def test_a_sheet_beside_what_is_published(connection):
    own = own_answers(connection, "senacs", 2012, respondents(connection)[0])
    made = structure_sheet(edition(2012, ("92",), ()), own)
    assert faults(made) == []
    assert own.name in pages(made)[0].replace("\r\n", " ")
    assert own.registered["mode_gestion"].code


def test_who_has_not_answered_has_no_sheet(connection):
    with pytest.raises(RequestError, match="Pas de réponse de 92-999"):
        own_answers(connection, "senacs", 2012, "92-999")


def test_a_year_that_is_not_published_has_no_sheets():
    done = CliRunner().invoke(app, ["structure-sheet", "senacs", "2012", "92-001"])
    assert isinstance(done.exception, VintageError)
