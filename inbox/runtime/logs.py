"""The log: one line an event, for people on a terminal and as JSON elsewhere; no bodies, no addresses, no secrets.

Whoever logs goes on at once and is never told of trouble: lines are written by a thread (`log_lines`), and an event that cannot
be put into words is told as that. `trace` binds the number by which all lines about one message are found.
"""

import atexit
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal, TextIO

from inbox.domain.ids import ArrivalId
from inbox.domain.problems import Problem
from inbox.runtime.log_lines import LogLines
from inbox.runtime.without import without

with without("rich"):  # for tracebacks prettier than what a log may show
    import structlog

Log = structlog.stdlib.BoundLogger

SECRETS = re.compile(r"(?i)(bot)?\d{5,}:[A-Za-z0-9_-]{20,}|(password|token|secret)=\S+")
"""What looks like a bot's token or a secret in a text from a library."""
ADDRESSES = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
"""What looks like somebody's mail address: servers repeat them in what they answer."""
BREAKS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")
"""What ends a line for some reader of logs, steers a terminal, or turns text around."""


def configure(
    style: Literal["human", "json"], level: str, told: Callable[[Problem], str] = str, out: TextIO | None = None
) -> None:
    """Set up the process' log, ours and the libraries'. Called once, by the command that runs the daemon.

    `told` words a problem for whoever reads the log; `out`: where it goes, None: standard error.
    """
    out = out or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        partial(worded, told),
        redact,
    ]
    renderer = _safely(_as_json if style == "json" else _for_people(out))
    lines = LogLines(out, lambda number: str(renderer(None, "", {"event": "log-lines-lost", "lines": number})))
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(lines),  # type: ignore[arg-type]  # of a text stream it uses these two
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    atexit.register(lines.drain)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for wordy in ("aioimaplib", "mail.log", "apscheduler", "uvicorn.access", "httpx", "python_multipart"):
        logging.getLogger(wordy).setLevel(logging.ERROR)


def drain() -> None:
    """Wait a little until what was logged is written: the process ends."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and isinstance(handler.stream, LogLines):
            handler.stream.drain()


@contextmanager
def trace(arrival: ArrivalId | None) -> Iterator[None]:
    """All that is logged in here is about the message that came as this arrival: `trace` is `a` and its number. None: about none."""
    if arrival is None:
        yield
        return
    with structlog.contextvars.bound_contextvars(trace=f"a{arrival}"):
        yield


def _safely(renderer: Callable[[Any, str, MutableMapping[str, Any]], str]) -> Callable[[Any, str, Any], str]:
    """The renderer, that raises nothing."""

    def rendered(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
        try:
            return renderer(logger, name, event)
        except Exception as error:
            return json.dumps({"event": "not-told", "error": type(error).__name__, "level": name})

    return rendered


def _as_json(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    made = structlog.processors.JSONRenderer(ensure_ascii=False)(logger, name, event)
    return _one_line(str(made))


def _for_people(out: TextIO) -> Callable[[Any, str, MutableMapping[str, Any]], str]:
    # The plain traceback: the prettier one shows local values, and those are what people wrote.
    console = structlog.dev.ConsoleRenderer(
        colors=out.isatty(), pad_event_to=22, exception_formatter=structlog.dev.plain_traceback
    )

    def rendered(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
        apart = {key: value for key, value in event.items() if key == "exception"}
        told = {key: _escaped(value) for key, value in event.items() if key not in apart}
        return str(console(logger, name, {**told, **apart}))

    return rendered


def _escaped(value: Any) -> Any:
    """Text from outside stays on its line."""
    if isinstance(value, str):
        return _one_line(value)
    return [_escaped(one) for one in value] if isinstance(value, list | tuple) else value


def _one_line(text: str) -> str:
    return BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def worded(
    told: Callable[[Problem], str], _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A problem is told in its sentence, which says what to do; its key stands beside it, for programs."""
    for name, value in list(event.items()):
        if isinstance(value, Problem):
            event.update({name: _sentence(told, value), "key": value.key})
        elif isinstance(value, list):
            event[name] = [_sentence(told, one) if isinstance(one, Problem) else one for one in value]
    return event


def _sentence(told: Callable[[Problem], str], problem: Problem) -> str:
    try:
        return told(problem)
    except Exception:  # the log must not fail for want of words
        return problem.key


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Whatever looks like a secret becomes ***, wherever it came from; where nothing is wrong, addresses of people do too."""
    masks = (SECRETS, ADDRESSES) if event.get("level") in ("info", "debug") else (SECRETS,)
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _masked(value, masks)
        elif isinstance(value, list | tuple):
            event[key] = [_masked(one, masks) if isinstance(one, str) else one for one in value]
    return event


def _masked(text: str, masks: tuple[re.Pattern[str], ...]) -> str:
    for mask in masks:
        text = mask.sub("***", text)
    return text


def log(room: str) -> Any:
    """The log of one room."""
    return structlog.get_logger(room=room)
