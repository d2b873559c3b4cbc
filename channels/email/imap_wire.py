"""The two sides of aioimaplib's protocol that are our own: how answers are received, and how a loss is told.

aioimaplib keeps commands, tags and states. Its receive path hangs or dies in ordinary situations (a goodbye during IDLE,
a thousand lines in one read, a connection that just ends), so bytes go through `imap_framing` instead, and whoever waits
for an answer learns of a loss at once.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import cast

from aioimaplib import aioimaplib

from channels.email.imap_framing import Answer, Framer, Unframed

_TAGGED = re.compile(rb"(\S+) (OK|NO|BAD)(?: (.*))?$", re.IGNORECASE | re.DOTALL)
_COUNT = re.compile(rb"\* (\d+) (EXISTS|EXPUNGE)\b", re.IGNORECASE)
_BYE = re.compile(rb"\* BYE\b *(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reply:
    """How a command ended (`OK`, `NO` or `BAD`), the server's words for people, and the untagged answers before them."""

    result: str
    words: str
    answers: tuple[Answer, ...]

    @property
    def ok(self) -> bool:
        """The server did what was asked."""
        return self.result == "OK"

    @property
    def code(self) -> str:
        """The response code (RFC 5530) such as `UNAVAILABLE`, or nothing."""
        found = re.match(r"\[([A-Za-z-]+)", self.words)
        return found[1].upper() if found else ""


class Lost(Exception):
    """The connection is gone; says why."""


class Question(aioimaplib.Command):
    """A command that keeps whole answers, and says `lines` when the server invites it to go on with `+`."""

    def __init__(self, name: str, tag: str, *args: str, prefix: str = "", lines: tuple[str, ...] = ()) -> None:
        super().__init__(name, tag, *args, prefix=prefix)
        self.answers: list[Answer] = []
        self.lines = list(lines)
        self.invited = asyncio.Event()
        self._failure: Exception | None = None

    def reply(self) -> Reply:
        """Whole once the command is closed."""
        return Reply(self._resp_result, plain(self._resp_lines[-1]), tuple(self.answers))

    def fail(self, error: Exception) -> None:
        """Whoever waits for the answer gets this error instead."""
        self._failure = error
        self._event.set()

    async def wait(self) -> None:
        """Until the command is answered. Raises what `fail` was told."""
        await self._event.wait()
        if self._failure is not None:
            raise self._failure


class Wire(aioimaplib.IMAP4ClientProtocol):
    """The protocol with a receive path of its own. It never logs: commands hold passwords, answers hold mail."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.greeting: asyncio.Future[bytes] = loop.create_future()
        self.lost: asyncio.Future[str] = loop.create_future()
        self.news = asyncio.Event()
        self.exists = 0
        self.framer = Framer()
        self.carrier: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.carrier = cast(asyncio.Transport, transport)

    def data_received(self, d: bytes) -> None:
        try:
            for answer in self.framer.feed(d):
                self._take(answer)
        except Unframed as error:
            self.drop(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self.drop(str(exc) if exc else "the server closed the connection")

    def send(self, line: str, scrub: str | None = None) -> None:
        if self.carrier is not None:
            self.carrier.write(line.encode() + b"\r\n")

    async def ask(self, question: Question) -> Reply:
        """Raises Lost; aioimaplib's own wait has no deadline here, the connection sets one."""
        if self.lost.done():
            raise Lost(self.lost.result())
        await self.execute(question)
        return question.reply()

    def drop(self, why: str) -> None:
        """Throw the connection away; whoever waits for an answer learns it at once. Only the first reason counts."""
        if self.lost.done():
            return
        self.lost.set_result(why)
        self.state = aioimaplib.LOGOUT
        if (question := self._current()) is not None:
            self._forget()
            question.fail(Lost(why))
        if not self.greeting.done():
            self.greeting.set_exception(Lost(why))
            self.greeting.exception()  # asked once, or asyncio complains where nobody waits for a greeting any more
        if self.carrier is not None:
            self.carrier.abort()

    def _take(self, answer: Answer) -> None:
        line, question = answer[0], self._current()
        if self.lost.done():
            return
        if line[:2] == b"* ":
            self._untagged(answer, question)
        elif line[:1] == b"+":
            self._invited(question)
        else:
            self._tagged(line, question)

    def _untagged(self, answer: Answer, question: Question | None) -> None:
        if said := _BYE.match(answer[0]):
            self.drop(f"the server said goodbye: {plain(said[1])}")
        elif not self.greeting.done():
            self.greeting.set_result(answer[0])
        elif question is not None:
            question.answers.append(answer)
        self._count(answer[0])

    def _count(self, line: bytes) -> None:
        """News is a mailbox that grew; some servers tell the same number again and again."""
        if (found := _COUNT.match(line)) is None:
            return
        number = self.exists - 1 if found[2].upper() == b"EXPUNGE" else int(found[1])
        if number > self.exists:
            self.news.set()
        self.exists = max(0, number)

    def _invited(self, question: Question | None) -> None:
        if question is None:
            return
        question.invited.set()
        if question.name == "AUTHENTICATE":
            # A second `+` carries the error of a refused XOAUTH2, and the refusal itself waits for an empty line.
            self.send(question.lines.pop(0) if question.lines else "")

    def _tagged(self, line: bytes, question: Question | None) -> None:
        if not self.greeting.done():
            self.drop(f"this is no IMAP server, it said: {plain(line)}")
            return
        found = _TAGGED.match(line)
        if found is None or question is None or found[1].decode("ascii", "replace") != question.tag:
            self.drop("the server answered what was not asked")
            return
        self._forget()
        question.close(found[3] or b"", result=found[2].decode().upper())

    def _current(self) -> Question | None:
        waiting = [self.pending_sync_command, *self.pending_async_commands.values()]
        return next((command for command in waiting if command is not None), None)

    def _forget(self) -> None:
        self.pending_sync_command = None
        self.pending_async_commands.clear()


def plain(words: bytes) -> str:
    """A server's words for people and logs: one line, printable, not too long."""
    text = words.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200].strip()
