"""What an agent is told of: the number at the head, the page, and what reads it."""

import re

import pytest
import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.store import notifications
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.agents.notified import PAGE
from tests.web.asking import Visitor, hidden
from tests.web.reader import Page, inside
from tests.web.sites import NOW, OMID, SARA, Site

FROM_HERE = {"sec_fetch_site": "same-origin"}


def told(site: Site, *references: str, whom: AgentId = OMID, kind: str = "promise-late") -> None:
    """A rule tells an agent of conversations, one after the other."""

    def work(unit: Unit) -> None:
        for reference in references:
            c = t.conversation.c
            matter = unit.execute(sa.select(c.id).where(c.reference == reference)).scalar_one()
            row = {"agent_id": whom, "conversation_id": matter, "kind": kind, "rule": "promise missed", "at": NOW}
            unit.insert(t.notification, **row)

    site.store.write_now(work)


def badge(text: str) -> str:
    """The number at the head of a page; empty where there is none."""
    found = re.search(r'<span class="badge">([^<]+)</span>', text)
    return found[1] if found else ""


async def test_the_number_stands_on_every_page_and_the_page_says_what_and_why(filled: Site) -> None:
    told(filled, "K7Q2", "M4TR")
    visitor = await inside(filled, OMID)
    for path in ("/", "/?view=done", "/notifications"):
        assert badge((await visitor.get(path)).text) == "2"
    page = await visitor.get("/notifications")
    assert page.text.index('href="/c/M4TR"') < page.text.index('href="/c/K7Q2"'), "the newest first"
    assert "New · A promise was missed · Rule promise missed" in re.sub("[\u2066-\u2069]", "", Page(page).words)
    assert badge((await (await inside(filled, SARA)).get("/")).text) == ""


async def test_opening_the_conversation_reads_what_was_told_of_it(filled: Site) -> None:
    told(filled, "K7Q2", "K7Q2", "M4TR")
    visitor = await inside(filled, OMID)
    assert (await visitor.ask("HEAD", "/c/K7Q2", {})).status == 200
    assert badge((await visitor.get("/")).text) == "3", "who only asks whether it is there has read nothing"
    assert badge((await visitor.get("/c/K7Q2")).text) == "1"
    assert badge((await visitor.get("/")).text) == "1"
    assert (await visitor.get("/notifications")).text.count('class="told unread"') == 1


async def test_another_agent_who_opens_it_reads_nothing_for_them(filled: Site) -> None:
    told(filled, "K7Q2")
    await (await inside(filled, SARA)).get("/c/K7Q2")
    assert badge((await (await inside(filled, OMID)).get("/")).text) == "1"


async def test_one_is_read_by_a_button_and_all_by_another(filled: Site) -> None:
    told(filled, "K7Q2", "M4TR", "K7Q2")
    visitor = await inside(filled, OMID)
    page = await visitor.get("/notifications")
    sent = {"form_token": hidden(page, "form_token"), "id": hidden(page, "id")}
    answer = await visitor.post("/notifications", sent, **FROM_HERE)
    assert (answer.status, answer.headers["location"]) == (303, "/notifications")
    assert badge((await visitor.get("/")).text) == "2"
    await visitor.post("/notifications", {"form_token": sent["form_token"]}, **FROM_HERE)
    page = await visitor.get("/notifications")
    assert (badge(page.text), page.text.count('class="told"')) == ("", 3)
    assert "Mark all as read" not in page.text


async def test_no_other_site_and_no_other_agent_reads_mine(filled: Site) -> None:
    told(filled, "K7Q2", whom=SARA)
    omid, sara = await inside(filled, OMID), await inside(filled, SARA)
    token = hidden(await omid.get("/notifications"), "form_token")
    assert (await omid.post("/notifications", {"form_token": "x"}, **FROM_HERE)).status == 403
    assert (await omid.post("/notifications", {"form_token": token}, sec_fetch_site="cross-site")).status == 403
    assert (await omid.post("/notifications", {"form_token": token, "id": "1"}, **FROM_HERE)).status == 303
    assert badge((await sara.get("/")).text) == "۱"


@pytest.mark.parametrize(
    "path", ["/notifications?before=x", "/notifications?before=" + "9" * 30, "/notifications?before="]
)
async def test_what_is_no_place_is_missing(filled: Site, path: str) -> None:
    assert (await (await inside(filled, OMID)).get(path)).status == 404


async def test_strangers_sign_in_and_the_owner_is_told_nothing(filled: Site) -> None:
    assert (await Visitor(filled.app()).get("/notifications")).status == 403
    owner = Visitor(filled.app())
    await owner.sign_in(filled.link("owner", None))
    assert (await owner.get("/notifications")).status == 404
    assert "/notifications" not in (await owner.get("/")).text


async def test_many_are_shown_page_by_page(filled: Site) -> None:
    told(filled, *["K7Q2"] * (2 * notifications.MANY + 1))
    visitor = await inside(filled, OMID)
    seen, path, pages = 0, "/notifications", 0
    while path:
        text = (await visitor.get(path)).text
        assert badge(text) == "99+"
        seen, pages = seen + text.count('class="told unread"'), pages + 1
        more = re.search(r'rel="next" href="([^"]+)"', text)
        path = more[1] if more else ""
    assert (seen, pages) == (2 * notifications.MANY + 1, -(-(2 * notifications.MANY + 1) // PAGE))
