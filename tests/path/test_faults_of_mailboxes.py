"""What goes wrong between a mailbox and the store, on a real Dovecot and the whole path: nothing lost, nothing twice, nobody answered twice."""

import asyncio
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inbox.domain.arrivals import Verdict
from inbox.store import channels
from inbox.store.store import Store
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.mail_house import POST, Killed, MailHouse, config, letter, opened
from tests.rig.dovecot import Dovecot

MAILS = int(os.environ.get("MAILS", "100"))
"""So many lie in the mailbox whose UIDs are counted anew; `make nightly` takes 10,000."""


class Once:
    """Ends everything at one point, the first time that it is passed."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.struck = False

    def __call__(self, point: str) -> None:
        if point == self.point and not self.struck:
            self.struck = True
            raise Killed


@pytest.fixture
async def built(houses: Houses, dovecot: Dovecot, mailbox: str, tmp_path: Path) -> House:
    """A house whose mailbox is open and empty: what comes now is new."""
    return await opened(houses, dovecot, mailbox, tmp_path)


def answered_once(post: MailHouse, mails: int) -> None:
    """As many messages as mails, and as many acknowledgements; each in its own conversation."""
    assert post.messages() == mails
    assert len(post.house.conversations()) == mails
    assert Counter(d.state.value for d in post.house.deliveries()) == {"sent": mails}
    assert len(post.sent) == mails


# -- A1, A2, A3 --------------------------------------------------------------------------------------------------------
ON_THE_WAY_IN = (
    "imap.before_fetch",
    "imap.after_fetch",
    "blob.before_rename",
    "blob.after_rename",
    "intake.fetched",
    "store.before_commit",
    "store.after_commit",
    "intake.landed",
    "imap.before_confirm",
    "intake.confirmed",
)


@pytest.mark.parametrize("point", ON_THE_WAY_IN)
async def test_a1_a2_a3_killed_anywhere_on_the_way_in_each_mail_is_one_row_and_answered_once(
    built: House, houses: Houses, dovecot: Dovecot, mailbox: str, tmp_path: Path, point: str
) -> None:
    """The cursor is a column of the same transaction, so that no kill can part the two."""
    dovecot.append_many(mailbox, [letter(1), letter(2, "x" * 70_000), letter(3)])
    once = Once(point)
    if point.startswith(("store.", "blob.")):
        built.rooms.blobs._probe = once
        built.store._probe = once
    with pytest.raises(Killed):
        await MailHouse(built).fetches(3, once)
    house = houses(more=config(tmp_path, dovecot, mailbox), clock=built.clock)
    post = MailHouse(house)
    await post.fetches(3)
    await house.settle()
    answered_once(post, 3)


async def test_a3_whatever_was_stored_is_behind_the_cursor_and_nothing_else(
    built: House, dovecot: Dovecot, mailbox: str
) -> None:
    dovecot.append_many(mailbox, [letter(1), letter(2)])
    before = built.store.read_now(channels.cursor, POST)
    built.store._probe = Once("store.before_commit")
    post = MailHouse(built)
    with pytest.raises(Killed):
        await post.fetches(2)
    assert (post.arrived(), built.store.read_now(channels.cursor, POST)) == (0, before)
    await post.fetches(2)
    assert built.store.read_now(channels.cursor, POST) != before


# -- A9 ----------------------------------------------------------------------------------------------------------------
async def test_a9_after_new_uids_no_old_mail_is_a_new_row_and_nobody_is_answered_again(
    built: House, dovecot: Dovecot, mailbox: str
) -> None:
    post = MailHouse(built)
    dovecot.append_many(mailbox, (letter(n) for n in range(MAILS)))
    await post.fetches(MAILS)
    await built.settle()
    answered_once(post, MAILS)
    dovecot.reset_uidvalidity(mailbox)
    dovecot.deliver(mailbox, letter(MAILS))
    await post.fetches(2 * MAILS + 1)
    await built.settle()
    assert Counter(built.verdicts()) == {
        Verdict.ACCEPTED.value: MAILS + 1,
        f"{Verdict.DUPLICATE.value} duplicate.fingerprint": MAILS,
    }
    answered_once(post, MAILS + 1)


# -- A16 ---------------------------------------------------------------------------------------------------------------
async def test_a16_two_that_fetch_from_one_mailbox_store_each_mail_once(
    built: House, url: str, tmp_path: Path, dovecot: Dovecot, mailbox: str
) -> None:
    """As when the process before still lives, or its lease ran out while it fetched."""
    dovecot.append_many(mailbox, [letter(n) for n in range(40)])
    other = Store(url, tmp_path)
    post = MailHouse(built)
    await asyncio.gather(post.fetches(40), post.fetches(40, store=other))
    other.close()
    await built.settle()
    assert post.arrived() == 40
    answered_once(post, 40)


# -- A18 ---------------------------------------------------------------------------------------------------------------
async def test_a18_what_lies_in_a_second_folder_is_mail_too_and_what_lies_in_both_is_one_message(
    houses: Houses, dovecot: Dovecot, mailbox: str, tmp_path: Path
) -> None:
    house = await opened(houses, dovecot, mailbox, tmp_path, ("INBOX", "Junk"))
    post = MailHouse(house)
    dovecot.deliver(mailbox, letter(1))
    dovecot.deliver(mailbox, letter(1), "Junk")
    dovecot.deliver(mailbox, letter(2), "Junk")
    await post.fetches(3)
    await house.settle()
    answered_once(post, 2)


# -- A22 ---------------------------------------------------------------------------------------------------------------
async def test_a22_a_mail_is_known_again_by_its_words_and_not_by_its_id_alone(
    built: House, dovecot: Dovecot, mailbox: str
) -> None:
    same = "<the.same@customer.test>"
    mails = [
        letter(1, Message_ID=None),
        letter(2, Message_ID=None),
        letter(3, Message_ID=same),
        letter(4, Message_ID=same),
    ]
    dovecot.append_many(mailbox, [*mails, mails[0]])
    post = MailHouse(built)
    await post.fetches(5)
    await built.settle()
    assert Counter(built.verdicts())[Verdict.ACCEPTED.value] == 4
    answered_once(post, 4)


# -- A23, A24 ----------------------------------------------------------------------------------------------------------
async def test_a23_a24_mail_of_any_date_is_new_where_its_uid_is_and_is_owed_an_answer_from_now_on(
    built: House, dovecot: Dovecot, mailbox: str
) -> None:
    """An outage of a month, a server whose clock began in 1970, and one that is years ahead."""
    for number, year in enumerate((1970, 2026, 2035)):
        dovecot.deliver(mailbox, letter(number), at=datetime(year, 1, 2, tzinfo=UTC))
    built.clock.advance(timedelta(days=30))
    post = MailHouse(built)
    await post.fetches(3)
    await built.settle()
    answered_once(post, 3)
    for matter in built.conversations():
        assert built.clocks(matter)["first_reply"].started_at == built.clock.now()
