"""Signing in with a password, and the code of the second step. Whether somebody is known here is told to nobody."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.acts import Act, By
from inbox.store import audit, credentials, entry
from inbox.store.credentials import Account
from inbox.store.unit import Unit
from inbox.text.dates import duration
from inbox.web import session
from inbox.web.accounts import codes
from inbox.web.accounts.gate import SIGN_IN, Gate
from inbox.web.agents.acting import local
from inbox.web.door import came, host
from inbox.web.frame import Frame, frame
from inbox.web.guard import from_here


class SignIn:
    """The routes `/sign-in` and `/sign-in/code`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._house = gate.house

    async def form(self, request: Request) -> Response:
        """GET `/sign-in?next=`: the form; `next` is the page of ours to go to afterwards."""
        made = await frame(self._house, request)
        return self._page(made, request.query_params.get("next", ""))

    async def enter(self, request: Request) -> Response:
        """POST: the same answer, after the same work, for a wrong password, an unknown name and a disabled agent."""
        made, fields = await frame(self._house, request), await self._gate.sent(request)
        if fields is None:
            return self._page(made, "", 403, wrong=made.say("web.enter.stale"))
        typed, onward = fields.get("name", "")[:200], fields.get("next", "")
        if wait := await self._gate.paces.tries(typed, host(request), made.now):
            return self._page(made, onward, 429, typed=typed, wrong=_later(made, wait))
        account = await self._house.store.read(credentials.named, typed)
        good = await self._gate.passwords.good(account.password if account else "", fields.get("password", ""))
        if account is None or account.disabled or not good:
            await self._house.store.write(_refuse, account, "password", host(request), made.now)
            return self._page(made, onward, 403, typed=typed, wrong=made.say("web.enter.wrong"))
        await self._gate.paces.succeeded(typed)
        return await self._gate.proved(made, account, "password", onward)

    def _page(self, made: Frame, onward: str, status: int = 200, typed: str = "", wrong: str = "") -> Response:
        provider = self._house.provider
        label = provider.label if provider is not None else ""
        return self._gate.shown(made, "enter", status, next=local(onward), typed=typed, wrong=wrong, provider=label)

    async def code(self, request: Request) -> Response:
        """GET `/sign-in/code?next=`: asks for the code, in the browser where the password was typed."""
        made, half = await frame(self._house, request), self._house.cookies.read_half(request)
        if not half or await self._holder(made, half) is None:
            return RedirectResponse(SIGN_IN, 303)
        return self._code_page(made, half, request.query_params.get("next", ""))

    async def second(self, request: Request) -> Response:
        """POST: a code that was not used before, or a recovery code, opens the session."""
        made, half = await frame(self._house, request), self._house.cookies.read_half(request)
        fields = await session.form(request)
        ours = half and session.same(fields.get("form_token", ""), session.form_token(half))
        account = await self._holder(made, half) if ours and from_here(request, self._house.site.public_url) else None
        if account is None:
            return self._page(made, fields.get("next", ""), 403, wrong=made.say("web.enter.stale"))
        onward = fields.get("next", "")
        if wait := await self._gate.paces.tries(f"code {account.agent}", host(request), made.now):
            return self._code_page(made, half, onward, 429, _later(made, wait))
        fresh, typed = session.fresh(), fields.get("code", "")[:100]
        step = codes.step_of(self._house.seal.open(account.agent, account.totp), typed, made.now)
        at = came(self._house, request, fresh, "password")
        tried = (step, codes.recovery_digest(typed))
        if not await self._house.store.write(_second, session.digest(half), tried, at, made.now):
            return self._code_page(made, half, onward, 403, made.say("web.code.wrong"))
        await self._gate.paces.succeeded(f"code {account.agent}")
        return self._gate.entered(fresh, onward)

    async def _holder(self, made: Frame, half: str) -> Account | None:
        return await self._house.store.read(_whose, session.digest(half), made.now)

    def _code_page(self, made: Frame, half: str, onward: str, status: int = 200, wrong: str = "") -> Response:
        return made.page("code", status, half=session.form_token(half), next=local(onward), wrong=wrong)


def _later(made: Frame, minutes: int) -> str:
    return made.say("web.enter.later", span=duration(minutes * 60, made.language))


def _whose(unit: Unit, half: str, now: datetime) -> Account | None:
    whose = entry.holder(unit, half, now, "code")
    return None if whose is None else credentials.of(unit, whose)


def _refuse(unit: Unit, account: Account | None, way: str, address: str, now: datetime) -> None:
    """What was typed is not kept: it may be a password in the wrong field."""
    about = account.agent if account else None
    audit.record(unit, Act.REFUSED, By("nobody", address=address), now, about=about, name=way)


def _second(unit: Unit, half: str, tried: tuple[int | None, str], at: entry.From, now: datetime) -> bool:
    """Take a code or a recovery code, once; the half session is spent with it."""
    account, (step, recovery) = _whose(unit, half, now), tried
    if account is None:
        return False
    by = By("agent", account.agent, address=at.address)
    if step is None or not credentials.take_step(unit, account.agent, step):
        if not credentials.take_recovery(unit, account.agent, recovery, now):
            _refuse(unit, account, "code", at.address, now)
            return False
        audit.record(unit, Act.RECOVERY_USED, by, now)
    entry.spend(unit, half, now, "code")
    entry.begin(unit, account.agent, at, now)
    audit.record(unit, Act.SIGNED_IN, by, now, name="code")
    return True
