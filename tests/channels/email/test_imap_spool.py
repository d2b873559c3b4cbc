"""Big mails come in pieces into files of our own: whole, or not at all, and gone when they are stored."""

from dataclasses import replace
from pathlib import Path

import pytest

from channels.email.imap_spool import PIECE, beginning
from inbox.domain.arrivals import Spooled
from tests.channels.email.imap_house import content, fetching, items, mail, playing, take, uids
from tests.rig.imap_script import Talk
from tests.unit.email.letters import message

BIG = 3 * 2**20 + 12_345


async def test_a_big_mail_comes_in_pieces_into_a_file_that_goes_when_it_is_stored(tmp_path: Path) -> None:
    with playing() as server:
        server.mailbox.add(mail(1))
        server.mailbox.add(mail(2, BIG))
        server.mailbox.add(mail(3))
        async with fetching(server, spool=tmp_path / "spool") as fetcher:
            batches = [batch for batch in await take(fetcher, 3) if batch.items]
            assert [uids([batch]) for batch in batches] == [[1], [2], [3]]
            raw = batches[1].items[0].raw
            assert isinstance(raw, Spooled)
            assert (raw.size, content(raw)) == (BIG, mail(2, BIG))
            assert raw.path.stat().st_mode & 0o077 == 0
            await fetcher.confirm(batches[1])
            assert list((tmp_path / "spool").iterdir()) == []
            await fetcher.confirm(batches[1])


async def test_what_a_lost_connection_left_in_the_spool_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "foreign").touch()
    with playing() as server:
        server.mailbox.add(mail(1, BIG))
        async with fetching(server, spool=tmp_path) as fetcher:
            await take(fetcher, 1)
            assert len(list(tmp_path.iterdir())) == 2
            await fetcher.open()
            assert [path.name for path in tmp_path.iterdir()] == ["foreign"]


async def test_a_big_mail_that_is_expunged_between_its_pieces_is_skipped(tmp_path: Path) -> None:
    async def expunging(talk: Talk) -> None:
        await talk.greet()
        for _ in range(4):
            await talk.polite(await talk.serve(until="UID FETCH"))
        talk.mailbox.remove(1)
        await talk.serve()

    with playing(expunging) as server:
        server.mailbox.add(mail(1, BIG))
        server.mailbox.add(mail(2))
        async with fetching(server, spool=tmp_path) as fetcher:
            assert uids(await take(fetcher, 1)) == [2]
            assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("real", [500, PIECE, PIECE + 1, 2 * PIECE])
@pytest.mark.parametrize("told", [b"RFC822.SIZE 9999999", b"RFC822.SIZE 1100000", b"X 1"])
async def test_a_server_that_tells_wrong_sizes_still_gives_whole_mails(told: bytes, real: int, tmp_path: Path) -> None:
    async def lying(talk: Talk) -> None:
        await talk.greet()
        while True:
            command = await talk.serve(until="UID FETCH")
            if "RFC822.SIZE" in command.rest:
                await talk.raw(b"* 1 FETCH (UID 1 %b)\r\n" % told)
                await talk.ok(command)
            else:
                await talk.polite(command)

    with playing(lying) as server:
        server.mailbox.add(mail(1, real))
        async with fetching(server, spool=tmp_path) as fetcher:
            [item] = items(await take(fetcher, 1))
            assert content(item.raw) == mail(1, real)


async def test_a_server_that_gives_less_than_it_is_asked_for_still_gives_whole_mails(tmp_path: Path) -> None:
    async def sparing(talk: Talk) -> None:
        await talk.greet()
        while True:
            command = await talk.serve(until="UID FETCH")
            await talk.polite(replace(command, rest=command.rest.replace(f".{PIECE}>", ".100000>")))

    with playing(sparing) as server:
        server.mailbox.add(mail(1, BIG))
        async with fetching(server, spool=tmp_path) as fetcher:
            [item] = items(await take(fetcher, 1))
            assert content(item.raw) == mail(1, BIG)


async def test_of_a_mail_beyond_the_limit_only_the_beginning_is_taken(tmp_path: Path) -> None:
    with playing() as server:
        server.mailbox.add(mail(1, BIG))
        async with fetching(server, spool=tmp_path, max_bytes=2 * 2**20) as fetcher:
            [item] = items(await take(fetcher, 1))
    assert item.raw == beginning(mail(1, BIG)[:PIECE])
    assert "oversized" in message(item.raw).defects


async def test_a_server_that_tells_too_small_a_size_does_not_fill_the_disk(tmp_path: Path) -> None:
    async def lying(talk: Talk) -> None:
        await talk.greet()
        while True:
            command = await talk.serve(until="UID FETCH")
            if "RFC822.SIZE" in command.rest:
                await talk.raw(b"* 1 FETCH (UID 1 RFC822.SIZE 1100000)\r\n")
                await talk.ok(command)
            else:
                await talk.polite(command)

    with playing(lying) as server:
        server.mailbox.add(mail(1, BIG))
        async with fetching(server, spool=tmp_path, max_bytes=2 * 2**20) as fetcher:
            [item] = items(await take(fetcher, 1))
            assert list(tmp_path.iterdir()) == []
    assert item.raw == beginning(mail(1, BIG)[:PIECE])
