"""Every address of the portal."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.pipeline.one_matter import PATH as ALONE
from inbox.pipeline.survey_links import PATH as RATE
from inbox.web.accounts.paces import Paces
from inbox.web.counts import counts
from inbox.web.frame import House
from inbox.web.portal import assets
from inbox.web.portal.asking import PATH as ASK
from inbox.web.portal.asking import Asking
from inbox.web.portal.calling import Calling
from inbox.web.portal.entering import CODE, Entering
from inbox.web.portal.matters import Matters
from inbox.web.portal.rating import Rating
from inbox.web.portal.suggesting import ANSWERED, Suggesting
from inbox.web.portal.suggesting import PATH as SUGGEST
from inbox.web.portal.visit import HOME
from inbox.web.portal.writing import Writing
from inbox.web.portal.yourself import PATH, Yourself


def routes(house: House) -> list[Route]:
    """They answer 404 on a site without a portal."""
    paces = Paces(counts(house.store, house.clock, "portal"))
    entering, asking = Entering(house, paces), Asking(house)
    rating = Rating(house, entering, paces)
    matters, writing, you = Matters(house, entering), Writing(house, paces), Yourself(house)

    async def answer(request: Request) -> Response:
        return await writing.answer(request, matters.shown)

    suggesting = Suggesting(house)
    return [
        Route(HOME, matters.listing),
        Route(f"{HOME}/brand.css", matters.colours),
        Route(f"{HOME}/sign-in", entering.show),
        Route(f"{HOME}/sign-in", entering.ask, methods=["POST"]),
        Route(CODE, entering.code),
        Route(CODE, entering.typed, methods=["POST"]),
        Route(f"{HOME}/enter/{{token}}", entering.link),
        Route(f"{HOME}/enter/{{token}}", entering.follow, methods=["POST"]),
        Route(f"{HOME}/leave", entering.leave, methods=["POST"]),
        Route(ASK, asking.show),
        Route(ASK, asking.ask, methods=["POST"]),
        Route(SUGGEST, suggesting.typing, methods=["POST"]),
        Route(ANSWERED, suggesting.answered, methods=["POST"]),
        Route(f"{HOME}/new", writing.form),
        Route(f"{HOME}/new", writing.begin, methods=["POST"]),
        Route(f"{HOME}/c/{{reference}}", matters.one),
        Route(f"{HOME}/c/{{reference}}", answer, methods=["POST"]),
        Route(f"{HOME}/c/{{reference}}/a/{{id}}", matters.file),
        Route(f"{HOME}/c/{{reference}}/done", writing.done, methods=["POST"]),
        Route(f"{HOME}/c/{{reference}}/open", writing.open, methods=["POST"]),
        Route(f"{HOME}/c/{{reference}}/call", Calling(house).ask, methods=["POST"]),
        Route(f"{HOME}/c/{{reference}}/rate", rating.here, methods=["POST"]),
        Route(f"{ALONE}/{{token}}", matters.alone),
        Route(f"{RATE}/{{token}}", rating.show),
        Route(f"{RATE}/{{token}}", rating.give, methods=["POST"]),
        *assets.routes(house),
        Route(PATH, you.show),
        Route(PATH, you.change, methods=["POST"]),
        Route(f"{PATH}/answers", you.answers, methods=["POST"]),
        Route(f"{PATH}/leave", you.everywhere, methods=["POST"]),
        Route(f"{PATH}/data.json", you.data),
        Route(f"{PATH}/erase", writing.erase, methods=["POST"]),
    ]
