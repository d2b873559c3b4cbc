"""Two hundred mails, fa and en: 176 of the workload's, then 24 that customers and machines write once we have answered."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TypeVar

from bench.letters import SUPPORT, Heading, Language, Marking, Person, automatic_reply, letter, paragraphs
from bench.workload import Kind, Mail, build
from tests.rig.smtp_sink import Accepted

T = TypeVar("T")
FIRST, SECOND = 176, 24
REPLIES, VACATIONS, COPIES = 16, 3, 5
WRITTEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STRIPPED = 4
"""Answers from mail programs that thread nothing: only the address that they were sent to tells where they belong."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail of the second round. `about`: the Message-ID of the customer's mail whose conversation it must join."""

    kind: Kind
    message_id: str
    about: str
    raw: bytes


def first_round(seed: int, count: int = FIRST) -> list[Mail]:
    """New matters, answers to earlier ones, automatic replies, a report and a redelivery."""
    return list(build(count, seed))


def second_round(mails: Sequence[Mail], acknowledgements: Sequence[Accepted], seed: int) -> list[Letter]:
    """What comes back: answers to our acknowledgements, vacation notices about them, and copies by another way."""
    rng = random.Random(seed)
    chosen = rng.sample(list(acknowledgements), REPLIES + VACATIONS)
    letters = [_answer(rng, one, number) for number, one in enumerate(chosen[:REPLIES])]
    letters += [_vacation(rng, one, number) for number, one in enumerate(chosen[REPLIES:])]
    people = [mail for mail in mails if mail.kind in (Kind.NEW, Kind.REPLY)]
    letters += [_copy(mail, number) for number, mail in enumerate(rng.sample(people, COPIES))]
    rng.shuffle(letters)
    return letters


def answer(rng: random.Random, to: Accepted, number: int, ancestors: tuple[str, ...] | None = None) -> bytes:
    """A customer's answer to a mail of ours; `ancestors` stand in its References, both ids unless told otherwise."""
    ours = read(to.raw)
    known = (str(ours["In-Reply-To"]), str(ours["Message-ID"])) if ancestors is None else ancestors
    heading = Heading(_customer(ours), f"Re: {ours['Subject']}", written_id("answer", to, number), WRITTEN, known)
    language = Language.PERSIAN if ours["Content-Language"] == "fa" else Language.ENGLISH
    return letter(rng, heading, language, paragraphs(rng, language)[:2], (), attach=False)


def written_id(kind: str, to: Accepted, number: int) -> str:
    """The Message-ID that a customer's program makes."""
    return f"<{kind}.{number}.{to.sha256[:16]}@mail.customer.test>"


def read(raw: bytes) -> EmailMessage:
    """A mail as a mail program sees it."""
    read_mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(read_mail, EmailMessage)
    return read_mail


def words(mail: EmailMessage) -> str:
    """The plain text of a mail, which must have one."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def ids(references: object) -> list[str]:
    """The ids of a References field."""
    return str(references or "").split()


def _answer(rng: random.Random, to: Accepted, number: int) -> Letter:
    """By References; from a program that sends In-Reply-To alone; from one that sends neither, to the address given."""
    ours = read(to.raw)
    ancestors: tuple[str, ...] | None = None if number % 2 else (str(ours["Message-ID"]),)
    if number < STRIPPED:
        ancestors = ()
    raw = answer(rng, to, number, ancestors)
    if number < STRIPPED:
        reply_to = ours["Reply-To"].addresses[0].addr_spec
        raw = raw.replace(f"To: Support <{SUPPORT}>".encode(), f"To: <{reply_to}>".encode(), 1)
    return Letter(Kind.REPLY, written_id("answer", to, number), str(ours["In-Reply-To"]), raw)


def _vacation(rng: random.Random, to: Accepted, number: int) -> Letter:
    ours = read(to.raw)
    name = written_id("vacation", to, number)
    ancestors = (str(ours["Message-ID"]),)
    heading = Heading(_customer(ours), "Automatic reply: away", name, WRITTEN, ancestors)
    raw = automatic_reply(rng, heading, Marking.STANDARD if number % 2 else Marking.OLD)
    return Letter(Kind.AUTOMATIC, name, str(ours["In-Reply-To"]), raw)


def _copy(mail: Mail, number: int) -> Letter:
    """The very bytes once more, or with the traces of another way."""
    traces = f"Received: from mx{number}.customer.test by mx.desk.test; {WRITTEN:%a, %d %b %Y %H:%M:%S} +0000\r\n"
    raw = mail.raw if number % 2 else traces.encode() + mail.raw
    return Letter(Kind.DUPLICATE, mail.message_id, mail.message_id, raw)


def _customer(ours: EmailMessage) -> Person:
    to = ours["To"].addresses[0]
    return Person(to.display_name or to.addr_spec, to.addr_spec)


def portions(things: Sequence[T], count: int) -> Iterator[Sequence[T]]:
    """The same mails in their order, in `count` portions of about the same size."""
    size = -(-len(things) // count)
    return (things[start : start + size] for start in range(0, len(things), size))
