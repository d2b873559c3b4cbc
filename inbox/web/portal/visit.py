"""A visit: one request of somebody outside, with the portal that it goes to and the customer who came in, if one did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import visiting
from inbox.store.visiting import Customer
from inbox.web import language, session
from inbox.web.frame import NAMES, RTL, House
from inbox.web.said import COOKIE as SAID
from inbox.web.said import LASTS, Said, packed, unpacked

HOME = "/portal"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `token`: what binds its forms to the browser that they are shown in."""

    house: House
    request: Request
    book: Playbook
    portal: Speaker
    customer: Customer | None
    token: str
    language: str
    now: datetime

    @property
    def scope(self) -> Scope:
        """What is theirs: nothing, until they came in."""
        return Scope.of_token() if self.customer is None else Scope.of_contact(self.customer.contact.id)

    @property
    def sight(self) -> Scope:
        """What they may read and answer: that, and what others of their organization asked, where they may see it."""
        return self.scope if self.customer is None else Scope.of_contact(self.customer.contact.id, colleagues=True)

    @property
    def say(self) -> Callable[..., str]:
        """A sentence of the catalogue in the language of the page."""
        return partial(self.house.wording.say, self.language)

    @property
    def words(self) -> dict[str, Any]:
        """What every page and piece of a page speaks with."""
        plural = partial(self.house.wording.plural, self.language)
        return {"say": self.say, "plural": plural, "language": self.language}

    def page(self, name: str, status: int = 200, **facts: object) -> Response:
        """The answer that shows a page of the portal."""
        shown = {
            **self.words,
            "direction": "rtl" if self.language in RTL else "ltr",
            "zone": ZoneInfo(self.book.zone),
            "now": self.now,
            "brand": self.portal.brand.name,
            "customer": self.customer,
            "form_token": session.form_token(self.token),
            "asset": self.house.statics.url,
            "others": self._others(),
            "notice": unpacked(self.request.cookies),
            "chats": self.chats,
            **facts,
        }
        response = HTMLResponse(self.house.pages.render(f"portal_{name}", **shown), status)
        asked = self.request.query_params.get(language.QUERY)
        if asked == self.language:
            self.house.cookies.keep(response, language.COOKIE, asked)
        if SAID in self.request.cookies:
            self.house.cookies.pass_on(response, SAID, "", 0)
        return response

    @property
    def chats(self) -> bool:
        """Whether customers write to us in chats whose network knows who they are, and can come in by what is sent there."""
        traits = [one.codec.traits for one in self.book.channels.values()]
        return bool(self.book.public_url) and any(
            one.certain_sender and not one.subject and not one.live for one in traits
        )

    def back(self, path: str, words: str = "", *, wrong: bool = False) -> Response:
        """To a page of the portal, which then says these words once."""
        response = RedirectResponse(path, 303)
        if words:
            self.house.cookies.pass_on(response, SAID, packed(Said(words, wrong)), LASTS)
        return response

    def missing(self) -> Response:
        """The answer for what is not there, or not for them."""
        return self.page("missing", 404)

    def _others(self) -> list[tuple[str, str, str]]:
        """The same page in the other languages: code, name, address."""
        path = self.request.url.path if self.request.method == "GET" else HOME
        query = [(k, v) for k, v in self.request.query_params.multi_items() if k != language.QUERY]
        urls = {
            code: self.request.url.replace(path=path, query="").include_query_params(
                **dict(query), **{language.QUERY: code}
            )
            for code in self.house.wording.languages
            if code != self.language
        }
        return [(code, NAMES.get(code, code), f"{url.path}?{url.query}") for code, url in urls.items()]


async def visit(house: House, request: Request) -> Visit:
    """The visit of a request. Raises HTTPException 404 on a site that has no portal."""
    book = house.playbook() if house.playbook else None
    portal = None if book is None else book.portal
    if book is None or portal is None:
        raise HTTPException(404)
    now, token = house.clock.now(), house.cookies.read_customer(request)
    customer = await house.store.read(visiting.customer, session.digest(token), now) if token else None
    token = token if customer is not None else house.cookies.read_entrance(request)
    spoken = language.choose(
        house.wording.languages,
        house.site.language,
        asked=request.query_params.get(language.QUERY),
        kept=request.cookies.get(language.COOKIE),
        own=customer.contact.language if customer else None,
        browser=request.headers.get("accept-language", ""),
    )
    return Visit(house, request, book, portal, customer, token, spoken, now)
