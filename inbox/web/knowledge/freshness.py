"""Freshness: what there is to be done so that articles go on answering what people ask, each row with what can be done about it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.articles import AGENT, Article
from inbox.domain.problems import Problem
from inbox.pipeline import articles_fresh
from inbox.pipeline.articles_fresh import HALF_A_YEAR, LISTS
from inbox.store import articles, people
from inbox.store.unit import Unit
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House
from inbox.web.knowledge.editing import day_of
from inbox.web.knowledge.shown import PATH, editor, opened, shelves, today

HERE = f"{PATH}/freshness"
FEW, MANY = 8, 200
"""Rows of each list on the page of all of them, and of one that is looked at alone."""
Do = Callable[[Frame, Form], Awaitable[str]]
"""One act: the list to which it belongs. Raises Problem."""


class Freshness:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: Mapping[str, Do] = {
            "right": self._right,
            "review": self._review,
            "answered": self._answered,
            "forget": self._forget,
        }

    async def show(self, request: Request) -> Response:
        """GET `/articles/freshness?list=`: the worst of each list, or all of one."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        only = request.query_params.get("list", "")
        if only not in ("", *LISTS):
            return made.missing()
        facts = await self._house.store.read(_page, made, only)
        return made.page("articles_freshness", **facts)

    async def act(self, request: Request) -> Response:
        """POST `/articles/freshness/do/{what}`."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form, what = await posted(made), request.path_params["what"]
        if what not in self._known:
            return made.missing()
        only = form.get("list") if form.get("list") in LISTS else ""
        back = f"{HERE}?{urlencode({'list': only})}" if only else HERE
        try:
            section = await self._known[what](made, form)
        except Problem as problem:
            return made.back(back, self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(f"{back}#{section}", made.say(f"web.freshness.did.{what}"))

    async def _right(self, made: Frame, form: Form) -> str:
        await self._house.store.write(_reviewed, made, form.get("slug"), "")
        return "overdue"

    async def _review(self, made: Frame, form: Form) -> str:
        if not form.get("review_on").strip():
            raise Problem("kb.bad_date", value="")
        await self._house.store.write(_reviewed, made, form.get("slug"), form.get("review_on"))
        return "overdue"

    async def _answered(self, made: Frame, form: Form) -> str:
        missed = form.get("words")[:200], form.get("language")
        slug = _slug(form.get("slug"))
        await self._house.store.write(articles_fresh.answered_by, editor(made), slug, *missed, made.now)
        return "missed"

    async def _forget(self, made: Frame, form: Form) -> str:
        missed = form.get("words")[:200], form.get("language")
        await self._house.store.write(articles_fresh.forget, editor(made), *missed)
        return "missed"


def routes(house: House) -> list[Route]:
    """Its addresses."""
    page = Freshness(house)
    return [Route(HERE, page.show), Route(f"{HERE}/do/{{what}}", page.act, methods=["POST"])]


def _reviewed(unit: Unit, made: Frame, slug: str, typed: str) -> None:
    """Without a day: it is still right, and looked at again in half a year."""
    found = articles.find(unit, slug)
    if found is None:
        raise Problem("kb.no_article", slug=slug[:80])
    who = made.visitor.agent if made.visitor is not None else None
    agent = people.roster(unit).agent_by_id(who) if who is not None else None
    on = day_of(typed) or today(made) + HALF_A_YEAR
    articles_fresh.review(unit, editor(made), agent, found.id, on, made.now)


def _slug(typed: str) -> str:
    """The address of an article, also where the address of its page was given."""
    return unquote(urlsplit(typed.strip()[:400]).path.rstrip("/").rpartition("/")[2])


def _page(unit: Unit, made: Frame, only: str) -> dict[str, Any]:
    fresh = articles_fresh.gather(unit, made.scope, today(made), made.now, MANY if only else FEW, only)
    roster = people.roster(unit)
    mine = roster.agent_by_id(made.visitor.agent) if made.visitor is not None and made.visitor.agent else None
    leads = editor(made).leads

    def may(one: Article) -> bool:
        return leads or (mine is not None and mine.handle == one.about.owner)

    owners = {agent.handle: agent.called for agent in roster.agents if not agent.disabled}
    return {
        "fresh": fresh,
        "waiting": sum(n for name, n in fresh.counts.items() if name != "uncovered"),
        "lists": (only,) if only else LISTS,
        "all_lists": LISTS,
        "only": only,
        "few": FEW,
        "may": may,
        "leads": leads,
        "owners": owners,
        "shelves": shelves(unit, AGENT, made.language),
        "folder": "",
    }
