"""What an attacker would write into every field that comes from outside."""

import sqlalchemy as sa

from inbox.domain import events as ev
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.sites import SARA, contact, conversation, delivery, message, minutes, tell

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</p></main><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<a href=javascript:alert(1)>x</a>",
    "\u202ereversed<b>",
]


def poison(unit: Unit, vector: str) -> None:
    """A conversation in which every text that comes from outside is the vector."""
    who = contact(unit, vector, f"{vector}@example.com")
    unit.execute(sa.update(t.agent).values(name=vector))
    texts = {"subject": vector, "excerpt": vector, "tags": [vector], "fields": [[vector, vector]], "policy": vector}
    matter = conversation(unit, "X2SS", who, **texts, assignee_id=SARA, due_at=minutes(5))
    said = message(unit, matter, "inbound", f"{vector}\n\n> {vector}", reply_text=vector, sender=[vector, vector])
    file = {"filename": vector, "content_type": vector, "size": 1, "start": 0, "length": 1}
    unit.insert(t.attachment, message_id=said, **file)
    delivery(unit, matter, said, "failed", vector, vector)
    tell(unit, matter, 0, ev.Tagged("tagged", (vector,)), ev.SubjectSet("subject_set", vector))
    tell(unit, matter, 1, ev.FieldSet("field_set", vector, vector), actor=ev.Actor("rule", None, vector))
