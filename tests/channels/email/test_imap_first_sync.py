"""The first opening of a mailbox: what lies there is left alone, stored silently or answered; what comes after it is new."""

from datetime import timedelta

import pytest

from inbox.testing import FakeClock
from tests.channels.email.imap_house import fetching, mail, playing, take, uids
from tests.channels.email.test_imap_fetch import following, heard, waiting_on, watching
from tests.rig.imap_script import Talk


async def test_old_mail_is_left_alone_and_the_cursor_says_so_at_once() -> None:
    clock = FakeClock()
    with playing(mails=3) as server:
        async with watching(server, clock, first_sync="new") as source:
            batch = await following(source)
            assert batch.items == ()
            assert batch.cursor is not None
            assert '"last_uid": 3' in batch.cursor
            await waiting_on(clock)
            server.mailbox.add(mail(4))
            clock.advance(timedelta(seconds=60))
            batch = await following(source)
        assert [(item.key, item.raw) for item in batch.items] == [("INBOX/1/4", mail(4))]
        assert (batch.history, batch.first_sync) == (False, False)


@pytest.mark.parametrize("folders", [("INBOX",), ("INBOX", "Junk")])
async def test_mail_that_comes_right_after_the_opening_is_new(folders: tuple[str, ...]) -> None:
    with playing(mails=3) as server:
        async with fetching(server, first_sync="new", folders=folders) as fetcher:
            server.mailbox.add(mail(4))
            batches = await take(fetcher, len(folders))
    assert uids(batches) == [4] * len(folders), "the script has the same mail in every folder"


async def test_a_server_that_does_not_tell_its_next_uid_is_searched_at_the_opening() -> None:
    async def taciturn(talk: Talk) -> None:
        await talk.greet()
        while True:
            command = await talk.serve(until="EXAMINE")
            await talk.say("* OK [UIDVALIDITY 1] numbers")
            await talk.ok(command)

    with playing(taciturn, mails=3) as server:
        async with fetching(server, first_sync="new") as fetcher:
            server.mailbox.add(mail(4))
            assert uids(await take(fetcher, 1)) == [4]
        assert heard(server, "UID SEARCH") == ["UID 1:*", "UID 4:*"]


@pytest.mark.parametrize("first_sync", ["import", "answer"])
async def test_wanted_old_mail_is_marked_and_new_mail_is_not(first_sync: str) -> None:
    clock = FakeClock()
    with playing(mails=3) as server:
        async with watching(server, clock, first_sync=first_sync) as source:
            assert (await following(source)).items == ()
            old = await following(source)
            await waiting_on(clock)
            server.mailbox.add(mail(4))
            clock.advance(timedelta(seconds=60))
            new = await following(source)
    assert (uids([old]), old.history, old.first_sync) == ([1, 2, 3], first_sync == "import", first_sync == "answer")
    assert (uids([new]), new.history, new.first_sync) == ([4], False, False)


async def test_a_first_sync_that_was_interrupted_goes_on_as_one() -> None:
    with playing(mails=3) as server:
        async with fetching(server, first_sync="import") as fetcher:
            [begun] = await take(fetcher, 0)
        server.mailbox.add(mail(4))
        async with fetching(server, first_sync="new") as fetcher:
            batches = await take(fetcher, 4, begun.cursor)
    assert [(uids([batch]), batch.history) for batch in batches] == [([1, 2, 3], True), ([4], False)]


async def test_an_empty_mailbox_counts_as_opened() -> None:
    clock = FakeClock()
    with playing() as server:
        async with watching(server, clock, first_sync="import") as source:
            begun = await following(source)
            await waiting_on(clock)
            server.mailbox.add(mail(1))
            clock.advance(timedelta(seconds=60))
            batch = await following(source)
    assert begun.cursor is not None
    assert (uids([batch]), batch.history) == ([1], False)
