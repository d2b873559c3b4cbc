"""The log: one line an event, for people on a terminal and as JSON elsewhere; no bodies, no addresses, no secrets."""

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
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        # The plain traceback: the prettier one shows local values, and those are what people wrote.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=22, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
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


def log(room: str) -> Any:
    """The log of one room."""
    return structlog.get_logger(room=room)
