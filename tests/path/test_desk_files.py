"""Files that agents send from a desk, and words that they change there."""

from tests.path.at_desk import SECONDS, later, mails, written
from tests.path.conftest import Desks
from tests.path.desk_house import DeskHouse


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
