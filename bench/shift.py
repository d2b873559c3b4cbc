"""Agents at work while customers write: signed in with links, a page open that hears what happens, at the pace of people.

Each reads the list, opens a conversation, answers it, closes it or hands it on, and so on. Answered is only what was acknowledged
already, since an answer takes back an acknowledgement that has not left; each answer carries a word that nothing else does.
"""

import asyncio
import json
import random
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from bench.browser import Answer, Browser
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.store import entry, people
from inbox.store.unit import Unit
from inbox.web.session import digest

SEARCHES = tuple(f"/?{urlencode({'q': query})}" for query in ("order", "سفارش", "is:waiting"))
LOOKS = (1.0, 3.0)
READS = (2.0, 8.0)
"""Seconds that somebody looks at a list, and reads a conversation and writes."""
WORDS = ("It left our warehouse today.", "امروز فرستاده شد و فردا به دستتان می‌رسد.")


@dataclass(frozen=True, slots=True)
class Link:
    """A way in for one agent."""

    handle: str
    token: str


@dataclass(slots=True)
class Done:
    """What all of them saw and did."""

    pages: list[float] = field(default_factory=list)
    """Milliseconds of each list and each conversation, until all of it was there."""
    acts: list[float] = field(default_factory=list)
    """The same of each form that was sent."""
    answers: set[str] = field(default_factory=set)
    """The words of those answers that the house took."""
    stale: int = 0
    """Answers that were stopped since something newer had been said."""
    trouble: list[str] = field(default_factory=list)
    heard: int = 0
    """Events of the open pages."""


def hire(unit: Unit, count: int, now: datetime) -> list[Link]:
    """So many agents, half of them Persian, and a link for each."""
    links = [Link(f"agent{number}", secrets.token_urlsafe(24)) for number in range(count)]
    for number, link in enumerate(links):
        language = "fa" if number % 2 else "en"
        one = Agent(AgentId(0), link.handle, f"Agent {number}", language=language)
        entry.add_link(unit, digest(link.token), people.put_agent(unit, one), now)
    return links


async def work(port: int, links: Sequence[Link], seed: int, over: asyncio.Event) -> Done:
    """All of them, until it is over; who is in the middle of something ends it."""
    done = Done()
    handles = [link.handle for link in links]
    several = [_Colleague(port, link, handles, random.Random(f"{seed}:{link.handle}"), done) for link in links]
    await asyncio.gather(*(one.work(over) for one in several))
    return done


class _Colleague:
    def __init__(self, port: int, link: Link, handles: Sequence[str], chance: random.Random, done: Done) -> None:
        self._browser = Browser(port)
        self._link = link
        self._handles = handles
        self._chance = chance
        self._done = done
        self._answers = 0
        self._tab = ""

    async def work(self, over: asyncio.Event) -> None:
        page = await self._enter()
        hearing = asyncio.create_task(self._hear())
        try:
            while not over.is_set():
                with suppress(ConnectionError, asyncio.IncompleteReadError):
                    await self._turn(page, over)
        finally:
            hearing.cancel()
            self._browser.close()

    async def _enter(self) -> str:
        """By the link; the token of this session's forms."""
        path = f"/login/{self._link.token}"
        asked = await self._browser.get(path)
        answer = await self._browser.post(path, {"bound": asked.hidden("bound")})
        if answer.status != 303:
            raise RuntimeError(f"{self._link.handle} does not get in: {answer.status}")
        return (await self._browser.get("/")).hidden("form_token")

    async def _hear(self) -> None:
        """As a page that stands open does."""
        reader, writer = await self._browser.stream("/live")
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    self._done.heard += 1
                    with suppress(ValueError, KeyError, TypeError):
                        self._tab = self._tab or str(json.loads(line[6:])["tab"])
        finally:
            writer.close()

    async def _turn(self, token: str, over: asyncio.Event) -> None:
        listing = self._chance.choices(("/", "/?view=mine", self._chance.choice(SEARCHES)), (7, 2, 1))[0]
        found = await self._page(listing)
        await self._rest(LOOKS, over)
        shown = re.findall(r'href="(/c/\w+)"', found.text)
        if not shown or over.is_set():
            return
        path = self._chance.choice(shown)
        read = await self._page(path)
        here = {"form_token": token, "tab": self._tab, "reference": path[3:], "doing": "viewing"}
        self._told(await self._browser.post("/live/here", here), 204)
        await self._rest(READS, over)
        if not over.is_set() and read.status == 200:
            await self._act(path, read, token)

    async def _act(self, path: str, read: Answer, token: str) -> None:
        what = self._chance.choices(("answer", "done", "take", "assign"), (6, 1, 1, 2))[0]
        if what == "answer":
            if "delivery-sent" in read.text and read.hidden("seen"):
                await self._answer(path, read, token)
            return
        more = {"to": self._chance.choice(self._handles)} if what == "assign" else {}
        self._told(await self._acted(f"{path}/do/{what}", {"form_token": token, **more}), 303)

    async def _answer(self, path: str, read: Answer, token: str) -> None:
        self._answers += 1
        word = f"{self._link.handle}x{self._answers:05d}x"
        form = {
            "form_token": token,
            "seen": read.hidden("seen"),
            "once": read.hidden("once"),
            "how": "reply",
            "act": "reply",
            "then": self._chance.choice(("waiting", "waiting", "done")),
            "text": f"{self._chance.choice(WORDS)}\n{word}",
        }
        answer = await self._acted(f"{path}/say", form)
        if answer.status == 303:
            self._done.answers.add(word)
        elif answer.status == 409:
            self._done.stale += 1
        else:
            self._told(answer, 303)

    async def _page(self, path: str) -> Answer:
        answer = await self._browser.get(path)
        self._done.pages.append(answer.milliseconds)
        self._told(answer, 200)
        return answer

    async def _acted(self, path: str, form: dict[str, str]) -> Answer:
        answer = await self._browser.post(path, form)
        self._done.acts.append(answer.milliseconds)
        return answer

    def _told(self, answer: Answer, wanted: int) -> None:
        if answer.status != wanted:
            self._done.trouble.append(f"{self._link.handle} at {time.time():.1f}: {answer.status}")

    async def _rest(self, between: tuple[float, float], over: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._chance.uniform(*between)):
                await over.wait()
