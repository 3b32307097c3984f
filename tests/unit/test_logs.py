"""Logs as JSON lines say where and what class of error, and nothing of the data."""

import json
import logging
import logging.config

import pytest
import yaml

from senacs.logs import SETTINGS_FILE, JsonLines

RAW = "structure 92-001 : 12 bénévoles"


def line(message: str, *args: object, **given: object) -> dict[str, object]:
    record = logging.LogRecord("senacs", logging.ERROR, "f.py", 1, message, args, None)
    for name, value in given.items():
        setattr(record, name, value)
    return json.loads(JsonLines().format(record))


def error() -> ValueError:
    try:
        raise ValueError(RAW)  # noqa: TRY301 - it is to have a place
    except ValueError as raised:
        return raised


def test_what_is_given_stands_beside_the_message():
    step = {"run_id": "r", "territory": "92", "collection": "senacs", "data_year": 2012}
    found = line("%s", "load", senacs=step, flow_run_id="f", flow_run_name="<unknown>")
    assert found["message"] == "load"
    assert step.items() <= found.items()
    assert found["flow_run_id"] == "f"
    assert "flow_run_name" not in found


@pytest.mark.parametrize(
    ("message", "args"),
    [
        ("Encountered exception during execution: %r", (error(),)),
        ("%s: %s", ("senacs/92/2012", error())),
        (f"it failed: {RAW}", ()),
        ("it failed: %s", (RAW,)),
    ],
)
def test_an_error_is_its_class_and_its_places(message, args):
    raised = error()
    found = line(message, *args, exc_info=(type(raised), raised, raised.__traceback__))
    assert "bénévoles" not in json.dumps(found, ensure_ascii=False)
    assert found["error"] == "ValueError"
    assert "test_logs.py" in found["where"][0]


def test_a_record_with_named_arguments_is_written_out():
    record = logging.LogRecord("x", 10, "f.py", 1, "%(a)s of %(b)s", ({"a": 1, "b": 2},), None)
    assert json.loads(JsonLines().format(record))["message"] == "1 of 2"


def test_prefect_can_take_the_settings():
    content = yaml.safe_load(SETTINGS_FILE.read_text("utf-8"))
    for logger in content["loggers"].values():
        if logger.get("level", "").startswith("${"):
            logger["level"] = "INFO"
    before = logging.root.handlers[:], logging.root.level
    try:
        logging.config.dictConfig(content | {"incremental": False})
        assert isinstance(logging.root.handlers[0].formatter, JsonLines)
    finally:
        logging.root.handlers[:], logging.root.level = before
