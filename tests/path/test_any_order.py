"""Whatever the order in which mails come in, and however often: the same ones stand together, acknowledged once."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.domain.arrivals import Verdict
from tests.path.conftest import SHIPPED
from tests.path.house import House
from tests.store.databases import Copy

CONFIG = """\
[site]
name = "Acme"
language = "en"

[store]
url = "{url}"

[automatic]
acknowledgements_per_address = 1000

[channel.support]
kind = "memory"
address = "support@acme"
first_sync = "new"
"""
SENDERS = ("sara@x", "eve@y")


@dataclass(frozen=True)
class Mail:
    """One mail of a set: its number is its key."""

    number: int
    sender: str
    references: tuple[int, ...]
    """Nearest first."""


@st.composite
def correspondences(draw: st.DrawFn) -> list[Mail]:
    """Mails that answer earlier ones of anybody's, with all references or the nearest alone, some to mails that never come."""
    mails: list[Mail] = []
    for number in range(draw(st.integers(1, 7))):
        parents = draw(st.lists(st.integers(0, max(0, number - 1)), max_size=2, unique=True)) if number else []
        references = _references(mails, parents, whole=draw(st.booleans()))
        if draw(st.integers(0, 4)) == 0:
            references.append(draw(st.integers(90, 91)))  # lost on the way
        mails.append(Mail(number, draw(st.sampled_from(SENDERS)), tuple(references)))
    return mails


@st.composite
def exchanges(draw: st.DrawFn) -> list[Mail]:
    """Mails about one matter as mail programs write them: each answers an earlier one, with all the references of that."""
    mails = [Mail(0, draw(st.sampled_from(SENDERS)), ())]
    for number in range(1, draw(st.integers(2, 6))):
        references = _references(mails, [draw(st.integers(0, number - 1))], whole=True)
        mails.append(Mail(number, draw(st.sampled_from(SENDERS)), tuple(references)))
    return mails


def _references(mails: Sequence[Mail], parents: Sequence[int], *, whole: bool) -> list[int]:
    earlier = [one for parent in parents for one in mails[parent].references] if whole else []
    return list(dict.fromkeys([*parents, *earlier]))


def partition(house: House) -> set[frozenset[str]]:
    """The keys of the mails that stand together."""
    live = [c for c in house.conversations() if c.merged_into is None]
    return {frozenset(m.key for m in house.said(c) if m.contact) for c in live}


def most_acknowledgements(house: House) -> int:
    """The most that went out in one conversation."""
    sent = Counter(d.conversation for d in house.deliveries("acknowledgement") if d.state == "sent")
    return max(sent.values(), default=0)


async def played(order: Sequence[Mail], copy: Copy, *, at_once: bool) -> tuple[set[frozenset[str]], int]:
    """What comes of the mails in this order: who stands together, and the most acknowledgements of one conversation.

    `at_once`: all are there when the house looks, as after a night; else each is answered before the next one comes.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        shutil.copytree(SHIPPED, site / "rules")
        (site / "config.toml").write_text(CONFIG.format(url=copy(site)), encoding="utf-8")
        house = House(site)
        try:
            await house.settle()
            for mail in order:
                _write(house, mail)
                if not at_once:
                    await house.settle()
            await house.settle()
            house.check()
            assert {verdict.split()[0] for verdict in house.verdicts()} <= {Verdict.ACCEPTED, Verdict.DUPLICATE}
            return partition(house), most_acknowledgements(house)
        finally:
            house.close()


def _write(house: House, mail: Mail) -> None:
    references = [f"{one}@x" for one in mail.references]
    text, key = f"mail {mail.number}", f"{mail.number}@x"
    house.network.write(mail.sender, "support@acme", text, key=key, references=references, language="en")


def mixed(data: st.DataObject, mails: Sequence[Mail]) -> list[Mail]:
    """The mails in any order, some of them more than once."""
    again = data.draw(st.lists(st.sampled_from(list(mails)), max_size=3), label="again")
    return data.draw(st.permutations([*mails, *again]), label="order")


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_order_and_any_repetition_gives_the_same_conversations(copy_sqlite: Copy, data: st.DataObject) -> None:
    mails = data.draw(correspondences(), label="mails")
    expected, _ = asyncio.run(played(mails, copy_sqlite, at_once=False))
    found, acknowledgements = asyncio.run(played(mixed(data, mails), copy_sqlite, at_once=True))
    assert (found, acknowledgements) == (expected, min(1, acknowledgements))


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_an_exchange_is_acknowledged_once_however_it_comes_in(copy_sqlite: Copy, data: st.DataObject) -> None:
    mails = data.draw(exchanges(), label="mails")
    at_once = data.draw(st.booleans(), label="at once")
    found, acknowledgements = asyncio.run(played(mixed(data, mails), copy_sqlite, at_once=at_once))
    expected = {frozenset(f"{m.number}@x" for m in mails if m.sender == who) for who in {m.sender for m in mails}}
    assert (found, acknowledgements) == (expected, 1)
