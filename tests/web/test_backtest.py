"""The page of backtests: what can be asked, how far it is, what it came to and for whom; one runs at a time."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from inbox.domain.ids import AgentId
from inbox.pipeline.backtest import Changed
from inbox.pipeline.backtested import Asked, Heard, Wrong
from inbox.store import decisions, live
from inbox.store.decisions import Window
from inbox.web.ops.backtest_form import DRAFT
from inbox.web.ops.backtests import KEPT, LASTS, Backtests
from inbox.web.session import fresh
from tests.web import rulebooks
from tests.web.asking import Answer, Visitor, hidden
from tests.web.backtesting import HIGH, TWO, Elsewhere, figures
from tests.web.reader import Page, inside
from tests.web.sites import NOW, OMID, SARA, Site
from tests.web.test_ops import leads, plain

HOME = "/rules/backtest"


@pytest.fixture
def ruled(filled: Site) -> Site:
    """Rules are live, and Omid is a lead."""
    rulebooks.go_live(filled)
    leads(filled, OMID)
    return filled


async def lead(site: Site, backtests: Backtests, agent: AgentId = OMID) -> Visitor:
    """Somebody who is signed in where backtests can be run."""
    visitor = Visitor(site.app(playbook=rulebooks.book, backtests=backtests))
    assert (await visitor.sign_in(site.link(fresh(), agent))).status == 303
    return visitor


async def posted(visitor: Visitor, path: str = HOME, **form: str) -> Answer:
    token = hidden(await visitor.get(HOME), "form_token")
    return await visitor.post(path, {**form, "form_token": token}, sec_fetch_site="same-origin")


async def done(backtests: Backtests) -> None:
    while backtests.running is not None:
        await asyncio.sleep(0)


async def ran(site: Site, elsewhere: Elsewhere, backtests: Backtests | None = None, **form: str) -> tuple[Visitor, str]:
    """One that came to its end, and the address of its page."""
    backtests = backtests or elsewhere.backtests(site)
    visitor = await lead(site, backtests)
    elsewhere.go.set()
    answer = await posted(visitor, period="30", which="live", **form)
    assert answer.status == 303
    await done(backtests)
    return visitor, answer.headers["location"]


async def test_agents_find_nothing_and_strangers_are_asked_to_sign_in(ruled: Site) -> None:
    elsewhere = Elsewhere()
    backtests = elsewhere.backtests(ruled)
    _, page = await ran(ruled, elsewhere, backtests)
    for visitor, status in ((await lead(ruled, backtests, SARA), 404), (Visitor(ruled.app(backtests=backtests)), 403)):
        for path in (HOME, page):
            answer = await visitor.get(path)
            assert (answer.status, "parcels" in answer.text) == (status, False)
        for path in (HOME, f"{page}/stop"):
            assert (await visitor.post(path, {"which": "live"}, sec_fetch_site="same-origin")).status == status
    assert len(elsewhere.asked) == 1
    assert (await (await inside(ruled)).get(HOME)).status == 404, "nothing to run them with"


async def test_forms_of_other_sites_start_and_stop_nothing(ruled: Site) -> None:
    elsewhere = Elsewhere()
    backtests = elsewhere.backtests(ruled)
    visitor = await lead(ruled, backtests)
    token = hidden(await visitor.get(HOME), "form_token")
    for form, site in (({}, "same-origin"), ({"form_token": token}, "cross-site"), ({"form_token": "x"}, "none")):
        assert (await visitor.post(HOME, {"period": "7", **form}, sec_fetch_site=site)).status == 403
    assert elsewhere.asked == []
    page = (await posted(visitor, period="7")).headers["location"]
    assert (await visitor.post(f"{page}/stop", {"form_token": token}, sec_fetch_site="cross-site")).status == 403
    assert backtests.running is not None
    await backtests.end()


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ({"period": "7", "which": "live"}, Asked(Window(NOW - timedelta(days=7), NOW), "live")),
        (
            {"period": "90", "which": "files", "channel": "support"},
            Asked(Window(NOW - timedelta(days=90), NOW, "support"), "files"),
        ),
        (
            {"period": "30", "which": "revision", "revision": "0123"},
            Asked(Window(NOW - timedelta(days=30), NOW), "revision", "0123"),
        ),
        (
            {"period": "30", "which": "draft", "name": " 45-x ", "text": "a\r\nb\rc"},
            Asked(Window(NOW - timedelta(days=30), NOW), "draft", name="45-x.toml", text="a\nb\nc"),
        ),
        (
            {"period": "days", "since": "۱۴۰۵/۸/۱", "until": "2026-10-24", "which": "live"},
            Asked(
                Window(datetime(2026, 10, 22, 20, 30, tzinfo=UTC), datetime(2026, 10, 24, 20, 30, tzinfo=UTC)), "live"
            ),
        ),
        (
            {"period": "days", "since": "2026-11-24", "until": "2026-11-24"},
            Asked(Window(datetime(2026, 11, 23, 20, 30, tzinfo=UTC), NOW), "live"),
        ),
    ],
)
async def test_what_is_chosen_is_what_is_asked(ruled: Site, form: dict[str, str], asked: Asked) -> None:
    elsewhere = Elsewhere()
    backtests = elsewhere.backtests(ruled)
    assert (await posted(await lead(ruled, backtests), **form)).status == 303
    await asyncio.sleep(0)
    assert elsewhere.asked == [asked]
    await backtests.end()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"period": "days", "since": "soon", "until": "2026-11-24"}, "“soon” is no day"),
        ({"period": "days", "since": "2026-11-24", "until": "2026-11-23"}, "there is no past"),
        ({"period": "days", "since": "2026-11-25", "until": "2026-11-26"}, "there is no past"),
        ({"period": "years"}, "“” is no day"),
        ({"period": "7", "channel": "nowhere"}, "There is no channel “nowhere”"),
        ({"period": "7", "which": "revision"}, "No earlier rules were chosen"),
        ({"period": "7", "which": "draft", "name": "45-x", "text": "x" * (DRAFT + 1)}, "is longer than"),
    ],
)
async def test_what_is_wrong_in_the_form_is_told_and_the_rest_stays(
    ruled: Site, form: dict[str, str], words: str
) -> None:
    elsewhere = Elsewhere()
    answer = await posted(await lead(ruled, elsewhere.backtests(ruled)), **{"until": "<b>later", **form})
    assert answer.status == 400
    assert words in plain(answer)
    assert "<b>" not in answer.text
    if "name" in form:
        assert 'value="45-x"' in answer.text
    assert elsewhere.asked == []


async def test_the_longest_draft_in_persian_can_be_sent(ruled: Site) -> None:
    elsewhere = Elsewhere()
    backtests = elsewhere.backtests(ruled)
    form = {"period": "7", "which": "draft", "name": "45-x.toml", "text": "خ" * DRAFT}
    assert (await posted(await lead(ruled, backtests), **form)).status == 303
    await backtests.end()


async def test_files_and_earlier_rules_are_offered_where_there_are_any(ruled: Site) -> None:
    elsewhere = Elsewhere()

    async def offered(texts: dict[str, str]) -> tuple[str, dict[str, bool]]:
        page = Page(await (await lead(ruled, elsewhere.backtests(ruled, texts))).get(HOME))
        radios = [
            attributes for tag, attributes in page.elements if tag == "input" and attributes.get("type") == "radio"
        ]
        return page.words, {str(one["value"]): "disabled" not in one for one in radios}

    words, open_ = await offered(rulebooks.FILES)
    assert open_ == {"live": True, "files": False, "revision": False, "draft": True}
    assert "They are the ones in force." in words
    ruled.store.write_now(decisions.put_revision, "feedfeedfeedfeed", {}, NOW - timedelta(days=3))
    words, open_ = await offered({**rulebooks.FILES, "rules/30-new.toml": ""})
    assert open_ == dict.fromkeys(open_, True)
    assert "Different from those in force: rules/30-new.toml" in words
    assert "feedfee · 2026-11-21" in words
    assert "faulty" not in words
    ruled.store.write_now(live.refused, (), NOW)
    assert "did not go live" in (await offered({}))[0]


async def test_the_page_of_one_that_runs_tells_how_far_it_is_and_asks_again(ruled: Site) -> None:
    elsewhere = Elsewhere(first=(Heard(500), Heard(1000)))
    backtests = elsewhere.backtests(ruled)
    visitor = await lead(ruled, backtests)
    page = (await posted(visitor, period="30", which="draft", name="45-x", text="")).headers["location"]
    assert backtests.running is not None
    while backtests.running.done < 1000:
        await asyncio.sleep(0)
    ruled.clock.advance(timedelta(seconds=90))
    answer = await visitor.get(page)
    assert answer.headers["refresh"] == "2"
    words = plain(answer)
    assert "1000 decisions so far" in words
    assert (
        "Draft 45-x.toml over the rules in force · Sunday 25 October 2026 to Tuesday 24 November 2026 · all channels"
        in words
    )
    assert "Running for 1 m" in words
    quiet = await visitor.get(f"{page}?still=1")
    assert "refresh" not in quiet.headers
    assert "Look again" in quiet.text
    second = await posted(visitor, period="30", which="live")
    assert (second.status, f'href="{page}"' in second.text) == (409, True)
    elsewhere.go.set()
    await done(backtests)
    assert "refresh" not in (await visitor.get(page)).headers


async def test_one_that_is_stopped_ends_elsewhere_too_and_another_may_begin(ruled: Site) -> None:
    elsewhere = Elsewhere()
    backtests = elsewhere.backtests(ruled)
    visitor = await lead(ruled, backtests)
    for _ in range(2):
        page = (await posted(visitor, period="30")).headers["location"]
        assert (await posted(visitor, f"{page}/stop")).status == 303
        assert backtests.running is None
        assert "It was stopped" in (await visitor.get(page)).text
    assert elsewhere.closed == len(elsewhere.asked)
    assert (await posted(visitor, f"{HOME}/nothing/stop")).status == 404


async def test_the_result_is_told_in_the_words_of_the_command(ruled: Site) -> None:
    visitor, page = await ran(ruled, Elsewhere())
    answer = await visitor.get(page)
    words = plain(answer)
    assert "2 of 40 conversations would come out otherwise (5.0%)." in words
    assert "all of them 2 priority normal → <b>high 2 tag + مالی 1" in words
    assert "K7Q2 My parcel has not arrived priority normal → <b>high tag + مالی" in words
    assert 'href="/c/K7Q2"' in answer.text
    assert "normal 40 38 −2" in words
    assert "as it was 10 of 20 met (50.0%) 0 of 0 met (100%)" in words.replace("100.0%", "100%")
    assert "rehearsed with these rules 15 of 20 met (75.0%)" in words
    assert "4 clocks would be met instead of missed: K7Q2 … 1 clocks would be missed instead of met: M4TR" in words
    assert "ZZZZ" not in words, "there is no such conversation"
    assert "sara 7 9 +2" in words
    assert "parcels 3 5 +2 never <i> 0 0" in words
    assert "The rules in force were not in force all the time" in words
    assert not {"<b>high", "<i>"} & {*answer.text.split()}


async def test_conversations_of_one_change_are_listed_page_by_page(ruled: Site) -> None:
    many = (*TWO, *(Changed(f"X{n}", (HIGH,)) for n in range(60)))
    visitor, page = await ran(ruled, Elsewhere((Heard(changed=many), Heard(figures=figures(*many)))))
    whole, tagged = await visitor.get(page), await visitor.get(f"{page}?change=1")
    assert ("M4TR</bdi><span" in whole.text, "M4TR</bdi><span" in tagged.text) == (True, False)
    assert "23 conversations on this page are counted and not shown" in plain(whole), "what is not there is not named"
    assert "X1" not in whole.text
    assert f'href="{page}?change=0&amp;page=2#changed"' in (await visitor.get(f"{page}?change=0")).text
    last = await visitor.get(f"{page}?change=0&page=3")
    assert ('rel="prev"' in last.text, 'rel="next"' in last.text) == (True, False)
    for query in ("change=9", "change=x", "page=-1", "page=99999999"):
        assert "K7Q2</bdi><span" in (await visitor.get(f"{page}?{query}")).text


async def test_nothing_that_changes_is_said_so(ruled: Site) -> None:
    visitor, page = await ran(ruled, Elsewhere((Heard(figures=figures()),)))
    words = plain(await visitor.get(page))
    assert "None of 40 conversations would come out otherwise." in words
    assert "The rules in force give what was decided, as they should." in words
    assert "What would change" not in words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((Heard(wrong=(Wrong("config.unreadable", {"where": "rules/<b>.toml", "reason": "No"}),)),), "<b>.toml"),
        ((Heard(500),), "ended too early"),
    ],
)
async def test_why_it_came_to_nothing_is_told(ruled: Site, said: tuple[Heard, ...], words: str) -> None:
    visitor, page = await ran(ruled, Elsewhere(said))
    answer = await visitor.get(page)
    assert "It could not be run" in answer.text
    assert words in plain(answer)
    assert "<b>" not in answer.text
    again = await visitor.get(f"{HOME}?again={page.rpartition('/')[2]}")
    assert '<option value="30" selected>' in again.text


async def test_a_start_that_breaks_is_told_and_keeps_nobody_out(ruled: Site) -> None:
    async def broken(asked: Asked) -> AsyncGenerator[Heard]:
        yield Heard(1)
        raise OSError("no room for <b>")

    backtests = Backtests(broken, dict, ruled.clock)
    visitor = await lead(ruled, backtests)
    page = (await posted(visitor, period="30")).headers["location"]
    await done(backtests)
    assert "a mistake of ours (OSError)" in plain(await visitor.get(page))


async def test_the_latest_are_kept_for_a_while_and_then_forgotten(ruled: Site) -> None:
    elsewhere = Elsewhere()
    elsewhere.go.set()
    backtests = elsewhere.backtests(ruled)
    visitor = await lead(ruled, backtests)
    pages = []
    for _ in range(KEPT + 2):
        pages.append((await posted(visitor, period="30")).headers["location"])
        await done(backtests)
    assert [(await visitor.get(page)).status for page in pages] == [404] * 2 + [200] * KEPT
    listed = (await visitor.get(HOME)).text
    assert [f'href="{page}"' in listed for page in pages] == [False] * 2 + [True] * KEPT
    ruled.clock.advance(LASTS + timedelta(seconds=1))
    assert {(await visitor.get(page)).status for page in pages} == {404}


async def test_the_pages_are_whole_in_persian(ruled: Site) -> None:
    leads(ruled, SARA)
    visitor, page = await ran(ruled, Elsewhere())
    for path in (HOME, page, f"{page}?change=0"):
        shown = Page(await visitor.get(f"{path}{'&' if '?' in path else '?'}lang=fa"))
        assert shown.elements[0][1]["dir"] == "rtl"
        assert "web.backtest" not in shown.words
    assert "۲ گفتگو از ۴۰ گفتگو" in plain(await visitor.get(page))
