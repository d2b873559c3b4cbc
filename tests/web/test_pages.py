"""The pages by request: language and direction, what is shown, what is refused, and what a browser is forbidden."""

import gzip
import re
from functools import partial
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

import inbox.web
from inbox.domain import events as ev
from inbox.domain.call_events import CallUnanswered
from inbox.domain.clock_events import Recount
from inbox.domain.ids import ArrivalId, ChannelName
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.domain.ratings import Survey
from inbox.domain.rule_events import Paged
from inbox.pipeline.outcome import stored
from inbox.store import arrivals, edits
from inbox.store import tables as t
from inbox.store.arrivals import Landing
from inbox.store.unit import Unit
from inbox.text.wishes import accepted
from inbox.web.agents import timeline
from inbox.web.guard import HEADERS
from tests.web.asking import Visitor
from tests.web.reader import Page, inside
from tests.web.sites import (
    NOW,
    OMID,
    SARA,
    WORDING,
    Site,
    contact,
    conversation,
    delivery,
    lost_files,
    message,
    minutes,
)

HERE = Path(inbox.web.__file__).parent
PAGES = [
    "/",
    "/?view=done",
    "/?view=snoozed",
    "/?view=spam",
    "/?view=mine",
    "/?view=unassigned",
    "/c/K7Q2",
    "/c/M4TR",
    "/notifications",
]
FAILING = ["/c/ZZZZ", "/nothing", "/?view=nothing", "/?after=nothing", "/?after=9.9.9", "/c/%00", "/login/a/b"]


@pytest.mark.parametrize("path", PAGES + FAILING)
@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
async def test_every_page_is_whole_and_says_its_language_and_direction(
    filled: Site, path: str, language: str, direction: str
) -> None:
    visitor = await inside(filled, SARA if language == "fa" else OMID)
    visitor.cookies["inbox_language"] = language
    answer = await visitor.get(path)
    assert answer.status == (404 if path in FAILING else 200)
    page = Page(answer)
    assert page.elements[0] == ("html", {"lang": language, "dir": direction})
    assert sum(tag == "h1" for tag, _ in page.elements) == 1
    assert sum(tag == "main" for tag, _ in page.elements) == 1
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    for tag, attributes in page.elements:
        assert not {"style", "onclick", "onload"} & set(attributes), tag
        assert tag not in {"style", "iframe", "object"}
        assert tag != "script" or (attributes["src"] or "").startswith("/static/")
        for name in ("href", "src", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "#", "?")), attributes
    assert len(gzip.compress(answer.body)) < 40_000


@pytest.mark.parametrize("path", ["/", "/c/K7Q2", "/login/x", "/nothing"])
@pytest.mark.parametrize("language", ["fa", "en"])
async def test_pages_for_strangers_are_whole_too(filled: Site, path: str, language: str) -> None:
    answer = await Visitor(filled.app()).get(path, accept_language=language)
    page = Page(answer)
    assert page.elements[0][1]["lang"] == language
    assert "Lena" not in answer.text


# -- language ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "wishes"),
    [
        ("fa-IR,fa;q=0.9,en;q=0.8", ["fa-IR", "fa", "en"]),
        ("en;q=0.5, fa", ["fa", "en"]),
        ("fa;q=0, en;q=2, de;q=x", []),
        ("", [""]),
    ],
)
def test_accept_language_is_read_by_its_weights(header: str, wishes: list[str]) -> None:
    assert accepted(header) == wishes


async def test_what_is_asked_for_comes_before_what_was_kept_and_that_before_the_agents_own(filled: Site) -> None:
    visitor = await inside(filled, SARA)
    lang = [("", "fa"), ("?lang=en", "en"), ("", "en"), ("?lang=fa", "fa"), ("?lang=xx", "fa")]
    for query, expected in lang:
        assert Page(await visitor.get(f"/{query}", accept_language="en")).elements[0][1]["lang"] == expected


async def test_a_stranger_reads_the_browsers_language_or_the_sites(filled: Site) -> None:
    visitor = Visitor(filled.app())
    for header, expected in (("fa-IR", "fa"), ("de, fa;q=0.3", "fa"), ("de", "en"), ("", "en")):
        assert Page(await visitor.get("/", accept_language=header)).elements[0][1]["lang"] == expected


async def test_the_other_language_is_one_link_away_on_the_same_page(filled: Site) -> None:
    page = await (await inside(filled)).get("/?view=done")
    assert '<a href="/?view=done&amp;lang=fa" lang="fa"' in page.text


