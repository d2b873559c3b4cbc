"""The way from a proof to a session: whoever has shown a password is asked for a code where they have switched that on."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.acts import Act, By
from inbox.domain.ids import AgentId
from inbox.store import audit, credentials, entry
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.accounts.passwords import Passwords
from inbox.web.agents.acting import local
from inbox.web.door import came
from inbox.web.frame import Frame, House
from inbox.web.guard import from_here

SIGN_IN = "/sign-in"
CODE = "/sign-in/code"


@dataclass(frozen=True, slots=True)
class Gate:
    """What the pages of signing in share."""

    house: House
    paces: Paces
    passwords: Passwords = field(default_factory=Passwords)

    def door(self, request: Request) -> str:
        """The token that binds a page without a session to the browser that it is shown in."""
        return self.house.cookies.read_door(request) or session.fresh()

    def shown(self, made: Frame, name: str, status: int = 200, **facts: object) -> Response:
        """A page with a form that only the browser which was shown it can send."""
        door = self.door(made.request)
        response = made.page(name, status, bound=session.form_token(door), **facts)
        self.house.cookies.open_door(response, door)
        return response

    async def sent(self, request: Request) -> dict[str, str] | None:
        """The form of such a page; None where another browser or page sent it, or it has grown old."""
        fields, door = await session.form(request), self.house.cookies.read_door(request)
        ours = bool(door) and session.same(fields.get("bound", ""), session.form_token(door))
        return fields if ours and from_here(request, self.house.site.public_url) else None

    async def proved(self, made: Frame, account: credentials.Account, way: entry.Way, onward: str) -> Response:
        """After the first step: a session, or the page that asks for a code."""
        if not account.totp:
            return await self.begin(made, account.agent, way, onward)
        half = session.fresh()
        await self.house.store.write(entry.add_pass, "code", session.digest(half), account.agent, made.now)
        to = local(onward)
        response = RedirectResponse(f"{CODE}?{urlencode({'next': to})}" if to else CODE, 303)
        self.house.cookies.open_half(response, half)
        return response

    async def begin(self, made: Frame, whose: AgentId, way: entry.Way, onward: str) -> Response:
        """A new session under a new token, and on to where the person wanted to go."""
        fresh = session.fresh()
        at = came(self.house, made.request, fresh, way)
        await self.house.store.write(_begin, whose, at, made.now)
        return self.entered(fresh, onward)

    def entered(self, fresh: str, onward: str) -> Response:
        """The answer that gives the browser its session."""
        response = RedirectResponse(local(onward) or "/", 303)
        self.house.cookies.begin(response, fresh)
        return response


def _begin(unit: Unit, whose: AgentId, at: entry.From, now: datetime) -> None:
    entry.begin(unit, whose, at, now)
    audit.record(unit, Act.SIGNED_IN, By("agent", whose, address=at.address), now, name=at.way)
