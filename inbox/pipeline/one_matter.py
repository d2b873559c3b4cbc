"""A link that opens one conversation and no more: it is sealed with the site's secret, names the contact whom it was sent to, and ends.

HMAC-SHA-256 over conversation, contact and day, 130 bits of it. Nothing is stored; another secret makes all of them worthless.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta

from inbox.domain.conversations import Conversation
from inbox.domain.entropy import base32
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook
from inbox.store import conversations
from inbox.store.shown import find
from inbox.store.unit import Unit

PATH = "/portal/m"
FOR = "for"
"""The part of an article's address that says, by such a token, to whose conversation it was offered."""
HOLDS = timedelta(days=30)
_SEALED = r"[0-9]+-[0-9]+-[0-9]{8}-[a-z2-7]{26}"


def link(matter: ConversationId, contact: ContactId, playbook: Playbook, now: datetime) -> str:
    """Its address; empty on a site without a portal, or whose pages nobody can find."""
    if playbook.portal is None or not playbook.public_url:
        return ""
    return f"{playbook.public_url}{PATH}/{token(matter, contact, playbook, now)}"


def token(matter: ConversationId, contact: ContactId, playbook: Playbook, now: datetime) -> str:
    """What makes it open that conversation: characters of an address."""
    said = f"{matter}-{contact}-{(now.astimezone(UTC) + HOLDS):%Y%m%d}"
    return f"{said}-{_seal(said, playbook)}"


def opened(unit: Unit, token: str, playbook: Playbook, now: datetime) -> tuple[str, Scope] | None:
    """The reference of the conversation that it opens, and what may be read by it; None as for `named`."""
    found = named(unit, token, playbook, now)
    return None if found is None else (found.reference, Scope.of_token(found.id))


def named(unit: Unit, token: str, playbook: Playbook, now: datetime) -> Conversation | None:
    """The conversation that it opens; None for a link that we did not make, that has ended, or whose conversation is another contact's
    by now."""
    said, _, seal = token.rpartition("-")
    if not seal.isascii() or not hmac.compare_digest(_seal(said, playbook), seal):
        return None
    matter, contact, day = said.split("-")
    if day < f"{now.astimezone(UTC):%Y%m%d}":
        return None
    present = find(unit, Scope.house(), conversations.peek(unit, ConversationId(int(matter))).reference)
    found = None if present is None else conversations.peek(unit, present)
    return None if found is None or found.contact != ContactId(int(contact)) else found


def without_links(text: str, playbook: Playbook) -> str:
    """What we wrote to somebody, for a colleague of theirs: the link that opens the conversation leads to the portal, where whoever
    opens it has to come in, and that of an article to the article alone. They would hold longer than their right to read."""
    portal = re.sub(rf"\S*{PATH}/{_SEALED}", lambda _: f"{playbook.public_url}/portal", text)
    return re.sub(rf"\?{FOR}={_SEALED}", "", portal)


def _seal(said: str, playbook: Playbook) -> str:
    return base32(hmac.digest(playbook.secret, f"one matter {said}".encode(), "sha256"))[:26]
