"""Logging in: refusals told apart, secrets told to nobody but the server, encryption or nothing."""

import asyncio

import pytest

from channels.email.imap_login import logged_in
from inbox.domain.problems import LockedOut
from tests.channels.email.imap_house import account, lost, playing
from tests.rig.imap_script import CAPABILITY, ImapScript, Talk


async def test_nobody_listens() -> None:
    server = ImapScript().start()
    server.close()
    problem = await lost(logged_in(account(server)), "imap.unreachable")
    assert problem.facts["port"] == server.port


async def test_a_refused_login_needs_a_person() -> None:
    async def refusing(talk: Talk) -> None:
        await talk.greet()
        await talk.no(await talk.serve(until="LOGIN"), "[AUTHENTICATIONFAILED] wrong password")

    with playing(refusing) as server, pytest.raises(LockedOut) as raised:
        await logged_in(account(server))
    assert raised.value.key == "imap.refused"
    assert raised.value.facts["words"] == "[AUTHENTICATIONFAILED] wrong password"


@pytest.mark.parametrize("words", ["NO [UNAVAILABLE] try later", "NO [LIMIT] too many", "BAD confused"])
async def test_a_login_that_fails_for_now_is_tried_again(words: str) -> None:
    async def failing(talk: Talk) -> None:
        await talk.greet()
        login = await talk.serve(until="LOGIN")
        await talk.say(f"{login.tag} {words}")

    with playing(failing) as server:
        problem = await lost(logged_in(account(server)), "imap.not_now")
    assert problem.facts["words"] == words.partition(" ")[2]


@pytest.mark.parametrize("capability", [f"{CAPABILITY} AUTH=XOAUTH2", f"{CAPABILITY} SASL-IR AUTH=XOAUTH2"])
async def test_a_refused_token_is_answered_with_an_empty_line_and_needs_a_person(capability: str) -> None:
    async def refusing(talk: Talk) -> None:
        await talk.greet(capability)
        command = await talk.serve(until="AUTHENTICATE")
        if "SASL-IR" not in capability:
            await talk.go_ahead()
            assert (await talk.hear()).tag == TOKEN
        await talk.go_ahead("eyJzdGF0dXMiOiI0MDAifQ==")
        said.append((await talk.hear()).tag)
        await talk.no(command, "[AUTHENTICATIONFAILED] expired")

    said: list[str] = []
    with playing(refusing) as server:
        async with asyncio.timeout(25):
            with pytest.raises(LockedOut, match="expired"):
                await logged_in(account(server, auth="xoauth2"))
        assert server.heard[1].rest == ("XOAUTH2" if "SASL-IR" not in capability else f"XOAUTH2 {TOKEN}")
    assert said == [""]


TOKEN = "dXNlcj1tZUBleGFtcGxlLm9yZwFhdXRoPUJlYXJlciBzZWNyZXQBAQ=="
"""user=me@example.org, auth=Bearer secret, in base64."""


async def test_a_token_is_asked_anew_at_each_login() -> None:
    async def token() -> str:
        asked.append(1)
        return f"token {len(asked)}"

    asked: list[int] = []
    with playing() as server:
        for _ in range(2):
            connection, _ = await logged_in(account(server, secret=token))
            await connection.close()
        assert [command.rest.split(maxsplit=1)[1] for command in server.heard if command.name == "LOGIN"] == [
            '"token 1"',
            '"token 2"',
        ]


async def test_a_password_with_persian_letters_travels_where_letters_are_free() -> None:
    async def word() -> str:
        return "رمز"

    async def taking(talk: Talk) -> None:
        await talk.greet(f"{CAPABILITY} AUTH=PLAIN SASL-IR")
        await talk.serve()

    with playing(taking) as server:
        connection, _ = await logged_in(account(server, secret=word))
        await connection.close()
        assert server.heard[1].rest == "PLAIN AG1lQGV4YW1wbGUub3JnANix2YXYsg=="


async def test_a_password_that_is_two_lines_is_no_second_command() -> None:
    async def two_lines() -> str:
        return "secret\r\nx1 DELETE INBOX"

    with playing() as server:
        with pytest.raises(LockedOut, match=r"imap\.secret_unusable"):
            await logged_in(account(server, secret=two_lines))
        assert [command.name for command in server.heard] == ["CAPABILITY"]


async def test_no_password_goes_where_the_server_takes_none() -> None:
    async def disabled(talk: Talk) -> None:
        await talk.greet(f"{CAPABILITY} LOGINDISABLED")
        await talk.serve()

    with playing(disabled) as server:
        with pytest.raises(LockedOut, match=r"imap\.login_disabled"):
            await logged_in(account(server))
        assert [command.name for command in server.heard] == ["CAPABILITY"]


@pytest.mark.parametrize("greeting", ["* OK ready", "* PREAUTH welcome back"])
async def test_encryption_that_was_stripped_away_sends_no_password(greeting: str) -> None:
    async def stripped(talk: Talk) -> None:
        await talk.say(greeting)
        await talk.serve()

    with playing(stripped) as server:
        await lost(logged_in(account(server, tls="starttls")), "imap.no_starttls")
        assert [command.name for command in server.heard] == ["CAPABILITY"]


async def test_words_in_the_clear_behind_the_start_of_encryption_are_not_believed() -> None:
    async def injecting(talk: Talk) -> None:
        await talk.greet(f"{CAPABILITY} STARTTLS")
        command = await talk.serve(until="STARTTLS")
        await talk.raw(f"{command.tag} OK begin\r\n* CAPABILITY IMAP4rev1 ".encode())
        await talk.silence()

    with playing(injecting) as server:
        await lost(logged_in(account(server, tls="starttls")))
