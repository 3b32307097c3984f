"""What is told on which occasion, in French: pure functions from what happened to a notice."""

import traceback
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from senacs import french
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.notices.model import Notice
from senacs.settings import PROJECT_ROOT

_OURS = frozenset({"expectations", "flows", "portal", "senacs", "tasks"})


def export_refused(key: TerritoryYear, label: str, sha256: str, blocking: int) -> Notice:
    """An export cannot be loaded; `blocking` findings say why. Told once an export."""
    return Notice(
        "export-refused",
        key.collection,
        key.data_year,
        key.territory,
        sha256,
        f"Envoi refusé : {label}",
        f"Le fichier reçu ne peut pas être chargé : {_counted_findings(blocking)}. Ce qui était "
        "chargé avant reste en place.",
        "Ouvrez le rapport de votre territoire, corrigez le fichier, puis envoyez-le de nouveau.",
    )


def fault(key: TerritoryYear, error: Exception, flow_run: str | None, today: date) -> Notice:
    """A fault of ours has ended a run. Told once a place and day, whoever else it meets."""
    kind, place = type(error).__name__, _place(error)
    return Notice(
        "fault",
        key.collection,
        key.data_year,
        None,
        f"{kind} {place} {today}",
        f"Faute du système : {kind} ({key.collection} {key.data_year})",
        f"{kind} dans {place}. Premier territoire touché : {key.territory}. Les autres "
        "territoires continuent.\n\nLe texte de l'erreur n'est pas repris ici : il peut citer une "
        "réponse.",
        f"Lisez le journal de l'exécution Prefect {flow_run or '(sans identifiant)'} ; `senacs "
        "runs list` montre les autres territoires touchés. Corrigez, puis relancez-les.",
    )


def worker_died(key: TerritoryYear, cause: str) -> Notice:
    """A process died in a run, or in several. Told once a process.

    Args:
        key: of a run that it died in.
        cause: Prefect's flow run, or the run where there is none.
    """
    return Notice(
        "worker-died",
        key.collection,
        key.data_year,
        None,
        cause,
        f"Exécution interrompue ({key.collection} {key.data_year})",
        f"Le processus de l'exécution {cause} s'est arrêté avant la fin, entre autres sur le "
        f"territoire {key.territory}. Rien n'est perdu ni à moitié fait ; ses territoires sont "
        "repris d'eux-mêmes.",
        "Cherchez pourquoi il s'est arrêté (mémoire, redémarrage de la machine, arrêt du worker).",
    )


def given_up(key: TerritoryYear, label: str, tries: int, cause: str) -> Notice:
    """A run whose process died each time is not begun again. Told once."""
    return Notice(
        "given-up",
        key.collection,
        key.data_year,
        key.territory,
        cause,
        f"Exécution abandonnée : {label}",
        f"Le traitement de ce territoire s'est interrompu {tries} fois de suite. Ce qui était "
        "chargé avant reste en place.",
        "Cherchez ce qui l'arrête avec `senacs runs list`, puis relancez ce territoire avec "
        f"`senacs run territory {key.collection} {key.territory} {key.data_year}`.",
    )


def flow_given_up(name: str, flow_run: str, tries: int) -> Notice:
    """A flow whose process died each time is not begun again. Told once."""
    return Notice(
        "flow-given-up",
        None,
        None,
        None,
        flow_run,
        f"Exécution abandonnée : {name}",
        f"L'exécution Prefect {name} s'est interrompue {tries} fois de suite. Ce qui était chargé "
        "reste en place.",
        "Cherchez ce qui l'arrête (mémoire, redémarrage), puis relancez-la depuis Prefect.",
    )


def missing_of(outcomes: Sequence[RunOutcome]) -> list[RunOutcome]:
    """The territories that a campaign ended without."""
    return [one for one in outcomes if one.outcome in (Outcome.REFUSED, Outcome.FAILED)]


def _counted_findings(blocking: int) -> str:
    return french.counted(blocking, "constat l'empêche", "constats l'empêchent")


def _place(error: Exception) -> str:
    """File and function of our own that the error came from."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(PROJECT_ROOT):
            own = path.relative_to(PROJECT_ROOT)
            if own.parts[0] in _OURS:
                return f"{own.as_posix()}, {frame.name}"
    return "une bibliothèque"
