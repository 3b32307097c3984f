"""What the calendar of a campaign tells, in French: pure functions from a step to its notice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from senacs import french
from senacs.calendar import CampaignDates, Step, StepKind
from senacs.deliveries import Outcome, TerritoryYear
from senacs.notices.model import Notice
from senacs.standing import Standing, State


@dataclass(frozen=True)
class Whole:
    """A campaign as a whole.

    Attributes:
        label: of the collection.
        territories: where each stands.
    """

    collection: str
    data_year: int
    label: str
    dates: CampaignDates
    territories: Sequence[Standing]

    @property
    def about(self) -> str:
        """How a subject names it."""
        return f"{self.label}, données {self.data_year}"

    def notice(self, kind: str, key: str, subject: str, body: str, next_step: str) -> Notice:
        """A notice about it."""
        return Notice(kind, self.collection, self.data_year, None, key, subject, body, next_step)


def of_territory(key: TerritoryYear, one: Standing, step: Step, today: date) -> Notice | None:
    """What a step tells a territory; None where it tells nobody.

    Args:
        key: the territory.
        one: where it stands.
        step: what is due.
        today: the day in Paris.
    """
    tell = _OF_TERRITORY.get(step.kind)
    if tell is None:
        return None
    kind, cause, subject, body, next_step = tell(one, today)
    return Notice(
        kind,
        key.collection,
        key.data_year,
        key.territory,
        cause,
        f"{subject} : {one.label}",
        body,
        next_step,
    )


def of_campaign(whole: Whole, step: Step) -> Notice | None:
    """What a step of the campaign as a whole tells the national team; None: it tells nobody."""
    tell = _OF_CAMPAIGN.get(step.kind)
    return None if tell is None else tell(whole)


_Said = tuple[str, str, str, str, str]
"""Kind, key, subject, body and next step."""
_DELIVER = "Vérifiez que votre serveur livre l'export, ou déposez le fichier vous-même."


def _opens(one: Standing, _today: date) -> _Said:
    return (
        "territory-opens",
        "open",
        "La collecte est ouverte",
        f"Votre export est attendu pour le {french.day(one.dates.deadline)}. {_until(one)}",
        _DELIVER,
    )


def _reopens(one: Standing, _today: date) -> _Said:
    return (
        "territory-opens",
        f"reopen {one.dates.closes}",
        "La collecte est rouverte",
        f"L'équipe nationale a décidé de reprendre votre export. {_until(one)}",
        "Envoyez ou corrigez votre export avant ce jour, et répondez aux constats ouverts.",
    )


def _export_missing(one: Standing, today: date) -> _Said:
    overdue = (today - one.dates.deadline).days
    if overdue > 0:
        subject = "Export en retard"
        when = (
            f"L'échéance du {french.day(one.dates.deadline)} est passée depuis "
            f"{french.counted(overdue, 'jour', 'jours')}"
        )
    else:
        subject = "Export attendu"
        when = f"Votre export est attendu pour le {french.day(one.dates.deadline)}"
    since = one.received.silent_since
    silence = f" Votre source ne répond pas depuis le {french.day(since)}." if since else ""
    return (
        "reminder",
        f"export {today}",
        subject,
        f"{when}, et rien de votre territoire n'est chargé.{silence} {_until(one)}",
        _DELIVER,
    )


def _queries_open(one: Standing, today: date) -> _Said:
    waiting = french.counted(one.received.open_queries, "constat attend", "constats attendent")
    return (
        "reminder",
        f"queries {today}",
        "Constats sans réponse",
        f"{waiting} votre réponse. {_until(one)}",
        "Ouvrez le rapport de votre territoire : corrigez chaque valeur, ou confirmez-la avec un "
        "motif.",
    )


def _silent(one: Standing, today: date) -> _Said:
    since = one.received.silent_since or today
    days = french.counted((today - since).days, "jour", "jours")
    return (
        "source-silent",
        since.isoformat(),
        f"Source sans réponse depuis {days}",
        f"Aucun fichier n'a pu être récupéré depuis le {french.day(since)}. Ce qui était chargé "
        "avant reste en place ; la collecte continue d'essayer.",
        "Vérifiez que le serveur répond et que l'adresse déclarée est la bonne ; sinon déposez le "
        "fichier vous-même.",
    )


def _closes(one: Standing, _today: date) -> _Said:
    ask = "demandez à l'équipe nationale de rouvrir votre territoire."
    if one.received.loaded:
        waiting = french.counted(one.received.open_queries, "constat reste", "constats restent")
        state = f"Votre dernier export accepté est en place ; {waiting} sans réponse."
        next_step = f"Rien à faire. Si une correction manque, {ask}"
    else:
        state = "Rien de votre territoire n'a pu être chargé."
        next_step = f"Si votre envoi peut encore venir, {ask}"
    return (
        "territory-closes",
        one.dates.closes.isoformat(),
        "La collecte est close",
        f"Elle s'est fermée le {french.day(one.dates.closes)} au soir. {state}",
        next_step,
    )


def _until(one: Standing) -> str:
    return f"La collecte se ferme le {french.day(one.dates.closes)} au soir."


_OF_TERRITORY: Mapping[StepKind, Callable[[Standing, date], _Said]] = {
    StepKind.OPEN: _opens,
    StepKind.REOPEN: _reopens,
    StepKind.REMIND: _export_missing,
    StepKind.REMIND_OF_QUERIES: _queries_open,
    StepKind.SILENT: _silent,
    StepKind.CLOSE: _closes,
}


def _campaign_opens(whole: Whole) -> Notice:
    places = french.counted(
        len(whole.territories), "territoire est attendu", "territoires sont attendus"
    )
    return whole.notice(
        "campaign-opens",
        "open",
        f"Campagne ouverte : {whole.about}",
        f"{places}. La dernière clôture est le {french.day(whole.dates.closes)} au soir.",
        "Suivez-la avec `senacs campaign status`, ou sur la page nationale du portail.",
    )


def _campaign_closes(whole: Whole) -> Notice:
    closes, expected = whole.dates.closes, len(whole.territories)
    missing = [one for one in whole.territories if not one.received.loaded]
    if not missing:
        return whole.notice(
            "campaign-closes",
            closes.isoformat(),
            f"Campagne close : {whole.about}",
            f"Chargés : {french.counted(expected, 'territoire', 'territoires')} sur "
            f"{french.number(expected)}.",
            "Publiez les résultats ; rouvrez un territoire si une correction est attendue.",
        )
    places = french.counted(len(missing), "territoire", "territoires")
    lines = "\n".join(f"- {one.label} ({one.territory}) : {_why_missing(one)}" for one in missing)
    return whole.notice(
        "campaign-partial",
        closes.isoformat(),
        f"Campagne close et incomplète : {whole.about}, il manque {places} sur {expected}",
        f"Manquent :\n{lines}",
        "Prévenez-les, et rouvrez ceux dont l'envoi est attendu (`senacs campaign reopen`).",
    )


def _why_missing(one: Standing) -> str:
    return (State.REFUSED if one.outcome is Outcome.REFUSED else State.MISSING).french


def _provisional(whole: Whole) -> Notice:
    return _edition(whole, "provisoire", whole.dates.provisional)


def _final(whole: Whole) -> Notice:
    return _edition(whole, "définitive", whole.dates.final)


def _edition(whole: Whole, words: str, day: date | None) -> Notice:
    planned = f"Le calendrier la prévoit pour le {french.day(day)}." if day else ""
    return whole.notice(
        "edition",
        f"{words} {day}",
        f"Édition {words} à publier : {whole.about}",
        planned,
        "Vérifiez où en sont les territoires, puis publiez avec le déploiement `publish`.",
    )


_OF_CAMPAIGN: Mapping[StepKind, Callable[[Whole], Notice]] = {
    StepKind.OPEN: _campaign_opens,
    StepKind.CLOSE: _campaign_closes,
    StepKind.PROVISIONAL: _provisional,
    StepKind.FINAL: _final,
}
