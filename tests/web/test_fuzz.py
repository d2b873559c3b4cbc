"""A few hundred requests that nobody would send: none is answered by a mistake of ours. `make fuzz-web` sends more."""

from random import Random

import pytest

from inbox.web.session import form_token
from tests.web.acted import acting_book, came, signed_in
from tests.web.fuzzing import Fuzz, Person, ask, routes
from tests.web.sites import OMID, SARA, Running, Site

SEED = 7
REQUESTS = 400




@pytest.mark.parametrize("seed", [SEED, SEED + 1])
async def test_whatever_is_sent_no_page_breaks(site: Site, seed: int) -> None:
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
        fuzz = Fuzz(Random(seed), routes(application), references, people)
        for sent, _ in zip(fuzz.requests(), range(REQUESTS), strict=False):
            answer = ask("127.0.0.1", int(running.url.rsplit(":", 1)[1]), sent)
            assert 200 <= answer.status < 500, sent.told
            assert b"Traceback" not in answer.body, sent.told
    finally:
        running.close()
