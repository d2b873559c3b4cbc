"""The composer without scripts: what is sent goes where it should, a note never does, and no word is ever lost."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa

from inbox.domain import events as ev
from inbox.domain.ids import ContactId, ConversationId
from inbox.store import drafts
from inbox.store import tables as t
from inbox.store.drafts import Draft
from inbox.store.unit import Unit
from inbox.web.agents.composer import addresses
from tests.web.answering import answering, writing
from tests.web.asking import Answer, Visitor, hidden
from tests.web.reader import Page
from tests.web.sites import OMID, SARA, Site, message, minutes, tell

HERE = "/c/K7Q2"


async def sent(visitor: Visitor, how: str = "reply", path: str = HERE, **fields: str) -> Answer:
    """The form of the page as it is, with these fields filled in and the button of `how` pressed."""
    page = await visitor.get(path)
    form = {name: hidden(page, name) for name in ("form_token", "seen", "once")}
    filled: Mapping[str, str] = {**form, "how": how, "act": how, **fields}
    return await visitor.post(f"{path.partition('?')[0]}/say", filled, sec_fetch_site="same-origin")


def matter(unit: Unit, reference: str = "K7Q2") -> ConversationId:
    """The conversation of that reference."""
    c = t.conversation.c
    return ConversationId(unit.execute(sa.select(c.id).where(c.reference == reference)).scalar_one())


def last(site: Site) -> sa.Row[tuple[object, ...]]:
    """What was said last: direction, text, copies."""
    m = t.message.c
    query = sa.select(m.direction, m.reply_text, m.cc, m.id).order_by(m.id.desc()).limit(1)
    return site.store.read_now(lambda unit: unit.execute(query).one())


def outbox(site: Site) -> list[tuple[str, list[str]]]:
    """The deliveries of what was said last: state and recipients."""
    d = t.delivery.c
    query = sa.select(d.state, d.recipients).where(d.message_id == last(site).id)
    return site.store.read_now(lambda unit: [(row[0], row[1]) for row in unit.execute(query)])


def draft(site: Site, reference: str = "K7Q2") -> Draft | None:
    """What omid has begun."""
    return site.store.read_now(lambda unit: drafts.of(unit, OMID, matter(unit, reference)))


def meanwhile(unit: Unit) -> None:
    """The customer writes once more."""
    id = matter(unit)
    said = message(unit, id, "inbound", "It has come, thank you!", at=minutes(0))
    told = ev.Received("received", said, ContactId(1), "It has come", minutes(0))
    tell(unit, id, 0, told, actor=ev.Actor("contact", 1, "Lena"))


async def test_a_reply_goes_to_the_customer_and_waits_a_moment(filled: Site) -> None:
    visitor = await writing(filled)
    words = Page(await visitor.get(HERE)).words
    assert "Send to the customer" in words
    assert "lena@example.com" in words
    answer = await sent(visitor, text="It comes tomorrow.", then="open")
    assert (answer.status, answer.headers["location"]) == (303, HERE)
    assert (last(filled).direction, last(filled).reply_text) == ("outbound", "It comes tomorrow.")
    assert outbox(filled) == [("queued", ["lena@example.com"])]
    page = await visitor.get(HERE)
    assert "Undo sending" in page.text
    filled.clock.advance(timedelta(seconds=11))
    assert "Undo sending" not in (await visitor.get(HERE)).text


async def test_what_is_taken_back_is_a_draft_again_and_nothing_goes_out(filled: Site) -> None:
    visitor = await writing(filled)
    await sent(visitor, text="Too early.", then="done", cc="boss@example.com")
    form = {"form_token": hidden(await visitor.get(HERE), "form_token"), "message": str(last(filled).id)}
    done = await visitor.post(f"{HERE}/do/undo", form, sec_fetch_site="same-origin")
    assert done.status == 303
    assert outbox(filled) == [("cancelled", ["lena@example.com", "boss@example.com"])]
    kept = draft(filled)
    assert kept is not None
    assert (kept.text, kept.cc) == ("Too early.", ("boss@example.com",))
    page = await visitor.get(HERE)
    assert "Too early.</textarea>" in page.text
    assert 'value="boss@example.com" checked' in page.text
    state = filled.store.read_now(
        lambda unit: unit.execute(
            sa.select(t.conversation.c.state).where(t.conversation.c.reference == "K7Q2")
        ).scalar_one()
    )
    assert state == "open"
    again = await visitor.post(f"{HERE}/do/undo", form, sec_fetch_site="same-origin")
    assert again.status == 303
    assert "it cannot be taken back" in (await visitor.get(HERE)).text


@pytest.mark.parametrize(("how", "act"), [("note", "reply"), ("reply", "note"), ("reply", ""), ("note", "anyway")])
async def test_where_choice_and_button_differ_nothing_leaves_the_house(filled: Site, how: str, act: str) -> None:
    visitor = await writing(filled)
    before = last(filled).id
    answer = await sent(visitor, how, text="Between us: she is right.", act=act)
    assert answer.status == 422
    assert last(filled).id == before
    assert "Between us: she is right.</textarea>" in answer.text
    assert "Neither was sent nor noted" in Page(answer).words


async def test_a_note_stays_inside(filled: Site) -> None:
    visitor = await writing(filled)
    assert (await sent(visitor, "note", text="Ask the courier.")).status == 303
    assert (last(filled).direction, last(filled).reply_text) == ("note", "Ask the courier.")
    assert outbox(filled) == []


async def test_a_draft_is_kept_shown_again_and_gone_when_it_is_sent(filled: Site) -> None:
    visitor = await writing(filled)
    page = await visitor.get(HERE)
    form = {"form_token": hidden(page, "form_token"), "text": "Dear Lena, سلام", "how": "note", "then": "done"}
    kept = await visitor.post(f"{HERE}/draft", form, sec_fetch_site="same-origin")
    assert (kept.status, kept.body) == (204, b"")
    page = await visitor.get(HERE)
    assert "Dear Lena, سلام</textarea>" in page.text
    assert 'value="note" checked' in page.text
    assert "Draft, saved" in page.text
    assert "Dear Lena, سلام" not in (await (await writing(filled, SARA)).get(HERE)).text, "nobody else's"
    await sent(visitor, "note", text="Dear Lena")
    assert draft(filled) is None


async def test_the_button_keeps_a_draft_without_scripts(filled: Site) -> None:
    visitor = await writing(filled)
    answer = await sent(visitor, act="draft", text="Half a sent")
    assert answer.headers["location"] == f"{HERE}#composer"
    found = draft(filled)
    assert found is not None
    assert found.text == "Half a sent"


async def test_what_was_said_meanwhile_is_shown_and_then_it_can_be_sent_anyway(filled: Site) -> None:
    visitor = await writing(filled)
    page = await visitor.get(HERE)
    form = {name: hidden(page, name) for name in ("form_token", "seen", "once")}

    filled.store.write_now(meanwhile)
    before = last(filled).id
    answer = await visitor.post(
        f"{HERE}/say", {**form, "how": "reply", "act": "reply", "text": "Still looking."}, sec_fetch_site="same-origin"
    )
    assert answer.status == 409
    assert last(filled).id == before
    words = Page(answer).words
    assert "While you were writing, Lena said something here" in words
    assert words.index("Said meanwhile") < words.index("It has come, thank you!", words.index("Said meanwhile"))
    assert "Still looking.</textarea>" in answer.text
    assert "Send anyway" in words
    form = {name: hidden(answer, name) for name in ("form_token", "seen", "once")}
    answer = await visitor.post(
        f"{HERE}/say", {**form, "how": "reply", "act": "anyway", "text": "Still looking."}, sec_fetch_site="same-origin"
    )
    assert answer.status == 303
    assert last(filled).reply_text == "Still looking."


# -- copies, promises, files -------------------------------------------------------------------------------------------
async def test_copies_are_asked_for_offered_and_checked(filled: Site) -> None:
    visitor = await writing(filled)
    both = "boss@example.com, mate@example.com"
    assert (await sent(visitor, text="Hello", cc=both)).status == 303
    assert outbox(filled) == [("queued", ["lena@example.com", "boss@example.com", "mate@example.com"])]
    wrong = await sent(visitor, text="Not lost", cc="boss@example.com, no body")
    assert wrong.status == 422
    assert "“no body” is no address that a copy can go to." in Page(wrong).words.replace("\u2068", "").replace(
        "\u2069", ""
    )
    assert "Not lost</textarea>" in wrong.text
    assert 'value="boss@example.com" checked' in wrong.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("a@x", "b@x, Lena Fischer <c@x>;d@x"), ("a@x", "b@x", "c@x", "d@x")),
        (("a@x b@x", "a@x", ""), ("a@x", "b@x")),
        (("سارا <s@x>، رضا <r@x>",), ("s@x", "r@x")),
        (("nobody here", "<>"), ("nobody here",)),
    ],
)
def test_copies_are_read_as_people_type_them(typed: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert addresses(typed) == found


async def test_a_promise_by_hand_is_told_and_one_without_sense_keeps_the_words(filled: Site) -> None:
    visitor = await writing(filled)
    refused = await sent(visitor, text="I will look.", by="soonish")
    assert refused.status == 422
    assert "I will look.</textarea>" in refused.text
    assert 'value="soonish"' in refused.text
    assert (await sent(visitor, text="I will look.", by="tomorrow")).status == 303
    promised = sa.select(t.promise.c.state).order_by(t.promise.c.id.desc()).limit(1)
    assert filled.store.read_now(lambda unit: unit.execute(promised).scalar_one()) == "open"


# -- saved replies -----------------------------------------------------------------------------------------------------
async def test_a_saved_reply_fills_the_composer_tells_what_it_does_and_does_it(filled: Site) -> None:
    visitor = await writing(filled)
    assert "Sorry for the delay" not in (await visitor.get(HERE)).text, "each would have to be put into words"
    assert "Sorry for the delay" in (await visitor.get(f"{HERE}?find=")).text
    found = Page(await visitor.get(f"{HERE}?find=order")).words
    assert "Ask which order" in found
    assert "Sorry for the delay" not in found
    page = await visitor.get(f"{HERE}?macro=late")
    assert "Dear Lena Fischer, we are sorry.</textarea>" in page.text
    assert "tag: apologised" in Page(page).words.replace(" : ", ": ")
    answer = await sent(visitor, path=f"{HERE}?macro=late", text="Dear Lena, we are very sorry.", macro="late")
    assert answer.status == 303
    assert last(filled).reply_text == "Dear Lena, we are very sorry."
    row = sa.select(t.conversation.c.tags).where(t.conversation.c.reference == "K7Q2")
    assert "apologised" in filled.store.read_now(lambda unit: unit.execute(row).scalar_one())


async def test_what_a_saved_reply_lacks_blocks_it_with_a_sentence(filled: Site) -> None:
    visitor = await writing(filled)
    page = await visitor.get(f"{HERE}?macro=which-order")
    assert "The number of the order?" in Page(page).words
    assert "Still missing: ask.number" in Page(page).words
    before = last(filled).id
    text = page.text.split("<textarea")[1].split(">\n", 1)[1].split("</textarea>")[0]
    refused = await sent(visitor, path=f"{HERE}?macro=which-order", text=text, macro="which-order")
    assert (refused.status, last(filled).id) == (422, before)
    assert "lacks ask.number" in Page(refused).words
    filled_in = await visitor.get(f"{HERE}?macro=which-order&ask.number=A-40817")
    assert "Your order A-40817 is on its way.</textarea>" in filled_in.text
    unknown = Page(await visitor.get(f"{HERE}?macro=nothing"))
    assert "nothing" in unknown.words


async def test_nobody_sends_from_elsewhere_or_as_nobody(filled: Site) -> None:
    visitor = await writing(filled)
    before = last(filled).id
    form = {"how": "reply", "act": "reply", "text": "x"}
    assert (await visitor.post(f"{HERE}/say", form, sec_fetch_site="cross-site")).status == 403
    assert (await visitor.post(f"{HERE}/draft", form, sec_fetch_site="same-origin")).status == 403
    stranger = Visitor(filled.app(playbook=answering))
    assert (await stranger.post(f"{HERE}/say", form)).status == 403
    assert last(filled).id == before
    assert (await visitor.get(f"{HERE}/say")).headers["location"] == HERE


async def test_a_long_thread_is_read_in_pages(filled: Site) -> None:
    def talk(unit: Unit) -> None:
        id = matter(unit, "M4TR")
        for number in range(120):
            message(unit, id, "inbound", f"line {number:03}", at=minutes(number))

    filled.store.write_now(talk)
    visitor = await writing(filled)
    page = await visitor.get("/c/M4TR")
    assert page.text.count('<li class="message') == 50
    assert "line 119" in page.text
    assert "line 069" not in page.text
    earlier = page.text.split('href="/c/M4TR?before=')[1].split('"')[0]
    before = await visitor.get(f"/c/M4TR?before={earlier}")
    assert "line 069" in before.text
    assert "line 070" not in before.text
    assert before.text.count('<li class="message') == 50
    assert len(page.body) < 250_000
