"""Logs as JSON lines, for `SENACS_LOG_FORMAT=json`: who, what and where, and nothing of the data.

An error's text may hold an answer or a name: of an error its class and the places in the code are
kept, wherever it stands in a record.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

SETTINGS_FILE = Path(__file__).with_name("logs_json.yml")
"""For PREFECT_LOGGING_SETTINGS_PATH: Prefect's own settings, with this format on the console."""

_OF_PREFECT = ("flow_run_id", "flow_run_name", "flow_name", "task_run_id", "task_run_name")


class JsonLines(logging.Formatter):
    """One record a line. What `extra={"senacs": …}` holds stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        line |= {
            name: value
            for name in _OF_PREFECT
            if (value := getattr(record, name, None)) not in (None, "<unknown>")
        }
        given = getattr(record, "senacs", None)
        if isinstance(given, dict):
            line |= given
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """The message, with the class of an error in place of its text."""
    arguments = record.args
    if not isinstance(arguments, tuple):
        return record.getMessage()
    shown = tuple(
        type(one).__name__ if isinstance(one, BaseException) else one for one in arguments
    )
    if shown == arguments and record.exc_info and record.exc_info[1] is not None:
        # Written out already: what stands before the error's own text is what we may keep.
        return record.getMessage().replace(str(record.exc_info[1]), "…")
    return str(record.msg) % shown if shown else str(record.msg)
