"""No pattern that meets the words of strangers repeats what repeats, and no text of 64 KB takes long, whatever it is made of."""

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from re import _constants as sre
from re import _parser as parser
from typing import Any

import pytest

import channels.email
import channels.phone
import channels.portal
import channels.telegram
import channels.webchat
import inbox.archive
import inbox.domain
import inbox.pipeline
import inbox.text
from inbox.text.impersonal import impersonal
from inbox.text.telling import telling
from tests.unit.email.letters import codec, mail

ROOMS = (
    channels.email,
    channels.phone,
    channels.portal,
    channels.telegram,
    channels.webchat,
    inbox.archive,
    inbox.domain,
    inbox.pipeline,
    inbox.text,
)
"""Rooms in which patterns meet what strangers wrote."""
NESTED = {
    "inbox.text.impersonal._MAIL": "each turn begins with a dot, which no letter of a turn is",
    "inbox.text.impersonal._SEVERAL": "each turn ends with the sign, which the blanks before it are not",
    "inbox.text.vcards._LINE": "each turn begins with a semicolon; what stands in it is quoted or holds none",
    "inbox.text.vcards._PARAMETER": "a turn is one sign, or all that is quoted",
    "inbox.text.vcards._VALUES": "a turn is one sign, or all that is quoted",
    "inbox.archive.instants._FIELDS": "what is within brackets holds no bracket, and a turn outside begins with a letter",
    "channels.email.authentication._SEGMENT": "a turn is one sign, or all that is quoted",
    "channels.email.authentication._PROPERTY": "a turn is one sign, or all that is quoted",
    "channels.email.html._IMAGE": "each turn is a blank, a name and what is quoted",
    "channels.email.htmltext._TOKEN": "each turn is a blank, a name and what is quoted",
    "channels.email.icalendar._HEAD": "each turn begins with its own sign, which what stands in it does not hold",
    "channels.email.options._LABELS": "reads the config, and names of 63 letters at most between dots",
    "inbox.pipeline.company._DOMAIN": "what is longer than 253 letters is refused before it is read",
}
"""Patterns in which a repetition stands in another, and why there is one way only to read a text by them."""
SIZE = 64 << 10
SECONDS = 2.0


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of these rooms keeps, alone or in a table."""
    for room in ROOMS:
        for found in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                yield from ((f"{found.name}.{name}", one) for one in _within(value))


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _within(one)
    elif isinstance(value, dict):
        yield from _within((*value.keys(), *value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _within(getattr(value, part.name, None))


def depth(parsed: Any) -> int:
    """How many repetitions without a small end stand in one another."""
    deepest = 0
    for kind, value in parsed:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, inner = value
            here = depth(inner) + (most == sre.MAXREPEAT or most - least > 10)
        elif kind is sre.SUBPATTERN:
            here = depth(value[3])
        elif kind is sre.BRANCH:
            here = max(map(depth, value[1]))
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            here = depth(value[1])
        else:
            here = 0
        deepest = max(deepest, here)
    return deepest


def test_s34_no_pattern_repeats_what_repeats() -> None:
    every = list(patterns())
    assert len(every) > 200
    nested = {name for name, one in every if depth(parser.parse(one.pattern, one.flags)) > 1}
    assert nested - NESTED.keys() == set(), (
        "read by one way only, and told in NESTED why; or without the outer repetition"
    )
    assert NESTED.keys() - nested == set()


@pytest.mark.parametrize(
    ("pattern", "deep"), [(r"(a+)+b", 2), (r"(?:x|[^y]*)*", 2), (r"a{1,3}b+", 1), (r"(a{1,9}b)+", 1)]
)
def test_a_repetition_in_a_repetition_is_found(pattern: str, deep: int) -> None:
    assert depth(parser.parse(pattern)) == deep


# -- what a stranger repeats -------------------------------------------------------------------------------------------
UNITS = (
    *(
        "w",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\u200c",
        "…",
        "7",
        "_",
        "-",
        ".",
        ",",
        ":",
        ";",
        '"',
        "\\",
        '"\\',
        "(",
        ")",
        "<",
        ">",
    ),
    *(
        "@",
        "a@",
        "a.",
        "w@w.",
        "=",
        "=?",
        "=?utf-8?q?",
        "&",
        "&amp;",
        "<a",
        "<div>",
        "<img ",
        "<!--",
        "http://",
        "www.",
        "/",
    ),
    *(
        "> ",
        "-- \n",
        "On ",
        "On a wrote:\n",
        "From: ",
        "در ",
        "نوشت:",
        "Re: ",
        "[#",
        "پاسخ ",
        "+1 ",
        "9 - ",
        "A;",
        "a;b=",
        "x y",
    ),
)
PLACES: dict[str, Callable[[str], bytes]] = {
    "the words": lambda text: mail(body=b"\r\n" + text.encode()),
    "the html": lambda text: mail("Content-Type: text/html; charset=utf-8", body=b"\r\n" + text.encode()),
    "the subject": lambda text: mail(f"Subject: {_flat(text)}"),
    "the name of the sender": lambda text: mail(sender=f'"{_flat(text)}" <sara@customer.test>'),
    "the sender": lambda text: mail(sender=_flat(text)),
    "the verdict": lambda text: mail(f"Authentication-Results: mx.desk.test; dmarc={_flat(text)}"),
    "the kind": lambda text: mail(f"Content-Type: {_flat(text)}"),
    "the file name": lambda text: mail(f"Content-Disposition: attachment; filename={_flat(text)}"),
    "the references": lambda text: mail(f"References: {_flat(text[: SIZE // 4])}"),
    "the bounce": lambda text: mail(sender="MAILER-DAEMON@mx.test", body=b"\r\n" + text.encode()),
}


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


@pytest.mark.parametrize("place", PLACES)
def test_s34_no_text_takes_long_to_read(place: str) -> None:
    reader, slow = codec("mx.desk.test"), []
    for unit in UNITS:
        raw = PLACES[place]((unit * SIZE)[:SIZE])
        begun = time.process_time()
        reader.parse(raw)
        if (spent := time.process_time() - begun) > SECONDS:
            slow.append((unit, round(spent, 1)))
    assert slow == []


READERS: dict[str, Callable[[str], object]] = {
    "what tells": lambda text: telling(text, 30),
    "what is nobody's": lambda text: impersonal(text, ("Sara",)),
}


@pytest.mark.parametrize("reader", READERS)
def test_s34_nor_to_understand(reader: str) -> None:
    slow = []
    for unit in UNITS:
        begun = time.process_time()
        READERS[reader]((unit * SIZE)[:SIZE])
        if (spent := time.process_time() - begun) > SECONDS:
            slow.append((unit, round(spent, 1)))
    assert slow == []
