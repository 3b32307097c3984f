"""The days of a campaign: those of one territory, and whether they follow each other."""

from collections.abc import Iterator, Mapping
from datetime import date

from senacs.calendar import CampaignDates, TerritoryDates
from senacs.codebook.declared import Declared


class OwnDates(Declared):
    """Where a territory's days differ from its campaign's; None: they do not."""

    opens: date | None = None
    deadline: date | None = None
    closes: date | None = None
    reminders: tuple[date, ...] | None = None
    query_reminders: tuple[date, ...] | None = None


def date_problems(
    campaign: CampaignDates, territories: Mapping[str, TerritoryDates]
) -> Iterator[str]:
    """A sentence for what is out of order, the same of several territories once.

    Args:
        campaign: the days of the campaign as a whole.
        territories: the days of each territory, by its code.
    """
    said: dict[str, list[str]] = {}
    for code, dates in territories.items():
        for problem in _problems(dates):
            said.setdefault(problem, []).append(code)
    for problem, codes in said.items():
        everywhere = len(codes) == len(territories)
        yield problem if everywhere else f"{problem} (territory {', '.join(codes)})"
    if campaign.provisional and campaign.provisional <= campaign.closes:
        yield f"the provisional edition is due on {campaign.provisional}, before all is closed"
    if campaign.final and campaign.final <= (campaign.provisional or campaign.closes):
        yield f"the final edition is due on {campaign.final}, before the closing or the other one"


def _problems(dates: TerritoryDates) -> Iterator[str]:
    if dates.closes < dates.opens:
        yield f"it closes on {dates.closes}, before it opens on {dates.opens}"
        return
    if not dates.opens <= dates.deadline <= dates.closes:
        yield f"the deadline {dates.deadline} is not between {dates.opens} and {dates.closes}"
    for name, days in (
        ("reminders", dates.reminders),
        ("query_reminders", dates.query_reminders),
    ):
        if list(days) != sorted(set(days)):
            yield f"{name} are not in order, each day once"
        outside = [str(day) for day in days if not dates.opens <= day <= dates.closes]
        if outside:
            yield f"{name} of days on which it is not open: {', '.join(outside)}"
