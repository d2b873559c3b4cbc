"""The log: one line an event, for people on a terminal and as JSON elsewhere; no bodies, no addresses, no secrets."""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, Literal

import structlog

from inbox.domain.problems import Problem

Log = structlog.stdlib.BoundLogger

SECRETS = re.compile(r"(?i)(bot)?\d{5,}:[A-Za-z0-9_-]{20,}|(password|token|secret)=\S+")
"""What looks like a bot's token or a secret in a text from a library."""
_MOVES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What ends a line, moves a cursor or turns text around: somebody's words must not look like a line of the log."""


def configure(style: Literal["human", "json"], level: str, told: Callable[[Problem], str] = str) -> None:
    """Set up the process' log, ours and the libraries'. Called once, by the command that runs the daemon.

    `told` words a problem for whoever reads the log.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        partial(worded, told),
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=_json)
        if style == "json"
        # The plain traceback: the prettier one shows local values, and those are what people wrote.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=22, exception_formatter=structlog.dev.plain_traceback
        )
    )
    readable = [] if style == "json" else [one_line]
    structlog.configure(
        processors=[*shared, *readable, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared, *readable], processor=renderer)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for wordy in ("aioimaplib", "mail.log", "apscheduler", "uvicorn.access", "httpx", "python_multipart"):
        logging.getLogger(wordy).setLevel(logging.ERROR)


def worded(
    told: Callable[[Problem], str], _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A problem is told in its sentence, which says what to do; its key stands beside it, for programs."""
    for name, value in list(event.items()):
        if isinstance(value, Problem):
            event.update({name: told(value), "key": value.key})
        elif isinstance(value, list):
            event[name] = [told(one) if isinstance(one, Problem) else one for one in value]
    return event


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Whatever looks like a secret becomes ***, wherever it came from."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = SECRETS.sub("***", value)
        elif isinstance(value, list):
            event[key] = [SECRETS.sub("***", one) if isinstance(one, str) else one for one in value]
    return event


def one_line(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """For people: what happened is told on one line; values are shown as literals anyway, and a traceback keeps its lines."""
    event["event"] = _MOVES.sub(_shown, str(event.get("event", "")))
    if isinstance(trace := event.get("exception"), str):
        event["exception"] = "\n".join(_MOVES.sub(_shown, line) for line in trace.split("\n"))
    return event


def _json(event: Mapping[str, Any], **how: Any) -> str:
    return _MOVES.sub(_shown, json.dumps(event, ensure_ascii=False, **how))


def _shown(found: re.Match[str]) -> str:
    """As JSON writes it."""
    return f"\\u{ord(found[0]):04x}"


def log(room: str) -> Any:
    """The log of one room."""
    return structlog.get_logger(room=room)
