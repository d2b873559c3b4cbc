"""One's own account: name, password, and the sessions that are open, each of which can be ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.acts import Act, By
from inbox.domain.desks import AgentAddress
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import staff
from inbox.pipeline.playbook import Playbook
from inbox.store import agent_links, audit, credentials, entry, people
from inbox.store.credentials import Account
from inbox.store.entry import Held
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.accounts.browsers import told
from inbox.web.accounts.gate import SIGN_IN, Gate
from inbox.web.accounts.passwords import SHORTEST, check
from inbox.web.door import by, host
from inbox.web.forms import posted
from inbox.web.frame import Frame, frame

PATH = "/account"
LONGEST_NAME = 200


class Own:
    """The routes under `/account`. The owner of the site has sessions only: they are no agent and have no password."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._house = gate.house

    async def show(self, request: Request) -> Response:
        """GET `/account`."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        return await self.page(made)

    async def page(self, made: Frame, code: str = "") -> Response:
        """The page; `code`: what the agent is to type to the bot now."""
        assert made.visitor is not None
        found = await self._house.store.read(_own, made.visitor.agent, made.now)
        mine = session.digest(self._house.cookies.read(made.request))
        me, account, held, left, chats = found
        sessions = [(one, told(one.browser), one.digest == mine) for one in held]
        facts: dict[str, Any] = {"me": me, "account": account, "sessions": sessions, "left": left}
        facts |= {"chats": chats, "code": code, "bots": bots(self._house.playbook)}
        return made.page("account", **facts, least=SHORTEST, here="account")

    async def name(self, request: Request) -> Response:
        """POST `/account/name`: how one is called."""
        made, me, form = await self._asked(request)
        if me is None:
            return made.missing()
        name = form.get("name", "").strip()[:LONGEST_NAME]
        if not name:
            return made.back(PATH, made.say("people.nameless"), wrong=True)
        await self._house.store.write(staff.rename, me, name, by(made), made.now)
        return made.back(PATH, made.say("web.account.saved"))

    async def password(self, request: Request) -> Response:
        """POST `/account/password`: the one before is asked for. All other sessions end, and this one goes on under a new token."""
        made, me, form = await self._asked(request)
        if me is None:
            return made.missing()
        account = await self._house.store.read(credentials.of, me.id)
        try:
            await self._before(made, account, form.get("old", ""))
            check(form.get("password", ""), form.get("again", ""), me.handle, me.address)
        except Problem as problem:
            return made.back(PATH, self._house.wording.problem(made.language, problem), wrong=True)
        hashed = await self._gate.passwords.hashed(form.get("password", ""))
        await self._house.store.write(_change, me.id, hashed, by(made), made.now)
        return await self._renewed(made, me.id, made.say("web.account.password_set"))

    async def _before(self, made: Frame, account: Account | None, typed: str) -> None:
        """Raises Problem where the present password is another one."""
        if account is None or not account.password:
            return
        name = f"own {account.agent}"
        if await self._gate.paces.tries(name, host(made.request), made.now):
            raise Problem("password.too_often")
        if not await self._gate.passwords.good(account.password, typed):
            raise Problem("password.not_this")
        await self._gate.paces.succeeded(name)

    async def _renewed(self, made: Frame, whose: AgentId, words: str) -> Response:
        fresh = session.fresh()
        at = entry.From(session.digest(fresh), "", made.request.headers.get("user-agent", ""), host(made.request))
        await self._house.store.write(entry.begin, whose, replace(at, way="password"), made.now)
        response = made.back(PATH, words)
        self._house.cookies.begin(response, fresh)
        return response

    async def end(self, request: Request) -> Response:
        """POST `/account/sessions`: one session ends (`key`), all others (`others`), or all of them (`all`)."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = (await posted(made)).first
        mine = session.digest(self._house.cookies.read(request))
        keep = mine if "others" in form else ""
        key = "" if "others" in form or "all" in form else form.get("key", "")
        await self._house.store.write(_end, made.visitor.agent, key, keep, by(made), made.now)
        if "all" in form or (key and mine.startswith(key)):
            response: Response = RedirectResponse(SIGN_IN, 303)
            self._house.cookies.end(response)
            return response
        return made.back(PATH, made.say("web.account.ended"))

    async def _asked(self, request: Request) -> tuple[Frame, Agent | None, dict[str, str]]:
        """The agent whose form this is; None for the owner and for a stranger."""
        made = await frame(self._house, request)
        if made.visitor is None or made.visitor.agent is None:
            return made, None, {}
        form = (await posted(made)).first
        roster = await self._house.store.read(people.roster)
        return made, roster.agent_by_id(made.visitor.agent), form


def bots(read: Callable[[], Playbook] | None) -> list[str]:
    """The bots that carry desks: to one of them a code is sent."""
    if read is None:
        return []
    playbook = read()
    names = dict.fromkeys(plan.channel for plan in playbook.desks)
    return [playbook.channels[name].address for name in names]


_Mine = tuple[Agent | None, Account | None, list[Held], int, list[AgentAddress]]


def _own(unit: Unit, id: AgentId | None, now: datetime) -> _Mine:
    held = entry.held(unit, id, now)
    if id is None:
        return None, None, held, 0, []
    account, me = credentials.of(unit, id), people.roster(unit).agent_by_id(id)
    return me, account, held, credentials.recovery_left(unit, id), agent_links.of_agent(unit, id)


def _change(unit: Unit, whose: AgentId, hashed: str, who: By, now: datetime) -> None:
    credentials.set_password(unit, whose, hashed, now)
    entry.end_sessions(unit, whose)
    entry.spend_all(unit, whose, now)
    audit.record(unit, Act.PASSWORD_SET, who, now, about=whose)


def _end(unit: Unit, whose: AgentId | None, key: str, keep: str, who: By, now: datetime) -> None:
    if key:
        if entry.end_session(unit, whose, key):
            audit.record(unit, Act.SESSION_ENDED, who, now, about=whose)
    elif entry.end_sessions(unit, whose, keep):
        audit.record(unit, Act.SESSIONS_ENDED, who, now, about=whose)
