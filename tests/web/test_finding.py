"""Searching, keeping views and acting on many, without scripts: what is shown, explained, done and refused."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from inbox.domain.scope import Scope
from inbox.store import drafts, saved_views, search
from inbox.store import tables as t
from inbox.store.drafts import Draft
from inbox.store.unit import Unit
from inbox.text.queries_names import NAMES
from tests.web import rulebooks
from tests.web.asking import Answer, Visitor, hidden
from tests.web.reader import Page, inside
from tests.web.sites import NOW, OMID, SARA, WORDING, Site


@pytest.fixture
async def sara(filled: Site) -> Visitor:
    """An agent who may act, with the words of the samples indexed."""
    filled.store.write_now(search.begin)
    while filled.store.write_now(search.fill):
        pass
    visitor = Visitor(filled.app(playbook=rulebooks.book))
    await visitor.sign_in(filled.link("token-sara", SARA))
    visitor.cookies["inbox_language"] = "en"
    return visitor


def url(query: str, **more: str) -> str:
    """The address of a search."""
    return f"/?{urlencode({'q': query, **more})}"


async def references(visitor: Visitor, path: str) -> list[str]:
    """The conversations of a page, in their order."""
    page = Page(await visitor.get(path))
    return [
        (attributes.get("href") or "").removeprefix("/c/")
        for tag, attributes in page.elements
        if tag == "a" and "row" in (attributes.get("class") or "").split()
    ]


async def post(visitor: Visitor, path: str, form: Mapping[str, str]) -> Answer:
    """A form of one of our pages."""
    token = hidden(await visitor.get("/"), "form_token")
    return await visitor.post(path, {"form_token": token, **form}, sec_fetch_site="same-origin")


async def said(visitor: Visitor, answer: Answer) -> str:
    """What the page says to which an act leads."""
    assert answer.status == 303, answer.text
    return Page(await visitor.get(answer.headers["location"])).words


# -- searching ---------------------------------------------------------------------------------------------------------
async def test_words_are_found_and_marked_where_they_stand(sara: Visitor) -> None:
    answer = await sara.get(url("warehouse"))
    assert answer.status == 200
    assert "<mark>warehouse</mark>" in answer.text.lower()
    assert await references(sara, url("warehouse")) == ["K7Q2"]
    assert 'id="search"' in answer.text
    assert 'value="warehouse"' in answer.text


async def test_persian_filters_are_explained_and_can_be_left_out_one_by_one(sara: Visitor) -> None:
    sara.cookies["inbox_language"] = "fa"
    page = await sara.get(url("وضعیت:باز مسئول:من"))
    assert "وضعیت: باز" in page.text
    assert "مسئول: من" in page.text
    assert f'href="/?{urlencode({"q": "وضعیت:باز"})}"' in page.text
    assert await references(sara, url("وضعیت:باز مسئول:من")) == await references(sara, "/?view=mine")


async def test_a_wrong_filter_is_shown_and_the_good_part_runs(sara: Visitor) -> None:
    page = Page(await sara.get(url("warehouse stat:open is:opn assignee:nobody-like-that")))
    assert "“stat:open” was left out" in page.words
    assert "is takes one of open, waiting" in page.words
    assert "Known are: me, none, sara, omid" in page.words
    assert await references(sara, url("warehouse stat:open")) == ["K7Q2"]


async def test_nothing_found_says_what_to_do_next(sara: Visitor) -> None:
    page = Page(await sara.get(url("bicycle")))
    assert "Nothing was found" in page.words


async def test_an_index_that_is_not_whole_says_so(sara: Visitor, filled: Site) -> None:
    filled.store.write_now(search.begin)
    assert "still being indexed" in Page(await sara.get(url("warehouse"))).words


@pytest.mark.parametrize("path", ["/?view=open", "/?q=example", "/?q=is%3Aopen"])
async def test_pages_lead_both_ways(sara: Visitor, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.web.agents.reading.PAGE", 3)
    first = await sara.get(path)
    rows = await references(sara, path)
    onward = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = await sara.get(onward)
    assert not set(rows) & set(await references(sara, onward))
    back = second.text.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert await references(sara, back) == rows


@pytest.mark.parametrize(
    "path", ["/?q=x&after=nonsense", "/?q=is%3Aopen&after=9", "/?saved=77", "/?saved=x", "/?saved=-1"]
)
async def test_an_address_of_nothing_is_missing(sara: Visitor, path: str) -> None:
    assert (await sara.get(path)).status == 404


async def test_a_conversation_is_new_until_its_agent_opens_it(sara: Visitor, filled: Site) -> None:
    filled.store.write_now(lambda unit: unit.execute(sa.update(t.conversation).values(messages=2)))
    assert await references(sara, url("is:unread warehouse")) == ["K7Q2"]
    assert 'class="dot"' in (await sara.get(url("warehouse"))).text
    await sara.get("/c/K7Q2")
    assert await references(sara, url("is:unread warehouse")) == []
    assert 'class="dot"' not in (await sara.get(url("warehouse"))).text
    omid = await inside(filled, OMID)
    assert await references(omid, url("is:unread warehouse")) == ["K7Q2"], "what one has read is new to another"


async def test_what_an_agent_has_begun_is_marked_for_them_alone(sara: Visitor, filled: Site) -> None:
    filled.store.write_now(partial(_begin, "K7Q2"))
    text = (await sara.get("/")).text
    assert text.count('class="begun"') == 1
    assert "draft</span>" in text.split('id="row-c-K7Q2"')[1].split("</li>")[0]
    assert 'class="begun"' in (await sara.get(url("warehouse"))).text
    assert 'class="begun"' not in (await (await inside(filled, OMID)).get("/")).text


def _begin(reference: str, unit: Unit) -> None:
    matter = unit.execute(sa.select(t.conversation.c.id).where(t.conversation.c.reference == reference)).scalar_one()
    drafts.put(unit, SARA, matter, Draft("Hello"), NOW)


async def test_each_row_has_a_place_for_who_else_is_there(sara: Visitor) -> None:
    assert '<span class="presence" data-ref="K7Q2"></span>' in (await sara.get("/")).text


# -- kept views --------------------------------------------------------------------------------------------------------
async def test_a_query_is_kept_renamed_moved_and_thrown_away(sara: Visitor, filled: Site) -> None:
    assert "saved" in await said(sara, await post(sara, "/views", {"q": "وضعیت:باز مسئول:من", "name": "کار من"}))
    await post(sara, "/views", {"q": "warehouse", "name": "Second"})
    page = Page(await sara.get("/?saved=1"))
    assert "کار من" in page.words
    assert await references(sara, "/?saved=1") == await references(sara, "/?view=mine")
    await post(sara, "/views/1", {"do": "rename", "name": "Mine"})
    await post(sara, "/views/2", {"do": "up"})
    await post(sara, "/views/1", {"do": "change", "q": "is:done"})
    kept = filled.store.read_now(saved_views.of, Scope.of_agent(SARA))
    assert [(view.name, view.query) for view in kept] == [("Second", "warehouse"), ("Mine", "is:done")]
    assert "deleted" in await said(sara, await post(sara, "/views/1", {"do": "drop"}))
    assert (await sara.get("/?saved=1")).status == 404


async def test_views_are_their_owners_and_those_of_a_team_its_members(sara: Visitor, filled: Site) -> None:
    def join(unit: Unit) -> None:
        unit.execute(sa.insert(t.membership).values(team_id=1, agent_id=SARA))
        saved_views.keep(unit, OMID, "Omid alone", "is:late", None, NOW)

    filled.store.write_now(join)
    assert "The view is saved." in await said(
        sara, await post(sara, "/views", {"q": "is:late", "name": "Our late", "team": "1"})
    )
    omid = Visitor(filled.app(playbook=rulebooks.book))
    await omid.sign_in(filled.link("token-omid", OMID))
    assert (await omid.get("/?saved=2")).status == 404, "the team is not theirs"
    assert (await sara.get("/?saved=1")).status == 404
    for form in ({"do": "drop"}, {"do": "rename", "name": "x"}, {"do": "up"}):
        assert "no such view" in await said(omid, await post(omid, "/views/2", form))
    assert "members" in await said(omid, await post(omid, "/views", {"q": "x", "name": "x", "team": "1"}))
    for form in ({"q": "", "name": "x"}, {"q": "x", "name": " "}):
        assert "A view needs" in await said(omid, await post(omid, "/views", form))


async def test_the_numbers_of_views_stand_beside_them(sara: Visitor) -> None:
    await post(sara, "/views", {"q": "is:open", "name": "Everything open"})
    page = Page(await sara.get("/"))
    assert "Everything open 8" in page.words


# -- acting on many ----------------------------------------------------------------------------------------------------
def many(*chosen: str, **form: str) -> str:
    """The fields of a form in which several are chosen."""
    return urlencode([*(("ref", one) for one in chosen), *form.items()])


async def act(visitor: Visitor, *chosen: str, **form: str) -> str:
    """What is said after an act on these."""
    token = hidden(await visitor.get("/"), "form_token")
    body = many(*chosen, form_token=token, back="/?view=open", **form)
    answer = await visitor.send("/bulk", body)
    return await said(visitor, answer)


async def test_many_are_done_at_once_and_each_that_was_not_says_why(sara: Visitor, filled: Site) -> None:
    told = await act(sara, "B2XY", "B3XY", "D5ZK", "ZZ22", do="done")
    assert "2 done. 2 skipped:" in told
    assert "D5ZK: is so already." in told
    assert "ZZ22: not there any more." in told
    states = filled.store.read_now(
        lambda unit: list(unit.execute(sa.select(t.conversation.c.state).where(t.conversation.c.reference == "B2XY")))
    )
    assert states[0][0] == "done"


async def test_a_second_press_of_the_same_form_changes_nothing(sara: Visitor, filled: Site) -> None:
    for _ in range(2):
        assert "1 done." in await act(sara, "B2XY", do="tag", add="parcel", once="press-1")
    c = t.event.c
    kinds = filled.store.read_now(
        lambda unit: [row[0] for row in unit.execute(sa.select(c.kind).where(c.kind == "tagged", c.actor_id == SARA))]
    )
    assert len(kinds) == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "assign", "to": "omid"}, "2 done."),
        ({"do": "assign", "to": "team:orders"}, "2 done."),
        ({"do": "assign", "to": ""}, "2 skipped:"),
        ({"do": "priority", "priority": "high"}, "2 done."),
        ({"do": "snooze", "until": "tomorrow 9:00"}, "2 done."),
        ({"do": "snooze", "until": "nonsense"}, "2 skipped:"),
        ({"do": "take"}, "2 done."),
        ({"do": "spam"}, "2 done."),
    ],
)
async def test_every_act_of_the_bar_is_one_of_the_registry(sara: Visitor, form: dict[str, str], words: str) -> None:
    assert words in await act(sara, "B2XY", "B3XY", **form)


async def test_what_cannot_be_done_to_many_is_refused(sara: Visitor) -> None:
    assert "No conversation was chosen" in await act(sara, do="done")
    assert "At most 100" in await act(
        sara, *(f"B{a}{b}{c}" for a in "23" for b in "BCDFGHJK" for c in "BCDFGHJ"), do="done"
    )
    token = hidden(await sara.get("/"), "form_token")
    assert (await sara.send("/bulk", many("B2XY", form_token=token, do="reply"))).status == 404
    assert (await sara.send("/bulk", many("B2XY", do="done"))).status == 403


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_filter_is_told_in_words(language: str) -> None:
    for name in dict.fromkeys(NAMES.values()):
        assert "x" in WORDING.say(language, f"query.filter.{name}", value="x"), name
