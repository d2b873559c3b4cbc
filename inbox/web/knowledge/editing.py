"""Writing an article: its words beside what they look like. What is wrong stands above the form as it was filled in."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.articles import AGENT, LANGUAGES, About, Article, Audience, Version, Words
from inbox.domain.problems import Problem
from inbox.knowledge import canonical
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.articles_begun import begun
from inbox.store import articles, articles_enclosed, people, shown
from inbox.store.unit import Unit
from inbox.text.dates import day_table, parse_day
from inbox.text.fold import persian_digits
from inbox.text.references import normalise
from inbox.web.accounts.settings import several, short
from inbox.web.forms import Form, posted
from inbox.web.frame import RTL, Frame, House
from inbox.web.knowledge.shown import PATH, beside, called, editor, opened, rendered, shelves
from inbox.web.numbers import number

MOST = 1_000_000
"""Bytes of a form: a long text in Persian takes six for each letter."""
LONGEST_KEYWORD = 200
FIELDS = ("slug", "folder", "audience", "organization", "tags", "owner", "review_on")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it is filled in: `seen` is the version that was worked on, 0 where there was none."""

    language: str
    words: Words
    seen: int = 0


class Editing:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def new(self, request: Request) -> Response:
        """GET `/articles/new?folder=&title=&keywords=&language=&from=`: an empty form, or one with what a conversation was about."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        asked = request.query_params
        typed = asked.get("language", "")
        keywords = canonical.several((asked.get("keywords", "")[:LONGEST_KEYWORD],), 1)
        title = canonical.line(asked.get("title", ""))[: canonical.LONGEST_TITLE]
        draft = Draft(typed if typed in LANGUAGES else made.language, Words(title, "", keywords))
        reference = normalise(asked.get("from", ""))
        if reference is not None:
            matter = await self._house.store.read(shown.find, made.scope, reference)
            if matter is None:
                return made.missing()
            draft = Draft(*await self._house.store.read(begun, matter, made.language))
        owner = await self._house.store.read(_own, made)
        about = About("", asked.get("folder", "")[:400], owner=owner)
        return await self._page(made, None, draft, filled(made, about))

    async def create(self, request: Request) -> Response:
        """POST the same: `preview` only shows what it looks like; `ask` and `publish` do that as well."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form = await posted(made, MOST)
        draft, typed = drafted(form, made), {name: form.get(name) for name in FIELDS}
        if "preview" in form:
            return await self._page(made, None, draft, typed)
        try:
            about = about_of(typed)
            article = await self._house.store.write(_created, editor(made), about, draft, _after(form), made)
        except Problem as problem:
            return await self._page(made, None, draft, typed, self._house.wording.problem(made.language, problem))
        return made.back(
            f"{PATH}/{article.slug}?language={draft.language}", made.say(f"web.articles.{_after(form)}_done")
        )

    async def edit(self, request: Request) -> Response:
        """GET `/articles/{slug}/edit?language=`: the newest version of a language, empty where there is none."""
        made, found = await self._known(request)
        if found is None:
            return made.missing() if made.visitor is not None else made.page("sign_in", 403)
        language = request.query_params.get("language", made.language)
        if language not in LANGUAGES:
            return made.missing()
        text = found.text(language)
        version = await self._version(found, language) if text is not None else None
        draft = Draft(language, version.words if version else Words("", ""), text.latest if text else 0)
        return await self._page(made, found, draft)

    async def save(self, request: Request) -> Response:
        """POST the same."""
        made, found = await self._known(request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made, MOST)
        if found is None:
            return made.missing()
        draft = drafted(form, made)
        if "preview" in form:
            return await self._page(made, found, draft)
        after = _after(form)
        try:
            await self._house.store.write(_saved, editor(made), found, draft, after, made)
        except Problem as problem:
            return await self._page(made, found, draft, wrong=self._house.wording.problem(made.language, problem))
        return made.back(f"{PATH}/{found.slug}?language={draft.language}", made.say(f"web.articles.{after}_done"))

    async def _known(self, request: Request) -> tuple[Frame, Article | None]:
        made, shut = await opened(self._house, request)
        if shut is not None:
            return made, None
        return made, await self._house.store.read(articles.find, request.path_params["slug"])

    async def _version(self, found: Article, language: str) -> Version | None:
        text = found.text(language)
        if text is None:
            return None
        return await self._house.store.read(articles.version, found.id, language, text.latest)

    async def _page(
        self, made: Frame, found: Article | None, draft: Draft, typed: dict[str, str] | None = None, wrong: str = ""
    ) -> Response:
        """The form and its preview; beside it what another language says."""
        slug = found.slug if found is not None else "new"
        others = [one for one in found.texts if one.language != draft.language] if found is not None else []
        other = await self._version(found, others[0].language) if found is not None and others else None
        clean = canonical.words(draft.words)
        bodies = (clean.body, other.words.body if other else "")
        known = await self._house.store.read(beside, found, *bodies)
        shown = await asyncio.to_thread(rendered, made, slug, draft.language, clean, known)
        theirs = await asyncio.to_thread(rendered, made, slug, other.language, other.words, known) if other else None
        facts: dict[str, Any] = await self._house.store.read(_around, made, found)
        return made.page(
            "article_edit",
            422 if wrong else 200,
            **facts,
            article=found,
            draft=draft,
            keywords="، ".join(draft.words.keywords) if draft.language in RTL else ", ".join(draft.words.keywords),
            typed=typed,
            shown=shown,
            other=other,
            theirs=theirs,
            files=known.files,
            wrong=wrong,
            longest=canonical,
        )


