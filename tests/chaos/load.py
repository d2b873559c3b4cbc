"""What customers and agents do while the daemon is killed: mail, chat and answers, the same for the same seed."""

import http.client
import json
import random
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from bench.letters import Language, phrase
from bench.workload import Kind, Mail, build
from tests.chaos.stage import AGENT, Stage
from tests.daemon.books import Books
from tests.daemon.post import portions
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import HOST
from tests.rig.wait import until

MAILS, WORDS, REPLIES = 5, 2, 3
"""Offered between two kills."""
CHATS = 9
"""People who write to the bot, again and again."""
AGAIN = 0.3
"""The share of answers that are given a second time, as by a program that did not hear that the first time went well."""
PATIENT = 180.0
"""Seconds that an answer may wait for the message it answers, kills included, and for somebody who takes it."""
BUSY = {0, 429, 503}
"""Nobody is there, or not yet; a program tries again."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word in a chat; no two are the same."""

    chat: int
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's answer. `about`: the Message-ID of a mail, or the text of a word, in whose conversation it is given."""

    number: int
    about: str
    text: str
    by_api: bool
    again: bool

    @property
    def once(self) -> str:
        """The key by which it is given once, however often it is asked for."""
        return f"answer {self.number}"


Offer = Mail | Said | Reply


@dataclass(frozen=True, slots=True)
class Load:
    """All that is offered, by the kills between which it is."""

    rounds: tuple[tuple[Offer, ...], ...]

    @classmethod
    def of(cls, seed: int, rounds: int) -> "Load":
        """So many rounds. Answers are to what was written in an earlier one."""
        chance = random.Random(seed)
        mails = portions(list(build(MAILS * rounds, seed)), rounds)
        words = portions(list(_words(chance, WORDS * rounds)), rounds)
        made: list[tuple[Offer, ...]] = []
        answerable: list[str] = []
        for number, (written, said) in enumerate(zip(mails, words, strict=True)):
            replies = [_reply(chance, REPLIES * number + n, answerable) for n in range(REPLIES) if answerable]
            made.append(_mixed(chance, written, said, replies))
            answerable += [mail.message_id for mail in written if mail.kind is Kind.NEW] + [one.text for one in said]
        return cls(tuple(made))

    @property
    def mails(self) -> list[Mail]:
        """Those of all rounds, in their order."""
        return [one for offers in self.rounds for one in offers if isinstance(one, Mail)]

    @property
    def words(self) -> list[Said]:
        """Those of all rounds, in their order."""
        return [one for offers in self.rounds for one in offers if isinstance(one, Said)]

    @property
    def replies(self) -> list[Reply]:
        """Those of all rounds, in their order."""
        return [one for offers in self.rounds for one in offers if isinstance(one, Reply)]


def _words(chance: random.Random, count: int) -> Iterator[Said]:
    for number in range(count):
        language = chance.choice((Language.PERSIAN, Language.ENGLISH))
        yield Said(chance.randrange(1, CHATS + 1), f"{number}: {phrase(chance, language, 6)}")


def _reply(chance: random.Random, number: int, answerable: list[str]) -> Reply:
    language = chance.choice((Language.PERSIAN, Language.ENGLISH))
    text = f"[answer {number}] {phrase(chance, language, 8)}"
    return Reply(number, chance.choice(answerable), text, chance.random() < 0.5, chance.random() < AGAIN)


def answer_in(text: str) -> int:
    """The number of the answer that a text begins with, -1 where it is none; what it quotes stands below."""
    found = re.search(r"\[answer (\d+)\]", text)
    return int(found[1]) if found else -1


def _mixed(chance: random.Random, *kinds: Sequence[Offer]) -> tuple[Offer, ...]:
    """In any order, but each kind in its own: what is written first is read first."""
    rest: list[list[Offer]] = [list(reversed(one)) for one in kinds if one]
    mixed: list[Offer] = []
    while rest:
        one = chance.choice(rest)
        mixed.append(one.pop())
        rest = [left for left in rest if left]
    return tuple(mixed)


class Agents:
    """Who answers, one after the other, by the API or the command line, until the answer was taken."""

    def __init__(self, stage: Stage, books: Books) -> None:
        self._stage = stage
        self._books = books
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="agents")
        self._given: list[Future[None]] = []
        made = stage.commands.json("tokens", "add", "chaos", "--agent", AGENT, "--write")
        self._token = str(made["token"])

    def give(self, reply: Reply) -> None:
        """Begin to answer."""
        self._given.append(self._hands.submit(self._give, reply))

    @property
    def given(self) -> int:
        """How many answers were taken; raises what went wrong with one."""
        ended = [one for one in self._given if one.done()]
        for one in ended:
            one.result()
        return len(ended)

    def close(self) -> None:
        """No answer is begun any more."""
        self._hands.shutdown(wait=True, cancel_futures=True)

    def _give(self, reply: Reply) -> None:
        take = self._by_api if reply.by_api else self._by_command
        reference = until(lambda: self._reference(reply.about), within=PATIENT, every=0.05, what=f"{reply} has a place")
        for _ in range(2 if reply.again else 1):
            until(lambda: take(reply, reference), within=PATIENT, every=0.05, what=f"{reply} is taken")

    def _reference(self, about: str) -> str:
        found = self._books.rows(
            "SELECT c.reference FROM conversation c JOIN message m ON m.conversation_id = c.id "
            "WHERE m.direction = 'inbound' AND (m.key = :about OR m.text = :about)",
            about=about,
        )
        return str(found[0][0]) if found else ""

    def _by_command(self, reply: Reply, reference: str) -> bool:
        words = ("reply", reference, reply.text, "--as", AGENT, "--anyway", "--once", reply.once)
        return self._stage.commands(*words).code == 0

    def _by_api(self, reply: Reply, reference: str) -> bool:
        body = json.dumps({"text": reply.text, "anyway": True})
        headers = {"Content-Type": "application/json", "Idempotency-Key": reply.once}
        headers["Authorization"] = f"Bearer {self._token}"
        connection = http.client.HTTPConnection(HOST, self._stage.web, timeout=20)
        try:
            connection.request("POST", f"/api/v1/conversations/{reference}/actions/reply", body, headers)
            answer = connection.getresponse()
            status, told = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return False  # nobody knows whether it was done
        finally:
            connection.close()
        assert status < 300 or status in BUSY, f"{reply}: {status} {told!r}"
        return status < 300


@dataclass(slots=True)
class Offering:
    """Hands out what is offered."""

    stage: Stage
    dovecot: Dovecot
    mailbox: str
    agents: Agents

    def __call__(self, one: Offer) -> None:
        """Write the mail, say the word, begin the answer."""
        if isinstance(one, Mail):
            self.dovecot.deliver(self.mailbox, one.raw)
        elif isinstance(one, Said):
            self.stage.bot.write(one.text, chat=one.chat)
        else:
            self.agents.give(one)
