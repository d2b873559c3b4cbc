"""Telling other programs: endpoints as people manage them, and what happens as calls that are owed before anything is sent."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

from pydantic_core import to_json

from inbox.domain.acts import Act, By
from inbox.domain.conversations import Conversation
from inbox.domain.events import Event, Payload
from inbox.domain.problems import Problem
from inbox.domain.webhooks import RULE, TEST, Webhook, secret
from inbox.pipeline.turn import Turn
from inbox.store import audit, conversations, events, webhooks
from inbox.store.unit import Unit

AT_ONCE = 200
"""Events that are told in one unit."""
BOTH = timedelta(days=1)
"""How long after a change of the secret the old one signs as well."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
LONGEST = 2_000
"""Characters of an address."""


def kinds() -> tuple[str, ...]:
    """The kinds of events that an endpoint may ask for."""
    (union, *_) = get_args(Payload)
    return tuple(sorted(get_args(one.__annotations__["kind"])[0] for one in get_args(union)))


def add(
    unit: Unit, name: str, url: str, wanted: Collection[str], allowed: Collection[str], by: By, now: datetime
) -> str:
    """An endpoint under a name; its secret. `wanted`: kinds of events, empty: all; `allowed`: hosts that may be reached in the open.
    Raises Problem."""
    called = name.strip().lower()
    if not _NAME.fullmatch(called):
        raise Problem("webhook.bad_name", name=name.strip()[:60] or "-")
    place = address(url, allowed)
    strange = [one for one in wanted if one not in kinds()]
    if strange:
        raise Problem("webhook.unknown_event", event=strange[0], known=", ".join(kinds()))
    made = secret(unit.entropy.draw(f"webhook {called}"))
    if not webhooks.add(unit, called, place, tuple(dict.fromkeys(wanted)), made, now):
        raise Problem("webhook.taken", name=called)
    audit.record(unit, Act.WEBHOOK_ADDED, by, now, name=called, detail=[place])
    return made


def address(url: str, allowed: Collection[str]) -> str:
    """An address that can be called: https, or http to a host that the config names. Raises Problem."""
    typed = url.strip()
    try:
        parts = urlsplit(typed)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Problem("webhook.bad_address", url=typed[:200]) from error
    plain = typed.isascii() and typed.isprintable() and " " not in typed and len(typed) <= LONGEST
    if not plain or not host or parts.username is not None or parts.fragment or parts.scheme not in ("http", "https"):
        raise Problem("webhook.bad_address", url=typed[:200])
    if parts.scheme == "http" and host not in allowed:
        raise Problem("webhook.in_the_open", host=host)
    return typed


def known(unit: Unit, name: str, now: datetime) -> Webhook:
    """The endpoint of that name. Raises Problem."""
    found = webhooks.named(unit, name, now)
    if found is None:
        raise Problem("webhook.no_such", name=name, known=", ".join(webhooks.names(unit)) or "-")
    return found


def rotate(unit: Unit, name: str, by: By, now: datetime) -> str:
    """Another secret, which signs from now on; for a day the old one does too. Raises Problem."""
    endpoint = known(unit, name, now)
    made = secret(unit.entropy.draw(f"webhook {name}"))
    webhooks.rotate(unit, endpoint.id, made, now + BOTH)
    audit.record(unit, Act.WEBHOOK_CHANGED, by, now, name=name, detail=["secret"])
    return made


def switch(unit: Unit, name: str, by: By, now: datetime, *, off: bool) -> None:
    """Off, or on again; what it is owed waits meanwhile. Raises Problem."""
    webhooks.switch(unit, known(unit, name, now).id, off=off)
    audit.record(unit, Act.WEBHOOK_CHANGED, by, now, name=name, detail=["off" if off else "on"])


def remove(unit: Unit, name: str, by: By, now: datetime) -> None:
    """It is told nothing any more. Raises Problem."""
    webhooks.remove(unit, known(unit, name, now).id, now)
    audit.record(unit, Act.WEBHOOK_REMOVED, by, now, name=name)


def test(unit: Unit, name: str, now: datetime) -> None:
    """It is owed a call that tells nothing. Raises Problem."""
    cause = f"test {unit.entropy.token('test')}"
    webhooks.owe(unit, known(unit, name, now).id, cause, TEST, _body(TEST, now, {"webhook": name}), now)


def feed(unit: Unit, now: datetime) -> int:
    """Owe the next events of the change feed to whoever asked for them; how many events there were."""
    endpoints = webhooks.every(unit, now)
    if not endpoints:
        return 0
    told = events.since(unit, webhooks.upto(unit), AT_ONCE)
    for event in told:
        asking = [one for one in endpoints if not one.disabled and (not one.events or event.payload.kind in one.events)]
        if asking and not getattr(event.payload, "history", False):  # old mail that is brought in is news to nobody
            body = _told(unit, event)
            for one in asking:
                webhooks.owe(unit, one.id, f"event {event.id}", f"conversation.{event.payload.kind}", body, now)
    if told and told[-1].id is not None:
        webhooks.reached(unit, told[-1].id)
    return len(told)


def matched(turn: Turn, name: str, rule: str) -> bool:
    """A rule that matched tells an endpoint so, once a run; False where there is none of that name any more, or it is off."""
    endpoint = webhooks.named(turn.unit, name, turn.now)
    if endpoint is None or endpoint.disabled:
        return False
    matter = turn.conversation
    body = _body(RULE, turn.now, {**_matter(matter), "rule": rule})
    return webhooks.owe(turn.unit, endpoint.id, f"rule {matter.id} {matter.version} {rule}", RULE, body, turn.now)


def _told(unit: Unit, event: Event) -> str:
    """An event as programs hear it: what it is, and how the conversation stood by the time of telling."""
    fact = {
        "version": event.version,
        "at": event.at,
        "actor": {"kind": event.actor.kind, "id": event.actor.id, "name": event.actor.name},
        "via": event.via,
        "kind": event.payload.kind,
        "payload": events.told(event),
    }
    return _body(
        f"conversation.{event.payload.kind}",
        event.at,
        {**_matter(conversations.peek(unit, event.conversation)), "event": fact},
    )


def _matter(matter: Conversation) -> dict[str, object]:
    names = {"state": matter.state.value, "priority": matter.priority.value, "version": matter.version}
    return {"conversation": {"reference": matter.reference, "subject": matter.subject, **names}}


def _body(kind: str, at: datetime, data: object) -> str:
    return to_json({"type": kind, "timestamp": at, "data": data}).decode()
