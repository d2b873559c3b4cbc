"""The page to which a broadcast's link leads: whoever has it wants no more of them, by a button or by their mail program's one click.

Looking changes nothing: programs that check links look. The one click is a POST without a page before it (RFC 8058, 3.2), so its
link is all the proof there is; whoever has it can only take away, and nothing else of the contact is shown or changed.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inbox.domain.ids import ContactId
from inbox.pipeline.stopping import PATH, by_link, opened
from inbox.store import declining
from inbox.store.unit import Unit
from inbox.web.frame import House, frame


def routes(house: House) -> list[Route]:
    """Both ways."""
    page = Stopping(house)
    return [Route(PATH + "/{token}", page.show), Route(PATH + "/{token}", page.stop, methods=["POST"])]


class Stopping:
    """The routes; nobody has to sign in."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/stop/4-7-k2m9...`: the button."""
        made = await frame(self._house, request)
        book = self._house.playbook() if self._house.playbook else None
        if book is None:
            return made.missing()
        token = request.path_params["token"][:120]
        contact = await self._house.store.read(opened, token, book)
        if contact is None:
            return made.missing()
        done = await self._house.store.read(_done, contact.id)
        return made.page("stop", done=done)

    async def stop(self, request: Request) -> Response:
        """POST: they want none any more. A mail program reads no page, so it gets a word."""
        made = await frame(self._house, request)
        book = self._house.playbook() if self._house.playbook else None
        if book is None:
            return made.missing()
        token = request.path_params["token"][:120]
        if not await self._house.store.write(by_link, token, book, made.now):
            return made.missing()
        if "text/html" in request.headers.get("accept", ""):
            return made.page("stop", done=True)
        return PlainTextResponse(made.say("web.stop.done") + "\n")


def _done(unit: Unit, contact: ContactId) -> bool:
    return declining.of(unit, contact) is not None
