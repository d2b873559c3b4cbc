"""Conversations full of what an attacker would write, in every place that comes from outside; two hundred and more vectors."""

from pathlib import Path

import sqlalchemy as sa

from inbox.domain import events as ev
from inbox.domain.ids import ConversationId, MessageId
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.references import DIGITS
from tests.web.sites import SARA, contact, conversation, delivery, message, minutes, tell

VECTORS = tuple(
    (Path(__file__).parents[1] / "corpus" / "xss" / "vectors.txt").read_text("utf-8").rstrip("\n").split("\n")
)
PAGE = 45
"""Messages of one conversation: all of them stand on one page."""


def fill(unit: Unit) -> None:
    """A conversation for each `PAGE` vectors, whose messages are made of them; and one for each vector, for the lists."""
    for start in range(0, len(VECTORS), PAGE):
        _thread(unit, start, VECTORS[start : start + PAGE])
    for number, vector in enumerate(VECTORS):
        who = contact(unit, vector, f"{number}@example.com")
        texts = {"subject": vector, "excerpt": vector, "tags": [vector], "policy": vector}
        conversation(unit, named("Z", number), who, **texts, waiting_since=minutes(-number))


def named(letter: str, number: int) -> str:
    """A reference of its own for each number."""
    return f"{letter}{DIGITS[number // 64]}{DIGITS[number // 8 % 8]}{DIGITS[number % 8]}"


def threads() -> list[str]:
    """The references of the conversations that `fill` makes of many vectors."""
    return [named("H", start) for start in range(0, len(VECTORS), PAGE)]


def _thread(unit: Unit, start: int, some: tuple[str, ...]) -> None:
    whole = " ".join(some)
    who = contact(unit, whole, f"{start}@hostile.example")
    unit.execute(sa.update(t.contact).where(t.contact.c.id == who).values(language="en"))
    fields = [[vector, vector] for vector in some]
    matter = conversation(
        unit, named("H", start), who, subject=whole, tags=list(some), fields=fields, assignee_id=SARA, version=1
    )
    for number, vector in enumerate(some):
        _message(unit, matter, who, vector, number)
    for vector in some:
        tell(unit, matter, 0, ev.Tagged("tagged", (vector,)), ev.Noted("noted", MessageId(1), vector))
        tell(unit, matter, 1, ev.FieldSet("field_set", vector, vector), actor=ev.Actor("rule", None, vector))


def _message(unit: Unit, matter: ConversationId, who: int, vector: str, number: int) -> None:
    direction = ("inbound", "outbound", "note")[number % 3]
    said = message(
        unit,
        matter,
        direction,
        f"{vector}\n\n> {vector}",
        reply_text=vector,
        html=None if direction == "note" else vector,
        contact_id=who if direction == "inbound" else None,
        agent_id=SARA if direction == "note" else None,
        channel=None if direction == "note" else "support",
        sender=[f"{vector}@example.com", vector],
        to=[[vector, vector]],
        cc=[[vector, vector]],
        subject=vector,
        at=minutes(number),
        language="en",
    )
    file = {"filename": vector, "content_type": vector, "size": 1, "start": 0, "length": 1}
    unit.insert(t.attachment, message_id=said, **file)
    delivery(unit, matter, said, ("failed", "parked", "unknown")[number % 3], vector, vector)
