"""Ratings on the portal: the links of a survey, which looking at never answers, and the form under a matter that is done."""

from datetime import timedelta

import pytest

from inbox.domain.conversations import State
from inbox.domain.events import Actor, StateSet
from inbox.domain.ids import ConversationId
from inbox.domain.ratings import Rated, Survey
from inbox.pipeline import survey_links
from inbox.pipeline.turn import Turn
from inbox.store import conversations, events, surveys
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Answer, Visitor, hidden
from tests.web.portals import LENA, MALLORY, SECRET, Place, portal_of
from tests.web.reader import inside
from tests.web.sites import NOW, Site

ENDS = NOW + timedelta(days=14)


@pytest.fixture
def place(site: Site) -> Place:
    return portal_of(site)


def done(place: Place, sender: str = LENA) -> tuple[ConversationId, str]:
    """A matter that is done; with its reference."""
    reference = place.mail(sender, SECRET)

    def unit(unit: Unit) -> ConversationId:
        id = conversations.by_reference(unit, reference)
        assert id is not None
        turn = Turn.of(unit, id, "web", place.book.terms, NOW)
        turn.tell(StateSet("state_set", State.DONE.value), Actor("agent", 1, "Sara"))
        turn.close()
        return id

    return place.site.store.write_now(unit), reference


def asked(place: Place, matter: ConversationId, kind: Survey = Survey.CSAT) -> str:
    """The path of a survey's link."""

    def unit(unit: Unit) -> str:
        conversation = conversations.load(unit, matter)
        id = surveys.add(unit, kind, conversation)
        assert id is not None
        surveys.ask(unit, id, conversation, "support", NOW, ENDS)
        one = surveys.one(unit, id)
        assert one is not None
        return survey_links.link(one, ENDS, place.book)

    return place.site.store.write_now(unit).removeprefix("https://help.acme.example")


def given(place: Place, matter: ConversationId) -> list[tuple[str, int, str, str]]:
    """The ratings on record."""
    log = place.site.store.read_now(events.of, matter)
    told = [event.payload for event in log if isinstance(event.payload, Rated)]
    return [(one.survey.value, one.score, one.comment, one.how) for one in told]


async def answer(visitor: Visitor, link: str, score: str, comment: str = "") -> Answer:
    page = await visitor.get(link)
    form = {"form_token": hidden(page, "form_token"), "score": score, "comment": comment}
    return await visitor.post(link, form, sec_fetch_site="same-origin")


# -- links -------------------------------------------------------------------------------------------------------------
async def test_a_scanner_that_gets_every_link_changes_nothing(place: Place) -> None:
    matter, _ = done(place)
    link = asked(place, matter)
    before = place.site.store.read_now(conversations.peek, matter)
    for score in range(1, 6):
        shown = await place.visitor().get(f"{link}?score={score}")
        assert shown.status == 200
        assert f'value="{score}" required checked' in shown.text
        assert SECRET not in shown.text
        assert LENA not in shown.text
    assert place.site.store.read_now(conversations.peek, matter) == before
    assert given(place, matter) == []


async def test_the_button_answers_and_can_answer_otherwise_until_it_is_over(place: Place) -> None:
    matter, _ = done(place)
    link = asked(place, matter)
    visitor = place.visitor()
    answered = await answer(visitor, link, "4", "Quick,\r\nand kind.")
    assert (answered.status, answered.headers["location"]) == (303, link)
    assert given(place, matter) == [("csat", 4, "Quick,\nand kind.", "link")]
    page = await visitor.get(link)
    assert 'value="4" required checked' in page.text
    assert "Quick,\nand kind." in page.text
    await answer(place.visitor(), link, "2")
    assert [score for _, score, *_ in given(place, matter)] == [4, 2]
    place.site.clock.advance(timedelta(days=14))
    assert (await visitor.get(link)).status == 404
    assert (await answer_blind(visitor, link, page)).status == 404
    assert len(given(place, matter)) == 2


async def answer_blind(visitor: Visitor, link: str, page: Answer) -> Answer:
    """From a page that was shown before."""
    form = {"form_token": hidden(page, "form_token"), "score": "1", "comment": ""}
    return await visitor.post(link, form, sec_fetch_site="same-origin")


async def test_a_link_that_we_did_not_make_is_as_if_nothing_were_there(place: Place) -> None:
    matter, _ = done(place)
    other, _ = done(place, MALLORY)
    link, theirs = asked(place, matter), asked(place, other)
    head, _, seal = link.rpartition("-")
    foreign = theirs.rpartition("-")[2]
    for wrong in (
        f"{head}-{foreign}",
        link.replace("csat", "nps"),
        f"{head}-{seal[:-1]}{'a' if seal[-1] != 'a' else 'b'}",
        f"{head}9-{seal}",
        "/portal/r/csat",
        "/portal/r/" + "9" * 300,
        f"{link}%00",
        f"/portal/r/csat-{'9' * 30}-1-20991231-{'a' * 26}",
    ):
        visitor = place.visitor()
        assert (await visitor.get(wrong)).status == 404
    assert given(place, matter) == given(place, other) == []


