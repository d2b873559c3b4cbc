"""A fixed stream of support mail, with chat beside it, and what a correct inbox must have made of it in the end.

    python -m bench.workload OUT [--count 5000] [--talks 500] [--seed 42] [--format eml|maildir|mbox]

The mix: 60 % new matters and 40 % that follow: answers with In-Reply-To and References to an earlier mail of the same
customer; within them 3 % automatic replies (half of them out of the blue), 1 % delivery reports, 1 % byte-for-byte
redeliveries. Three in five are Persian, one in ten carries a picture. Answers refer to what the customer wrote, so the
whole stream can be fed to any inbox without it having sent anything. The chat is `bench.talks`.
"""

import argparse
import hashlib
import json
import random
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

from bench import talks
from bench.letters import Heading, Language, Marking, Person, automatic_reply, letter, paragraphs, phrase, report

COUNT, TALKS, SEED = 5000, 500, 42
TEHRAN = timezone(timedelta(hours=3, minutes=30))
FIRST_MAIL = datetime(2025, 1, 6, 8, 0, tzinfo=TEHRAN)
CUSTOMERS = 1800
ANSWERABLE = 600  # an answer goes to one of the youngest conversations, as answers do
REDELIVERABLE = 400  # and a server repeats what it delivered lately
FIRST_NAMES = "Sara Ali Maryam Reza Zahra Hossein John Emma Omid Niloofar Peter Laura Amir Leila David Nazanin"
LAST_NAMES = "Ahmadi Karimi Hosseini Smith Brown Rahimi Moradi Jones Jafari Taylor Kazemi Clark Sadeghi Hall"


class Kind(StrEnum):
    """What a mail is, and so what must become of it."""

    NEW = "new"  # opens a conversation and is acknowledged
    REPLY = "reply"  # joins its conversation
    AUTOMATIC = "automatic"  # an automatic reply to a mail of a conversation: joins it, never answered
    STRAY = "stray"  # an automatic reply out of the blue: ignored with a reason, never answered
    REPORT = "report"  # a bounce: ignored with a reason or tied to what it reports, never answered
    DUPLICATE = "duplicate"  # the very bytes of an earlier mail: stopped


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the stream; `conversation` counts from 0 in order of opening, None for a stray automatic reply."""

    index: int
    kind: Kind
    conversation: int | None
    message_id: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be true after the whole stream; each number is an exact count."""

    mails: int
    conversations: int
    joins: int
    duplicates: int
    acknowledgements: int
    stray: int
    reports: int
    machines: int  # mails that a machine wrote: none may be answered

    @classmethod
    def of(cls, kinds: Iterable[Kind]) -> "Expected":
        """The outcome that a stream of these kinds deserves."""
        seen = Counter(kinds)
        return cls(
            mails=seen.total(),
            conversations=seen[Kind.NEW],
            joins=seen[Kind.REPLY] + seen[Kind.AUTOMATIC],
            duplicates=seen[Kind.DUPLICATE],
            acknowledgements=seen[Kind.NEW],
            stray=seen[Kind.STRAY],
            reports=seen[Kind.REPORT],
            machines=seen[Kind.AUTOMATIC] + seen[Kind.STRAY] + seen[Kind.REPORT],
        )


