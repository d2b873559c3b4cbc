"""What every page has round it: the language, the visitor, the words and the clock; and how an answer is made of them."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from inbox.blobs import Blobs
from inbox.domain.attention import Likes
from inbox.domain.ids import EventId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook
from inbox.ports.clock import Clock
from inbox.render import Pages
from inbox.render.drafts import Answer, Look, Try
from inbox.settings.options import SiteOptions
from inbox.store import attending, entry, live, notifications, people, preferences, saved_views
from inbox.store.scoped import whole
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.wording import Wording
from inbox.web import language, session
from inbox.web.accounts.sealed import Seal
from inbox.web.live.crowd import Crowd
from inbox.web.ops.backtests import Backtests
from inbox.web.rules import told
from inbox.web.said import COOKIE as SAID
from inbox.web.said import LASTS, Said, packed, unpacked
from inbox.web.statics import Statics
from inbox.web.visits import Visits

if TYPE_CHECKING:
    from inbox.web.accounts.provider import Provider

NAMES = {"en": "English", "fa": "فارسی"}
RTL = frozenset({"fa"})
SEEN_EVERY = timedelta(minutes=5)
"""How exactly people are told when a session was last used."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Templates as they are written: the `templates/` folders, the site's own first, and what answers questions about them.
    `ask` blocks, and bounds what the answer may cost."""

    places: tuple[Path, ...]
    ask: Callable[[Look | Try], Answer]


@dataclass(frozen=True, slots=True)
class House:
    """What the pages are built with."""

    store: Store
    wording: Wording
    site: SiteOptions
    clock: Clock
    pages: Pages
    statics: Statics
    cookies: session.Cookies
    playbook: Callable[[], Playbook] | None = None
    """What is configured now; None: the pages know nothing of it."""
    backtests: Backtests | None = None
    """Those that people ask for; None: none can be run from here."""
    drafts: Drafts | None = None
    """Where templates are tried; None: the pages know nothing of them."""
    blobs: Blobs | None = None
    """Where large bytes are; None: the pages show no file that is among them."""
    provider: "Provider | None" = None
    """Who vouches for people besides their password; None: nobody."""
    crowd: Crowd | None = None
    """The pages that listen; None: none is told of what happens while it is open."""
    keymaps: tuple[str, ...] = ("[]", "[]")
    """The keys that pages listen to, as JSON: the owner's, an agent's."""
    visits: Visits | None = None
    """Where what customers say on our own pages comes in; None: they can read only."""
    seal: Seal = field(default_factory=Seal)
    """What closes and opens the keys of one-time codes."""

    @property
    def hides(self) -> frozenset[str]:
        """What those who work for an outside company are not shown."""
        return self.playbook().hides if self.playbook else frozenset()


@dataclass(frozen=True, slots=True)
class Frame:
    """One request: who asks, when, in which language."""

    house: House
    request: Request
    visitor: entry.Visitor | None
    language: str
    now: datetime
    rules: live.State = live.State()
    """What is live of what ops wrote; known for those who are signed in."""
    unread: int = 0
    """How much an agent has not read of what they were told."""
    likes: Likes = Likes()
    upto: EventId | None = None
    """The newest event that the page can know; None for strangers."""
    saved: tuple[saved_views.SavedView, ...] = ()
    """The views that stand beside the lists."""
    scope: Scope = field(default_factory=Scope.of_token)
    """What the visitor may read. A visitor that is nobody reads nothing."""

    @property
    def say(self) -> Callable[..., str]:
        """A sentence of the catalogue in the language of the page."""
        return partial(self.house.wording.say, self.language)

    def page(self, name: str, status: int = 200, **facts: object) -> Response:
        """The answer that shows a page."""
        token = self.house.cookies.read(self.request)
        shown = {
            "say": self.say,
            "plural": partial(self.house.wording.plural, self.language),
            "language": self.language,
            "direction": "rtl" if self.language in RTL else "ltr",
            "zone": ZoneInfo(self.house.site.zone),
            "now": self.now,
            "site_name": self.house.site.name,
            "visitor": self.visitor,
            "sees_all": whole(self.scope),
            "unread": self.unread,
            "saved": self.saved,
            "saved_counts": {},
            "form_token": session.form_token(token),
            "asset": self.house.statics.url,
            "others": self._others(),
            "rules": told(self.rules, self.house.wording, self.language, ZoneInfo(self.house.site.zone)),
            "likes": self.likes,
            "keymap": self.house.keymaps[self.visitor is not None and self.visitor.agent is not None],
            "live": self.house.crowd is not None,
            "upto": self.upto,
            "notice": unpacked(self.request.cookies),
            "wanted": self._wanted(),
            **facts,
        }
        response = HTMLResponse(self._html(name, shown), status, {"vary": "HX-Request"})
        asked = self.request.query_params.get(language.QUERY)
        if asked == self.language:
            self.house.cookies.keep(response, language.COOKIE, asked)
        if SAID in self.request.cookies:
            self.house.cookies.pass_on(response, SAID, "", 0)
        return response

    def _html(self, name: str, shown: Mapping[str, object]) -> str:
        """The whole page; for a page that is open in the browser already, what stands between its scripts."""
        pages = self.house.pages
        if self.request.headers.get("hx-request") != "true":
            return pages.render(name, **shown)
        title = pages.block(name, "title", **shown)
        return f"<title>{title}</title>{pages.block(name, 'page', **shown)}"

    def back(self, path: str, words: str = "", *, wrong: bool = False) -> Response:
        """To a page of ours, which then says these words once."""
        response = RedirectResponse(path, 303)
        if words:
            self.house.cookies.pass_on(response, SAID, packed(Said(words, wrong)), LASTS)
        return response

    def missing(self) -> Response:
        """The answer for what is not there, or not for this visitor."""
        return self.page("failure", 404, about="missing", detail="")

    def _wanted(self) -> str:
        """The address to come back to after signing in: that of the page, where it can be asked for again."""
        url = self.request.url
        return (f"{url.path}?{url.query}" if url.query else url.path) if self.request.method == "GET" else "/"

    def _others(self) -> list[tuple[str, str, str]]:
        """The same page in the other languages: code, name, address."""
        path = self.request.url.path
        query = [(k, v) for k, v in self.request.query_params.multi_items() if k != language.QUERY]
        found = []
        for code in self.house.wording.languages:
            if code != self.language:
                url = self.request.url.replace(path=path, query="").include_query_params(
                    **dict(query), **{language.QUERY: code}
                )
                found.append((code, NAMES.get(code, code), f"{url.path}?{url.query}"))
        return found


async def frame(house: House, request: Request) -> Frame:
    """The frame of a request; the session is looked up in the store."""
    now = house.clock.now()
    token = house.cookies.read(request)
    visitor, known = (
        await house.store.read(_known, session.digest(token), house.hides, now) if token else (None, _Known())
    )
    if visitor is not None and (visitor.seen_at is None or now - visitor.seen_at >= SEEN_EVERY):
        with suppress(Problem):  # a page can be read although nothing can be written
            await house.store.write(entry.seen, session.digest(token), now)
    language = spoken(house, request, visitor)
    return Frame(
        house,
        request,
        visitor,
        language,
        now,
        known.rules,
        known.unread,
        known.likes,
        known.upto,
        known.saved,
        known.scope,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of those who are signed in."""

    rules: live.State = live.State()
    unread: int = 0
    likes: Likes = Likes()
    upto: EventId | None = None
    saved: tuple[saved_views.SavedView, ...] = ()
    scope: Scope = field(default_factory=Scope.of_token)


