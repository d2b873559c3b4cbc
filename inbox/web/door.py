"""The way in and out: a one-time link shows a page with one button, and only the button uses it up."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.store import entry
from inbox.web import session
from inbox.web.forms import posted
from inbox.web.frame import House, frame
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
        before = session.digest(self._house.cookies.read(request))
        now = self._house.clock.now()
        if not await self._house.store.write(entry.enter, session.digest(link), session.digest(fresh), before, now):
            return (await frame(self._house, request)).page("login_failed", 403)
        response = RedirectResponse("/", 303)
        self._house.cookies.begin(response, fresh)
        return response

    async def leave(self, request: Request) -> Response:
        """POST: ends the session."""
        await posted(await frame(self._house, request))
        await self._house.store.write(entry.leave, session.digest(self._house.cookies.read(request)))
        response = RedirectResponse("/", 303)
        self._house.cookies.end(response)
        return response
