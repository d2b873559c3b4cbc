"""The files of a conversation, as agents get them."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import AttachmentId
from inbox.store import enclosed
from inbox.text.references import normalise
from inbox.web.frame import House, frame
from inbox.web.kept import download, look, read
from inbox.web.numbers import of_path


class Enclosing:
    """The route of the files."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def file(self, request: Request) -> Response:
        """GET `/c/K7Q2/a/17`: to be kept as a file; `?show`: as a picture, if it is one that is safe to show."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        reference, id = normalise(request.path_params["reference"]), AttachmentId(of_path(request, "id"))
        book = self._house.playbook() if self._house.playbook else None
        found = await self._house.store.read(enclosed.file, made.scope, reference, id) if reference else None
        content = None
        if found is not None and book is not None:
            content = await asyncio.to_thread(read, found, book, self._house.blobs)
        if found is None or content is None:
            return made.missing()
        if "show" not in request.query_params:
            return download(content, found.stored.file.filename)
        return look(content) or made.missing()


def routes(house: House) -> list[Route]:
    """Its address."""
    return [Route("/c/{reference}/a/{id}", Enclosing(house).file)]
