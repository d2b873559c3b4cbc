"""The way in and out: a one-time link shows a page with one button, and only the button uses it up."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.acts import Act, By
from inbox.store import audit, entry
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.guard import from_here


class Door:
    """The routes of the login link and of signing out."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET: the same page for every link, good or not. Whoever merely looks (a mail scanner) uses nothing up."""
        made = await frame(self._house, request)
        bound = session.fresh()
        response = made.page("login", bound=session.form_token(bound))
        self._house.cookies.open_door(response, bound)
        return response

    async def enter(self, request: Request) -> Response:
        """POST: a good link is spent and opens a new session; any other answer looks the same, whatever was wrong."""
        fields = await session.form(request)
        bound = self._house.cookies.read_door(request)
        ours = bound and session.same(fields.get("bound", ""), session.form_token(bound))
        if not ours or not from_here(request, self._house.site.public_url):
            return (await frame(self._house, request)).page("login_failed", 403)
        link, fresh = request.path_params["token"], session.fresh()
        at, now = came(self._house, request, fresh, "link"), self._house.clock.now()
        if not await self._house.store.write(_enter, session.digest(link), at, now):
            return (await frame(self._house, request)).page("login_failed", 403)
        response = RedirectResponse("/", 303)
        self._house.cookies.begin(response, fresh)
        return response

    async def leave(self, request: Request) -> Response:
        """POST: ends the session."""
        made = await frame(self._house, request)
        await posted(made)
        digest = session.digest(self._house.cookies.read(request))
        await self._house.store.write(_leave, digest, by(made), made.now)
        response = RedirectResponse("/", 303)
        self._house.cookies.end(response)
        return response


def came(house: House, request: Request, fresh: str, way: entry.Way) -> entry.From:
    """Where a session begins whose token is `fresh`."""
    before = session.digest(house.cookies.read(request))
    browser = request.headers.get("user-agent", "")
    return entry.From(session.digest(fresh), before, browser, host(request), way)


def host(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else ""


def by(made: Frame) -> By:
    """Who stands in the audit log for what a visitor does."""
    if made.visitor is None:
        return By("nobody", address=host(made.request))
    if made.visitor.agent is None:
        return By("owner", address=host(made.request))
    return By("agent", made.visitor.agent, address=host(made.request))


def _enter(unit: Unit, link: str, at: entry.From, now: datetime) -> bool:
    visitor = entry.enter(unit, link, at, now)
    if visitor is None:
        return False
    who = By("owner", address=at.address) if visitor.agent is None else By("agent", visitor.agent, address=at.address)
    audit.record(unit, Act.SIGNED_IN, who, now, name=at.way)
    return True


def _leave(unit: Unit, digest: str, who: By, now: datetime) -> None:
    entry.leave(unit, digest)
    if who.who != "nobody":
        audit.record(unit, Act.SIGNED_OUT, who, now)
