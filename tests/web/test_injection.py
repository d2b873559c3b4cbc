"""What attackers of databases type, at every door: it is bound to a statement, and no statement has a word of it."""

import inspect
import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

from inbox.web.session import form_token
from tests.rig.statements import overheard
from tests.store.databases import copy_postgresql, copy_sqlite, empty_postgresql, url
from tests.store.test_injection import FILTERS, TYPED
from tests.web.acted import acting_book, came, signed_in
from tests.web.asking import Visitor
from tests.web.fuzzing import STREAMS, Fuzz, Person, ask, routes
from tests.web.programs import API, Program
from tests.web.sites import OMID, SARA, Running, Site

__all__ = ["copy_postgresql", "copy_sqlite", "empty_postgresql", "url"]

SIGN = "zqxw7"
"""In all that is typed: where it stands in a statement, that was put together of what was typed."""
PUT = tuple(f"{typed}{SIGN}" for typed in TYPED) + tuple(
    f"{filter}{typed}{SIGN}" for filter in FILTERS for typed in TYPED[:2]
)
NAMED = ("created_at; drop table message", "id desc --", "(select token from session)", "1,2", "password")
"""Where the name of a column or of an order is asked for."""
REQUESTS = 400
_HOLE = re.compile(r"(\{[^}]+\})")
_READ = re.compile(r"""query_params\.get(?:list)?\(["'](\w+)|(?:asked|typed|query|params)\.get\(["'](\w+)""")


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[Site]:
    made = Site.on(url, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def heard(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is asked of the store."""
    statements: list[str] = []
    overheard(site.store, monkeypatch, statements.append)
    return statements


def typed_into(statements: list[str]) -> set[str]:
    return {one for one in statements if SIGN in one.lower() or any(name in one.lower() for name in NAMED[:3])}


def looks(application: Any) -> Iterator[tuple[str, str]]:
    """Each route that is looked at, with each of the names that its module reads of an address."""
    for one in application._app.app.routes:
        if "GET" in (getattr(one, "methods", None) or ()) and one.path not in STREAMS:
            text = inspect.getsource(inspect.getmodule(inspect.unwrap(one.endpoint)) or re)
            for name in sorted({"q", "sort", "older", *(a or b for a, b in _READ.findall(text))}):
                yield one.path, name


async def test_s30_no_address_of_a_page_gets_into_a_statement(site: Site, heard: list[str]) -> None:
    book, chance, number = acting_book(), Random(30), count()
    reference = came(site, book, "lena@example.com", "Where is it?", "An order")
    agent, owner = await signed_in(site, book), await signed_in(site, book, None)
    asked: set[str] = set()
    for path, name in looks(agent.app):
        there = re.sub(r"\{reference[^}]*\}", reference, path)
        for put in (chance.choice(PUT), chance.choice(NAMED) + SIGN):
            filled = "".join(quote(put, safe="") if n % 2 else part for n, part in enumerate(_HOLE.split(there)))
            visitor: Visitor = (agent, owner)[next(number) % 2]
            answer = await visitor.get(f"{filled}?{name}={quote(put, safe='')}&{name}={quote(put, safe='')}")
            assert answer.status < 500, (path, name, put)
            asked.add(name)
    assert len(asked) > 15
    assert len(heard) > 500
    assert typed_into(heard) == set()


async def test_s30_no_filter_of_the_api_gets_into_a_statement(site: Site, heard: list[str]) -> None:
    chance, asked = Random(30), 0
    program = Program.of(site, handle="omid")
    described = json.loads((await program.get("/openapi.json")).text)
    for path, methods in described["paths"].items():
        there = path.removeprefix(API)
        for name in [one["name"] for one in methods.get("get", {}).get("parameters", ()) if one["in"] == "query"]:
            for put in (*chance.sample(PUT, 3), *NAMED[:2]):
                filled = "".join(quote(put, safe="") if n % 2 else part for n, part in enumerate(_HOLE.split(there)))
                answer = await program.get(f"{filled}?{name}={quote(put + SIGN, safe='')}")
                assert answer.status < 500, (path, name, put)
                asked += 1
    assert asked > 50
    assert typed_into(heard) == set()


async def test_s30_no_form_gets_into_a_statement(site: Site, heard: list[str]) -> None:
    """With the fields that the pages and the actions read: saved views, rules that are tried, acts, settings."""
    book = acting_book()
    references = [came(site, book, f"c{n}@example.com", "Where is it?", "An order") for n in range(2)]
    people = []
    for agent in (SARA, OMID, None):
        token = (await signed_in(site, book, agent)).cookies["inbox_session"]
        people.append(Person(f"inbox_session={token}", form_token(token)))
    application = site.app(playbook=lambda: book)
    running = Running(application)
    try:
        values = tuple(one.encode() for one in PUT)
        posts = [one for one in routes(application) if one[0] == "POST"]
        fuzz = Fuzz(Random(30), posts, references, people, values=values)
        for sent, _ in zip(fuzz.requests(), range(REQUESTS), strict=False):
            answer = ask("127.0.0.1", int(running.url.rsplit(":", 1)[1]), sent)
            assert 200 <= answer.status < 500, sent.told
    finally:
        running.close()
    assert len(heard) > 500
    assert typed_into(heard) == set()
