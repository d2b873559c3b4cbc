"""Cards at a desk: each conversation has a topic, its head says how it stands, and what is said stands in it."""

import json
from datetime import timedelta

from tests.path.conftest import Desks


async def test_a_conversation_is_a_topic_with_a_head_and_what_was_said(desks: Desks) -> None:
    desk = await desks()
    await desk.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    await desk.settle()
    matter = desk.house.only()
    ((topic, title),) = desk.topics.items()
    assert title == f"🟪 #{matter.reference} · Lena · Down"
    head, said = desk.texts(topic)
    assert matter.reference in head
    assert "Lena" in head
    assert "lena@x" in head
    assert "support" in head
    assert "Promised by" in head
    assert said == "👤 Lena\nThe site is down"
    assert len(desk.group.pinned) == 1
    assert list(desk.buttons(head)) == ["Take", "Note", "Done", "Snooze 2h"]


async def test_the_title_and_the_head_follow_what_happens(desks: Desks) -> None:
    desk = await desks()
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    await desk.house.agent("reza").replies(desk.house.only(), "It is up again")
    await desk.settle()
    ((topic, title),) = desk.topics.items()
    assert title.startswith("🟨")
    head, _said, answered = desk.texts(topic)
    assert "Reza" in head
    assert answered == "↩️ Reza · by API\nIt is up again"
    await desk.house.agent("reza").does(desk.house.only(), "done")
    await desk.settle()
    assert desk.topics[topic].startswith("⬛")


async def test_of_many_changes_that_nobody_could_show_yet_one_is_shown(desks: Desks) -> None:
    desk = await desks()
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    before = len(desk.server.calls("editForumTopic", "editMessageText"))
    for state in ("done", "open", "done", "open", "done"):
        desk.house.agent("reza").acts(desk.house.only(), state)
    await desk.settle()
    assert [one.method for one in desk.server.calls("editForumTopic", "editMessageText")][before:] == [
        "editForumTopic",
        "editMessageText",
    ]


async def test_a_topic_that_is_gone_is_made_anew(desks: Desks) -> None:
    desk = await desks()
    lena = desk.house.customer("lena@x", "Lena")
    await lena.writes("The site is down")
    await desk.settle()
    (old,) = desk.topics
    desk.group.loses("-500", old)
    await lena.answers("Still down")
    await desk.settle()
    (new,) = desk.topics
    assert new != old
    assert [text.splitlines()[-1] for text in desk.texts(new)[1:]] == ["The site is down", "Still down"]


async def test_too_many_at_once_wait_for_as_long_as_the_network_says(desks: Desks) -> None:
    desk = await desks()
    desk.server.refuses("createForumTopic", 429, "Too Many Requests: retry after 40", retry_after=40)
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    assert not desk.topics
    desk.house.clock.advance(timedelta(seconds=39))
    await desk.settle()
    assert not desk.topics
    desk.house.clock.advance(timedelta(seconds=2))
    await desk.settle()
    assert len(desk.topics) == 1


async def test_on_a_network_without_topics_each_post_bears_its_conversation(desks: Desks) -> None:
    desk = await desks("bale")
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    reference = desk.house.only().reference
    head, said = desk.texts()
    assert head.startswith(f"🟪 #{reference}")
    assert said.startswith(f"#{reference} 👤 Lena")
    desk.house.agent("reza").acts(desk.house.only(), "done")
    await desk.settle()
    assert desk.texts()[0].startswith(f"⬛ #{reference}")
    assert not desk.server.calls("createForumTopic", "setMessageReaction", "pinChatMessage")


async def test_a_kill_before_the_call_left_makes_one_topic(desks: Desks) -> None:
    desk = await desks()
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.interrupted(at="desk.before_handed")
    await desk.restarts()
    assert len(desk.server.calls("createForumTopic")) == 1
    assert [card.doubtful for card in desk.shown()] == [0]


async def test_a_kill_after_it_left_may_make_a_second_topic_and_says_so(desks: Desks) -> None:
    desk = await desks()
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.interrupted(at="desk.topic_made")
    await desk.restarts()
    assert len(desk.server.calls("createForumTopic")) == 2, "nobody tells a bot which topics there are"
    (card,) = desk.shown()
    assert (card.doubtful, card.shown) == (1, card.wanted)


