"""What an agent does by a form: an action of the registry, once, the sentence about it on the next page; and who may not."""

import re

import pytest
import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.store import tables as t
from inbox.web.agents.acting import local
from tests.web.asking import Answer, Visitor, hidden
from tests.web.rulebooks import book
from tests.web.sites import OMID, Site

FROM_HERE = {"sec_fetch_site": "same-origin"}


async def entered(site: Site, agent: AgentId | None = OMID) -> Visitor:
    visitor = Visitor(site.app(playbook=book))
    assert (await visitor.sign_in(site.link(f"token-{agent}", agent))).status == 303
    return visitor


async def does(visitor: Visitor, action: str, **fields: str) -> Answer:
    """Whatever page they have open."""
    token = hidden(await visitor.get("/notifications"), "form_token") if "form_token" not in fields else ""
    return await visitor.post(f"/c/K7Q2/do/{action}", {"form_token": token, **fields}, **FROM_HERE)


def row(site: Site) -> sa.Row[tuple[str, int | None, str]]:
    c = t.conversation.c
    query = sa.select(c.state, c.assignee_id, c.priority).where(c.reference == "K7Q2")
    return site.store.read_now(lambda unit: unit.execute(query).one())


def said(answer: Answer) -> str:
    found = re.search(r'<p id="said"[^>]*>([^<]*)</p>', answer.text)
    assert found
    return re.sub("[\u2066-\u2069]", "", found[1])


async def test_an_act_is_done_and_the_next_page_says_so_once(filled: Site) -> None:
    visitor = await entered(filled)
    answer = await does(visitor, "priority", priority="urgent")
    assert (answer.status, answer.headers["location"]) == (303, "/c/K7Q2")
    assert row(filled).priority == "urgent"
    assert "K7Q2" in said(await visitor.get("/c/K7Q2"))
    assert said(await visitor.get("/c/K7Q2")) == ""


async def test_what_cannot_be_done_is_told_and_changes_nothing(filled: Site) -> None:
    visitor = await entered(filled)
    before = row(filled)
    await does(visitor, "assign", to="nobody-here")
    page = await visitor.get("/c/K7Q2")
    assert "nobody-here" in said(page)
    assert "said-wrong" in page.text
    await does(visitor, "priority", priority="very")
    assert said(await visitor.get("/")) != ""
    assert row(filled) == before


async def test_pressed_twice_it_is_done_once(filled: Site) -> None:
    visitor = await entered(filled)
    c = t.message.c
    count = sa.select(sa.func.count()).where(c.direction == "note", c.text == "Call them.")
    for _ in range(2):
        await does(visitor, "note", text="Call them.", once="press-1")
    assert filled.store.read_now(lambda unit: unit.execute(count).scalar_one()) == 1


@pytest.mark.parametrize("path", ["/c/ZZZZ/do/done", "/c/K7Q2/do/explode", "/c/%00/do/done"])
async def test_what_is_not_there_is_not_there(filled: Site, path: str) -> None:
    visitor = await entered(filled)
    token = hidden(await visitor.get("/notifications"), "form_token")
    assert (await visitor.post(path, {"form_token": token}, **FROM_HERE)).status == 404


async def test_neither_strangers_nor_other_sites_nor_the_owner_act(filled: Site) -> None:
    before = row(filled)
    assert (await Visitor(filled.app(playbook=book)).post("/c/K7Q2/do/done", {}, **FROM_HERE)).status == 403
    visitor = await entered(filled)
    assert (await does(visitor, "done", form_token="")).status == 403
    token = hidden(await visitor.get("/notifications"), "form_token")
    assert (await visitor.post("/c/K7Q2/do/done", {"form_token": token}, sec_fetch_site="cross-site")).status == 403
    owner = await entered(filled, None)
    token = hidden(await owner.get("/"), "form_token")
    assert (await owner.post("/c/K7Q2/do/done", {"form_token": token}, **FROM_HERE)).status == 303
    assert "owner" in said(await owner.get("/"))
    assert row(filled) == before


async def test_the_page_offers_what_can_be_done_and_says_who_does_nothing(filled: Site) -> None:
    visitor = await entered(filled)
    await does(visitor, "assign", to="sara")
    assert 'action="/c/K7Q2/do/take"' in (await visitor.get("/c/K7Q2")).text
    await does(visitor, "take")
    assert 'action="/c/K7Q2/do/take"' not in (await visitor.get("/c/K7Q2")).text
    owner = (await (await entered(filled, None)).get("/c/K7Q2?lang=en")).text
    assert "Sign in as an agent to act." in owner
    assert "/do/" not in owner


async def test_a_form_names_the_page_that_it_goes_back_to_and_no_other_site(filled: Site) -> None:
    visitor = await entered(filled)
    assert (await does(visitor, "take", back="/?view=mine")).headers["location"] == "/?view=mine"
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "/a\nb"):
        assert local(elsewhere) == ""


@pytest.mark.parametrize("path", ["/", "/c/K7Q2", "/notifications", "/c/ZZZZ", "/rules"])
async def test_a_page_that_is_open_gets_the_block_as_it_stands_in_the_whole(filled: Site, path: str) -> None:
    visitor = await entered(filled)
    whole, part = await visitor.get(path), await visitor.get(path, hx_request="true")
    assert whole.headers["vary"] == part.headers["vary"] == "HX-Request"
    assert part.status == whole.status
    title, _, block = part.text.partition("</title>")
    fresh = re.compile(r'name="once" value="[^"]*"')
    assert fresh.sub("", block).strip() in fresh.sub("", whole.text)
    assert f"{title}</title>" in whole.text
    assert '<div id="page"' in block
    assert "<script" not in block
