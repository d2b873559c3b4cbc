"""A site with years of work in it, made up and written straight into the store: for what pages cost when there is much."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench.past import ZONE
from bench.site import Site, config, listener_intake, make_site
from inbox.domain.ids import ConversationId
from inbox.runtime.clocks import SystemClock
from inbox.runtime.measurer import Measurer
from inbox.runtime.wakes import ProcessWake
from inbox.store import search
from inbox.store import tables as t
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.references import reference

AGENTS, TEAMS, CONTACTS = 50, 5, 0.2
"""People of ours; contacts for each conversation."""
OPEN, WAITING, SNOOZED, SPAM = 3_000, 1_000, 500, 500
"""How many conversations are not over; all others are done, however many there are."""
LEAST = 10_000
"""Conversations below which as many fewer are not over."""
EACH = 10
"""Messages of a conversation."""
AT_ONCE = 1_000
COMMON = [
    "the",
    "customer",
    "says",
    "that",
    "since",
    "yesterday",
    "nothing",
    "works",
    "and",
    "asks",
    "for",
    "help",
    "with",
    "an",
    "invoice",
    "order",
    "parcel",
    "refund",
    "please",
    "thank",
    "you",
    "سلام",
    "لطفاً",
    "از",
    "دیروز",
    "هیچ",
    "کار",
    "نمی\u200cکند",
    "پیگیری",
    "کنید",
    "با",
    "تشکر",
    "شماره",
    "سفارش",
    "مرسوله",
    "فاکتور",
    "بازپرداخت",
    "می\u200cشود",
    "هنوز",
    "نرسیده",
    "است",
]
RARE = 40_000


@dataclass(frozen=True, slots=True)
class Many:
    """How much there is."""

    conversations: int

    @property
    def messages(self) -> int:
        """All of them."""
        return self.conversations * EACH


def built(folder: Path, many: Many, smtp_port: int, listener_port: int, web_port: int) -> Site:
    """The site in that folder; one that is there from before is brought up to date, and taken with these ports. What reports
    count is counted, as where people have worked for years: a daemon would else be busy with it for minutes."""
    configured = config(listener_intake(listener_port), smtp_port, web_port)
    there = (folder / "filled").exists()
    if there:
        (folder / "config.toml").write_text(configured, encoding="utf-8")
    site = Site(folder, web_port) if there else make_site(folder, configured, web_port)
    (folder / "data").mkdir(exist_ok=True)
    store = Store("sqlite:///data/inbox.db", folder)
    migrate(store)
    if not there:
        fill(store, many)
    asyncio.run(Measurer(store, ProcessWake(), SystemClock(), ZoneInfo(ZONE)).settle())
    store.close()
    (folder / "filled").write_text(str(many.conversations), encoding="utf-8")
    return site


def fill(store: Store, many: Many, seed: int = 42, now: datetime | None = None) -> None:
    """Write all of it, some conversations in one transaction."""
    made = _Making(random.Random(seed), many, now or datetime.now(UTC))
    store.write_now(made.people)
    for first in range(1, many.conversations + 1, AT_ONCE):
        store.write_now(made.some, first, min(first + AT_ONCE, many.conversations + 1))


@dataclass(frozen=True, slots=True)
class _Making:
    chance: random.Random
    many: Many
    now: datetime

    def people(self, unit: Unit) -> None:
        """Agents, teams, a channel and all contacts with their words."""
        unit.add(t.channel, {"name": "support", "kind": "email"})
        for number in range(1, AGENTS + 1):
            unit.insert(t.agent, handle=f"agent{number}", name=f"Agent {number}", language="en" if number % 2 else "fa")
        for number in range(1, TEAMS + 1):
            unit.insert(t.team, name=f"team{number}", title=f"Team {number}")
        members = [{"team_id": number % TEAMS + 1, "agent_id": number} for number in range(1, AGENTS + 1)]
        unit.execute(sa.insert(t.membership), members)
        for number in range(1, self.contacts + 1):
            name = f"{self.chance.choice(('Sara', 'Omid', 'نگار', 'Lena'))} {_rare(self.chance)}"
            address = f"someone{number}@shop{number % 900}.example"
            unit.insert(t.contact, name=name, tags=[], created_at=self.now)
            unit.insert(t.identity, contact_id=number, kind="email", address=address, name=name, created_at=self.now)
            search.met(unit, number, name, address)

    @property
    def contacts(self) -> int:
        return max(100, int(self.many.conversations * CONTACTS))

    def some(self, unit: Unit, first: int, behind: int) -> None:
        """The conversations of these numbers, the newest last."""
        rows: dict[sa.Table, list[dict[str, Any]]] = {t.conversation: [], t.message: [], t.event: [], t.delivery: []}
        for id in range(first, behind):
            for table, row in self.one(unit, ConversationId(id)):
                rows[table].append(row)
        for table, several in rows.items():
            unit.add(table, *several)

    def one(self, unit: Unit, id: ConversationId) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
        """One conversation's rows; its words go into the index."""
        chance, left = self.chance, self.many.conversations - id
        state = self._state()
        opened = self.now - timedelta(minutes=left * 15 + 5)
        subject = " ".join(_words(chance, 5))
        contact = chance.randrange(1, self.contacts + 1)
        due = self.now + timedelta(minutes=chance.randrange(-200, 3000)) if state == "open" else None
        yield (
            t.conversation,
            {
                "id": id,
                "version": EACH + 1,
                "reference": reference(id.to_bytes(4, "big") * 4, 8),
                "channel": "support",
                "contact_id": contact,
                "subject": subject,
                "excerpt": " ".join(_words(chance, 20)),
                "state": state,
                "priority": chance.choice(("normal", "normal", "normal", "high", "urgent", "low")),
                "assignee_id": chance.choice((None, chance.randrange(1, AGENTS + 1))),
                "team_id": chance.randrange(1, TEAMS + 1),
                "tags": chance.choice(([], [], ["refund"], ["vip", "parcel"])),
                "fields": [],
                "pinned": [],
                "opened_at": opened,
                "changed_at": opened + timedelta(hours=2),
                "waiting_since": opened if state == "open" else None,
                "due_at": due,
                "messages": EACH,
                "with_file": chance.random() < 0.2,
                "with_note": True,
            },
        )
        event = {"conversation_id": id, "actor_kind": "house", "actor_name": "", "via": "mail"}
        opening = {
            "reference": "", "channel": "support", "contact": contact, "organization": None, "subject": subject,
            "language": None, "follows": None, "history": False,
        }  # fmt: skip
        yield t.event, {**event, "version": 1, "at": opened, "kind": "opened", "payload": opening}
        for turn in range(EACH):
            number = (id - 1) * EACH + turn + 1
            at = opened + timedelta(minutes=turn * 12)
            text = " ".join(_words(chance, chance.choice((20, 40, 60, 120))))
            direction = ("inbound", "outbound", "inbound", "outbound", "note")[turn % 5]
            people = [f"someone{contact}@shop{contact % 900}.example", ""]
            yield (
                t.message,
                {
                    "id": number,
                    "conversation_id": id,
                    "direction": direction,
                    "at": at,
                    "channel": None if direction == "note" else "support",
                    "contact_id": contact if direction == "inbound" else None,
                    "agent_id": None if direction == "inbound" else chance.randrange(1, AGENTS + 1),
                    "purpose": "reply" if direction == "outbound" else "",
                    "key": f"<{number}@made.example>",
                    "subject": subject,
                    "text": text,
                    "reply_text": text,
                    "sender": people if direction == "inbound" else ["support@desk.example", ""],
                    "to": [["support@desk.example", ""]] if direction == "inbound" else [people],
                    "cc": [],
                    "reply_to": [],
                    "defects": [],
                },
            )
            search.said(unit, id, number, (subject, text, *people))  # type: ignore[arg-type]  # numbers are ids here
            noted = {"message": number, "excerpt": text[:60]}
            yield t.event, {**event, "version": turn + 2, "at": at, "kind": "noted", "payload": noted}
            if direction == "outbound":
                yield (
                    t.delivery,
                    {
                        "message_id": number,
                        "conversation_id": id,
                        "channel": "support",
                        "purpose": "reply",
                        "rank": 0,
                        "part": 0,
                        "lane": people[0],
                        "cause": f"reply {number}",
                        "recipients": [people[0]],
                        "state": "sent",
                        "not_before": at,
                        "created_at": at,
                        "settled_at": at,
                    },
                )

    def _state(self) -> str:
        """So many are not over, spread over all of them."""
        at = self.chance.random() * max(self.many.conversations, LEAST)
        for state, count in (("open", OPEN), ("waiting", WAITING), ("snoozed", SNOOZED), ("spam", SPAM)):
            if at < count:
                return state
            at -= count
        return "done"


def _words(chance: random.Random, count: int) -> list[str]:
    """Two thirds of them common, the others the rarer the higher their number."""
    return [chance.choice(COMMON) if chance.random() < 0.67 else _rare(chance) for _ in range(count)]


def _rare(chance: random.Random) -> str:
    return f"word{int(RARE * chance.random() ** 3)}"
