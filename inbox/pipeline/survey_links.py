"""The link of a survey: sealed with the site's secret for one survey of one conversation and one contact, until a day. Whoever has it
may answer, and change the answer; nothing else opens by it.

HMAC-SHA-256 over the kind, conversation, contact and day, 130 bits of it. Nothing is stored; another secret makes all of them worthless.
"""

import hmac
import re
from datetime import UTC, datetime

from inbox.domain.entropy import base32
from inbox.domain.ids import ConversationId
from inbox.domain.ratings import Survey
from inbox.pipeline.playbook import Playbook
from inbox.store import conversations, surveys
from inbox.store.surveys import Asked
from inbox.store.unit import Unit

PATH = "/portal/r"
_LINK = re.compile(r"((csat|nps)-([0-9]{1,18})-([0-9]{1,18})-([0-9]{8}))-([a-z0-9]{26})")


def link(asked: Asked, ends_at: datetime, playbook: Playbook) -> str:
    """Its address; empty on a site without a portal, or whose pages nobody can find."""
    if playbook.portal is None or not playbook.public_url:
        return ""
    return f"{playbook.public_url}{page(asked, ends_at, playbook)}"


def page(asked: Asked, ends_at: datetime, playbook: Playbook) -> str:
    """The page to which the link leads, below the address of the site."""
    said = f"{asked.kind.value}-{asked.conversation}-{asked.contact}-{ends_at.astimezone(UTC):%Y%m%d}"
    return f"{PATH}/{said}-{_seal(said, playbook)}"


def opened(unit: Unit, token: str, playbook: Playbook, now: datetime) -> Asked | None:
    """The survey that it opens; None for a link that we did not make, that has ended, or whose conversation is another
    contact's by now."""
    found = _LINK.fullmatch(token)
    if found is None or not hmac.compare_digest(_seal(found[1], playbook), found[6]):
        return None
    if found[5] < f"{now.astimezone(UTC):%Y%m%d}":
        return None
    asked = surveys.of(unit, Survey(found[2]), ConversationId(int(found[3])))
    if asked is None or asked.contact != int(found[4]) or not asked.takes(now):
        return None
    return asked if conversations.peek(unit, asked.conversation).contact == asked.contact else None


def _seal(said: str, playbook: Playbook) -> str:
    return base32(hmac.digest(playbook.secret, f"survey {said}".encode(), "sha256"))[:26]
