"""The page behind an invitation and a reset: a one-time link by which somebody sets their password."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.acts import Act, By
from inbox.domain.problems import Problem
from inbox.store import audit, credentials, entry
from inbox.store.credentials import Account
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.accounts.gate import Gate
from inbox.web.accounts.passwords import SHORTEST, check
from inbox.web.door import host
from inbox.web.frame import Frame, frame


class FirstPassword:
    """The route `/password/{token}`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._house = gate.house

    async def form(self, request: Request) -> Response:
        """GET: the same page for every link, good or not. Whoever merely looks (a mail scanner) uses nothing up."""
        return self._page(await frame(self._house, request))

    async def put(self, request: Request) -> Response:
        """POST: a good link is spent, the password set, and every session and other link of that agent ends."""
        made, fields = await frame(self._house, request), await self._gate.sent(request)
        if fields is None:
            return self._page(made, 403, made.say("web.enter.stale"))
        digest = session.digest(request.path_params["token"])
        account = await self._house.store.read(_holder, digest, made.now)
        if account is None:
            return made.page("password_failed", 403)
        password = fields.get("password", "")
        try:
            check(password, fields.get("again", ""), account.handle, account.address)
        except Problem as problem:
            return self._page(made, 422, self._house.wording.problem(made.language, problem))
        hashed = await self._gate.passwords.hashed(password)
        if not await self._house.store.write(_set, digest, hashed, host(request), made.now):
            return made.page("password_failed", 403)
        return await self._gate.proved(made, account, "link", "/")

    def _page(self, made: Frame, status: int = 200, wrong: str = "") -> Response:
        return self._gate.shown(made, "password", status, wrong=wrong, least=SHORTEST)


def _holder(unit: Unit, digest: str, now: datetime) -> Account | None:
    whose = entry.holder(unit, digest, now, "invite", "reset")
    return None if whose is None else credentials.of(unit, whose)


def _set(unit: Unit, digest: str, hashed: str, address: str, now: datetime) -> bool:
    whose = entry.spend(unit, digest, now, "invite", "reset")
    if whose is None:
        return False
    credentials.set_password(unit, whose, hashed, now)
    entry.end_sessions(unit, whose)
    entry.spend_all(unit, whose, now)
    audit.record(unit, Act.PASSWORD_SET, By("agent", whose, address=address), now, name="link")
    return True
