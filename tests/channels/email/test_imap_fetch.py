"""The fetcher against a scripted server: order, resumption, waiting, and mail that goes away in the middle."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from channels.email.imap import RENEWAL, ImapFetcher
from inbox.domain.problems import Temporary, Unreachable
from inbox.ports.channel import Batch
from inbox.ports.clock import Clock
from inbox.ports.probe import silent
from inbox.testing import FakeClock
from tests.channels.email.imap_house import WITHIN, account, fetching, items, mail, playing, take, uids
from tests.rig.gate import Gate
from tests.rig.imap_polite import Command
from tests.rig.imap_script import ImapScript, Talk, polite
from tests.rig.proxy import FaultProxy
from tests.rig.wait import until, until_async


@contextmanager
def through(server: ImapScript) -> Iterator[FaultProxy]:
    """A proxy in front of the server."""
    proxy = FaultProxy(server.port).start()
    try:
        yield proxy
    finally:
        proxy.close()


@asynccontextmanager
async def watching(server: ImapScript, clock: Clock, **changes: Any) -> AsyncIterator[AsyncGenerator[Batch, None]]:
    """The batches of a mailbox that is opened now."""
    async with fetching(server, clock, **changes) as fetcher:
        source = fetcher.fetch(None)
        try:
            yield source
        finally:
            await source.aclose()


async def following(source: AsyncIterator[Batch]) -> Batch:
    async with asyncio.timeout(WITHIN):
        return await anext(source)


async def waiting_on(clock: FakeClock) -> None:
    """Until the fetcher waits, in IDLE or not."""
    await until_async(lambda: clock.sleepers == 1, what="the fetcher waits")


def heard(server: ImapScript, name: str) -> list[str]:
    return [command.rest for command in server.heard if command.name == name]


async def test_the_last_mail_that_a_search_always_names_is_not_fetched_twice() -> None:
    clock = FakeClock()
    with playing(mails=3) as server:
        async with watching(server, clock) as source:
            assert uids([await following(source), await following(source)]) == [1, 2, 3]
            ahead = asyncio.create_task(following(source))
            for _ in range(3):
                await waiting_on(clock)
                clock.advance(timedelta(seconds=60))
            await waiting_on(clock)
            assert heard(server, "UID SEARCH") == ["UID 1:*", *["UID 4:*"] * 3]
            server.mailbox.add(mail(4))
            clock.advance(timedelta(seconds=60))
            assert uids([await ahead]) == [4]


async def test_mail_is_read_without_being_marked_and_by_uid_alone() -> None:
    with playing(mails=3) as server:
        async with fetching(server) as fetcher:
            [*_, batch] = await take(fetcher, 3)
            await fetcher.confirm(batch)
        names = {command.name for command in server.heard}
        assert names <= {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "IDLE", "DONE", ""}
        assert all("UNSEEN" not in command.rest for command in server.heard)
        assert heard(server, "UID FETCH") == ["1:3 (UID RFC822.SIZE INTERNALDATE)", "1:3 (UID BODY.PEEK[])"]


async def test_mail_that_comes_during_a_fetch_is_fetched_without_another_push() -> None:
    async def busy(talk: Talk) -> None:
        await talk.greet()
        await talk.polite(await talk.serve(until="UID FETCH"))
        fetch = await talk.serve(until="UID FETCH")
        talk.mailbox.add(mail(2))
        await talk.say("* 2 EXISTS", "* 1 FETCH (FLAGS (\\Seen))")
        await talk.raw(b"* 1 FETCH (BODY[] {%d}\r\n%b FLAGS () UID 1)\r\n" % (len(mail(1)), mail(1)))
        await talk.say("* 1 FETCH (UID 1 FLAGS ())")
        await talk.ok(fetch)
        await talk.serve()

    with playing(busy, mails=1) as server:
        async with fetching(server) as fetcher:
            batches = await take(fetcher, 2)
    assert [item.raw for item in items(batches)] == [mail(1), mail(2)]


async def test_mail_that_is_expunged_before_its_body_comes_is_skipped_and_never_empty() -> None:
    async def expunging(talk: Talk) -> None:
        await talk.greet()
        await talk.polite(await talk.serve(until="UID FETCH"))
        fetch = await talk.serve(until="UID FETCH")
        for number, body in [(1, b"NIL"), (3, b"{0}\r\n"), (4, b'""')]:
            await talk.raw(b"* %d FETCH (UID %d BODY[] %b)\r\n" % (number, number, body))
        await talk.raw(b"* 5 FETCH (UID 5 BODY[] {%d}\r\n%b)\r\n" % (len(mail(5)), mail(5)))
        await talk.ok(fetch)
        await talk.serve()

    with playing(expunging, mails=5) as server:
        async with fetching(server) as fetcher:
            batches = await take(fetcher, 1)
    assert [(item.key, item.raw) for item in items(batches)] == [("INBOX/1/5", mail(5))]


async def test_a_server_that_says_no_about_expunged_mail_still_gave_us_the_others() -> None:
    async def expunged(talk: Talk) -> None:
        await talk.greet()
        await talk.polite(await talk.serve(until="UID FETCH"))
        fetch = await talk.serve(until="UID FETCH")
        talk.mailbox.remove(1)
        await talk.raw(b"* 2 FETCH (UID 2 BODY[] {%d}\r\n%b)\r\n" % (len(mail(2)), mail(2)))
        await talk.no(fetch, "[EXPUNGEISSUED] some are gone")
        await talk.serve()

    with playing(expunged, mails=2) as server:
        async with fetching(server) as fetcher:
            assert uids(await take(fetcher, 1)) == [2]


async def test_a_refused_fetch_skips_nothing() -> None:
    async def refusing(talk: Talk) -> None:
        await talk.greet()
        await talk.polite(await talk.serve(until="UID FETCH"))
        await talk.no(await talk.serve(until="UID FETCH"), "[SERVERBUG] cannot read it")
        await talk.serve()

    with playing(refusing, polite, mails=2) as server:
        async with fetching(server) as fetcher:
            [begun] = await take(fetcher, 0)
            with pytest.raises(Temporary, match=r"imap\.command_refused.*cannot read it"):
                await take(fetcher, 1, begun.cursor)
            await fetcher.open()
            assert uids(await take(fetcher, 2, begun.cursor)) == [1, 2]


async def test_where_nobody_can_push_the_mailbox_is_looked_at() -> None:
    async def plain(talk: Talk) -> None:
        await talk.greet("IMAP4rev1")
        await talk.serve()

    clock = FakeClock()
    with playing(plain) as server:
        async with watching(server, clock, poll_seconds=30.0) as source:
            await following(source)
            await waiting_on(clock)
            server.mailbox.add(mail(1))
            clock.advance(timedelta(seconds=30))
            assert uids([await following(source)]) == [1]
            await waiting_on(clock)
            server.hang_up()
            with pytest.raises(Unreachable):  # and a loss is seen without waiting for the next look
                await following(source)
        assert heard(server, "IDLE") == []
        assert heard(server, "EXAMINE") == ['"INBOX"', '"INBOX"'], "which makes the server look, too"


EXTENSIONS = ("IDLE", "UIDPLUS", "MOVE", "CONDSTORE")
LOOKING = {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "IDLE", "DONE", ""}
"""What only reads: EXAMINE opens a folder in which nothing can be changed (RFC 3501, 6.3.2)."""


@pytest.mark.parametrize(
    "able",
    [able for count in range(len(EXTENSIONS) + 1) for able in combinations(EXTENSIONS, count)],
    ids=lambda able: "+".join(able) or "nothing",
)
async def test_a15_whatever_a_server_can_do_new_mail_is_there_within_a_minute_and_none_is_ever_moved(
    able: tuple[str, ...],
) -> None:
    """Nothing is moved, copied, marked or expunged by us, so that a server which cannot do it can lose nothing by it."""

    async def so_able(talk: Talk) -> None:
        await talk.greet(" ".join(("IMAP4rev1", *able)))
        await talk.serve()

    clock = FakeClock()
    with playing(so_able, mails=2) as server:
        async with fetching(server, clock) as fetcher:
            source = fetcher.fetch(None)
            batches = [await following(source), await following(source)]
            for _ in range(3):
                await waiting_on(clock)
                server.mailbox.add(mail(server.mailbox.uidnext))  # and nobody is told
                clock.advance(timedelta(seconds=60))
                batches.append(await following(source))
                await fetcher.confirm(batches[-1])
            await source.aclose()
        assert uids(batches) == server.mailbox.uids() == [1, 2, 3, 4, 5]
        assert {command.name for command in server.heard} <= LOOKING
        assert bool(heard(server, "IDLE")) == ("IDLE" in able)
        assert server.mailbox.flags == {}


async def test_a_server_that_refuses_the_idle_it_announces_is_polled() -> None:
    async def lying(talk: Talk) -> None:
        await talk.greet()
        await talk.bad(await talk.serve(until="IDLE"))
        await talk.serve()

    clock = FakeClock()
    with playing(lying) as server:
        async with watching(server, clock) as source:
            await following(source)
            await waiting_on(clock)
            server.mailbox.add(mail(1))
            clock.advance(timedelta(seconds=60))
            assert uids([await following(source)]) == [1]
        assert len(heard(server, "IDLE")) == 1


async def test_idle_is_begun_anew_before_four_minutes_and_a_search_follows() -> None:
    clock = FakeClock()
    with playing() as server:
        async with watching(server, clock, poll_seconds=3600.0) as source:
            await following(source)
            await waiting_on(clock)
            assert clock.wakes_at is not None
            assert clock.wakes_at - clock.now() == timedelta(seconds=RENEWAL) < timedelta(minutes=4)
            searches = len(heard(server, "UID SEARCH"))
            clock.advance(timedelta(seconds=RENEWAL))
            await until_async(lambda: len(heard(server, "IDLE")) == 2)
            assert len(heard(server, "UID SEARCH")) == searches + 1


async def test_a_push_is_answered_without_the_clock() -> None:
    async def pushing(talk: Talk) -> None:
        await talk.greet()
        idle = await talk.serve(until="IDLE")
        await talk.go_ahead("idling")
        await talk.wait(arrived)
        talk.mailbox.add(mail(1))
        await talk.say("* 1 EXISTS")
        assert (await talk.hear()).tag == "DONE"
        await talk.ok(idle)
        await talk.serve()

    arrived, clock = Gate(), FakeClock()
    with playing(pushing) as server:
        async with watching(server, clock) as source:
            await following(source)
            await waiting_on(clock)
            arrived.open()
            assert uids([await following(source)]) == [1]


async def test_new_uids_bring_everything_once_more_under_new_keys_and_under_the_brake() -> None:
    with playing(mails=2) as server:
        async with fetching(server) as fetcher:
            [*_, last] = await take(fetcher, 2)
        server.mailbox.renumber(7)
        server.mailbox.add(mail(3))
        async with fetching(server) as fetcher:
            batches = await take(fetcher, 3, last.cursor)
    assert [item.key for item in items(batches)] == ["INBOX/7/1", "INBOX/7/2", "INBOX/7/3"]
    assert all(batch.first_sync for batch in batches if batch.items)


async def test_the_next_batch_is_fetched_while_the_house_stores_this_one() -> None:
    def note(point: str) -> None:
        points.append(point)

    points: list[str] = []
    with playing(mails=401) as server:
        async with fetching(server, probe=note) as fetcher:
            source = fetcher.fetch(None)
            await following(source)
            assert len((await following(source)).items) == 400
            await until_async(lambda: points.count("imap.after_fetch") == 2)
            assert uids([await following(source)]) == [401]


async def test_closing_tells_whoever_waits_and_may_be_done_twice_or_before_opening() -> None:
    with playing() as server:
        fetcher = ImapFetcher(account(server), FakeClock(), silent)
        await fetcher.close()
        with pytest.raises(Unreachable):
            await take(fetcher, 0)
        await fetcher.open()
        source = fetcher.fetch(None)
        await following(source)
        waiting = asyncio.create_task(following(source))
        await until_async(lambda: heard(server, "IDLE"))
        await fetcher.close()
        await fetcher.close()
        with pytest.raises(Unreachable):
            await waiting
        until(lambda: server.live == 0)


async def test_an_abandoned_fetch_leaves_nothing_running() -> None:
    with playing(mails=3) as server:
        fetcher = ImapFetcher(account(server), FakeClock(), silent)
        await fetcher.open()
        source = fetcher.fetch(None)
        await following(source)
        await fetcher.close()
        await source.aclose()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others, timeout=60) if others else None
        assert all(task.done() for task in others)


async def test_no_cut_of_the_connection_makes_a_truncated_mail() -> None:
    sizes = (200, 1500, 40_000)
    with playing() as server, through(server) as proxy:
        wanted = [mail(number, size) for number, size in enumerate(sizes, 1)]
        for raw in wanted:
            server.mailbox.add(raw)
        async with fetching(proxy) as fetcher:
            assert [item.raw for item in items(await take(fetcher, 3))] == wanted
        passed = proxy.passed["down"]
        assert passed > sum(sizes)
        for cut in [*range(60, passed - 30, passed // 40), passed - 30]:
            proxy.cut_after(cut)
            assert await until_lost(proxy) == []
        proxy.heal()
        async with fetching(proxy) as fetcher:
            assert [item.raw for item in items(await take(fetcher, 3))] == wanted


async def test_a4_a_cut_at_every_byte_of_a_literal_gives_no_mail() -> None:
    """A small mail, and the connection ended after each of its bytes, politely and rudely in turn."""
    with playing() as server, through(server) as proxy:
        raw = mail(1, 160)
        server.mailbox.add(raw)
        async with fetching(proxy) as fetcher:
            assert [item.raw for item in items(await take(fetcher, 1))] == [raw]
        passed = proxy.passed["down"]
        for cut in range(passed - len(raw) - 30, passed - 1):
            proxy.cut_after(cut, rudely=bool(cut % 2))
            assert await until_lost(proxy) == []
        proxy.heal()
        async with fetching(proxy) as fetcher:
            assert [item.raw for item in items(await take(fetcher, 1))] == [raw]


async def until_lost(proxy: FaultProxy) -> list[object]:
    """What a connection delivers before it ends."""
    got: list[object] = []
    try:
        async with asyncio.timeout(WITHIN), fetching(proxy) as fetcher:
            async for batch in fetcher.fetch(None):
                got += [item.raw for item in batch.items]
    except Unreachable:
        return got
    raise AssertionError("the fetch ended by itself")


async def test_a17_a_folder_that_another_was_put_in_the_place_of_is_opened_anew_where_nothing_comes() -> None:
    """Even on a server that lets us look into the old one for as long as we like."""
    clock = FakeClock()
    with playing(mails=2) as server:
        async with watching(server, clock) as source:
            assert uids([await following(source), await following(source)]) == [1, 2]
            ahead = asyncio.create_task(following(source))
            await waiting_on(clock)
            server.mailbox.renumber(7)
            clock.advance(timedelta(seconds=60))
            assert (await ahead).items == ()  # the new bookmark
            assert [item.key for item in (await following(source)).items] == ["INBOX/7/1", "INBOX/7/2"]
    assert server.connections == 1


async def test_a_folder_that_is_missing_is_told_after_the_others_had_their_turn() -> None:
    async def without_junk(talk: Talk) -> None:
        await talk.greet()
        while True:
            command = await talk.serve(until="EXAMINE")
            if "Junk" in command.rest:
                await talk.no(command, "[NONEXISTENT] no such mailbox")
            else:
                await talk.polite(Command(command.tag, "SELECT", command.rest))

    with playing(without_junk, mails=2) as server:
        async with fetching(server, folders=("Junk", "inbox")) as fetcher:
            got: list[Batch] = []
            with pytest.raises(Temporary, match=r"imap\.folder_missing.*Junk.*no such mailbox"):
                async for batch in fetcher.fetch(None):
                    got += [batch]
    assert uids(got) == [1, 2]
