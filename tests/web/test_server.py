"""The server as the daemon holds it."""

import asyncio
import signal
import socket
from typing import Any

import pytest

from inbox.domain.problems import Problem
from inbox.web.server import Server
from tests.rig.wait import until_async

HOST = "127.0.0.1"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answers everything."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


async def ask(port: int, path: str = "/") -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    try:
        return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_it_answers_once_start_returns_and_no_longer_after_stop() -> None:
    server = Server(hello, HOST, 0)
    await server.start()
    assert (await ask(server.port)).endswith(b"hi")
    await server.stop()
    await server.stop()
    with pytest.raises(OSError):
        await ask(server.port)


async def test_it_names_itself_to_nobody() -> None:
    server = Server(hello, HOST, 0)
    await server.start()
    answer = await ask(server.port)
    await server.stop()
    assert b"uvicorn" not in answer.lower()


async def test_the_date_that_answers_carry_goes_on() -> None:
    def date(answer: bytes) -> bytes:
        return next(line for line in answer.lower().splitlines() if line.startswith(b"date:"))

    async def later() -> bool:
        return date(await ask(server.port)) != first

    server = Server(hello, HOST, 0)
    await server.start()
    first = date(await ask(server.port))
    await until_async(later, what="a later date")
    await server.stop()


async def test_signals_stay_the_daemons() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = Server(hello, HOST, 0)
    await server.start()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    await server.stop()


async def test_a_request_that_never_ends_does_not_hold_the_stop_up() -> None:
    busy = asyncio.Event()

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        busy.set()
        await asyncio.Event().wait()

    server = Server(endless, HOST, 0)
    await server.start()
    waiting = asyncio.create_task(ask(server.port, "/slow"))
    await busy.wait()
    async with asyncio.timeout(25):
        await server.stop(seconds=0.2)
        await asyncio.gather(waiting, return_exceptions=True)


async def test_a_taken_port_is_a_problem_with_its_number() -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Problem) as caught:
            await Server(hello, HOST, port).start()
    assert (caught.value.key, caught.value.facts["port"]) == ("web.port_taken", str(port))


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
async def test_a_foreign_address_is_a_problem_with_its_name(host: str) -> None:
    with pytest.raises(Problem) as caught:
        await Server(hello, host, 0).start()
    assert (caught.value.key, caught.value.facts["host"]) == ("web.address_foreign", host)


async def test_stop_before_start_is_nothing() -> None:
    await Server(hello, HOST, 0).stop()
