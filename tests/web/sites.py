"""A served site with some conversations in it, written straight into its store."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from starlette.types import ASGIApp

import inbox
from inbox.blobs import Blobs
from inbox.domain import events as ev
from inbox.domain.ids import AgentId, ChannelName, ConversationId, MessageId
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import stored
from inbox.pipeline.playbook import Playbook
from inbox.runtime.wakes import ProcessWake
from inbox.settings.options import ApiOptions, SiteOptions
from inbox.store import entry, events
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.testing.clock import FakeClock
from inbox.text.wording import load
from inbox.web.accounts.provider import Provider
from inbox.web.app import app
from inbox.web.live.crowd import Crowd
from inbox.web.ops.backtests import Backtests
from inbox.web.server import Server
from inbox.web.session import digest
from inbox.web.visits import Visits

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
WORDING = load(Path(inbox.__file__).parent / "locale")
SARA, OMID = AgentId(1), AgentId(2)


@dataclass
class Site:
    """A store, a clock and the application on them."""

    store: Store
    clock: FakeClock
    options: SiteOptions
    wake: ProcessWake
    ready: bool = True

    @classmethod
    def made(cls, folder: Path, **options: object) -> "Site":
        """With empty tables and two agents: sara reads Persian, omid English."""
        return cls.on("sqlite:///web.db", folder, **options)

    @classmethod
    def on(cls, url: str, folder: Path, **options: object) -> "Site":
        """The same on another database, whose tables may be there already."""
        wake = ProcessWake()
        store = Store(url, folder, wake=wake)
        t.metadata.create_all(store.engine)
        store.write_now(_agents)
        return cls(store, FakeClock(NOW), SiteOptions.model_validate({"name": "Acme Support", **options}), wake)

    def app(
        self,
        faces: Mapping[ChannelName, ASGIApp] | None = None,
        playbook: Callable[[], Playbook] | None = None,
        backtests: Backtests | None = None,
        blobs: Blobs | None = None,
        provider: Provider | None = None,
        crowd: Crowd | None = None,
        secret: bytes = b"",
        api: ApiOptions | None = None,
        visits: Visits | None = None,
    ) -> ASGIApp:
        """The application."""
        site = (self.store, WORDING, self.options, self.clock)
        parts = {
            "playbook": playbook,
            "backtests": backtests,
            "blobs": blobs,
            "provider": provider,
            "crowd": crowd,
            "api": api,
            "visits": visits,
        }
        return app(*site, ready=lambda: self.ready, faces=faces, secret=secret, **parts)  # type: ignore[arg-type]  # each as it is named above

    def link(self, token: str, agent: AgentId | None = SARA) -> str:
        """A login link's address."""
        self.store.write_now(entry.add_link, digest(token), agent, self.clock.now())
        return f"/login/{token}"


class Running:
    """A server in a thread of its own, for browsers."""

    def __init__(self, application: ASGIApp) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="web under test")
        self._thread.start()
        self._server = Server(application, "127.0.0.1", 0)
        asyncio.run_coroutine_threadsafe(self._server.start(), self.loop).result(10)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Stop it."""
        asyncio.run_coroutine_threadsafe(self._server.stop(1), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


def _agents(unit: Unit) -> None:
    unit.add(t.channel, {"name": "support", "kind": "email"}, {"name": "bot", "kind": "telegram"})
    unit.insert(t.agent, handle="sara", name="سارا محمدی", language="fa")
    unit.insert(t.agent, handle="omid", name="Omid Rahimi", language="en")
    unit.insert(t.team, name="orders", title="سفارش‌ها")


# -- writing conversations ---------------------------------------------------------------------------------------------
def minutes(n: float) -> datetime:
    """That long after NOW."""
    return NOW + timedelta(minutes=n)


def contact(unit: Unit, name: str, address: str, kind: str = "email", *, verified: bool = False) -> int:
    """A contact with one identity."""
    id = unit.insert(t.contact, name=name, tags=[], created_at=NOW)
    proved = NOW if verified else None
    unit.insert(t.identity, contact_id=id, kind=kind, address=address, name=name, created_at=NOW, verified_at=proved)
    return id


def conversation(unit: Unit, reference: str, contact_id: int, **values: object) -> ConversationId:
    """A conversation's row."""
    row = {
        "reference": reference,
        "contact_id": contact_id,
        "channel": "support",
        "tags": [],
        "fields": [],
        "pinned": [],
        "opened_at": minutes(-60),
        "changed_at": minutes(-5),
    }
    return ConversationId(unit.insert(t.conversation, **{**row, **values}))


def message(unit: Unit, matter: ConversationId, direction: str, text: str, **values: object) -> MessageId:
    """A message's row."""
    row = {"conversation_id": matter, "direction": direction, "at": minutes(-30), "channel": "support", "text": text}
    lists = {"sender": ["a@example.org", ""], "to": [], "cc": [], "reply_to": [], "defects": [], "reply_text": text}
    return MessageId(unit.insert(t.message, **{**row, **lists, **values}))


def delivery(unit: Unit, matter: ConversationId, said: MessageId, state: str, to: str, error: str = "") -> None:
    """A delivery's row."""
    row = {"message_id": said, "conversation_id": matter, "channel": "support", "purpose": "reply", "rank": 0}
    more = {"part": 0, "lane": to, "cause": f"reply {said}", "recipients": [to], "state": state, "error": error}
    unit.insert(t.delivery, **row, **more, not_before=NOW, created_at=NOW)


def lost_files(unit: Unit) -> ConversationId:
    """A conversation with two files that cannot be had: one was gone when it was asked for, one was too large from the start."""
    matter = conversation(unit, "F7KR", contact(unit, "Lena", "files@example.com"))
    said = message(unit, matter, "inbound", "See the files.", defects=["file-too-large"])
    row = {"message_id": said, "content_type": "image/jpeg", "size": 5, "start": 0, "length": 0}
    late, _ = (unit.insert(t.attachment, **row, filename=name, state="gone") for name in ("late.jpg", "large.jpg"))
    why = stored(Problem("bot.file_gone", host="bots.example", words="file is temporarily unavailable"))
    unit.add(t.collecting, {"attachment_id": late, "channel": "support", "not_before": None, "error": why})
    return matter


def tell(
    unit: Unit, matter: ConversationId, at: float, *payloads: ev.Payload, actor: ev.Actor = ev.HOUSE, via: str = "test"
) -> None:
    """The next events of a conversation, all at one instant."""
    versions = itertools.count(len(events.of(unit, matter)) + 1)
    told = [ev.Event(matter, next(versions), minutes(at), actor, via, payload) for payload in payloads]
    events.append(unit, told)
    c = t.conversation.c
    unit.execute(sa.update(t.conversation).where(c.id == matter).values(version=told[-1].version))
