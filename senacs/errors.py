"""The errors this product raises: each carries a sentence a person can act on.

Engineers' errors (configuration, services, codebook) are in English; whatever a correspondent
can read (a source that does not answer) is in French.
"""


class SenacsError(Exception):
    """Root of every error raised on purpose by this product."""


class ConfigurationError(SenacsError):
    """A setting is missing or contradicts another one."""


class ServiceError(SenacsError):
    """An embedded service (PostgreSQL, Prefect server, worker) cannot start, answer or stop."""


class CodebookError(SenacsError):
    """A file of the codebook contradicts itself or names something that does not exist."""


class SourceError(SenacsError):
    """A source did not deliver an export; the message is French, for the correspondent."""


class RuleError(SenacsError):
    """A rule could not run: a fault of ours, never a finding against the supplier."""


class WarehouseError(SenacsError):
    """The warehouse refuses a step (not migrated, locked by another run, unreachable)."""


class ReplyError(SenacsError):
    """A reply cannot be taken; the message is French, for the correspondent."""


class RequestError(SenacsError):
    """What a person asks for cannot be done; the message is French, for the correspondent."""


class AccountError(SenacsError):
    """An account of the portal cannot be what was asked; the message is French."""


class DisclosureError(SenacsError):
    """Tables contradict themselves, or a rule of disclosure control cannot be read or applied."""


class PressError(SenacsError):
    """A document cannot be set as PDF: a fault of ours or of a drawing."""


class TooOftenError(SenacsError):
    """Somebody asks too often; the message is French.

    Attributes:
        wait: seconds until it may be asked again.
    """

    def __init__(self, wait: int) -> None:
        super().__init__(f"Trop de demandes : réessayez dans {wait} secondes.")
        self.wait = wait


class VintageError(SenacsError):
    """A vintage cannot be proposed, released or read."""
