"""Agents answer at a desk: what goes to the customer and what stays, words that act, buttons, and who may."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.messages import Direction
from inbox.site import catalogues
from inbox.store import people
from inbox.text.wording import load
from inbox.web.agents.timeline import Teller
from tests.path.conftest import Desks
from tests.path.desk_house import MINA, REZA, SARA, STRANGER, DeskHouse

SECONDS = timedelta(seconds=15)


async def written(desks: Desks, kind: str = "telegram", desk: str = "chat = -500") -> tuple[DeskHouse, int]:
    """A customer has written, and Sara and Reza are linked; the topic that it stands in (0: none)."""
    at = await desks(kind, desk)
    at.links("sara", "reza", kind=kind)
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    await at.settle()
    return at, next(iter(at.topics), 0)


def mails(at: DeskHouse) -> list[str]:
    """What Lena got from people."""
    return [mail["text"] for mail in at.house.customer("lena@x").mails if mail["automatic"] is None]


def notes(at: DeskHouse) -> list[str]:
    return [one.text for one in at.house.said(at.house.only()) if one.direction is Direction.NOTE]


def told(at: DeskHouse, who: str) -> str:
    """What the timeline of the page tells of somebody."""
    say = partial(load(catalogues()).say, "en")
    teller = Teller(say, "en", ZoneInfo("UTC"), at.house.store.read_now(people.roster))
    return "\n".join(line.words for line in teller.told(at.house.log(at.house.only())) if line.who == who)


async def later(at: DeskHouse) -> None:
    """After the moment in which an answer can be taken back."""
    at.house.clock.advance(SECONDS)
    await at.settle()


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


NOTES = ("/ secret", "/note secret", "note: secret", "یادداشت: secret", "/یادداشت secret", "🔒 secret", "🔒secret")


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


async def test_whoever_is_not_linked_is_told_once_and_heard_by_nobody(desks: Desks) -> None:
    at, topic = await written(desks)
    for _ in range(3):
        at.answers("It is up again", to="The site is down", topic=topic, person=STRANGER)
    at.answers("spoken for the group", to="The site is down", topic=topic, sender_chat={"id": -500, "title": "Desk"})
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert notes(at) == []
    assert sum("does not know who you are" in text for text in at.texts(topic)) == 2, "once each"
    assert at.house.verdicts()[-4:] == ["ignored ignored.desk_stranger"] * 4


async def test_a_disabled_agent_is_refused(desks: Desks) -> None:
    at, topic = await written(desks)
    at.disables("sara")
    at.answers("It is up again", to="The site is down", topic=topic)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert at.house.verdicts()[-1] == "ignored ignored.desk_disabled"


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


async def test_a_change_before_it_left_goes_out_and_one_after_it_does_not(desks: Desks) -> None:
    at, topic = await written(desks)
    said = at.answers("It is up agian", to="The site is down", topic=topic)
    await at.settle()
    at.changes(said, "It is up again", topic=topic)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["It is up again"]
    at.changes(said, "It is down again", topic=topic)
    await at.settle()
    await later(at)
    assert len(mails(at)) == 1
    assert "The customer has the earlier words already" in at.texts(topic)[-1]


FILE = {"file_id": "photo-1", "file_name": "how.png", "mime_type": "image/png", "file_size": 12}


def files(at: DeskHouse) -> list[list[str]]:
    """The files of what Lena got from people."""
    mails = [mail for mail in at.house.customer("lena@x").mails if mail["automatic"] is None]
    return [[one["filename"] for one in mail["attachments"]] for mail in mails]


async def test_files_go_to_the_customer(desks: Desks) -> None:
    at, topic = await written(desks)
    at.server.world.files["photo-1"] = b"\x89PNG picture"
    said = at.answers("", to="The site is down", topic=topic, caption="Like this", document=FILE)
    await at.settle()
    at.changes(said, "Like that", topic=topic)
    await at.settle()
    await later(at)
    (mail,) = mails(at)
    assert mail.startswith("Like this")
    assert files(at) == [["how.png"]]
    assert any("take it back and send it again" in text for text in at.texts(topic))


async def test_files_go_with_what_is_sent_anyway(desks: Desks) -> None:
    at, topic = await written(desks)
    at.server.world.files["photo-1"] = b"\x89PNG picture"
    at.house.agent("reza").acts(at.house.only(), "reply", text="By Reza")
    at.answers("", to="The site is down", topic=topic, caption="Like this", document=FILE)
    await at.settle()
    at.server.presses(at.buttons("⚠️")["Send anyway"], at.number("⚠️"))
    await at.settle()
    await later(at)
    assert files(at) == [[], ["how.png"]]


async def test_words_whose_files_are_gone_go_nowhere_and_that_is_told(desks: Desks) -> None:
    at, topic = await written(desks)
    at.answers("", to="The site is down", topic=topic, caption="Like this", document=FILE)
    await at.settle()
    await later(at)
    assert mails(at) == []
    assert at.texts(topic)[-1].startswith("❗ The files could not be fetched")


@pytest.mark.parametrize("kind", ["telegram", "bale"])
async def test_an_agent_is_linked_by_a_code_that_they_type(desks: Desks, kind: str) -> None:
    at, topic = await written(desks, kind)
    code = at.code("mina")
    at.answers("Not yet", to="The site is down", topic=topic, person=MINA)
    at.server.write("/link AAAAA-AAAAA", chat=MINA)
    at.server.write(code.lower(), chat=MINA)
    await at.settle()
    at.server.write(code, chat=STRANGER)
    await at.settle()
    at.answers("It is up again", to="The site is down", topic=topic, person=MINA)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["It is up again"]
    told = [text for (chat, _), (text, _) in at.group.standing.items() if chat == str(MINA)]
    assert [text.split(".")[0] for text in told] == [
        "No agent has that code, or it is too old",
        "You are Mina here from now on",
    ]


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


async def test_an_agent_alone_has_a_desk_in_private(desks: Desks) -> None:
    at = await desks("telegram", "chat = 0")
    at.links("sara", "reza")
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    await at.settle()
    assert not at.group.standing, "nobody has it yet"
    at.house.agent("reza").acts(at.house.only(), "assign", to="sara")
    await at.settle()
    reference = at.house.only().reference
    head, said = at.group.texts(str(SARA))
    assert head.startswith(f"🟪 #{reference}")
    assert said.endswith("The site is down")
    assert at.group.texts(str(REZA)) == []
    number = next(n for (chat, n), (text, _) in at.group.standing.items() if text == said)
    at.house.clock.advance(SECONDS)
    at.server.write("/r hm", chat=SARA)
    under = {"message_id": number, "chat": {"id": SARA, "type": "private"}}
    when = int(at.house.clock.now().timestamp())
    at.server.write("It is up again", chat=SARA, reply_to_message=under, date=when)
    await at.settle()
    await later(at)
    assert [mail.splitlines()[0] for mail in mails(at)] == ["It is up again"]
    assert any(text.startswith("Which conversation?") for text in at.group.texts(str(SARA)))
    at.house.agent("reza").acts(at.house.only(), "assign", to="reza")
    await at.settle()
    assert "no longer shown here" in at.group.texts(str(SARA))[0]
    assert len(at.house.conversations()) == 1, "what an agent writes in private is no customer's matter"


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


async def test_whoever_is_no_longer_one_of_us_is_shown_nothing_more_in_private(desks: Desks) -> None:
    at = await desks("telegram", "chat = 0")
    at.links("sara")
    await at.house.customer("lena@x", "Lena").writes("The site is down")
    at.house.agent("reza").acts(at.house.only(), "assign", to="sara")
    await at.settle()
    shown = len(at.server.calls())
    at.disables("sara")
    await at.house.customer("lena@x", "Lena").answers("A secret")
    await at.settle()
    assert len(at.server.calls()) == shown
    assert not any("A secret" in text for text in at.group.texts(str(SARA)))


async def test_a_customer_of_the_same_bot_is_answered_in_their_chat(desks: Desks) -> None:
    at = await desks()
    at.links("sara")
    at.server.world.files["photo-7"] = b"\x89PNG broken"
    broken = {**FILE, "file_id": "photo-7", "file_name": "broken.png"}
    at.server.write("", chat=7, caption="It is broken", document=broken)
    await at.settle()
    at.house.clock.advance(SECONDS)
    await at.settle()
    ((topic, title),) = at.topics.items()
    assert "Ali" in title
    (shown,) = [line for line in at.server.calls() if line.files]
    assert [bytes.fromhex(content) for _, content in shown.files.values()] == [b"\x89PNG broken"]
    said = at.answers("We send another one", to="👤 Ali", topic=topic)
    await at.settle()
    await later(at)
    assert at.group.texts("7")[-1].startswith("We send another one")
    assert at.group.signs["-500", said] == "👍"