def _known(unit: Unit, digest: str, hides: frozenset[str], now: datetime) -> tuple[entry.Visitor | None, _Known]:
    visitor = entry.visitor(unit, digest, now)
    if visitor is None:
        return None, _Known()
    upto = attending.latest(unit)
    scope = Scope.house() if visitor.agent is None else people.roster(unit).scope(visitor.agent, hides)
    saved = tuple(saved_views.of(unit, scope))
    if visitor.agent is None:
        return visitor, _Known(live.state(unit), upto=upto, saved=saved, scope=scope)
    unread, likes = notifications.unread(unit, scope), preferences.of(unit, visitor.agent)
    return visitor, _Known(live.state(unit), unread, likes, upto, saved, scope)


def stranger(house: House, request: Request) -> Frame:
    """The frame of a request whose visitor nobody asks for: a failure's page must not need the store."""
    return Frame(house, request, None, spoken(house, request, None), house.clock.now())


def spoken(house: House, request: Request, visitor: entry.Visitor | None) -> str:
    """The language of the answer to a request."""
    return language.choose(
        house.wording.languages,
        house.site.language,
        asked=request.query_params.get(language.QUERY),
        kept=request.cookies.get(language.COOKIE),
        own=visitor.language if visitor else None,
        browser=request.headers.get("accept-language", ""),
    )
