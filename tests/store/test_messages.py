"""Messages as they were said, the keys by which later ones find them, and the conversations that they wait in."""

from dataclasses import replace

from inbox.domain.happenings import Address, Attachment, InboundMessage
from inbox.domain.ids import ChannelName, ConversationId, MessageId, NetworkKey
from inbox.domain.messages import Direction
from inbox.store import arrivals, awaiting, channels, conversations, edits, messages
from inbox.store.arrivals import Landing
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.race import race
from tests.store.rows import MAIL, NOW, contact, conversation, later, meet, said, waiting

SAID = InboundMessage(
    "message",
    NetworkKey("<1@example.org>"),
    "f" * 64,
    Address("ali@example.org", "علی"),
    to=(Address("support@example.org"),),
    cc=(Address("b@example.org", "B"),),
    reply_to=(Address("c@example.org"),),
    subject="فاکتور",
    text="سلام\n> متن",
    reply_text="سلام",
    html="<p>سلام</p>",
    sent_at=later(hours=-1),
    language="fa",
    attachments=(
        Attachment("a.pdf", "application/pdf", 10, 5, 14, "base64"),
        Attachment("b", "image/png", 1, inline=True),
    ),
    defects=("no-date",),
)


def add(unit: Unit, matter: ConversationId, inbound: InboundMessage = SAID) -> MessageId:
    """An inbound message with an arrival of its own."""
    arrivals.land(unit, MAIL, [Landing(inbound.fingerprint, 1, b"x")], None, NOW)
    arrival = waiting(unit)[-1].id
    return messages.add_inbound(unit, matter, None, contact(unit), MAIL, arrival, inbound, NOW)


def test_an_inbound_message_comes_back_as_it_was(store: Store) -> None:
    matter = store.write_now(conversation)
    id = store.write_now(add, matter)
    (found,) = store.read_now(messages.of, matter)
    assert (found.id, found.direction, found.at, found.key) == (id, Direction.INBOUND, NOW, SAID.key)
    for name in (
        "to",
        "cc",
        "reply_to",
        "subject",
        "text",
        "reply_text",
        "html",
        "sent_at",
        "language",
        "defects",
        "sender",
    ):
        assert getattr(found, name) == getattr(SAID, name), name
    assert found.answer_to == Address("c@example.org")
    files = store.read_now(messages.attachments, [id])
    assert [(f.message, f.file) for f in files] == [(id, SAID.attachments[0]), (id, SAID.attachments[1])]
    assert store.read_now(messages.seen, MAIL, SAID.fingerprint) == id
    assert store.read_now(messages.seen, ChannelName("other"), SAID.fingerprint) is None


def test_notes_are_for_those_who_may_read_them(store: Store) -> None:
    matter = store.write_now(conversation)
    store.write_now(add, matter)
    store.write_now(said, matter, "ours")
    store.write_now(lambda u: said(u, matter, "between us", direction=Direction.NOTE, channel=None))
    assert [m.text for m in store.read_now(messages.of, matter)] == [SAID.text, "ours", "between us"]
    outside = store.read_now(lambda u: messages.of(u, matter, notes=False))
    assert [m.text for m in outside] == [SAID.text, "ours"]


def test_a_reply_answers_the_latest_of_a_person_and_a_machine_only_if_there_is_no_other(store: Store) -> None:
    matter = store.write_now(conversation)
    assert store.read_now(messages.last_inbound, matter) is None
    machine = replace(SAID, fingerprint="m", automatic="auto-reply", text="away")
    store.write_now(add, matter, machine)
    assert _last(store, matter) == "away"
    store.write_now(add, matter, replace(SAID, fingerprint="p", text="person"))
    store.write_now(add, matter, replace(machine, fingerprint="n", text="away again"))
    assert _last(store, matter) == "person"


def _last(store: Store, matter: ConversationId) -> str:
    found = store.read_now(messages.last_inbound, matter)
    return "" if found is None else found.text


# -- how messages find one another -------------------------------------------------------------------------------------
def test_a_key_finds_its_message_in_the_order_of_the_asking(store: Store) -> None:
    matter = store.write_now(conversation)
    one, two = store.write_now(said, matter), store.write_now(said, matter)
    store.write_now(lambda u: messages.name(u, [("email", NetworkKey("a"))], one, matter, ours=True))
    store.write_now(lambda u: messages.name(u, [("email", NetworkKey("b"))], two, matter, ours=False))
    store.write_now(lambda u: messages.name(u, [("email", NetworkKey(""))], two, matter, ours=False))
    keys = [NetworkKey(k) for k in ("x", "b", "a", "")]
    found = store.read_now(messages.look_up, "email", keys)
    assert [(k.key, k.message, k.conversation, k.ours) for k in found] == [
        ("b", two, matter, False),
        ("a", one, matter, True),
    ]
    for few in (keys[1:], keys[1:3], [*keys, NetworkKey("y")]):  # whatever the length that their list is prepared for
        assert store.read_now(messages.look_up, "email", few) == found
    assert store.read_now(messages.look_up, "telegram", keys) == []
    assert store.read_now(messages.look_up, "email", []) == []


