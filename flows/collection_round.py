"""The scheduled collection: a frequent flow that asks the calendar what is due.

Prefect plans runs at most a hundred days ahead: a yearly schedule would show nothing for most of
the year. So this runs every half hour and mostly finds nothing due.
"""

from datetime import datetime

from prefect import flow

from flows.campaign import campaign
from senacs.calendar import PARIS
from senacs.deliveries import RunOutcome
from tasks.calendar import campaigns_under_way, note_visits, settle, sources_due
from tasks.campaigns import outcomes_in
from tasks.prepare import prepare
from tasks.standing import show_standing


@flow(name="collection-round")
def collection_round(now: datetime | None = None) -> list[RunOutcome]:
    """Fait ce que le calendrier des campagnes demande : collecter, rappeler, clore, annoncer.

    Args:
        now: Moment à considérer, avec son fuseau ; par défaut maintenant.
    """
    moment = now or datetime.now(PARIS)
    ended: list[RunOutcome] = []
    for collection, data_year in campaigns_under_way(moment):
        prepare(collection)
        due = sources_due(collection, data_year, moment)
        if due:
            # First what came in: nobody is reminded of what is there.
            collected = campaign(collection, data_year, territories=due, return_state=True)
            outcomes = outcomes_in(collected)
            note_visits(outcomes, moment)
            ended += outcomes
        settle(collection, data_year, moment)
        show_standing(collection, data_year, moment)
    return ended
