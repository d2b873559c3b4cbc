"""One connection against a scripted server: the ordinary misfortunes under which aioimaplib hangs, dies or forgets."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from channels.email.connection import Connection
from channels.email.imap_login import logged_in
from tests.channels.email.imap_house import PATIENCE, account, lost, playing
from tests.rig.imap_script import ImapScript, Script, Talk, polite
from tests.rig.wait import until_async


@asynccontextmanager
async def connected(server: ImapScript, patience: float = PATIENCE) -> AsyncIterator[Connection]:
    """Logged in, with the inbox open."""
    connection, _ = await logged_in(account(server, patience=patience))
    try:
        assert (await connection.ask("EXAMINE", "INBOX")).ok
        connection.state = "SELECTED"
        yield connection
    finally:
        await connection.close()


async def never() -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    return


def until(name: str, then: Callable[[Talk], Awaitable[object]]) -> Script:
    """Polite until the command comes, then `then`, then the end of the connection."""

    async def script(talk: Talk) -> None:
        await talk.greet()
        await talk.serve(until=name)
        await then(talk)

    return script


async def test_a_goodbye_instead_of_the_invitation_to_idle_ends_the_wait() -> None:
    with playing(until("IDLE", lambda talk: talk.say("* BYE going down"))) as server:
        async with connected(server) as connection:
            problem = await lost(connection.idle(never))
    assert problem.facts["reason"] == "the server said goodbye: going down"


async def test_the_end_of_the_connection_instead_of_the_invitation_to_idle_ends_the_wait() -> None:
    with playing(until("IDLE", lambda talk: talk.say())) as server:
        async with connected(server) as connection:
            await lost(connection.idle(never))


async def test_a_goodbye_while_idling_ends_the_wait() -> None:
    async def bye(talk: Talk) -> None:
        await talk.go_ahead("idling")
        await talk.say("* BYE going down")

    with playing(until("IDLE", bye)) as server:
        async with connected(server) as connection:
            await lost(connection.idle(never))
            await lost(connection.ask("NOOP"))  # and the next command knows at once


async def test_the_end_of_the_connection_while_idling_ends_the_wait() -> None:
    with playing(until("IDLE", lambda talk: talk.go_ahead("idling"))) as server:
        async with connected(server) as connection:
            await lost(connection.idle(never))


async def test_a_goodbye_before_any_command_is_told_in_the_servers_words() -> None:
    with playing(lambda talk: talk.say("* BYE too many connections")) as server:
        problem = await lost(logged_in(account(server)))
    assert problem.facts["reason"] == "the server said goodbye: too many connections"


async def test_a_server_that_is_no_imap_server_is_recognised() -> None:
    with playing(lambda talk: talk.say("220 mail.example.org ESMTP")) as server:
        problem = await lost(logged_in(account(server)))
    assert problem.facts["reason"] == "this is no IMAP server, it said: 220 mail.example.org ESMTP"


async def test_silence_after_done_ends_at_the_deadline() -> None:
    async def silent(talk: Talk) -> None:
        await talk.go_ahead("idling")
        await talk.silence()

    with playing(until("IDLE", silent)) as server:
        async with connected(server, patience=0.3) as connection:
            problem = await lost(connection.idle(at_once), "imap.silent")
    assert problem.facts["doing"] == "DONE"


async def test_silence_in_a_command_ends_at_the_deadline_and_the_connection_is_not_used_again() -> None:
    with playing(until("NOOP", lambda talk: talk.silence())) as server:
        async with connected(server, patience=0.3) as connection:
            await lost(connection.ask("NOOP"), "imap.silent")
            await lost(connection.ask("NOOP"))
        assert [command.name for command in server.heard].count("NOOP") == 1


async def test_a_drip_does_not_stretch_the_deadline() -> None:
    async def drip(talk: Talk) -> None:
        await talk.drip(b"* OK patience\r\n" * 1000, every=0.01)

    with playing(until("NOOP", drip)) as server:
        async with connected(server, patience=0.5) as connection:
            began = time.monotonic()
            await lost(connection.ask("NOOP"), "imap.silent")
    assert time.monotonic() - began < 15  # the drip takes minutes


async def test_a_drip_inside_a_literal_does_not_stretch_the_deadline_but_its_size_does() -> None:
    async def drip(talk: Talk) -> None:
        await talk.raw(b"* 1 FETCH (UID 1 BODY[] {4000}\r\n")
        await talk.drip(b"x" * 4000, every=0.01)

    with playing(until("UID FETCH", drip), mails=1) as server:
        async with connected(server, patience=0.3) as connection:
            began = time.monotonic()
            await lost(connection.ask("FETCH", "1", "(UID BODY.PEEK[])", uid=True, expecting=4000), "imap.silent")
    assert 0.7 <= time.monotonic() - began < 15  # 0.3 s, and 4,000 bytes at 10,000 a second; the drip takes 40 s


async def test_ten_thousand_lines_in_one_answer() -> None:
    async def many(talk: Talk) -> None:
        await talk.greet()
        fetch = await talk.serve(until="UID FETCH")
        await talk.say(*(f"* {n} FETCH (UID {n} FLAGS ())" for n in range(1, 10_001)))
        await talk.ok(fetch)
        await talk.serve()

    with playing(many) as server:
        async with connected(server) as connection:
            reply = await connection.ask("FETCH", "1:*", "(UID FLAGS)", uid=True)
            assert len(reply.answers) == 10_000
            assert (await connection.ask("NOOP")).ok


async def test_commands_given_at_once_wait_for_one_another() -> None:
    with playing(mails=3) as server:
        async with connected(server) as connection:
            asked = [connection.ask("FETCH", "1:3", "(UID BODY.PEEK[])", uid=True) for _ in range(100)]
            replies = await asyncio.gather(*asked)
    assert all(reply.ok and len(reply.answers) == 3 for reply in replies)


async def test_parentheses_and_stars_inside_strings_do_not_confuse_the_answers_after_them() -> None:
    async def odd(talk: Talk) -> None:
        await talk.greet()
        fetch = await talk.serve(until="UID FETCH")
        await talk.say('* 1 FETCH (UID 1 ENVELOPE ("* 2 EXISTS" "Re: (a"))', "* 2 FETCH (UID 2 FLAGS (\\Seen))")
        await talk.ok(fetch)
        await talk.serve()

    with playing(odd) as server:
        async with connected(server) as connection:
            reply = await connection.ask("FETCH", "1:2", "(UID)", uid=True)
    assert [answer[0][:9] for answer in reply.answers] == [b"* 1 FETCH", b"* 2 FETCH"]


async def test_a_push_between_done_and_its_ok_is_kept() -> None:
    async def late(talk: Talk) -> None:
        await talk.greet()
        idle = await talk.serve(until="IDLE")
        await talk.go_ahead("idling")
        assert (await talk.hear()).tag == "DONE"
        await talk.say("* 1 EXISTS")
        await talk.ok(idle)
        await talk.serve()

    with playing(late) as server:
        async with connected(server) as connection:
            assert (await connection.idle(at_once)).ok
            async with asyncio.timeout(25):
                await connection.rest(never)


async def test_the_same_number_of_mails_told_again_is_no_news() -> None:
    async def chatty(talk: Talk) -> None:
        await talk.greet()
        idle = await talk.serve(until="IDLE")
        await talk.go_ahead("idling")
        await talk.say("* OK still here", "* 3 EXISTS", "* 2 EXPUNGE", "* 2 EXISTS", "* 1 FETCH (FLAGS (\\Seen))")
        hearing = asyncio.ensure_future(talk.hear())
        early, _ = await asyncio.wait({hearing}, timeout=0.2)
        assert not early
        await talk.say("* 3 EXISTS")
        assert (await hearing).tag == "DONE"
        await talk.ok(idle)
        await talk.serve()

    with playing(chatty, mails=3) as server:
        async with connected(server) as connection:
            connection.forget_news()
            async with asyncio.timeout(25):
                reply = await connection.idle(never)
    assert len(reply.answers) == 6


async def test_a_refusal_of_idle_comes_back_as_one() -> None:
    async def refusing(talk: Talk) -> None:
        await talk.greet()
        await talk.no(await talk.serve(until="IDLE"))
        await talk.serve()

    with playing(refusing) as server:
        async with connected(server) as connection:
            assert (await connection.idle(never)).result == "NO"
            assert (await connection.ask("NOOP")).ok


async def test_a_cancelled_command_takes_the_connection_with_it() -> None:
    with playing(until("NOOP", lambda talk: talk.silence())) as server:
        async with connected(server) as connection:
            asking = asyncio.create_task(connection.ask("NOOP"))
            await until_async(lambda: server.heard[-1].name == "NOOP")
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await lost(connection.ask("NOOP"))


async def test_an_answer_to_a_command_that_nobody_gave_ends_the_connection() -> None:
    async def strange(talk: Talk) -> None:
        await talk.say("X99 OK done")
        await talk.silence()

    with playing(until("NOOP", strange)) as server:
        async with connected(server) as connection:
            await lost(connection.ask("NOOP"))


async def test_a_reset_is_a_loss_like_any_other() -> None:
    async def reset(talk: Talk) -> None:
        talk.rst()

    with playing(until("NOOP", reset)) as server:
        async with connected(server) as connection:
            await lost(connection.ask("NOOP"))


async def test_nothing_that_is_said_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with playing(polite, mails=1) as server:
        async with connected(server) as connection:
            await connection.ask("FETCH", "1", "(UID BODY.PEEK[])", uid=True)
    assert "secret" not in caplog.text
    assert "me@example.org" not in caplog.text
    assert "no answer" not in caplog.text
