"""The pages of an edition: what leads where, what they weigh, and that they are always the same."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache

from senacs.opendata.files import open_data
from senacs.plaquette.addresses import DATA_FOLDER
from senacs.site.pages import Site, site_of
from senacs.vintages.model import Change, Edition, FigureKey, Reason, Status
from tests.support.editions import edition
from tests.support.outlines import outline

DEPARTEMENTS = ("75", "92", "2A", "2B", "973")
MOST = 300_000
"""Bytes a page may weigh."""
KEY = FigureKey("budget_moyen", "CS", "departement", "92")


@cache
def drawn() -> Edition:
    return edition(2023, departements=DEPARTEMENTS)


@cache
def pages() -> dict[str, str]:
    return dict(site_of(drawn(), outline()).all())


def site(made: Edition) -> Site:
    return site_of(made, outline())


class TestAll:
    def test_same_edition_same_bytes_whatever_the_order_of_its_figures(self):
        made = drawn()
        figures = dict(reversed(made.frozen.figures.items()))
        turned = replace(made, frozen=replace(made.frozen, figures=figures))

        assert dict(site(turned).all()) == pages()

    def test_every_link_within_an_edition_leads_somewhere(self):
        for name, text in pages().items():
            for address in re.findall(r'(?:href|src)="([^"]*)"', text):
                file, _, anchor = address.partition("#")
                if file.startswith(("../", "donnees/")) or file.endswith(".pdf"):
                    continue
                target = pages()[file or name]
                assert not anchor or f'id="{anchor}"' in target, (name, address)

    def test_every_link_to_the_open_data_leads_to_a_file_of_them(self):
        files = {f"{DATA_FOLDER}/{name}" for name, _ in open_data(drawn())}
        linked = {
            address
            for text in pages().values()
            for address in re.findall(r'href="(donnees/[^"]*)"', text)
        }

        assert len(linked) > 100
        assert linked <= files

    def test_nothing_comes_from_another_host(self):
        for text in pages().values():
            without = text.replace("http://www.w3.org/2000/svg", "")
            assert "http" not in without
            assert "//" not in without or "recherche" in text

    def test_ids_are_unique(self):
        for name, text in pages().items():
            ids = re.findall(r' id="([^"]*)"', text)
            assert len(set(ids)) == len(ids), name

    def test_a_page_of_all_of_france_is_light(self):
        made = site(edition(earlier=(2021, 2022)))
        areas = made.ground.edition.areas
        indicator = next(i for i in made.indicators if i.indicator == "budget_cumule")
        heavy = [
            made.home(),
            made.territory(areas["france", "FR"]),
            made.territory(areas["region", "01"]),
            made.indicator(indicator),
        ]

        weights = {page.name: len(page.text.encode()) for page in heavy}
        assert {name: weight for name, weight in weights.items() if weight > MOST} == {}

    def test_each_says_what_it_is_to_who_shares_it(self):
        for name, text in pages().items():
            if name.endswith(".html"):
                said = dict(
                    re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)"', text)
                )
                assert len(said["og:title"]) > 10
                assert "simulées" in said["description"]


class TestIndicator:
    def ranks(self, made: Edition) -> list[str]:
        shown = site(made)
        indicator = next(one for one in shown.indicators if one.indicator == KEY.indicator)
        table = (
            shown.indicator(indicator)
            .text.split('<table id="departement-cs">')[1]
            .split("</table>")[0]
        )
        return re.findall(r"</th><td>(\d+)</td>", table)

    def filled(self, hidden: bool) -> Edition:
        made = drawn()
        figures = dict(made.frozen.figures)
        for rank, code in enumerate(DEPARTEMENTS):
            key = KEY._replace(area=code)
            value = replace(
                figures[key], status=Status.VALUE, value=Decimal(1000 * (rank // 2)), n_item=3
            )
            figures[key] = value
        if hidden:
            figures[KEY] = replace(figures[KEY], status=Status.HIDDEN, value=None, n_item=None)
        return replace(made, frozen=replace(made.frozen, figures=figures))

    def test_equal_values_share_a_rank(self):
        assert self.ranks(self.filled(hidden=False)) == ["1", "2", "2", "4", "4"]

    def test_where_one_is_hidden_nobody_is_ranked(self):
        assert self.ranks(self.filled(hidden=True)) == []


class TestNews:
    def test_the_first_edition_says_that_there_is_none_before(self):
        assert "première édition" in pages()["nouveautes.html"]

    def test_a_change_is_told_with_its_reason_and_a_hidden_one_without_value(self):
        made = drawn()
        frozen = replace(made.frozen, vintage=replace(made.vintage, number=2))
        changes = (
            Change(KEY, (Reason.CORRECTION,), Decimal(1000), Decimal(2000)),
            Change(KEY._replace(area="75"), (Reason.DISCLOSURE,), Decimal(7777), None),
        )

        text = site(replace(made, frozen=frozen, changes=changes)).news().text

        rows = [re.sub(r"<[^>]+>", "|", row) for row in text.split("<tr>")[2:]]
        assert "Hauts-de-Seine" in rows[0]
        assert "correction" in rows[0]
        assert "secret statistique" in rows[1]
        assert "|–|" in rows[1]
