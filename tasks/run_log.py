"""The log that tasks write to, inside a flow and without one."""

import logging

from prefect.exceptions import MissingContextError
from prefect.logging import get_logger, get_run_logger


def run_logger() -> "logging.Logger | logging.LoggerAdapter[logging.Logger]":
    """The flow run's; a command that works without a flow, such as a rehearsal, has ours."""
    try:
        return get_run_logger()
    except MissingContextError:
        return get_logger("senacs")
