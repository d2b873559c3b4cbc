"""The palette, the sheet and the preferences without scripts: everything that the web offers is found there, in either language."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa

from inbox.actions.action import Surface
from inbox.actions.keys import KEYS
from inbox.actions.registry import actions
from inbox.domain.attention import Kind, Place
from inbox.domain.digest import Digest
from inbox.domain.scope import Scope
from inbox.store import digests, people, preferences, saved_views
from inbox.store import tables as t
from inbox.store.generation import changed
from inbox.web.agents import commands
from tests.web.asking import Visitor, hidden
from tests.web.reader import Page, inside
from tests.web.sites import OMID, SARA, WORDING, Site
from tests.web.watching import book, numbered

FROM_HERE = {"sec_fetch_site": "same-origin"}
OFFERED = [one.name for one in actions().values() if Surface.WEB in one.surfaces and one.name != "write"]
"""To write first has a page of its own."""


def test_every_action_of_the_web_is_a_command_with_words_in_both_languages() -> None:
    made = commands.of_actions()
    assert [one.name for one in made] == OFFERED
    for one in (*made, *commands.every()):
        assert WORDING.say("en", one.label)
        assert WORDING.say("fa", one.label)


def test_every_key_belongs_to_an_action_and_no_two_are_the_same() -> None:
    assert set(KEYS) <= {*actions(), "undo"}
    keys = [key for key, _, _ in commands.keymap()]
    assert len(set(keys)) == len(keys)
    begins = {key.split(" ")[0] for key in keys if " " in key}
    assert begins.isdisjoint(keys), "what begins a row of keys does nothing by itself"


@pytest.mark.parametrize("agent", [OMID, SARA])
async def test_the_palette_offers_every_action_of_the_registry(filled: Site, agent: Any) -> None:
    visitor = await inside(filled, agent)
    text = (await visitor.get("/palette?ref=K7Q2")).text
    for one in commands.of_actions(leads=False):
        where = {"do": f'action="/c/K7Q2/do/{one.name}"', "step": f"do={one.name}", "at": f'href="/c/K7Q2{one.to}"'}
        assert where[one.way] in text, one.name


async def test_what_is_for_leads_alone_is_offered_to_them(filled: Site) -> None:
    visitor = await inside(filled, OMID)
    assert "do=sight" not in (await visitor.get("/palette?ref=K7Q2")).text
    filled.store.write_now(lambda unit: unit.execute(sa.update(t.agent).values(lead=True)))
    filled.store.write_now(changed)
    assert "do=sight" in (await visitor.get("/palette?ref=K7Q2")).text


async def test_each_step_shows_what_the_action_takes(filled: Site) -> None:
    visitor = await inside(filled)
    for one in commands.of_actions():
        if one.way == "step":
            pages = [Page(await visitor.get(f"/palette?ref=K7Q2&do={one.name}{typed}")) for typed in ("", "&q=2")]
            fields = {attrs.get("name") for page in pages for _, attrs in page.elements}
            assert fields & {f"arg.{name}" for name in commands.fields(actions()[one.name])}, one.name


@pytest.mark.parametrize(
    ("typed", "action"), [("snoo", "snooze"), ("%D8%A8%D9%87%20%D8%AA%D8%B9%D9%88", "snooze"), ("prio", "priority")]
)
async def test_a_command_is_found_by_a_part_of_it(filled: Site, typed: str, action: str) -> None:
    text = (await (await inside(filled)).get(f"/palette?ref=K7Q2&q={typed}")).text
    assert text.index(f"do={action}") < text.index("/?q=")


async def test_what_is_out_of_sight_is_no_conversation_and_the_owner_gets_pages_only(filled: Site) -> None:
    visitor = await inside(filled)
    assert "/do/" not in (await visitor.get("/palette?ref=Z9Z9")).text
    owner = Visitor(filled.app())
    await owner.sign_in(filled.link("owner", None))
    text = (await owner.get("/palette?ref=K7Q2&do=assign")).text
    assert "/c/K7Q2/do/" not in text
    assert "/preferences" not in text
    assert (await owner.get("/preferences")).status == 404
    assert (await Visitor(filled.app()).get("/palette")).status == 403
    assert (await Visitor(filled.app()).get("/keys")).status == 403


async def test_kept_views_and_the_pages_of_ones_role_are_found_too(filled: Site) -> None:
    agent = await inside(filled, OMID)
    token = hidden(await agent.get("/"), "form_token")
    await agent.post("/views", {"form_token": token, "name": "Lost parcels", "q": "tag:parcel"}, **FROM_HERE)
    (kept,) = filled.store.read_now(saved_views.of, Scope.of_agent(OMID))
    found = (await agent.get("/palette?q=lost")).text
    assert f'href="/?saved={kept.id}"' in found
    assert found.index(f"/?saved={kept.id}") < found.index("/?q=lost")
    assert f"/?saved={kept.id}" not in (await agent.get("/palette?q=snoozed")).text
    owner = Visitor(filled.app())
    await owner.sign_in(filled.link("owner", None))
    for path in ("/board", "/rules/backtest", "/settings/people", "/settings/audit"):
        assert f'class="command" href="{path}"' in (await owner.get("/palette")).text
        assert f'class="command" href="{path}"' not in (await agent.get("/palette")).text


@pytest.mark.parametrize("company", ["", "Parsian Calls"])
async def test_contacts_and_calls_are_found_by_whoever_sees_the_whole_house(filled: Site, company: str) -> None:
    of = t.agent.c.id == SARA
    filled.store.write_now(lambda unit: unit.execute(sa.update(t.agent).where(of).values(company=company)))
    agent = await inside(filled, SARA)
    offered = (await agent.get("/palette")).text
    for path in ("/contacts", "/organizations", "/call"):
        assert (f'class="command" href="{path}"' in offered) is (not company)


async def test_an_argument_may_stand_behind_a_prefix(filled: Site) -> None:
    filled.store.write_now(numbered)
    visitor = Visitor(filled.app(playbook=book))
    await visitor.sign_in(filled.link("a", OMID))
    form = {
        "form_token": hidden(await visitor.get("/palette?ref=K7Q2"), "form_token"),
        "arg.add": "late",
        "arg.remove": "vip",
    }
    assert (await visitor.post("/c/K7Q2/do/tag", form, **FROM_HERE)).status == 303
    page = Page(await visitor.get("/palette?ref=K7Q2&do=tag"))
    assert "late" in page.words
    assert "vip" not in page.words


async def test_preferences_are_kept_and_hold(filled: Site) -> None:
    visitor = await inside(filled)
    page = await visitor.get("/preferences")
    form = {"form_token": hidden(page, "form_token"), "theme": "dark", "language": "fa", "notice.late": "page"}
    form |= {f"notice.{Kind.MENTIONED}": "mail", "quiet": "on", "start": "21:00", "end": "07:30", "weekday": "4"}
    answer = await visitor.post("/preferences", form, **FROM_HERE)
    assert (answer.status, answer.headers["location"]) == (303, "/preferences")
    likes = filled.store.read_now(preferences.of, OMID)
    assert (likes.theme, likes.keys) == ("dark", False)
    assert likes.wants("mentioned", Place.MAIL)
    assert not likes.wants("assigned", Place.PAGE)
    assert likes.quiet is not None
    assert (f"{likes.quiet.start:%H:%M}", set(likes.quiet.weekdays), likes.quiet.zone) == ("21:00", {4}, "Asia/Tehran")
    me = filled.store.read_now(people.roster).agent_by_id(OMID)
    assert me is not None
    assert me.language == "fa"
    text = (await visitor.get("/")).text
    assert '<html lang="fa" dir="rtl" data-theme="dark">' in text
    assert 'data-keys="off"' in text


async def test_one_letter_a_day_is_chosen_and_given_up(filled: Site) -> None:
    visitor = await inside(filled)
    page = await visitor.get("/preferences")
    assert ('name="at" value="08:00"' in page.text, "Asia/Tehran" in page.text) == (True, True)
    form = {"form_token": hidden(page, "form_token"), "theme": "system", "language": "en", "keys": "on"}
    daily = {**form, "mail": "daily", "at": "09:30", "zone": "Europe/Berlin"}
    await visitor.post("/preferences", daily, **FROM_HERE)
    assert filled.store.read_now(preferences.of, OMID).digest == Digest(time(9, 30), "Europe/Berlin")
    assert filled.store.read_now(digests.of, OMID) == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert 'value="daily" checked' in (await visitor.get("/preferences")).text
    for wrong in ({"zone": "Mars/Olympus"}, {"at": "25:00"}):
        await visitor.post("/preferences", {**daily, **wrong}, **FROM_HERE)
        text = Page(await visitor.get("/preferences")).words
        assert ("no time zone" in text) == ("zone" in wrong)
        assert filled.store.read_now(preferences.of, OMID).digest == Digest(time(9, 30), "Europe/Berlin")
    await visitor.post("/preferences", {**form, "mail": "singly", "at": "09:30", "zone": "nowhere"}, **FROM_HERE)
    assert filled.store.read_now(preferences.of, OMID).digest is None
    assert filled.store.read_now(digests.of, OMID) is None


async def test_an_hour_that_is_none_changes_nothing(filled: Site) -> None:
    visitor = await inside(filled)
    form = {
        "form_token": hidden(await visitor.get("/preferences"), "form_token"),
        "theme": "dark",
        "quiet": "on",
        "start": "25:00",
    }
    await visitor.post("/preferences", form, **FROM_HERE)
    assert filled.store.read_now(preferences.of, OMID).theme == "system"
    assert "said-wrong" in (await visitor.get("/preferences")).text
