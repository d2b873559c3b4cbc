"""What becomes of a mailbox on a real Dovecot whose folder is renamed, deleted or made anew: told, the others go on, nothing twice and nothing lost."""

import imaplib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inbox.domain.arrivals import Verdict
from inbox.store import channels
from inbox.store import tables as t
from inbox.testing import FakeClock
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.mail_house import POST, MailHouse, config, letter
from tests.path.supervised import passes, supervised
from tests.rig.dovecot import PASSWORD, Dovecot

LONG = timedelta(hours=1)
FOLDER = "Orders"


def asks(dovecot: Dovecot, user: str, command: str, *words: str) -> None:
    """What somebody does to the mailbox with a mail program of theirs."""
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port, timeout=60) as client:
        client.login(user, PASSWORD)
        assert getattr(client, command)(*words)[0] == "OK"


def renamed(dovecot: Dovecot, user: str) -> None:
    asks(dovecot, user, "rename", FOLDER, "Elsewhere")


def deleted(dovecot: Dovecot, user: str) -> None:
    asks(dovecot, user, "delete", FOLDER)


def back(dovecot: Dovecot, user: str) -> None:
    asks(dovecot, user, "rename", "Elsewhere", FOLDER)


def anew(dovecot: Dovecot, user: str) -> None:
    """Another folder of that name, and in it the old mail again, as whoever moves house brings it along."""
    asks(dovecot, user, "create", FOLDER)
    dovecot.append_many(user, [letter(2), letter(3)], FOLDER)


LOST_AND_FOUND = pytest.mark.parametrize(
    ("lost", "found"), [(renamed, back), (renamed, anew), (deleted, anew)], ids=["back", "replaced", "made-anew"]
)


def built(houses: Houses, dovecot: Dovecot, user: str, folder: Path, *folders: str) -> House:
    """A house that watches these folders, which are there and empty."""
    for name in folders:
        dovecot.maildir(user, name)
    named = ", ".join(f'"{name}"' for name in folders)
    lines = config(folder, dovecot, user, f"imap.folders = [{named}]")
    return houses(more=lines, clock=FakeClock(datetime.now(UTC)))


def trouble(house: House) -> str:
    """What is shown of the channel's way."""
    row = t.channel.select().where(t.channel.c.name == POST)
    return str(house.store.read_now(lambda unit: unit.execute(row).one()).problem)


def events(house: House) -> int:
    return house.store.read_now(lambda unit: len(list(unit.execute(t.event.select()))))


@LOST_AND_FOUND
async def test_a17_a_folder_that_is_gone_is_told_and_fetched_from_when_it_is_there_again(
    houses: Houses,
    dovecot: Dovecot,
    mailbox: str,
    tmp_path: Path,
    lost: Callable[[Dovecot, str], None],
    found: Callable[[Dovecot, str], None],
) -> None:
    house = built(houses, dovecot, mailbox, tmp_path, "INBOX", FOLDER)
    post = MailHouse(house)
    async with supervised(house) as told:
        await passes(house, lambda: FOLDER in (house.store.read_now(channels.cursor, POST) or ""), LONG)
        dovecot.deliver(mailbox, letter(1))
        dovecot.append_many(mailbox, [letter(2), letter(3)], FOLDER)
        await passes(house, lambda: post.arrived() == 3, LONG)
        await house.settle()
        before = events(house)
        lost(dovecot, mailbox)
        await passes(house, lambda: "folder_missing" in trouble(house), LONG)
        assert FOLDER in trouble(house)
        assert (post.messages(), events(house)) == (3, before), "what was received stays as it was"
        dovecot.deliver(mailbox, letter(4))
        await passes(house, lambda: post.arrived() == 4, LONG)
        found(dovecot, mailbox)
        dovecot.deliver(mailbox, letter(5), FOLDER)
        again = 0 if found is back else 2
        await passes(house, lambda: post.arrived() == 5 + again, LONG)
        told.clear()
        dovecot.deliver(mailbox, letter(6), FOLDER)
        await passes(house, lambda: post.arrived() == 6 + again, LONG)
        assert "backing-off" not in told
    await house.settle()
    verdicts = {Verdict.ACCEPTED.value: 6, f"{Verdict.DUPLICATE.value} duplicate.fingerprint": again}
    assert Counter(house.verdicts()) == Counter(verdicts)
    assert post.messages() == len(house.conversations()) == len(post.sent) == 6


@LOST_AND_FOUND
async def test_a17_the_only_folder_is_renamed_or_made_anew_under_our_eyes(
    houses: Houses,
    dovecot: Dovecot,
    mailbox: str,
    tmp_path: Path,
    lost: Callable[[Dovecot, str], None],
    found: Callable[[Dovecot, str], None],
) -> None:
    """It is the one that is open, so nothing opens it again by itself."""
    house = built(houses, dovecot, mailbox, tmp_path, FOLDER)
    post = MailHouse(house)
    async with supervised(house):
        await passes(house, lambda: FOLDER in (house.store.read_now(channels.cursor, POST) or ""), LONG)
        dovecot.append_many(mailbox, [letter(2), letter(3)], FOLDER)
        await passes(house, lambda: post.arrived() == 2, LONG)
        await house.settle()
        before = events(house)
        lost(dovecot, mailbox)
        assert (post.messages(), events(house)) == (2, before)
        found(dovecot, mailbox)
        dovecot.deliver(mailbox, letter(4), FOLDER)
        again = 0 if found is back else 2
        await passes(house, lambda: post.arrived() == 3 + again, LONG)
    await house.settle()
    assert post.messages() == len(house.conversations()) == len(post.sent) == 3


async def test_a17_a_mailbox_that_was_made_anew_from_nothing_doubles_nothing(
    houses: Houses, dovecot: Dovecot, mailbox: str, tmp_path: Path
) -> None:
    """All of it was thrown away on the server, and what it held was put back later."""
    house = built(houses, dovecot, mailbox, tmp_path, "INBOX")
    post = MailHouse(house)
    async with supervised(house):
        await passes(house, lambda: "INBOX" in (house.store.read_now(channels.cursor, POST) or ""), LONG)
        dovecot.append_many(mailbox, [letter(1), letter(2)])
        await passes(house, lambda: post.arrived() == 2, LONG)
        await house.settle()
        before = events(house)
        dovecot.throw_away(mailbox)
        dovecot.deliver(mailbox, letter(3))
        await passes(house, lambda: post.arrived() == 3, LONG)
        assert (post.messages(), events(house)) == (2, before)
        dovecot.append_many(mailbox, [letter(1), letter(2), letter(4)])
        await passes(house, lambda: post.arrived() == 6, LONG)
    await house.settle()
    assert post.messages() == len(house.conversations()) == len(post.sent) == 4