async def test_the_link_ends_where_the_matter_is_another_contacts(place: Place) -> None:
    matter, _ = done(place)
    other, _ = done(place, MALLORY)
    link = asked(place, matter)
    contact = place.site.store.read_now(conversations.peek, other).contact
    change = t.conversation.update().where(t.conversation.c.id == matter).values(contact_id=contact)
    place.site.store.write_now(lambda unit: unit.execute(change).rowcount)
    assert (await place.visitor().get(link)).status == 404


@pytest.mark.parametrize("score", ["", "0", "6", "-1", "x", "۴", "9" * 40])
async def test_an_answer_off_the_scale_is_told_of(place: Place, score: str) -> None:
    matter, _ = done(place)
    answered = await answer(place.visitor(), asked(place, matter), score)
    assert answered.status == 422
    assert given(place, matter) == []


async def test_a_form_from_elsewhere_answers_nothing(place: Place) -> None:
    matter, _ = done(place)
    link = asked(place, matter)
    visitor = place.visitor()
    page = await visitor.get(link)
    form = {"form_token": hidden(page, "form_token"), "score": "1"}
    assert (await visitor.post(link, form, sec_fetch_site="cross-site")).status == 403
    assert (await visitor.post(link, {"form_token": "", "score": "1"}, sec_fetch_site="same-origin")).status == 403
    assert (await place.visitor().post(link, form, sec_fetch_site="same-origin")).status == 403
    assert given(place, matter) == []


async def test_who_answers_too_often_waits(place: Place) -> None:
    matter, _ = done(place)
    link, visitor = asked(place, matter), place.visitor()
    statuses = [(await answer(visitor, link, str(n % 5 + 1))).status for n in range(11)]
    assert statuses == [303] * 10 + [422]


async def test_the_question_of_recommending_has_eleven_answers_and_both_languages(place: Place) -> None:
    matter, _ = done(place)
    link = asked(place, matter, Survey.NPS)
    visitor = place.visitor()
    english = await visitor.get(f"{link}?score=0&lang=en")
    assert "Would you recommend Acme?" in english.text
    assert english.text.count('name="score"') == 11
    assert 'value="0" required checked' in english.text
    persian = await visitor.get(f"{link}?lang=fa")
    assert 'dir="rtl"' in persian.text
    assert "<span>۱۰</span>" in persian.text
    assert (await answer(visitor, link, "10")).status == 303
    assert given(place, matter) == [("nps", 10, "", "link")]


async def test_what_was_answered_stands_in_the_conversation_of_the_agents(place: Place) -> None:
    matter, reference = done(place)
    await answer(place.visitor(), asked(place, matter), "2", "<b>Too slow</b>")
    page = (await (await inside(place.site)).get(f"/c/{reference}?lang=en")).text
    assert "Rated it 2 of 5: &lt;b&gt;Too slow&lt;/b&gt;" in page
    assert '<dt>Satisfaction (CSAT)</dt><dd>2 of 5 <q dir="auto">&lt;b&gt;Too slow&lt;/b&gt;</q></dd>' in page


# -- on the portal -----------------------------------------------------------------------------------------------------
async def test_who_came_in_rates_what_is_done_without_having_been_asked(place: Place) -> None:
    matter, reference = done(place)
    visitor = await place.came_in(LENA)
    page = await visitor.get(f"/portal/c/{reference}")
    form = {"form_token": hidden(page, "form_token"), "score": "5", "comment": "Thanks"}
    answered = await visitor.post(f"/portal/c/{reference}/rate", form, sec_fetch_site="same-origin")
    assert (answered.status, answered.headers["location"]) == (303, f"/portal/c/{reference}#rate")
    assert given(place, matter) == [("csat", 5, "Thanks", "page")]
    shown = await visitor.get(f"/portal/c/{reference}")
    assert 'value="5" required checked' in shown.text
    row = place.site.store.read_now(surveys.of, Survey.CSAT, matter)
    assert row is not None
    assert (row.asked_at, row.score) == (None, 5)


async def test_what_is_open_and_what_is_somebody_elses_cannot_be_rated(place: Place) -> None:
    open_ = place.mail(LENA, SECRET)
    theirs, reference = done(place, MALLORY)
    visitor = await place.came_in(LENA)
    page = await visitor.get(f"/portal/c/{open_}")
    assert 'name="score"' not in page.text
    form = {"form_token": hidden(page, "form_token"), "score": "1"}
    assert (await visitor.post(f"/portal/c/{reference}/rate", form, sec_fetch_site="same-origin")).status == 404
    await visitor.post(f"/portal/c/{open_}/rate", form, sec_fetch_site="same-origin")
    assert place.told(t.survey.c.score) == []
    assert given(place, theirs) == []