def routes(house: House) -> list[Route]:
    """Its addresses."""
    page = Editing(house)
    return [
        Route(f"{PATH}/new", page.new),
        Route(f"{PATH}/new", page.create, methods=["POST"]),
        Route(f"{PATH}/{{slug}}/edit", page.edit),
        Route(f"{PATH}/{{slug}}/edit", page.save, methods=["POST"]),
    ]


# -- a form ------------------------------------------------------------------------------------------------------------
def drafted(form: Form, made: Frame) -> Draft:
    """The words that were typed."""
    language = form.get("language", made.language)
    keywords = several(form.get("keywords")[:4000])
    return Draft(language, Words(form.get("title"), form.get("body"), keywords), number(form.get("seen")) or 0)


def about_of(typed: dict[str, str]) -> About:
    """What was typed about an article. Raises Problem."""
    audience = typed["audience"] if typed["audience"] in tuple(Audience) else Audience.AGENTS.value
    return About(
        typed["slug"].strip().lower(),
        typed["folder"].strip().strip("/").lower(),
        Audience(audience),
        short(typed["organization"], verbs.LONGEST_ORGANIZATION),
        several(typed["tags"]),
        typed["owner"],
        day_of(typed["review_on"]),
    )


def day_of(typed: str) -> date | None:
    """A day in either calendar, or none. Raises Problem."""
    if not typed.strip():
        return None
    day = parse_day(typed)
    if day is None:
        raise Problem("kb.bad_date", value=short(typed, 30))
    return day


def filled(made: Frame, about: About) -> dict[str, str]:
    """The fields of what is known about an article."""
    persian = made.language == "fa"
    day = day_table(about.review_on, jalali=persian) if about.review_on else ""
    return {
        "slug": about.slug,
        "folder": about.folder,
        "audience": about.audience.value,
        "organization": about.organization,
        "tags": ("، " if persian else ", ").join(about.tags),
        "owner": about.owner,
        "review_on": persian_digits(day.replace("-", "/")) if persian else day,
    }


def _after(form: Form) -> str:
    return next((name for name in ("publish", "ask") if name in form), "save")


def _own(unit: Unit, made: Frame) -> str:
    """The handle of whoever writes; the owner of the site has none."""
    who = made.visitor.agent if made.visitor is not None else None
    agent = people.roster(unit).agent_by_id(who) if who is not None else None
    return agent.handle if agent is not None else ""


def _created(unit: Unit, who: Editor, about: About, draft: Draft, after: str, made: Frame) -> Article:
    organized(unit, about)
    if after == "publish":
        who.must_lead()
    article = verbs.create(unit, who, about, draft.language, draft.words, made.now)
    _then(unit, who, article, draft.language, after, made)
    return articles.one(unit, article.id)


def _saved(unit: Unit, who: Editor, article: Article, draft: Draft, after: str, made: Frame) -> None:
    if after == "publish":
        who.must_lead()
    verbs.save(unit, who, article.id, draft.language, draft.words, made.now, draft.seen)
    _then(unit, who, article, draft.language, after, made)


def _then(unit: Unit, who: Editor, article: Article, language: str, after: str, made: Frame) -> None:
    if after == "publish":
        verbs.publish(unit, who, article.id, language, made.now)
    elif after == "ask":
        verbs.ask(unit, who, article.id, language, made.now)


def organized(unit: Unit, about: About) -> None:
    """An organization that is named is one that we know. Raises Problem."""
    named = about.organization if about.audience is Audience.ORGANIZATION else ""
    if named and not articles.is_organization(unit, named):
        raise Problem("kb.unknown_organization", name=named)


def choices(unit: Unit) -> dict[str, Any]:
    """What the fields about an article offer."""
    used = articles.folders_in_use(unit, AGENT)
    return {
        "agents": [one for one in people.roster(unit).agents if not one.disabled],
        "organizations": articles.organizations(unit),
        "folders": sorted({one.path for one in articles_enclosed.folders(unit)} | {path for path in used if path}),
    }


def _around(unit: Unit, made: Frame, found: Article | None) -> dict[str, Any]:
    folder = found.about.folder if found is not None else ""
    return {
        **choices(unit),
        "at": f"{PATH}/{quote(found.slug, safe='')}" if found is not None else f"{PATH}/new",
        "shelves": shelves(unit, AGENT, made.language),
        "folder": folder,
        "way": called(unit, folder, made.language),
        "languages": LANGUAGES,
        "directions": {code: "rtl" if code in RTL else "ltr" for code in LANGUAGES},
    }
