"""Whether a reply can be taken, said before it is recorded."""

from senacs.codebook import CodeItem, Collection, Kind, Question, Role
from senacs.findings import Severity
from senacs.french import number
from senacs.reading.outcome import ValueProblem
from senacs.replies.application import is_readable, read_value
from senacs.replies.model import Reply, ReplyKind

_LISTED = 12

_PROBLEMS = {
    ValueProblem.NOT_A_NUMBER: "ce n'est pas un nombre",
    ValueProblem.NOT_AN_INTEGER: "ce n'est pas un nombre entier",
    ValueProblem.UNKNOWN_CODE: "ce n'est pas une réponse proposée",
    ValueProblem.NOT_YES_NO: "ce n'est ni oui ni non",
    ValueProblem.NOT_A_DATE: "ce n'est pas une date (jj/mm/aaaa)",
    ValueProblem.SIRET_SHAPE: "ce n'est pas un SIRET (quatorze chiffres)",
    ValueProblem.SIREN_SHAPE: "ce n'est pas un SIREN (neuf chiffres)",
    ValueProblem.SIRET_DIGITS_LOST: "le SIRET a perdu des chiffres : mettez la cellule en texte",
    ValueProblem.KEY_DIGITS_LOST: "l'identifiant a perdu des chiffres",
    ValueProblem.FOREIGN_UNIT: "ce n'est pas l'unité demandée",
    ValueProblem.FORMULA_ERROR: "c'est l'erreur d'une formule",
}


def fault_of(reply: Reply, declared: Collection, data_year: int) -> str:
    """Why a reply cannot be taken, in a French sentence; empty if it can."""
    if not reply.author.strip():
        return "il manque l'auteur de la réponse."
    if reply.kind is ReplyKind.CONFIRMED:
        return "" if reply.reason.strip() else "une confirmation demande un motif."
    asked = {q.question: q for q in declared.questions_of(data_year)}
    question = asked.get(reply.place.question or "")
    if question is None:
        return f"la question « {reply.place.question} » n'est pas posée pour {data_year}."
    if fault := _naming_fault(reply, question, declared):
        return fault
    if not (reply.value or "").strip():
        return "il manque la nouvelle valeur (écrivez NC si la structure ne sait pas)."
    return _value_fault(reply, question, declared)


def _naming_fault(reply: Reply, question: Question, declared: Collection) -> str:
    """Why what names a record cannot be corrected; empty for anything else, or if it can."""
    if declared.names_line(reply.place.unit_id or "", question.question):
        return "ce qui désigne une ligne ne se corrige pas ici : livrez un nouvel export."
    if question.role is not Role.KEY:
        return ""
    if declared.identification is None:
        return "un identifiant ne se corrige pas ici : livrez un nouvel export."
    if not (reply.received or "").strip():
        return "la ligne n'a pas d'identifiant, rien ne la désigne : livrez un nouvel export."
    return ""


def _value_fault(reply: Reply, question: Question, declared: Collection) -> str:
    value = read_value(reply.value, question, declared)
    shown = f"la nouvelle valeur « {reply.value} » ne convient pas à « {question.header} »"
    if not is_readable(value):
        problem = _PROBLEMS.get(value.problem, "elle n'est pas lisible")
        return f"{shown} : {problem}{_expected(question, declared.codes_of(question.codes))}."
    number = None if value.number is None else float(value.number)
    if number is not None and question.minimum is not None and number < question.minimum:
        return f"{shown} : le minimum admis est {question.minimum:g}."
    if number is not None and question.maximum is not None and number > question.maximum:
        return f"{shown} : le maximum admis est {question.maximum:g}."
    return ""


def _expected(question: Question, codes: tuple[CodeItem, ...]) -> str:
    if question.kind is Kind.CODE and codes:
        labels = ", ".join(f"« {c.label} »" for c in codes[:_LISTED])
        return f" ; attendu : {labels}{'…' if len(codes) > _LISTED else ''}"
    return f" ; unité demandée : {question.unit}" if question.unit else ""


_KINDS = {
    Kind.NUMBER: "un nombre",
    Kind.INTEGER: "un nombre entier",
    Kind.YES_NO: "« Oui » ou « Non »",
    Kind.DATE: "une date (jj/mm/aaaa)",
    Kind.SIRET: "un SIRET (quatorze chiffres)",
    Kind.SIREN: "un SIREN (neuf chiffres)",
    Kind.TEXT: "un texte",
}


def wanted(question: Question, codes: tuple[CodeItem, ...]) -> str:
    """What an answer to this question looks like, in French.

    Args:
        question: the question.
        codes: the answers it proposes; empty where it proposes none.
    """
    if question.kind is Kind.CODE:
        labels = ", ".join(f"« {c.label} »" for c in codes[:_LISTED])
        return f"l'une des réponses {labels}{'…' if len(codes) > _LISTED else ''}"
    said = _KINDS[question.kind]
    if question.unit:
        said += f", en {question.unit}"
    if question.minimum is not None and question.maximum is not None:
        return f"{said}, de {number(question.minimum)} à {number(question.maximum)}"
    if question.minimum is not None:
        return f"{said}, au moins {number(question.minimum)}"
    if question.maximum is not None:
        return f"{said}, au plus {number(question.maximum)}"
    return said


def takes_correction(
    question: Question | None, severity: Severity, raw: str | None, *, by_register: bool
) -> bool:
    """Whether a correction of that answer settles a finding of that severity.

    Args:
        question: what the finding is about; None if that is no question.
        severity: the finding's.
        raw: what was delivered. Where an identifier is empty nothing else would tell the row at
            the next run.
        by_register: whether the register says which identifiers there are.
    """
    if question is None:
        return False
    if question.role is Role.KEY and not (by_register and (raw or "").strip()):
        return False
    return severity in {Severity.ERROR, Severity.QUERY}


def takes_confirmation(severity: Severity) -> bool:
    """Whether a finding of that severity can be confirmed: an answer that is kept out cannot."""
    return severity is Severity.QUERY
