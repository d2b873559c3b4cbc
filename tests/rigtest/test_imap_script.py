"""The scripted IMAP server is polite by itself and plays every rudeness that a script asks for."""

import imaplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.rig.authority import Authority
from tests.rig.gate import Gate
from tests.rig.imap_script import ImapScript, Script, Talk, polite
from tests.rig.wait import until

MAILS = [b"Message-ID: <%d@example.org>\r\n\r\nbody %d\r\n" % (number, number) for number in range(1, 6)]


@contextmanager
def playing(*scripts: Script) -> Iterator[ImapScript]:
    server = ImapScript(*scripts, mails=MAILS).start()
    try:
        yield server
    finally:
        server.close()


def login(server: ImapScript) -> imaplib.IMAP4:
    client = imaplib.IMAP4(server.host, server.port, timeout=60)
    client.login("me", "secret")
    return client


def test_left_alone_it_serves_a_mailbox() -> None:
    with playing() as server, login(server) as client:
        assert client.select()[1] == [b"5"]
        assert client.uid("SEARCH", "UID 4:*")[1] == [b"4 5"]
        assert client.uid("SEARCH", "UID 9:*")[1] == [b"5"]
        assert client.uid("SEARCH", 'HEADER "Message-ID" "<3@example.org>"')[1] == [b"3"]
        [fetched, _] = client.uid("FETCH", "2", "(UID RFC822.SIZE BODY.PEEK[])")[1]
        assert fetched == (b"2 (UID 2 RFC822.SIZE 39 BODY[] {39}", MAILS[1])
        assert client.uid("FETCH", "2", "(BODY.PEEK[]<5.4>)")[1][0][1] == MAILS[1][5:9]
        client.append("INBOX", "", "", b"new\r\n")
        assert client.uid("STORE", "6", "+FLAGS", r"(\Seen)")[1] == [rb"6 (UID 6 FLAGS (\Seen))"]
        server.mailbox.renumber(7)
        client.select()
        assert client.response("UIDVALIDITY")[1] == [b"7"]
        assert [command.name for command in server.heard[:3]] == ["CAPABILITY", "LOGIN", "SELECT"]


def test_a_bye_in_idle_and_then_a_polite_connection() -> None:
    async def bye(talk: Talk) -> None:
        await talk.greet()
        await talk.serve(until="IDLE")
        await talk.go_ahead("idling")
        await talk.say("* BYE going down")

    with playing(bye, polite) as server:
        client = login(server)
        client.send(b"x1 IDLE\r\n")
        assert [client.readline(), client.readline(), client.readline()] == [
            b"+ idling\r\n",
            b"* BYE going down\r\n",
            b"",
        ]
        client.shutdown()
        login(server).logout()
        assert server.connections == 2


def test_thousands_of_lines_and_a_refusal() -> None:
    async def chatty(talk: Talk) -> None:
        await talk.greet()
        noop = await talk.serve(until="NOOP")
        await talk.say(*(f"* {number} FETCH (UID {number} FLAGS ())" for number in range(1, 5001)))
        await talk.ok(noop)
        await talk.no(await talk.serve(until="SELECT"), "[UNAVAILABLE] later")
        await talk.serve()

    with playing(chatty) as server, login(server) as client:
        client.noop()
        assert len(client.untagged_responses["FETCH"]) == 5000
        assert client.select() == ("NO", [b"[UNAVAILABLE] later"])


def test_silence_lasts_until_the_gate_opens() -> None:
    gate = Gate()

    async def slow(talk: Talk) -> None:
        await talk.greet()
        noop = await talk.serve(until="NOOP")
        await talk.wait(gate)
        await talk.drip(f"{noop.tag} OK ".encode() + b"." * 20 + b"\r\n", size=5, every=0.001)
        await talk.silence()

    with playing(slow) as server:
        client = login(server)
        client.sock.settimeout(0.1)
        client.send(b"x1 NOOP\r\n")
        until(lambda: server.heard[-1].name == "NOOP")
        with pytest.raises(TimeoutError):
            client.sock.recv(1)
        gate.open()
        client.sock.settimeout(5)
        assert client.sock.recv(5) == b"x1 OK"
        client.shutdown()
        until(lambda: not server.live)


@pytest.mark.parametrize(("leave", "seen"), [(Talk.fin, b""), (Talk.rst, ConnectionResetError)])
def test_a_connection_ends_with_fin_or_rst(leave: Callable[[Talk], None], seen: object) -> None:
    async def leaving(talk: Talk) -> None:
        await talk.hear()
        leave(talk)
        await talk.silence()

    with playing(leaving) as server, socket.create_connection((server.host, server.port), timeout=60) as sock:
        sock.send(b"x1 NOOP\r\n")
        if seen == b"":
            assert sock.recv(1) == b""
        else:
            with pytest.raises(ConnectionResetError):
                sock.recv(1)


def test_a_failed_assertion_in_a_script_fails_the_test() -> None:
    async def picky(talk: Talk) -> None:
        assert (await talk.hear()).name == "LOGIN"

    server = ImapScript(picky).start()
    with socket.create_connection((server.host, server.port), timeout=60) as sock:
        sock.send(b"x1 NOOP\r\n")
        assert sock.recv(1) == b""
    with pytest.raises(AssertionError):
        server.close()


def test_it_speaks_tls(authority: Authority) -> None:
    server = ImapScript(tls=authority.issue().server_context()).start()
    with imaplib.IMAP4_SSL("localhost", server.port, ssl_context=authority.client_context(), timeout=60) as client:
        client.login("me", "secret")
    server.close()
