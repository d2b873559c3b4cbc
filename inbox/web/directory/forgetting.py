"""Forgetting a contact, for admins: a page that tells what would be removed, and the button that does it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import ContactId
from inbox.domain.problems import Problem
from inbox.pipeline import forget as verbs
from inbox.web.directory import shown
from inbox.web.directory.contacts import PATH
from inbox.web.door import by
from inbox.web.forms import posted
from inbox.web.frame import House
from inbox.web.numbers import of_path


class Forgetting:
    """The routes under `/contacts/{id}/forget`. Admins and the owner of the site."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET: what would be removed."""
        made, _, shut = await shown.opened(self._house, request)
        if shut is not None:
            return shut
        if made.visitor is None or not made.visitor.administers:
            return made.missing()
        try:
            found = await self._house.store.read(verbs.looked, ContactId(of_path(request, "id")))
        except Problem:
            return made.missing()
        what = [(name, getattr(found.counted, name)) for name in verbs.TOLD]
        return made.page("forget", who=found.contact, what=what, live=found.counted.live, here="contacts")

    async def forget(self, request: Request) -> Response:
        """POST: it is done, where the number was typed once more."""
        made, book, shut = await shown.opened(self._house, request)
        if shut is not None or book is None:
            return shut or made.missing()
        if made.visitor is None or not made.visitor.administers:
            return made.missing()
        form, id = await posted(made), ContactId(of_path(request, "id"))
        if "sure" not in form:
            return made.back(f"{PATH}/{id}/forget", made.say("web.forget.not_sure"), wrong=True)
        given = (id, shown.actor(made), "web", by(made), book, made.now)
        try:
            found = await self._house.store.write(verbs.forget, *given)
        except Problem as problem:
            wrong = self._house.wording.problem(made.language, problem)
            return made.back(f"{PATH}/{id}/forget", wrong, wrong=True)
        return made.back(PATH, made.say("web.forget.done", count=found.counted.messages))


def routes(house: House) -> list[Route]:
    """Its addresses."""
    pages = Forgetting(house)
    return [
        Route(f"{PATH}/{{id}}/forget", pages.show),
        Route(f"{PATH}/{{id}}/forget", pages.forget, methods=["POST"]),
    ]
