"""A rulebook that is live on a site, and a decision that it made on a conversation of the samples."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from inbox.domain import events as ev
from inbox.domain.ids import ChannelName, ConversationId, DecisionId, MessageId
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.render import Templates
from inbox.rulebook.given import given
from inbox.rulebook.load import load
from inbox.rulebook.match import evaluate
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page
from inbox.rulebook.rulebook import Rulebook
from inbox.store import decisions, live
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.sites import NOW, Site, tell

NAMES = Names(teams=frozenset({"orders"}), agents=frozenset({"sara", "omid"}), channels=frozenset({"support"}))
FILES = {
    "rules/10-orders.toml": """
[[rule]]
name = "parcels"
when.text.mentions = ["tracking page", "مرسوله"]
then.team = "orders"
then.tag = ["parcel"]

[[rule]]
name = "مالی <b>"
when.any = [{ subject.mentions = ["بازگشت وجه"] }, { channel = "support", text.mentions = ["refund"] }]
when.not = { automatic = true }
then.priority = "high"
final = true

[[rule]]
name = "asleep"
enabled = false
then.tag = ["asleep"]
""",
    "rules/20-last.toml": """
[[rule]]
name = "everything else"
on = ["conversation-opened", "reply-sent"]
then.priority = "low"
""",
}


def rulebook() -> Rulebook:
    """The rules of FILES."""
    return load(FILES, NAMES)


def book() -> Playbook:
    """The playbook of a site with these rules and one channel."""
    name = ChannelName("support")
    speaker = Speaker(name, "email", MemoryCodec(MemoryOptions()), (), Brand("acme", "Acme"), timedelta(days=7))
    return Playbook("en", "Asia/Tehran", rulebook(), {}, {}, {name: speaker}, Templates([]))


def go_live(site: Site) -> None:
    """They are in force since an hour."""
    book, since = rulebook(), NOW - timedelta(hours=1)
    site.store.write_now(decisions.put_revision, book.revision, book.files, since)
    site.store.write_now(live.went, book.revision, "files", {}, since)


def decided(site: Site, reference: str = "K7Q2", ago: timedelta = timedelta(hours=2)) -> DecisionId:
    """A decision on that conversation's first message, as the live rules make it."""
    return site.store.write_now(_decided, reference, ago)


def _decided(unit: Unit, reference: str, ago: timedelta) -> DecisionId:
    c, m = t.conversation.c, t.message.c
    matter = ConversationId(unit.execute(sa.select(c.id).where(c.reference == reference)).scalar_one())
    said = unit.execute(sa.select(m.id, m.text).where(m.conversation_id == matter).order_by(m.id)).first()
    assert said is not None
    facts = replace(given(Page("", {}, NAMES), (), {"channel": "support"}), text=said[1], sender="lena@example.com")
    made = evaluate(rulebook(), facts)
    id = decisions.add(unit, matter, MessageId(said[0]), made.revision, made.to_json(), NOW - ago, made.matched)
    tell(unit, matter, -1, ev.Decided("decided", id, made.revision, made.matched))
    return id
