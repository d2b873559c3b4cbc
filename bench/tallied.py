"""What is there when it is over: in the store, at the customers' mail server and on their pages, beside what was sent."""

import email
import email.policy
import http.client
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from bench.customers import Told
from bench.figures import Figure, exactly
from bench.harness import accepted_at
from bench.shift import Done
from bench.timetable import Arrival, Way
from tests.rig.loopback import HOST
from tests.rig.smtp_sink import Accepted

_ANSWER = re.compile(r"agent\d+x\d{5}x")
_CHAT = re.compile(r"load\d{6}$")


@dataclass(frozen=True, slots=True)
class Left:
    """One mail that left us: which one it answers, when it was taken (seconds since the epoch), and the words of agents in it."""

    answers: str
    at: float
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """All of it. `lags`: milliseconds from each arrival's being stored to its verdict, in the order of arrival."""

    mails: Sequence[Left]
    chats: Mapping[int, Sequence[Mapping[str, object]]]
    stored: Counter[str]
    """Messages of customers by their keys, those of a chat by the word in them."""
    verdicts: Counter[str]
    conversations: int
    lags: Sequence[float]


def found(store: Path, accepted: Sequence[Accepted], web_port: int, visitors: Mapping[int, str]) -> Found:
    """Look at all of it; the daemon still runs, since it shows the chats."""
    chats = dict(_chats(web_port, visitors))
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=30)) as read:
        keys = Counter(_key(key, text) for key, text in read.execute(_INBOUND))
        verdicts = Counter(dict(read.execute("SELECT coalesce(verdict, 'none'), count(*) FROM arrival GROUP BY 1")))
        conversations = int(read.execute("SELECT count(*) FROM conversation").fetchone()[0])
        lags = [float(row[0]) for row in read.execute(_LAGS)]
    return Found([_left(one) for one in accepted], chats, keys, verdicts, conversations, lags)


_INBOUND = "SELECT key, text FROM message WHERE direction = 'inbound'"
_LAGS = "SELECT (judged_at - received_at) / 1000.0 FROM arrival WHERE judged_at IS NOT NULL ORDER BY received_at"


def _key(key: str, text: str) -> str:
    chat = _CHAT.search(text.strip())
    return chat[0] if chat else key


def _left(one: Accepted) -> Left:
    read = email.message_from_bytes(one.raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    body = read.get_body(("plain",))
    words = frozenset(_ANSWER.findall(str(body.get_content()))) if body else frozenset()
    return Left(str(read["In-Reply-To"] or "").strip(), accepted_at(one), words)


def _chats(port: int, visitors: Mapping[int, str]) -> Iterator[tuple[int, Sequence[Mapping[str, object]]]]:
    """What each visitor sees who comes back."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        for matter, token in visitors.items():
            connection.request("GET", "/channels/web/lines", headers={"authorization": f"Bearer {token}"})
            yield matter, json.loads(connection.getresponse().read())["lines"]


def counted(arrivals: Sequence[Arrival], told: Told, done: Done, found: Found) -> tuple[Figure, ...]:
    """The counts that must be met exactly: nothing is lost, nothing doubled."""
    wanted = {one.key for one in arrivals}
    opening = [one for one in arrivals if one.opens]
    mails = {one.key for one in opening if one.way is not Way.CHAT}
    acks = Counter(one.answers for one in found.mails if not one.words)
    words = Counter(word for one in found.mails for word in one.words)
    words.update(_said_in_chats(found))
    shown = [sum(bool(line["automatic"]) for line in found.chats.get(m, ())) for m in _chatting(opening)]
    return (
        exactly("refused at the door", len(told.refused), 0),
        exactly("messages taken", len(told.taken), len(arrivals)),
        exactly("arrivals accepted", found.verdicts["accepted"], len(arrivals)),
        exactly("arrivals that came to anything else", found.verdicts.total() - found.verdicts["accepted"], 0),
        exactly("messages stored once", sum(found.stored[key] == 1 for key in wanted), len(wanted)),
        exactly("other messages of customers", sum(n for key, n in found.stored.items() if key not in wanted), 0),
        exactly("conversations", found.conversations, len(opening)),
        exactly("mails acknowledged once", sum(acks[key] == 1 for key in mails), len(mails)),
        exactly("other mails at the sink", acks.total() - sum(acks[key] for key in mails), 0),
        exactly("acknowledgements too many", sum(max(0, acks[key] - 1) for key in mails), 0),
        exactly("chats acknowledged once", shown.count(1), len(shown)),
        exactly("agents' answers that arrived once", sum(words[w] == 1 for w in done.answers), len(done.answers)),
        exactly("answers that arrived and were not taken", sum(w not in done.answers for w in words), 0),
        exactly("trouble of agents with pages", len(done.trouble), 0),
    )


def _chatting(opening: Sequence[Arrival]) -> list[int]:
    return [one.matter for one in opening if one.way is Way.CHAT]


def _said_in_chats(found: Found) -> Iterator[str]:
    ours = (line for lines in found.chats.values() for line in lines if line["ours"] and not line["automatic"])
    return (word for line in ours for word in _ANSWER.findall(str(line["text"])))
