"""A site that a network can bring updates to: a web server over TLS with one face, and a house that fails on demand."""

import asyncio
import socket

import uvicorn

from inbox.domain.arrivals import Item
from inbox.domain.problems import Temporary
from inbox.ports.face import ASGIApp, Receive, Scope, Send
from tests.rig.authority import Certificate

MOUNTED = "/channels/bot"


class House:
    """As much of `inbox.ports.face.Front` as a webhook needs. `full` and `broken`: how many calls go wrong first."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.asked = 0
        self.full = 0
        self.broken = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def accept(self, item: Item) -> None:
        """Store it; `broken` means that the process ended between the commit and the answer."""
        self.asked += 1
        await self.gate.wait()
        if self.full:
            self.full -= 1
            raise Temporary("store.disk_full", detail="test")
        self.items.append(item)
        if self.broken:
            self.broken -= 1
            raise RuntimeError("ended here")


class Site:
    """One address, with the face under the path of its channel."""

    def __init__(self, certificate: Certificate, house: House) -> None:
        self.house = house
        self._face: ASGIApp | None = None
        config = uvicorn.Config(self._app, lifespan="off", log_config=None, access_log=False, interface="asgi3")
        config.ssl_certfile, config.ssl_keyfile = str(certificate.cert), str(certificate.key)
        self._server = uvicorn.Server(config)
        self._bound = socket.create_server(("127.0.0.1", 0))
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where the channel's face is."""
        return f"https://localhost:{self._bound.getsockname()[1]}{MOUNTED}"

    def mount(self, face: ASGIApp) -> None:
        """This answers from now on."""
        self._face = face

    async def start(self) -> None:
        """Answer."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._bound]))

    async def stop(self) -> None:
        """End."""
        self._server.should_exit = True
        self.house.gate.set()
        if self._task is not None:
            await self._task

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._face is not None
        await self._face({**scope, "root_path": MOUNTED}, receive, send)
