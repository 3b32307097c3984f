"""How far the structures of a campaign came, from the register to usable answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from senacs.codebook import Collection
from senacs.french import NO_BREAK, number

MANAGEMENT = "mode_gestion"
"""The register's code list of kinds of management."""

_UNKNOWN = "Non renseigné"
_MEMBERSHIP = {True: "Adhérentes", False: "Non adhérentes", None: "Non renseignée"}


def share(part: int, whole: int) -> str:
    """A share in whole per cent; empty where there is nobody."""
    return f"{number(100 * part / whole, 0)}{NO_BREAK}%" if whole else ""


@dataclass(frozen=True)
class ResponseCount:
    """Structures of one population, or of a part of it; each count holds the next.

    Attributes:
        population: code of the population.
        management: kind of management, where `by_management`; None: the register says none.
        federated: membership, where `by_federated`; None: the register says nothing.
        n_collected: asked, and their territory is loaded.
        n_delivered: an accepted record is loaded; those that are no respondents included.
    """

    population: str
    management: str | None
    federated: bool | None
    by_management: bool
    by_federated: bool
    n_approved: int
    n_scope: int
    n_asked: int
    n_collected: int
    n_delivered: int
    n_responded: int
    n_usable: int

    @property
    def rate(self) -> str:
        """Unit response in per cent of those asked; empty where nobody was."""
        return share(self.n_responded, self.n_asked)


@dataclass(frozen=True)
class ResponseLine:
    """A line of a table: a part of a population, and its counts."""

    part: str
    label: str
    count: ResponseCount


@dataclass(frozen=True)
class ResponseTable:
    """The chain of one population: as a whole, by management, by federation."""

    label: str
    lines: tuple[ResponseLine, ...]


def response_tables(
    declared: Collection, register: Collection, counts: Sequence[ResponseCount]
) -> tuple[ResponseTable, ...]:
    """One table a population that has structures, in declared order; none without counts."""
    kinds = {item.code: item.label for item in register.codes_of(MANAGEMENT)}
    tables = []
    for population, label in declared.populations.items():
        own = [one for one in counts if one.population == population]
        if own:
            tables.append(ResponseTable(label, tuple(_lines(own, kinds))))
    return tuple(tables)


def _lines(own: Sequence[ResponseCount], kinds: Mapping[str, str]) -> Iterable[ResponseLine]:
    order = [*kinds, None]
    for one in own:
        if not (one.by_management or one.by_federated):
            yield ResponseLine("", "Ensemble", one)
    for one in sorted(
        (one for one in own if one.by_management),
        key=lambda one: order.index(one.management) if one.management in order else len(order),
    ):
        label = _UNKNOWN if one.management is None else kinds.get(one.management, one.management)
        yield ResponseLine("Mode de gestion", label, one)
    members = list(_MEMBERSHIP)
    for one in sorted(
        (one for one in own if one.by_federated), key=lambda one: members.index(one.federated)
    ):
        yield ResponseLine("Fédération", _MEMBERSHIP[one.federated], one)
