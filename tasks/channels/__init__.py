"""The ways to people and their systems: one module a kind of channel."""

from senacs.errors import SenacsError


class UndeliveredError(SenacsError):
    """A message was not delivered; another try may do."""


class UnreachableError(UndeliveredError):
    """Nothing can be delivered by this channel now, whomever it is for."""


class RefusedError(UndeliveredError):
    """A message was refused for good; another try would be refused too."""
