"""The HTTP side of a web chat: the widget's script and its routes, a page that needs no JavaScript, and a demo."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from channels.webchat.assets import PAGES, Asset, assets
from channels.webchat.options import WebchatOptions
from channels.webchat.origins import Origins
from channels.webchat.paces import Paces
from channels.webchat.plain import Plain
from channels.webchat.refusal import Refused, answer
from channels.webchat.routes import Routes
from channels.webchat.shown import Outlooks
from channels.webchat.streams import Streams
from channels.webchat.talk import Rhythm, Talk
from channels.webchat.token import tokens
from channels.webchat.tongue import chosen
from inbox.ports.channel import Place
from inbox.ports.face import ASGIApp, Front


class WebchatFace:
    """Implements `inbox.ports.face.Face`."""

    def __init__(self, place: Place, options: WebchatOptions, rhythm: Rhythm | None = None) -> None:
        self._place = place
        self._options = options
        self._rhythm = rhythm or Rhythm()

    @property
    def pages(self) -> Path | None:
        """Beside this file."""
        return PAGES

    def routes(self, front: Front) -> ASGIApp:
        """The application, whatever it is mounted at."""
        talk = self._talk(front)
        public = assets(front, self._options.accent)
        plain = Plain(talk)
        routes = [
            *(Route(f"/{name}", _served(asset)) for name, asset in public.items()),
            *Routes(talk).all(),
            *plain.all(),
        ]

        def refuse(request: Request, status: int = 403, key: str = "webchat.foreign_origin") -> Response:
            return answer(front, chosen(front, request), Refused(status, key))

        async def missing(scope: Scope, receive: Receive, send: Send) -> None:
            await refuse(Request(scope), 404, "webchat.no_such_page")(scope, receive, send)

        router = Router(routes, redirect_slashes=False, default=missing)
        return Origins(router, self._options.origins, self._place.url, refuse, public, plain.paths)

    def _talk(self, front: Front) -> Talk:
        return Talk(
            front,
            self._place,
            self._options,
            tokens(self._place),
            self._rhythm,
            Outlooks(front, self._rhythm.outlook),
            Streams(),
            Paces(self._options, front.counts),
        )


def _served(asset: Asset) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return asset.answer(request)

    return serve
