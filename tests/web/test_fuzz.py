"""A few hundred requests that nobody would send: none is answered by a mistake of ours. `make fuzz-web` sends more."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from inbox.web.session import form_token
from tests.store.databases import copy_postgresql, copy_sqlite, empty_postgresql, url
from tests.web.acted import acting_book, came, signed_in
from tests.web.asking import Visitor, hidden
from tests.web.fuzzing import Fuzz, Person, ask, routes
from tests.web.sites import OMID, SARA, Running, Site

__all__ = ["copy_postgresql", "copy_sqlite", "empty_postgresql", "url"]

SEED = 7
REQUESTS = 400


@pytest.fixture
def fuzzed(url: str, tmp_path: Path) -> Iterator[Site]:
    """A site on each of the databases: what one keeps, the other may refuse."""
    made = Site.on(url, tmp_path)
    yield made
    made.store.close()


async def test_whatever_is_sent_no_page_breaks(fuzzed: Site) -> None:
    site = fuzzed
    book = acting_book()
    references = [came(site, book, f"c{n}@example.com", "Where is it?", "An order") for n in range(4)]
    people = [Person()]
    for agent in (SARA, OMID, None):
        visitor = await signed_in(site, book, agent)
        token = visitor.cookies["inbox_session"]
        people.append(Person(f"inbox_session={token}", form_token(token)))
    application = site.app(playbook=lambda: book)
    running = Running(application)
    try:
        fuzz = Fuzz(Random(SEED), routes(application), references, people)
        for sent, _ in zip(fuzz.requests(), range(REQUESTS), strict=False):
            answer = ask("127.0.0.1", int(running.url.rsplit(":", 1)[1]), sent)
            assert 200 <= answer.status < 500, sent.told
            assert b"Traceback" not in answer.body, sent.told
    finally:
        running.close()


async def test_what_one_database_cannot_keep_is_taken_out_on_both(fuzzed: Site) -> None:
    book = acting_book()
    reference = came(fuzzed, book, "lena@example.com", "Where is it?", "An order")
    agent, owner = await signed_in(fuzzed, book), await signed_in(fuzzed, book, None)
    nul = "a\0b"
    person = {"name": nul, "address": "a\0@b.example", "role": "agent", "language": "en", "skills": nul}
    sent = (
        (agent, "/views", {"name": nul, "q": nul}),
        (agent, "/account/name", {"name": nul, "language": "en"}),
        (agent, f"/c/{reference}/draft", {"text": nul, "over": nul}),
        (agent, f"/c/{reference}/do/tag", {"add": nul, "once": nul}),
        (agent, "/live/here", {"tab": "\0" * 43, "reference": reference, "doing": "viewing"}),
        (owner, "/settings/people/new", {"handle": "bo", **person}),
        (owner, "/settings/people/omid", {**person, "address": "o\0@b.example"}),
        (owner, "/settings/people/omid/duty", {"first": "2026-12-01", "last": "", "reason": nul}),
        (owner, "/settings/teams/new", {"name": "new-team", "title": nul}),
    )
    for visitor, path, fields in sent:
        token = form_token(visitor.cookies["inbox_session"])
        answer = await visitor.post(path, {"form_token": token, **fields}, sec_fetch_site="same-origin")
        assert answer.status in (204, 303), path
    stranger = Visitor(fuzzed.app())
    door = {"bound": hidden(await stranger.get("/sign-in"), "bound")}
    answer = await stranger.post("/sign-in", {**door, "name": nul, "password": nul}, sec_fetch_site="same-origin")
    assert answer.status == 403
