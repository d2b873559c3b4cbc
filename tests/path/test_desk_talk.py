"""Agents answer at a desk: what goes to the customer and what stays, words that act, buttons, and who may."""

from datetime import timedelta

import pytest

from tests.path.at_desk import SECONDS, later, mails, notes, told, written
from tests.path.conftest import Desks
from tests.path.desk_house import REZA, SARA


async def test_an_answer_to_what_a_customer_wrote_goes_to_them(desks: Desks) -> None:
    at, topic = await written(desks)
    said = at.answers("It is up again", to="The site is down", topic=topic)
    await at.settle()
    assert mails(at) == []
    assert at.texts(topic)[-1].startswith("📤 Goes to the customer in")
    await later(at)
    (mail,) = mails(at)
    assert mail.startswith("It is up again")
    assert at.group.signs["-500", said] == "👍"
    assert not any("Goes to the customer" in text for text in at.texts(topic)), "nothing more need be said"
    (replied,) = [one for one in at.house.log(at.house.only()) if one.payload.kind == "replied"]
    assert (replied.actor.name, replied.via) == ("Sara", "bot")
    assert "in a chat" in told(at, "Sara"), "the page tells where it was said"
    assert sum("It is up again" in text for text in at.texts(topic)) == 0, "what stands there is not shown again"


async def test_words_that_answer_nothing_are_a_note(desks: Desks) -> None:
    at, topic = await written(desks)
    said = at.writes("I look into it", topic=topic)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert notes(at) == ["I look into it"]
    assert at.group.signs["-500", said] == "✍"


NOTES = (
    *("/ secret", "/note secret", "note: secret", "یادداشت: secret", "/یادداشت secret", "🔒 secret", "🔒secret"),
    *(
        "\u200f/یادداشت secret",
        "\u202b🔒 secret",
        "／note secret",
        "/\u00a0secret",
        "#note secret",
        "\u2067note：secret",
    ),
)


@pytest.mark.parametrize("mode", ["reply_only", "topic_all"])
async def test_a_note_is_a_note_in_every_mode(desks: Desks, mode: str) -> None:
    at, topic = await written(desks, desk=f'chat = -500\nmode = "{mode}"')
    for words in NOTES:
        at.answers(words, to="The site is down", topic=topic)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert notes(at) == ["secret"] * len(NOTES)


async def test_where_everything_in_a_topic_is_for_the_customer_it_goes_to_them(desks: Desks) -> None:
    at, topic = await written(desks, desk='chat = -500\nmode = "topic_all"')
    at.house.clock.advance(SECONDS)
    at.writes("It is up again", topic=topic)
    at.writes("lunch?")
    await at.settle()
    await later(at)
    assert len(mails(at)) == 1
    assert notes(at) == []


async def test_r_is_an_answer_wherever_it_stands(desks: Desks) -> None:
    at, topic = await written(desks)
    at.house.clock.advance(SECONDS)
    at.writes("/r It is up again", topic=topic)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["It is up again"]


async def test_words_act_in_both_languages(desks: Desks) -> None:
    at, topic = await written(desks)
    at.writes("گرفتم", topic=topic)
    await at.settle()
    assert at.house.only().assignee == at.house.agent("sara").who.id
    at.writes("/priority high", topic=topic)
    at.writes("/tag billing", topic=topic)
    at.writes("پایان", topic=topic, person=REZA)
    await at.settle()
    matter = at.house.only()
    assert (matter.priority.value, "billing" in matter.tags, matter.state.value) == ("high", True, "done")
    assert at.topics[topic].startswith("⬛")
    at.writes("/who", topic=topic)
    await at.settle()
    assert "Sara" in at.texts(topic)[-1]


async def test_an_unknown_word_reaches_nobody(desks: Desks) -> None:
    at, topic = await written(desks)
    at.answers("/dnoe it is up", to="The site is down", topic=topic)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert notes(at) == []
    assert "dnoe" in at.texts(topic)[-1]


