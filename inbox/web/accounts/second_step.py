"""Switching one-time codes on and off: on with a code that proves the key arrived, off with a code that proves who asks."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.acts import Act, By
from inbox.domain.ids import AgentId
from inbox.store import audit, credentials, entry
from inbox.store.credentials import Account
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.accounts import codes
from inbox.web.accounts.account import PATH
from inbox.web.accounts.gate import Gate
from inbox.web.door import by, host
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, frame


class SecondStep:
    """The routes under `/account/codes`. The owner of the site has none: they come in by a link of the command line."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._house = gate.house

    async def form(self, request: Request) -> Response:
        """GET: a fresh key as a picture and as letters; nothing is kept until a code of it was typed."""
        made, account = await self._mine(request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        if account is None or account.totp:
            return made.missing()
        return self._page(made, account, codes.fresh_key())

    async def put(self, request: Request) -> Response:
        """POST: on (`key` and a `code` of it), off (`off` and a code), or new recovery codes (`renew` and a code)."""
        made, account = await self._mine(request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made)
        if account is None:
            return made.missing()
        name = f"code {account.agent}"
        if await self._gate.paces.tries(name, host(request), made.now):
            return made.back(PATH, made.say("password.too_often"), wrong=True)
        if not account.totp:
            return await self._on(made, account, form)
        fresh = codes.recovery_codes() if "renew" in form else ()
        typed = form.get("code")[:100]
        key = self._house.seal.open(account.agent, account.totp)
        tried = (codes.step_of(key, typed, made.now), codes.recovery_digest(typed))
        if not await self._house.store.write(_use, account, tried, codes.digests(fresh), by(made), made.now):
            return made.back(PATH, made.say("web.code.wrong"), wrong=True)
        await self._gate.paces.succeeded(name)
        if fresh:
            return made.page("recovery", codes=fresh, here="account")
        return made.back(PATH, made.say("web.codes.off_done"))

    async def _on(self, made: Frame, account: Account, form: Form) -> Response:
        key = form.get("key")
        step = codes.step_of(key, form.get("code")[:100], made.now) if codes.is_key(key) else None
        if step is None:
            key = key if codes.is_key(key) else codes.fresh_key()
            return self._page(made, account, key, 422, made.say("web.code.wrong"))
        fresh = codes.recovery_codes()
        mine = session.digest(self._house.cookies.read(made.request))
        kept = (self._house.seal.close(account.agent, key), step)
        await self._house.store.write(_on, account.agent, kept, codes.digests(fresh), mine, by(made), made.now)
        return made.page("recovery", codes=fresh, here="account")

    def _page(self, made: Frame, account: Account, key: str, status: int = 200, wrong: str = "") -> Response:
        shown = {"key": key, "picture": codes.picture(key, account.handle, self._house.site.name)}
        return made.page("codes", status, **shown, wrong=wrong, here="account")

    async def _mine(self, request: Request) -> tuple[Frame, Account | None]:
        made = await frame(self._house, request)
        whose = made.visitor.agent if made.visitor else None
        return made, None if whose is None else await self._house.store.read(credentials.of, whose)


def _on(
    unit: Unit, whose: AgentId, key: tuple[str, int], digests: list[str], mine: str, who: By, now: datetime
) -> None:
    credentials.set_totp(unit, whose, *key, digests)
    entry.end_sessions(unit, whose, mine)
    audit.record(unit, Act.CODES_ON, who, now, about=whose)


def _use(
    unit: Unit, account: Account, tried: tuple[int | None, str], digests: list[str], who: By, now: datetime
) -> bool:
    """Take the code; with digests of fresh recovery codes put them in place, without switch codes off."""
    step, recovery = tried
    taken = step is not None and credentials.take_step(unit, account.agent, step)
    if not taken and not credentials.take_recovery(unit, account.agent, recovery, now):
        return False
    if digests:
        credentials.set_recovery(unit, account.agent, digests)
        return True
    credentials.clear_totp(unit, account.agent)
    audit.record(unit, Act.CODES_OFF, who, now, about=account.agent)
    return True
