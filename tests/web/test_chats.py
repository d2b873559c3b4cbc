"""Who one is in chats: a code on the account page, shown once, and the links that it made."""

import re
from dataclasses import replace

from inbox.domain.desks import DeskPlan
from inbox.store import agent_links, audit
from inbox.web.session import fresh
from tests.web.accounts import press
from tests.web.answering import BOT, answering
from tests.web.asking import Visitor
from tests.web.sites import SARA, Site

CODE = re.compile(r'<code class="code" dir="ltr">([A-Z2-7]{5}-[A-Z2-7]{5})</code>')


async def signed_in(site: Site, *, desks: bool = True) -> Visitor:
    book = replace(answering(), desks=(DeskPlan("support", BOT, "-500"),) if desks else ())
    visitor = Visitor(site.app(playbook=lambda: book))
    await visitor.sign_in(site.link(fresh(), SARA))
    return visitor


async def test_a_code_is_shown_once_and_is_good_once(filled: Site) -> None:
    sara = await signed_in(filled)
    page = await press(sara, "/account", "/account/chats")
    found = CODE.search(page.text)
    assert found is not None
    assert CODE.search((await sara.get("/account")).text) is None
    now = filled.clock.now()
    assert filled.store.write_now(agent_links.typed, found[1].lower().replace("-", ""), now) == SARA
    assert filled.store.write_now(agent_links.typed, found[1], now) is None
    assert "chat_code" in [one.act for one in filled.store.read_now(audit.page, 10, None)]


async def test_another_code_ends_the_one_before(filled: Site) -> None:
    sara = await signed_in(filled)
    first = CODE.search((await press(sara, "/account", "/account/chats")).text)
    second = CODE.search((await press(sara, "/account", "/account/chats")).text)
    assert first is not None
    assert second is not None
    assert filled.store.write_now(agent_links.typed, first[1], filled.clock.now()) is None
    assert filled.store.write_now(agent_links.typed, second[1], filled.clock.now() + agent_links.LASTS) is None


async def test_a_link_is_shown_and_undone(filled: Site) -> None:
    filled.store.write_now(agent_links.link, SARA, "telegram", "70", "Sara A.", filled.clock.now())
    sara = await signed_in(filled, desks=False)
    assert "Sara A." in (await sara.get("/account")).text
    await press(sara, "/account", "/account/chats/unlink", kind="telegram")
    assert filled.store.read_now(agent_links.of, "telegram", "70") is None
    assert "Sara A." not in (await sara.get("/account")).text


async def test_without_desks_nothing_is_said_of_chats(filled: Site) -> None:
    sara = await signed_in(filled, desks=False)
    assert 'id="chats"' not in (await sara.get("/account")).text