async def test_an_answer_can_be_taken_back_by_whoever_gave_it(desks: Desks) -> None:
    at, topic = await written(desks)
    at.answers("It is up agian", to="The site is down", topic=topic)
    await at.settle()
    button = at.buttons("Goes to the customer")["Undo"]
    number = at.number("Goes to the customer")
    at.server.presses(button, number, person=REZA)
    await at.settle()
    at.server.presses(button, number, person=SARA)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert next(toast.choice for toast in at.house.toasts) != [toast.choice for toast in at.house.toasts][1]
    assert "Taken back" in at.texts(topic)[-1]


async def test_the_buttons_of_the_head_act(desks: Desks) -> None:
    at, topic = await written(desks)
    head = at.texts(topic)[0]
    buttons = at.buttons(head)
    for label in ("Take", "Note", "Snooze 2h"):
        at.server.presses(buttons[label], at.number(head.splitlines()[0]))
        await at.settle()
    matter = at.house.only()
    assert matter.assignee == at.house.agent("sara").who.id
    assert matter.state.value == "snoozed"
    assert len(at.house.toasts) == 3


async def test_nobody_answers_blindly_over_another(desks: Desks) -> None:
    at, topic = await written(desks)
    at.house.agent("reza").acts(at.house.only(), "reply", text="By Reza, on the pages")
    at.answers("By Sara, who saw nothing of it", to="The site is down", topic=topic)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["By Reza, on the pages"]
    asked = next(text for text in at.texts(topic) if text.startswith("⚠️"))
    assert "Reza" in asked
    buttons = at.buttons(asked)
    assert list(buttons) == ["Send anyway", "Make it a note", "Cancel"]
    at.server.presses(buttons["Send anyway"], at.number(asked), person=REZA)
    await at.settle()
    await later(at)
    assert len(mails(at)) == 1, "only whoever wrote it decides"
    at.server.presses(buttons["Send anyway"], at.number(asked))
    at.server.presses(buttons["Send anyway"], at.number(asked))
    await at.settle()
    await later(at)
    assert len(mails(at)) == 2


async def test_what_would_be_blind_can_become_a_note(desks: Desks) -> None:
    at, topic = await written(desks)
    at.house.agent("reza").acts(at.house.only(), "reply", text="By Reza")
    at.answers("By Sara", to="The site is down", topic=topic)
    await at.settle()
    at.server.presses(at.buttons("⚠️")["Make it a note"], at.number("⚠️"))
    await at.settle()
    await later(at)
    assert len(mails(at)) == 1
    assert notes(at) == ["By Sara"]


async def test_two_at_the_same_desk_see_each_other(desks: Desks) -> None:
    at, topic = await written(desks)
    at.answers("By Sara", to="The site is down", topic=topic)
    at.answers("By Reza a moment later", to="The site is down", topic=topic, person=REZA)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["By Sara"]
    assert any(text.startswith("⚠️") for text in at.texts(topic))


async def test_an_answer_that_was_shown_was_seen(desks: Desks) -> None:
    at, topic = await written(desks)
    await at.house.agent("reza").replies(at.house.only(), "By Reza")
    await at.settle()
    at.house.clock.advance(SECONDS)
    at.answers("And one more thing", to="The site is down", topic=topic)
    await at.settle()
    await later(at)
    assert len(mails(at)) == 2


async def test_without_topics_an_answer_to_a_customers_message_goes_to_them(desks: Desks) -> None:
    at, _ = await written(desks, "bale")
    at.answers("It is up again", to="The site is down")
    at.writes("lunch?")
    at.writes(f"#{at.house.only().reference} /priority high")
    await at.settle()
    await later(at)
    assert len(mails(at)) == 1
    assert at.house.only().priority.value == "high"
    assert any(text.startswith("✅") for text in at.texts())