# -- the list ----------------------------------------------------------------------------------------------------------
async def test_a_row_tells_who_what_when_in_words(filled: Site) -> None:
    words = Page(await (await inside(filled)).get("/")).words
    assert re.search(r"open Lena Fischer support high not delivered late by 32 m My parcel has not arrived", words)
    assert "due in 55 minutes" in words
    assert "waiting for 22 m" in words
    assert words.index("Lena Fischer") < words.index("رضا احمدی") < words.index("ops@example.net")


async def test_persian_pages_count_in_persian_digits_and_name_references_in_latin(filled: Site) -> None:
    words = Page(await (await inside(filled, SARA)).get("/")).words
    assert "۳۲ دقیقه دیر شده" in words
    assert "مهلت: ۵۵ دقیقه دیگر" in words
    assert "K7Q2" in words


async def test_names_subjects_and_references_stand_in_their_own_direction(filled: Site) -> None:
    text = (await (await inside(filled)).get("/")).text
    assert '<span class="name"><bdi>رضا احمدی</bdi></span>' in text
    assert '<span class="subject" dir="rtl">بازگشت وجه سفارش ۴۰۸۱۷</span>' in text
    assert '<span class="subject" dir="rtl">OK سلام، ایمیل قبلی را نادیده بگیرید</span>' in text
    assert '<span class="excerpt" dir="ltr">Please ignore my last mail.</span>' in text


async def test_pages_of_a_list_follow_one_another(site: Site) -> None:
    def fill(unit: Unit) -> None:
        who = contact(unit, "Lena", "lena@example.com")
        for n in range(60):
            conversation(unit, f"A{n + 100}", who, due_at=minutes(n))

    site.store.write_now(fill)
    visitor = await inside(site)
    first = await visitor.get("/")
    link = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert link is not None
    second = await visitor.get(link[1].replace("&amp;", "&"))
    seen = re.findall(r'href="/c/(A\d+)"', first.text), re.findall(r'href="/c/(A\d+)"', second.text)
    assert [*seen[0], *seen[1]] == [f"A{n + 100}" for n in range(60)]
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize(("view", "words"), [("open", "No conversation yet"), ("done", "No conversation yet")])
async def test_an_empty_house_says_what_to_do_next(site: Site, view: str, words: str) -> None:
    page = Page(await (await inside(site)).get(f"/?view={view}"))
    assert words in page.words
    assert "inbox doctor" in page.words
    assert ("code", {"dir": "ltr"}) in page.elements


async def test_an_empty_list_says_why(filled: Site) -> None:
    filled.store.write_now(lambda unit: conversation(unit, "Z9ZZ", 1, state="done"))
    visitor = await inside(filled)
    filled.store.write_now(_all_done)
    assert "Everybody is answered" in Page(await visitor.get("/")).words
    assert "Nothing is assigned to you" in Page(await visitor.get("/?view=mine")).words


def _all_done(unit: Unit) -> None:
    unit.execute(sa.update(t.conversation).values(state="done"))


# -- one conversation --------------------------------------------------------------------------------------------------
async def test_a_conversation_tells_everything_an_agent_needs(filled: Site) -> None:
    words = Page(await (await inside(filled)).get("/c/K7Q2")).words
    for expected in (
        "My parcel has not arrived",
        "lena@example.com verified",
        "Note, for agents only",
        "failed lena@example.com 550 5.1.1 mailbox unavailable",
        "parcel.jpg 340 KB",
        "رسید خرید.pdf 2.3 MB",
        "an answer by Tuesday 24 November, 09:58",
        "Rules that applied: parcels, vip first",
        "Show all of it, quotes included",
        "Delivery: failed",
    ):
        assert expected in words


async def test_a_message_of_which_only_the_beginning_is_there_says_so(filled: Site) -> None:
    def cut(unit: Unit) -> None:
        matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "big@example.com"))
        message(unit, matter, "inbound", "The film is attached.", defects=["oversized"])

    filled.store.write_now(cut)
    visitor = await inside(filled)
    told = "What is shown here is its beginning"
    assert told in Page(await visitor.get("/c/Z9ZZ")).words
    assert told not in Page(await visitor.get("/c/K7Q2")).words


async def test_of_a_file_that_cannot_be_had_it_is_told_why(filled: Site) -> None:
    filled.store.write_now(lost_files)
    answer = await (await inside(filled, OMID)).get("/c/F7KR")
    told = answer.body.decode()
    assert "does not give out this file any more: file is temporarily unavailable" in told
    assert told.count("it is larger than the network gives out") == 1


async def test_why_a_delivery_waits_is_told_in_words(filled: Site) -> None:
    why = stored(Problem("bot.slow_down", host="bots.example", chat="7", seconds=35))

    def waits(unit: Unit) -> None:
        matter = conversation(unit, "W8TS", contact(unit, "Lena", "waits@example.com"))
        delivery(unit, matter, message(unit, matter, "outbound", "Here."), "queued", "7", why)

    filled.store.write_now(waits)
    told = (await (await inside(filled, OMID)).get("/c/W8TS")).body.decode()
    assert "takes nothing more for the chat 7 for 35 seconds" in told


