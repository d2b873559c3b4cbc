"""Webhooks: endpoints that are told what happens, and the calls that are owed to them (Standard Webhooks: signed, retried, keyed)."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.domain.ids import CallId, WebhookId

MARK = "whsec_"
"""Stands before every secret."""
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400)
)
"""After which try how long is waited for the next, before chance moves it: four days in all."""
JITTER = 0.2
"""The share of a wait by which chance moves it, either way."""
LONGEST_WAIT = timedelta(days=1)
"""What a receiver asks for beyond it is not waited."""
TEST = "webhook.test"
RULE = "rule.matched"


class CallState(StrEnum):
    """How a call stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint. `events`: kinds of events that it is told of, empty: all. `why`: what switched it off."""

    id: WebhookId
    name: str
    url: str
    events: tuple[str, ...]
    secrets: tuple[str, ...] = field(repr=False)
    """That which signs, and after a change the one before it as long as both do."""
    disabled: bool
    why: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that one endpoint is told. `key`: by which the receiver knows that it has heard it; `error`: a stored problem."""

    id: CallId
    webhook: WebhookId
    key: str
    kind: str
    body: str
    state: CallState
    attempts: int
    not_before: datetime
    created_at: datetime
    settled_at: datetime | None = None
    status: int | None = None
    error: str = ""


def secret(chance: bytes) -> str:
    """The secret that these bytes (24 to 64) are."""
    return MARK + b64encode(chance).decode()


def signature(secrets: Sequence[str], key: str, at: datetime, body: bytes) -> str:
    """The header `webhook-signature`: HMAC-SHA256 of `key.seconds.body` by each secret, so that either of two is enough."""
    told = f"{key}.{int(at.timestamp())}.".encode() + body
    made = (hmac.new(b64decode(one.removeprefix(MARK)), told, hashlib.sha256).digest() for one in secrets)
    return " ".join(f"v1,{b64encode(one).decode()}" for one in made)


def headers(secrets: Sequence[str], key: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with the body."""
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(secrets, key, at, body),
        "content-type": "application/json",
    }


def wait(attempts: int, dice: float) -> timedelta | None:
    """How long after so many tries the next one comes; None: no more. `dice`: from 0 to 1."""
    if not 0 < attempts <= len(WAITS):
        return None
    return WAITS[attempts - 1] * (1 + JITTER * (2 * dice - 1))