def plan(count: int, rng: random.Random) -> list[Kind]:
    """The kinds of the stream in order of arrival; it begins with new matters, so that there is something to answer."""
    duplicates = reports = count // 100
    automatic, replies = count * 3 // 100, count * 40 // 100 - count // 50 - count // 100
    following = [Kind.DUPLICATE] * duplicates + [Kind.REPORT] * reports
    following += [Kind.AUTOMATIC] * automatic + [Kind.REPLY] * replies
    opening = min(50, max(1, count // 4), count)
    rest = following + [Kind.NEW] * (count - len(following) - opening)
    rng.shuffle(rest)
    kinds = [Kind.NEW] * opening + rest
    return [Kind.STRAY if kind is Kind.AUTOMATIC and index % 2 == 0 else kind for index, kind in enumerate(kinds)]


def build(count: int = COUNT, seed: int = SEED) -> Iterator[Mail]:
    """The stream in order of arrival: the same count and seed always give the same bytes."""
    rng = random.Random(seed)
    correspondence = Correspondence(rng)
    when = FIRST_MAIL
    for index, kind in enumerate(plan(count, rng)):
        when += timedelta(seconds=rng.randint(5, 60))
        token = hashlib.sha256(f"{seed}:{index}".encode()).hexdigest()[:20]
        yield correspondence.write(index, kind, f"<{token}.{index:06d}@mail.customer.test>", when)


@dataclass(slots=True)
class Matter:
    """A conversation as its customer sees it: what they wrote so far."""

    number: int
    customer: Person
    language: Language
    subject: str
    message_ids: list[str] = field(default_factory=list)
    last_words: Sequence[str] = ()


class Correspondence:
    """Everything that the customers have written so far, from which the next mail follows."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._opened = 0
        self._answerable: deque[Matter] = deque(maxlen=ANSWERABLE)
        self._redeliverable: deque[Mail] = deque(maxlen=REDELIVERABLE)

    def write(self, index: int, kind: Kind, message_id: str, when: datetime) -> Mail:
        """The next mail of the stream; a duplicate carries the id and the bytes of the mail it repeats."""
        if kind is Kind.DUPLICATE:
            earlier = self._rng.choice(self._redeliverable)
            return Mail(index, kind, earlier.conversation, earlier.message_id, earlier.raw)
        if kind is Kind.STRAY:
            raw = self._automatic(index, Heading(self._customer(), "Automatic reply: holiday", message_id, when))
            return Mail(index, kind, None, message_id, raw)
        matter = self._open() if kind is Kind.NEW else self._rng.choice(self._answerable)
        mail = Mail(index, kind, matter.number, message_id, self._follow(matter, index, kind, message_id, when))
        if kind in (Kind.NEW, Kind.REPLY):
            self._redeliverable.append(mail)
        return mail

    def _open(self) -> Matter:
        language = Language.PERSIAN if self._rng.random() < 0.6 else Language.ENGLISH
        subject = phrase(self._rng, language, self._rng.randint(3, 8))
        matter = Matter(self._opened, self._customer(), language, subject)
        self._opened += 1
        self._answerable.append(matter)
        return matter

    def _follow(self, matter: Matter, index: int, kind: Kind, message_id: str, when: datetime) -> bytes:
        """The bytes of the next mail about a matter, which from now on is part of it unless it is a report."""
        if kind is Kind.REPORT:
            postmaster = Person("Mail Delivery System", "MAILER-DAEMON@mx.customer.test")
            heading = Heading(postmaster, "Undelivered Mail Returned to Sender", message_id, when)
            return report(self._rng, heading, about=matter.message_ids[-1], failed=matter.customer.address)
        prefix = {Kind.NEW: "", Kind.REPLY: "Re: ", Kind.AUTOMATIC: "Automatic reply: "}[kind]
        heading = Heading(matter.customer, prefix + matter.subject, message_id, when, tuple(matter.message_ids))
        matter.message_ids.append(message_id)
        return self._automatic(index, heading) if kind is Kind.AUTOMATIC else self._letter(matter, index, heading)

    def _letter(self, matter: Matter, index: int, heading: Heading) -> bytes:
        told, quoted = paragraphs(self._rng, matter.language), matter.last_words
        matter.last_words = told[:2]
        return letter(self._rng, heading, matter.language, told, quoted, attach=index % 10 == 7)

    def _automatic(self, index: int, heading: Heading) -> bytes:
        return automatic_reply(self._rng, heading, Marking.OLD if index % 4 >= 2 else Marking.STANDARD)

    def _customer(self) -> Person:
        number = self._rng.randrange(CUSTOMERS)
        one = random.Random(number)  # the same number is the same person each time they write
        first, last = one.choice(FIRST_NAMES.split()), one.choice(LAST_NAMES.split())
        return Person(f"{first} {last}", f"{first}.{last}.{number}@customer{number % 40}.test".lower())


def write_eml(mails: Iterable[Mail], out: Path) -> Iterator[Mail]:
    """One file a mail in the folder `out`, named so that sorting gives the order of arrival."""
    out.mkdir(parents=True, exist_ok=True)
    for mail in mails:
        (out / f"{mail.index:06d}.eml").write_bytes(mail.raw)
        yield mail


def write_maildir(mails: Iterable[Mail], out: Path) -> Iterator[Mail]:
    """One file a mail in `out`/new, named so that a server numbers them in order of arrival."""
    for name in ("new", "cur", "tmp"):
        (out / name).mkdir(parents=True, exist_ok=True)
    for mail in mails:
        (out / "new" / f"{1736000000 + mail.index}.M{mail.index:06d}P1.desk").write_bytes(mail.raw)
        yield mail


def write_mbox(mails: Iterable[Mail], out: Path) -> Iterator[Mail]:
    """One file in mboxrd form: each line that looks like a separator is quoted, Unix line ends."""
    with out.open("wb") as file:
        for mail in mails:
            file.write(b"From customer@customer.test Mon Jan  6 08:00:00 2025\n")
            file.write(re.sub(rb"(?m)^(?=>*From )", b">", mail.raw.replace(b"\r\n", b"\n")) + b"\n")
            yield mail


WRITERS = {"eml": write_eml, "maildir": write_maildir, "mbox": write_mbox}


def manifest(mails: Iterable[Mail], count: int, seed: int, chat: Iterable[talks.Said] = ()) -> dict[str, object]:
    """Facts about a stream as plain values for JSON: size, digest, the outcome in total and for each mail, and the whole chat."""
    digest, size, rows, kinds = hashlib.sha256(), 0, [], []
    for mail in mails:
        digest.update(mail.raw)
        size += len(mail.raw)
        kinds.append(mail.kind)
        rows.append([mail.index, mail.kind, mail.conversation, mail.message_id])
    expected, said = asdict(Expected.of(kinds)), list(chat)
    return {
        "count": count,
        "seed": seed,
        "bytes": size,
        "sha256": digest.hexdigest(),
        "expected": expected,
        "mails": rows,
        "expected_talks": asdict(talks.ExpectedTalks.of(said)),
        "talks": talks.rows(said),
    }


def main() -> None:
    """Write the mail of a stream and, beside it, OUT.manifest.json with the chat and all outcomes; show the totals."""
    parser = argparse.ArgumentParser(prog="python -m bench.workload", description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--talks", type=int, default=TALKS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--format", choices=list(WRITERS), default="eml")
    asked = parser.parse_args()
    written = WRITERS[asked.format](build(asked.count, asked.seed), asked.out)
    facts = manifest(written, asked.count, asked.seed, talks.build(asked.talks, asked.seed))
    asked.out.with_name(asked.out.name + ".manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    print(json.dumps({name: fact for name, fact in facts.items() if name not in ("mails", "talks")}, indent=1))


if __name__ == "__main__":
    main()