async def test_an_edited_message_shows_its_new_words_and_keeps_the_old_behind_a_fold(filled: Site) -> None:
    def changed(unit: Unit) -> None:
        matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "chat@example.com"))
        id = message(unit, matter, "inbound", "Send it to Shiraz.")
        arrivals.land(unit, ChannelName("support"), [Landing("k", 1, b"x")], None, NOW)
        arrival = max(row.id for row in unit.execute(t.arrival.select()))
        edits.add(unit, id, ArrivalId(arrival), "e1", "Send it to Tabriz.", None, NOW)
        edits.add(unit, id, ArrivalId(arrival), "e2", "Send it to Yazd.", None, NOW)

    filled.store.write_now(changed)
    words = Page(await (await inside(filled)).get("/c/Z9ZZ")).words
    assert "Send it to Yazd. Before the edit Send it to Shiraz. Send it to Tabriz." in words
    assert "edited" in words.split("Send it")[0]


async def test_each_paragraph_has_its_own_direction(filled: Site) -> None:
    text = (await (await inside(filled)).get("/c/M4TR")).text
    assert '<p dir="rtl">با سلام و احترام</p>' in text
    assert '<p dir="ltr">Sent from my iPhone</p>' in text


async def test_a_latin_name_does_not_turn_the_line_that_ends_a_persian_letter(filled: Site) -> None:
    filled.store.write_now(partial(_says, "سلام، سفارش شما فردا می‌رسد.\n\nبا احترام، Mehregan Coffee\n\n48177"))
    text = (await (await inside(filled)).get("/c/M4TR")).text
    assert '<p dir="rtl">با احترام، Mehregan Coffee</p>' in text
    assert '<p dir="rtl">48177</p>' in text


def _says(words: str, unit: Unit) -> None:
    matter = unit.execute(sa.select(t.conversation.c.id).where(t.conversation.c.reference == "M4TR")).scalar_one()
    message(unit, matter, "outbound", words, at=minutes(-1))


async def test_whom_a_note_mentions_stands_out_and_nobody_elses_words_do(filled: Site) -> None:
    filled.store.write_now(_notes)
    text = (await (await inside(filled)).get("/c/M4TR")).text
    assert '<b class="mention" title="Omid Rahimi"><bdi>@Omid</bdi></b>, ask @nobody &lt;b&gt;' in text
    assert "Dear @omid" in text
    assert text.count('class="mention"') == 1


def _notes(unit: Unit) -> None:
    matter = unit.execute(sa.select(t.conversation.c.id).where(t.conversation.c.reference == "M4TR")).scalar_one()
    message(unit, matter, "note", "@Omid, ask @nobody <b>", at=minutes(-2), agent_id=SARA)
    message(unit, matter, "inbound", "Dear @omid", at=minutes(-1))


async def test_a_reference_as_people_type_it_leads_to_the_conversation(filled: Site) -> None:
    visitor = await inside(filled)
    for typed in ("k7q2", "%23K7Q2", "k%DB%B7q2"):
        answer = await visitor.get(f"/c/{typed}")
        assert (answer.status, answer.headers["location"]) == (307, "/c/K7Q2")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_kind_of_event_has_its_words(language: str) -> None:
    teller = timeline.Teller(partial(WORDING.say, language), language, ZoneInfo("Asia/Tehran"), Roster())
    values = {
        "priority": "high",
        "state": "open",
        "outcome": "kept",
        "what": "contract",
        "on": NOW.date(),
        "used": 3,
        "agreed": 2,
        "metric": "first_reply",
        "due_at": NOW,
        "agent": 7,
        "team": 7,
        "added": ("a",),
        "removed": ("b",),
        "rules": ("r",),
        "reason": "silent.something",
        "how": "proof",
        "about": "proof",
        "clocks": (Recount("first_reply", 1, None, NOW), Recount("update", 1, NOW, None)),
        "step": "2 working hours",
        "survey": Survey.CSAT,
    }
    for kind in get_args(get_args(ev.Payload)[0]):
        facts = {name: values.get(name, "x") for name in kind.__slots__}
        facts |= {"step": "first"} if kind is Paged else {"outcome": "reached"} if kind is ev.CallTried else {}
        facts |= {"outcome": "missed"} if kind is CallUnanswered else {}
        facts |= {"kind": _name(kind), "state": "sent" if kind is ev.DeliverySettled else "open"}
        assert teller.words(kind(**{name: facts[name] for name in kind.__slots__}))


def _name(kind: type) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", kind.__name__).lower()
