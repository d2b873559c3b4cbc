"""A telephone channel, its face under its usual address, and a telephone system that tells of calls."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from starlette.routing import Mount, Router

from channels.phone.adapter import PhoneAdapter
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Channel, Place
from inbox.ports.codec import Codec
from inbox.ports.face import ASGIApp
from inbox.ports.probe import silent
from inbox.testing import FacedChannel, FakeClock, FrontInMemory

HOST = "https://desk.example"
ROOT = "/channels/phone"
SECRET = "a secret that nobody guesses"


class PhoneGround:
    """One channel, and callers."""

    address = "phone"
    correspondents = ("+989121234567", "+982188776655", "+442079460018")

    def __init__(self, folder: Path, **options: Any) -> None:
        (folder / "phone.secret").write_text(SECRET, encoding="utf-8")
        self.place = Place(ChannelName("phone"), "Example", folder / "data", bytes(range(32)), folder, f"{HOST}{ROOT}")
        self.adapter = PhoneAdapter()
        given = {"secret": {"file": "phone.secret"}, "zone": "Asia/Tehran", "agents": {"201": "sara"}, **options}
        self.options = self.adapter.options(given, "test")
        face = self.adapter.face(self.place, self.options)
        assert face is not None
        self.front = FrontInMemory(self.codec())
        self.app: ASGIApp = Router([Mount(ROOT, app=face.routes(self.front))])

    def channel(self) -> Channel:
        return FacedChannel(self.adapter.channel(self.place, self.options, FakeClock(), silent), self.front)

    def codec(self) -> Codec:
        return self.adapter.codec(self.place, self.options)

    async def deliver(self, text: str) -> bool:
        """Somebody leaves a voicemail, and a machine heard this; the same text is the same call."""
        id = hashlib.sha256(text.encode()).hexdigest()
        answer = await self.tells(id=id, outcome="voicemail", caller=self.correspondents[0], text=text)
        assert answer.status_code in (200, 503), answer.text
        return answer.status_code == 200

    def taken(self) -> list[bytes]:
        return []

    async def tells(self, **fields: object) -> httpx.Response:
        """The telephone system tells of a call, as JSON, with the secret."""
        return await self.post(json=fields)

    async def post(self, **request: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {SECRET}", **request.pop("headers", {})}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as system:
            return await system.post(f"{ROOT}/", headers={k: v for k, v in headers.items() if v}, **request)


def signed(fields: Mapping[str, object], secret: str = SECRET) -> dict[str, Any]:
    """A request as it is signed."""
    body = json.dumps(fields).encode()
    made = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    headers = {"authorization": "", "content-type": "application/json", "x-inbox-signature": f"sha256={made}"}
    return {"content": body, "headers": headers}
