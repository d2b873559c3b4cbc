"""Signing in through an identity provider: there, and back with what it vouches for."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.acts import Act, By
from inbox.domain.problems import Problem
from inbox.store import audit, credentials
from inbox.store.credentials import Account
from inbox.store.unit import Unit
from inbox.web.accounts.began import Began
from inbox.web.accounts.gate import SIGN_IN, Gate
from inbox.web.agents.acting import local
from inbox.web.door import host
from inbox.web.frame import Frame, frame

if TYPE_CHECKING:
    from inbox.web.accounts.provider import Provider

START = "/sign-in/oidc"
BACK = "/sign-in/oidc/back"
AWAY = 600
"""Seconds in which to come back."""


class Away:
    """The routes of a provider; without one they are not there."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._house = gate.house
        self._log = structlog.get_logger("inbox.web")

    async def go(self, request: Request) -> Response:
        """GET `/sign-in/oidc?next=`: off to the provider. Nothing here is changed by it."""
        made, provider = await frame(self._house, request), self._house.provider
        if provider is None:
            return made.missing()
        if await self._gate.paces.leaves(host(request), made.now):
            return self._failed(made, Problem("password.too_often"))
        try:
            address, began = await provider.begin(self._back(request), local(request.query_params.get("next", "")))
        except Problem as problem:
            return self._failed(made, problem)
        response = RedirectResponse(address, 303)
        self._house.cookies.pass_on(response, self._house.cookies.away, began.packed(), AWAY)
        return response

    async def back(self, request: Request) -> Response:
        """GET `/sign-in/oidc/back`: a session for the agent whom the provider vouches for. A code is not asked for: how somebody
        proves who they are is then the provider's affair."""
        made, provider = await frame(self._house, request), self._house.provider
        if provider is None:
            return made.missing()
        began = Began.unpacked(request.cookies.get(self._house.cookies.away, ""))
        try:
            if began is None:
                raise Problem("oidc.stale")
            account = await self._account(provider, request, began, made.now)
        except Problem as problem:
            return self._failed(made, problem)
        response = await self._gate.begin(made, account.agent, "oidc", began.onward)
        self._house.cookies.pass_on(response, self._house.cookies.away, "", 0)
        return response

    async def _account(self, provider: "Provider", request: Request, began: Began, now: datetime) -> Account:
        claims = await provider.finish(request.query_params, began, self._back(request), now)
        name = vouched(provider.claim, claims)
        account = await self._house.store.read(credentials.named, name)
        same = _address if provider.claim == "email" else _handle
        if account is not None and not account.disabled and same(account, name):
            return account
        await self._house.store.write(_refuse, account, host(request), now)
        raise Problem("oidc.nobody", name=name)

    def _back(self, request: Request) -> str:
        front = self._house.site.public_url or str(request.base_url).rstrip("/")
        return f"{front}{BACK}"

    def _failed(self, made: Frame, problem: Problem) -> Response:
        """To the page of signing in, which says what was wrong; the code and the state of the address are left behind."""
        self._log.warning("sign-in failed", path=START, problem=problem.key, reason=problem.facts.get("reason", ""))
        response = made.back(SIGN_IN, self._house.wording.problem(made.language, problem), wrong=True)
        self._house.cookies.pass_on(response, self._house.cookies.away, "", 0)
        return response


def vouched(claim: str, claims: Any) -> str:
    """Whom the provider names. Raises Problem where it does not, or where it has not verified the address itself."""
    name = claims.get(claim)
    if not isinstance(name, str) or not name.strip():
        raise Problem("oidc.refused", reason=claim)
    if claim == "email" and claims.get("email_verified") not in (True, "true"):
        raise Problem("oidc.unverified")
    return name.strip()


def _address(account: Account, name: str) -> bool:
    return account.address.lower() == name.lower()


def _handle(account: Account, name: str) -> bool:
    return account.handle.lower() == name.lower()


def _refuse(unit: Unit, account: Account | None, address: str, now: datetime) -> None:
    about = account.agent if account else None
    audit.record(unit, Act.REFUSED, By("nobody", address=address), now, about=about, name="oidc")
