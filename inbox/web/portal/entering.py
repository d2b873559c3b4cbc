"""Coming in: an address, then the code that was sent there, or the link beside it. Nothing that merely looks uses anything up."""

from dataclasses import replace

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.problems import Problem
from inbox.pipeline import entrance
from inbox.store import visiting
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.door import host
from inbox.web.forms import sent_by
from inbox.web.frame import House
from inbox.web.portal.visit import HOME, Visit, visit

CODE = f"{HOME}/code"


class Entering:
    """The routes of coming in and of leaving."""

    def __init__(self, house: House, paces: Paces) -> None:
        self._house = house
        self._paces = paces
        self._log = structlog.get_logger("inbox.web")

    async def show(self, request: Request) -> Response:
        """GET `/portal/sign-in`: where to write to."""
        made = await visit(self._house, request)
        return made.back(HOME) if made.customer else self.shown(made, "sign_in", wrong="", address="")

    async def ask(self, request: Request) -> Response:
        """POST: a letter goes out if the address is known; the answer is the same if it is not."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        address = form.get("address").strip()[:320]
        wait = await self._paces.tries(address, host(request), made.now)
        if wait:
            return self.shown(made, "sign_in", 429, wrong=made.say("portal.too_often", minutes=wait), address=address)
        if "@" not in address:
            return self.shown(made, "sign_in", 422, wrong=made.say("portal.no_address"), address=address)
        browser = session.fresh()
        response = made.back(CODE)
        # Behind the answer: a letter takes longer than none, and whoever measures must not learn which it was.
        response.background = BackgroundTask(self._write_to, made, address, session.digest(browser))
        self._house.cookies.open_entrance(response, browser)
        return response

    async def _write_to(self, made: Visit, address: str, browser: str) -> None:
        asked = (address, browser, made.language, made.portal, made.book, made.now)
        try:
            await self._house.store.write(entrance.write_to, *asked)
        except Problem as problem:  # they have their answer, and can ask for another letter
            self._log.warning("letter not written", problem=problem)

    async def code(self, request: Request) -> Response:
        """GET `/portal/code`: where the code is typed."""
        made = await visit(self._house, request)
        return made.back(HOME) if made.customer else self.shown(made, "code", wrong="")

    async def typed(self, request: Request) -> Response:
        """POST: the right code lets in."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        wait = await self._paces.tries(f"code {made.token}", host(request), made.now)
        if wait:
            return self.shown(made, "code", 429, wrong=made.say("portal.too_often", minutes=wait))
        fresh, browser = session.fresh(), session.digest(made.token)
        right = (browser, form.get("code")[:40], session.digest(fresh), made.portal, made.book, made.now)
        if not await self._house.store.write(entrance.by_code, *right):
            return self.shown(made, "code", 403, wrong=made.say("portal.wrong_code"))
        return self._admitted(made, fresh)

    async def link(self, request: Request) -> Response:
        """GET `/portal/enter/...`: the same page for every link, good or not, with one button."""
        return self.shown(await visit(self._house, request), "enter", wrong="")

    async def follow(self, request: Request) -> Response:
        """POST: the button under a good link lets in."""
        made = await visit(self._house, request)
        await sent_by(self._house, request, made.token, session.FORM_CAP)
        fresh = session.fresh()
        good = (request.path_params["token"][:100], session.digest(fresh), made.portal, made.book, made.now)
        if not await self._house.store.write(entrance.by_link, *good):
            return self.shown(made, "enter", 403, wrong=made.say("portal.old_link"))
        return self._admitted(made, fresh)

    async def leave(self, request: Request) -> Response:
        """POST `/portal/leave`."""
        made = await visit(self._house, request)
        await sent_by(self._house, request, made.token, session.FORM_CAP)
        await self._house.store.write(visiting.end, session.digest(self._house.cookies.read_customer(request)))
        response = made.back(HOME)
        self._house.cookies.admit(response, "")
        return response

    def shown(self, made: Visit, name: str, status: int = 200, **facts: object) -> Response:
        """A page with a form that only the browser which was shown it can send."""
        bound = replace(made, token=made.token or session.fresh())
        response = bound.page(name, status, **facts)
        if made.customer is None:
            self._house.cookies.open_entrance(response, bound.token)
        return response

    def _admitted(self, made: Visit, fresh: str) -> Response:
        response = made.back(HOME)
        self._house.cookies.admit(response, fresh)
        return response
