"""The guarantees are the database's own: a raw insert that would break one is refused, on both kinds."""

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import NOW, conversation, said

DIGEST = "ab" * 32


@pytest.fixture
def known(store: Store) -> Mapping[str, int]:
    """The ids of a conversation and two messages of it."""

    def work(unit: Unit) -> dict[str, int]:
        matter = conversation(unit)
        return {"conversation_id": matter, "message_id": said(unit, matter), "other": said(unit, matter)}

    return store.write_now(work)


ARRIVAL = {"channel": "mail", "key": "1", "received_at": NOW, "size": 1}
MESSAGE = {
    "direction": "inbound",
    "at": NOW,
    "channel": "mail",
    "fingerprint": "f",
    "sender": [],
    "to": [],
    "cc": [],
    "reply_to": [],
    "defects": [],
}
DELIVERY = {
    "channel": "mail",
    "purpose": "reply",
    "rank": 0,
    "part": 0,
    "lane": "a@example.org",
    "cause": "reply 1",
    "recipients": [],
    "not_before": NOW,
    "created_at": NOW,
}
EVENT = {"version": 7, "at": NOW, "actor_kind": "house", "kind": "noted", "payload": {}}
CLOCK = {"metric": "first_reply", "cycle": 1, "started_at": NOW, "pauses": []}
CONVERSATION = {"channel": "mail", "contact_id": 1, "reference": "Z9Z9", "tags": [], "fields": [], "pinned": []}
MATTER = ("conversation_id",)
BOTH = ("conversation_id", "message_id")


@pytest.mark.parametrize(
    ("table", "row", "ids", "differently"),
    [
        (t.arrival, ARRIVAL, (), {"received_at": NOW, "size": 2}),
        (t.message, MESSAGE, MATTER, {"text": "other words"}),
        (t.event, EVENT, MATTER, {"kind": "tagged"}),
        (t.delivery, DELIVERY, BOTH, {"cause": "another", "lane": "b@example.org"}),
        (t.delivery, DELIVERY, BOTH, {"message_id": "other"}),
        (t.clock, CLOCK, MATTER, {"target": "1 hour (24x7)"}),
        (t.conversation, CONVERSATION, (), {"subject": "another"}),
        (t.idempotency, {"actor": "a", "route": "r", "key": "k", "at": NOW}, (), {"parameters": "others"}),
        (t.lease, {"name": "receiver", "holder": "a", "epoch": 1, "expires_at": NOW}, (), {"holder": "b"}),
        (t.blob, {"digest": DIGEST, "size": 1, "stored_at": NOW}, (), {"size": 2}),
        (t.agent, {"handle": "sara"}, (), {"name": "Another"}),
        (t.team, {"name": "support"}, (), {"title": "Another"}),
        (t.identity, {"contact_id": 1, "kind": "email", "address": "x@y", "created_at": NOW}, (), {"name": "z"}),
        (t.thread, {"channel": "mail", "key": "chat 1"}, MATTER, {}),
        (t.message_key, {"kind": "email", "key": "<1>"}, BOTH, {"ours": True}),
        (t.link, {"digest": "d", "purpose": "login", "expires_at": NOW}, (), {"purpose": "other"}),
        (t.session, {"digest": "d", "created_at": NOW, "expires_at": NOW}, (), {}),
    ],
    ids=lambda value: value.name if isinstance(value, sa.Table) else None,
)
def test_a_second_row_of_the_same_key_is_refused(
    store: Store,
    known: Mapping[str, int],
    table: sa.Table,
    row: dict[str, Any],
    ids: tuple[str, ...],
    differently: dict[str, Any],
) -> None:
    first = {**row, **{name: known[name] for name in ids}}
    second = {**first, **{name: known.get(str(value), value) for name, value in differently.items()}}
    store.write_now(Unit.add, table, first)
    with pytest.raises(exc.IntegrityError):
        store.write_now(Unit.add, table, second)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (t.arrival, {**ARRIVAL, "channel": "nobody"}),
        (t.arrival, {**ARRIVAL, "blob": DIGEST}),
        (t.event, {**EVENT, "conversation_id": 99}),
        (t.message, {**MESSAGE, "conversation_id": 99}),
        (t.message, {**MESSAGE, "conversation_id": 1, "arrival_id": 99}),
        (t.delivery, {**DELIVERY, "conversation_id": 1, "message_id": 99}),
        (t.delivery_body, {"message_id": 99, "part": 0, "body": b"x"}),
        (t.arrival_raw, {"arrival_id": 99, "raw": b"x"}),
        (t.clock, {**CLOCK, "conversation_id": 99}),
        (t.conversation, {**CONVERSATION, "contact_id": 99}),
        (t.identity, {"contact_id": 99, "kind": "email", "address": "x@y", "created_at": NOW}),
        (t.participant, {"conversation_id": 1, "identity_id": 99, "since": NOW}),
        (t.message_key, {"kind": "email", "key": "k", "conversation_id": 1, "message_id": 99}),
        (t.recipient, {"delivery_id": 99, "address": "x@y", "state": "sent"}),
    ],
)
def test_a_row_that_points_to_nothing_is_refused(
    store: Store, known: Mapping[str, int], table: sa.Table, row: dict[str, Any]
) -> None:
    assert known["conversation_id"] == 1
    with pytest.raises(exc.IntegrityError):
        store.write_now(Unit.add, table, row)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (t.arrival, {**ARRIVAL, "key": None}),
        (t.event, {**EVENT, "conversation_id": 1, "version": None}),
        (t.delivery, {**DELIVERY, "conversation_id": 1, "message_id": 1, "lane": None}),
        (t.lease, {"name": "receiver", "holder": "a", "epoch": None, "expires_at": NOW}),
    ],
)
def test_what_a_guarantee_rests_on_is_never_empty(
    store: Store, known: Mapping[str, int], table: sa.Table, row: dict[str, Any]
) -> None:
    assert known
    with pytest.raises(exc.IntegrityError):
        store.write_now(Unit.add, table, row)


def test_a_fingerprint_is_one_message_a_channel_and_none_is_no_fingerprint(
    store: Store, known: Mapping[str, int]
) -> None:
    """Our own messages have none, and there are many of them."""
    rows = [{**MESSAGE, "conversation_id": known["conversation_id"], "fingerprint": None} for _ in range(2)]
    store.write_now(Unit.add, t.message, *rows)
    count = sa.select(sa.func.count()).select_from(t.message)
    assert store.read_now(lambda unit: unit.execute(count).scalar_one()) == 4