def test_two_messages_may_claim_one_key_and_the_newer_is_found_first(store: Store) -> None:
    matter = store.write_now(conversation)
    ids = [store.write_now(said, matter) for _ in range(2)]
    for id in ids:
        store.write_now(messages.name, [("email", NetworkKey("a"))], id, matter, ours=False)
    found = store.read_now(messages.look_up, "email", [NetworkKey("a")])
    assert [k.message for k in found] == ids[::-1]


def test_what_was_answered_before_we_saw_it_is_awaited(store: Store) -> None:
    matter, later_one = store.write_now(conversation, "K2"), store.write_now(conversation, "K3")
    keys = [NetworkKey("a"), NetworkKey("a"), NetworkKey("b")]
    for where in (later_one, matter):
        id = store.write_now(said, where)
        store.write_now(awaiting.begin, "email", keys, id, where)
    assert store.read_now(awaiting.conversations, "email", [NetworkKey("b"), NetworkKey("x")]) == [matter, later_one]
    assert store.read_now(awaiting.conversations, "email", []) == []


def test_a_token_leads_to_its_message_the_newest_of_several(store: Store) -> None:
    matter = store.write_now(conversation)
    ids = [store.write_now(said, matter) for _ in range(2)]
    for token, id in zip(("t1", "t2"), ids, strict=True):
        store.write_now(messages.name, [(messages.REPLY_ADDRESS, NetworkKey(token))], id, matter, ours=True)
    found = store.read_now(messages.of_token, ["t1", "t2", "forged"])
    assert found is not None
    assert (found.message, found.conversation, found.ours) == (ids[1], matter, True)
    assert store.read_now(messages.of_token, ["forged"]) is None
    assert store.read_now(messages.of_token, []) is None


def test_references_are_the_first_key_and_the_newest_oldest_first(store: Store) -> None:
    matter = store.write_now(conversation)
    for n in range(40):
        store.write_now(said, matter, key=NetworkKey(f"k{n}") if n % 2 else NetworkKey(""))
    assert store.read_now(messages.keys_of, matter, 3) == ["k1", "k37", "k39"]
    assert len(store.read_now(messages.keys_of, matter)) == 20


# -- conversations -----------------------------------------------------------------------------------------------------
def test_a_reference_names_one_conversation(store: Store, other: Store) -> None:
    who = store.write_now(contact)

    def draw(unit: Unit) -> ConversationId | None:
        return conversations.draft(unit, "K7Q2", MAIL, who)

    found = race((store, draw), (other, draw))
    (taken,) = [id for id in found if id is not None]
    assert None in found
    assert store.read_now(conversations.by_reference, "K7Q2") == taken
    assert store.read_now(conversations.by_reference, "K7Q3") is None


def test_whoever_takes_part_does_so_once(store: Store) -> None:
    matter = store.write_now(conversation)
    _, ali = store.write_now(meet, "ali@example.org")
    _, eve = store.write_now(meet, "eve@example.org")
    for _ in range(2):
        store.write_now(conversations.add_participant, matter, ali.id, NOW)
    assert store.read_now(conversations.takes_part, matter, ali.id)
    assert not store.read_now(conversations.takes_part, matter, eve.id)


def test_a_container_belongs_to_the_conversation_that_it_last_spoke_in(store: Store) -> None:
    one, two = store.write_now(conversation, "K2"), store.write_now(conversation, "K3")
    thread = store.write_now(conversations.put_thread, MAIL, "chat 7", one)
    assert store.write_now(conversations.put_thread, MAIL, "chat 7", two) == thread
    assert store.read_now(conversations.of_thread, MAIL, "chat 7") == two
    assert store.read_now(conversations.of_thread, MAIL, "chat 8") is None
    assert store.read_now(conversations.thread_key, thread) == "chat 7"


def test_the_cursor_of_a_channel_that_is_gone_is_none(store: Store) -> None:
    assert store.read_now(channels.cursor, ChannelName("gone")) is None
    assert store.read_now(channels.one, ChannelName("gone")) is None


def test_what_became_of_a_message_stands_beside_it(store: Store) -> None:
    matter = store.write_now(conversation)
    id = store.write_now(add, matter)

    def change(unit: Unit, fingerprint: str, text: str) -> bool:
        return edits.add(unit, id, waiting(unit)[-1].id, fingerprint, text, later(hours=1), later(hours=2))

    assert [store.write_now(change, f, words) for f, words in (("e1", "b"), ("e2", "c"), ("e1", "b"))] == [
        True,
        True,
        False,
    ]
    assert [(v.text, v.at, v.edited_at) for v in store.read_now(edits.of, [id])] == [
        ("b", later(hours=2), later(hours=1)),
        ("c", later(hours=2), later(hours=1)),
    ]
    (found,) = store.read_now(messages.of, matter)
    assert found.text == SAID.text
    assert store.read_now(edits.standing, found).text == "c"
    assert [v.text for v in store.read_now(edits.of, [id], 0)] == ["", ""]
