"""Conversations full of what an attacker would write, in every place that comes from outside; two hundred and more vectors."""

from pathlib import Path

import sqlalchemy as sa

from inbox.domain import events as ev
from inbox.domain.ids import ConversationId, MessageId
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.references import DIGITS
from tests.web.sites import NOW, OMID, SARA, contact, conversation, delivery, message, minutes, tell

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


WHOLE = " ".join(VECTORS)
"""All of them at once: whatever a page does with one of them, it does here."""
SPREAD: dict[str, tuple[str, ...]] = {
    "agent": ("name", "skills"),
    "team": ("title",),
    "organization": ("name", "tags"),
    "organization_note": ("text",),
    "person_note": ("text",),
    "contact": ("name", "role", "tags", "fields"),
    "identity": ("name",),
    "conversation": ("subject", "excerpt", "tags", "fields", "policy"),
    "message": ("subject", "text", "reply_text", "html", "to", "cc"),
    "attachment": ("filename", "content_type"),
    "asset": ("serial", "product", "model", "warranty_terms", "service_terms", "notes"),
    "saved_view": ("name", "query"),
    "access_token": ("name",),
    "webhook": ("name", "url", "why"),
    "session": ("browser", "address"),
    "audit": ("name", "detail", "address"),
    "absence": ("reason",),
    "closure": ("reason",),
    "task": ("text",),
    "kept_file": ("filename",),
    "survey": ("comment",),
    "article_version": ("title", "keywords", "body"),
    "measured_tag": ("tag",),
    "delivery": ("error",),
    "outage": ("words",),
    "promise": ("text",),
}
"""Where words stand that somebody else wrote, or could have."""
LISTS = {"tags", "skills"}


def spread(unit: Unit, said: str = WHOLE) -> list[str]:
    """Every such place of whatever is there says all vectors, or that; the tables in which there was nothing."""
    empty, pair = [], [[said, said]]
    several: dict[str, object] = {"fields": pair, "to": pair, "cc": pair, "words": {"en": said, "fa": said}}
    for name, columns in SPREAD.items():
        table = t.metadata.tables[name]
        values = {one: several.get(one) or ([said] if one in LISTS else said) for one in columns}
        changed = unit.execute(sa.update(table).values(values)).rowcount
        empty += [name] * (changed == 0)
    for one in unit.execute(sa.select(t.message.c.id, t.message.c.sender)).all():  # whose it is says the address
        unit.execute(sa.update(t.message).where(t.message.c.id == one.id).values(sender=[one.sender[0], said]))
    return empty


def one_of_each(unit: Unit, matter: ConversationId) -> None:
    """A row where `spread` would find none."""
    who = unit.execute(sa.select(t.conversation.c.contact_id).where(t.conversation.c.id == matter)).scalar_one()
    firm = unit.execute(sa.select(sa.func.min(t.organization.c.id))).scalar_one()
    digest = unit.execute(sa.select(sa.func.min(t.blob.c.digest))).scalar_one()
    said = {"agent_id": SARA, "at": NOW, "text": "x"}
    unit.insert(t.organization_note, organization_id=firm, **said)
    unit.insert(t.person_note, contact_id=who, **said)
    unit.insert(t.kept_file, contact_id=who, digest=digest, filename="x", size=1, at=NOW)
    unit.insert(t.saved_view, agent_id=OMID, name="x", query="is:open", made_at=NOW)
    unit.insert(t.saved_view, agent_id=SARA, name="x", query="is:open", made_at=NOW)
    unit.insert(t.task, conversation_id=matter, made_at=NOW, due_at=NOW, text="x", agent_id=OMID)
    unit.insert(t.absence, agent_id=SARA, start=NOW, end=minutes(600), reason="x")
    unit.insert(t.closure, day="2026-11-25", reason="x", made_at=NOW)
    named = {"code": "A7", "serial": "1", "product": "x", "contact_id": who}
    unit.insert(t.asset, **named, added_at=NOW, changed_at=NOW)
    unit.insert(t.outage, tag="down", words={"en": "x"}, began_at=NOW, news_at=NOW)
    unit.add(t.measured_tag, {"conversation_id": matter, "tag": "x"})