async def test_what_a_colleague_wrote_there_shows_nothing_of_what_is_not_shown_yet(desks: Desks) -> None:
    at, topic = await written(desks)
    at.house.clock.advance(SECONDS)
    at.server.refuses("sendMessage", 429, "Too Many Requests: retry after 60", retry_after=60)
    await at.house.customer("lena@x", "Lena").answers("It is up again, thank you")
    await at.settle()
    at.writes("I look into it", topic=topic, person=REZA)
    await at.settle()
    at.house.clock.advance(SECONDS)
    at.writes("/r We look into it", topic=topic)
    await at.settle()
    at.house.clock.advance(timedelta(minutes=2))
    await at.settle()
    await later(at)
    assert mails(at) == [], "she had not seen that the matter is over"
    assert any(text.startswith("⚠️ Lena") for text in at.texts(topic))


async def test_what_only_passes_on_what_another_wrote_is_no_answer(desks: Desks) -> None:
    at, topic = await written(desks, desk='chat = -500\nmode = "topic_all"')
    at.house.clock.advance(SECONDS)
    origin = {"type": "user", "sender_user": {"id": REZA, "is_bot": False, "first_name": "Reza"}, "date": 1}
    at.writes("He is a nuisance", topic=topic, forward_origin=origin)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert notes(at) == ["He is a nuisance"]


async def test_an_answer_to_another_conversations_words_goes_to_neither(desks: Desks) -> None:
    at, topic = await written(desks)
    await at.house.customer("bob@x", "Bob").writes("My bill is wrong", subject="Bill")
    await at.settle()
    at.house.clock.advance(SECONDS)
    at.answers("The number of Bob's account is 17", to="My bill is wrong", topic=topic)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert [m for m in at.house.customer("bob@x").mails if m["automatic"] is None] == []
    assert at.texts(topic)[-1].startswith("Which conversation?")


async def test_a_button_that_somebody_made_up_does_nothing(desks: Desks) -> None:
    at, topic = await written(desks)
    at.answers("It is up again", to="The site is down", topic=topic)
    await at.settle()
    before = at.house.only()
    (said,) = [one.id for one in at.house.said(before) if one.agent]
    made_up = [f"desk:undo:{said}", "desk:undo:999999", "desk:take:999", "desk:anyway:1", "desk:reply:1", "desk::", "x"]
    for data in [*made_up, "desk:undo:-1", "desk:undo:٣", f"desk:undo:{'9' * 30}"]:
        at.server.presses(data, at.number("The site is down"), person=REZA)
    await at.settle()
    assert at.house.only() == before
    await later(at)
    assert len(mails(at)) == 1


async def test_a_word_below_another_is_not_told_to_the_customer(desks: Desks) -> None:
    at, topic = await written(desks, desk='chat = -500\nmode = "topic_all"')
    at.house.clock.advance(SECONDS)
    for words in ("/done\n/take", "It is up again\n/done", "/take thank you"):
        at.writes(words, topic=topic)
    await at.settle()
    await later(at)
    assert (mails(at), notes(at), at.house.only().state.value) == ([], [], "open")


async def test_words_that_wait_for_a_decision_are_asked_about_as_they_say_now(desks: Desks) -> None:
    at, topic = await written(desks)
    at.house.agent("reza").acts(at.house.only(), "reply", text="By Reza")
    said = at.answers("He is a nuisance", to="The site is down", topic=topic)
    await at.settle()
    first, number = at.buttons("⚠️")["Send anyway"], at.number("⚠️")
    at.changes(said, "It is up again", topic=topic)
    await at.settle()
    at.server.presses(first, number)
    await at.settle()
    await later(at)
    assert len(mails(at)) == 1, "what was asked before is no longer open"
    at.changes(said, "🔒 He is a nuisance", topic=topic)
    await at.settle()
    await later(at)
    assert (len(mails(at)), notes(at)) == (1, ["He is a nuisance"])