async def test_a_kill_while_it_is_said_shows_it_once_more_and_loses_nothing(desks: Desks) -> None:
    desk = await desks()
    lena = desk.house.customer("lena@x", "Lena")
    await lena.writes("The site is down")
    await desk.settle()
    await lena.answers("Still down")
    await desk.interrupted(at="desk.posted")
    await desk.restarts()
    (topic,) = desk.topics
    assert [text.splitlines()[-1] for text in desk.texts(topic)[1:]].count("Still down") == 2


async def test_what_lies_in_a_file_is_shown_as_a_file(desks: Desks) -> None:
    desk = await desks()
    file = {"filename": "log.txt", "content_type": "text/plain", "content": "aGVsbG8="}
    await desk.house.customer("lena@x", "Lena").writes("See the log", attachments=[file])
    await desk.settle()
    (line,) = desk.server.calls("sendDocument")
    assert [(name, bytes.fromhex(content)) for name, content in line.files.values()] == [("log.txt", b"hello")]


async def test_what_the_customer_changed_is_told_under_what_it_was(desks: Desks) -> None:
    desk = await desks()
    lena = desk.house.customer("lena@x", "Lena")
    key = await lena.writes("The site is down")
    await desk.settle()
    edit = {"kind": "edit", "key": key, "sender": {"address": "lena@x"}, "thread": "", "text": "The site is up"}
    desk.house.network.offer("support@acme", json.dumps(edit).encode())
    await desk.settle()
    (topic,) = desk.topics
    assert desk.texts(topic)[-1].startswith("✏️ Lena")
    assert desk.texts(topic)[-1].endswith("The site is up")


async def test_a_desk_shows_its_own_team_only(desks: Desks) -> None:
    desk = await desks(desk='chat = -500\nteam = "nights"')
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    assert not desk.topics
    desk.house.agent("sara").acts(desk.house.only(), "assign", to="team:nights")
    await desk.settle()
    ((topic, _),) = desk.topics.items()
    desk.house.agent("sara").acts(desk.house.only(), "assign", to="team:support")
    await desk.settle()
    await desk.house.customer("lena@x", "Lena").answers("For the others")
    await desk.settle()
    assert "no longer shown here" in desk.texts(topic)[0]
    assert not any("For the others" in text for text in desk.texts(topic))


async def test_what_a_group_bears_in_a_minute_is_kept_and_only_the_newest_title_shown(desks: Desks) -> None:
    desk = await desks(per_minute=3)
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    made = desk.server.calls("createForumTopic", "sendMessage", "pinChatMessage", "editForumTopic")
    assert [line.method for line in made] == ["createForumTopic", "sendMessage", "sendMessage"]
    for state in ("done", "open", "done"):
        desk.house.agent("reza").acts(desk.house.only(), state)
    await desk.settle()
    assert len(desk.server.calls("editForumTopic")) == 0, "nothing more is asked for within the minute"
    for _ in range(4):
        desk.house.clock.advance(timedelta(seconds=61))
        await desk.settle()
    (renamed,) = desk.server.calls("editForumTopic")
    assert renamed.parameters["name"].startswith("⬛")


async def test_a_bot_without_its_rights_goes_on_once_it_has_them(desks: Desks) -> None:
    desk = await desks()
    desk.group.rights["can_manage_topics"] = False
    await desk.house.customer("lena@x", "Lena").writes("The site is down")
    await desk.settle()
    (card,) = desk.shown()
    assert "desk.no_right" in card.error
    desk.group.rights["can_manage_topics"] = True
    desk.house.clock.advance(timedelta(minutes=1))
    await desk.settle()
    assert len(desk.topics) == 1


async def test_a_long_mail_is_cut_and_says_where_the_rest_is(desks: Desks) -> None:
    desk = await desks()
    await desk.house.customer("lena@x", "Lena").writes("word " * 3_000)
    await desk.settle()
    ((topic, _),) = desk.topics.items()
    said = desk.texts(topic)[1]
    assert len(said) < 3_200
    assert said.endswith(f"The rest: #{desk.house.only().reference}")
