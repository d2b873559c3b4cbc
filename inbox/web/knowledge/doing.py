"""What is done with an article besides writing it: read by others or no more, brought back, moved, given files, deleted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.articles import Article
from inbox.domain.ids import ArticleId
from inbox.domain.problems import Problem
from inbox.knowledge.files import stored_name
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import LARGEST_FILE, Editor
from inbox.store import articles
from inbox.store.unit import Unit
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House
from inbox.web.knowledge.editing import FIELDS, about_of, organized
from inbox.web.knowledge.shown import PATH, editor, opened
from inbox.web.numbers import number

MOST = 3 * LARGEST_FILE + 64 * 1024
"""Bytes of a form with its files."""
Do = Callable[[Frame, Article, Form], Awaitable[str]]
"""One thing: where to go afterwards, below the addresses of articles. Raises Problem."""


class Doing:
    """The routes. Each answers with the page of the article and the sentence about what was done."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: Mapping[str, Do] = {
            "publish": self._publish,
            "ask": self._ask,
            "withdraw": self._withdraw,
            "roll_back": self._roll_back,
            "about": self._about,
            "put": self._put,
            "take": self._take,
            "remove": self._remove,
        }

    async def act(self, request: Request) -> Response:
        """POST `/articles/{slug}/do/{what}`."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form = await posted(made, MOST, files=True)
        try:
            what, slug = request.path_params["what"], request.path_params["slug"]
            found = await self._house.store.read(articles.find, slug)
            if found is None or what not in self._known:
                return made.missing()
            try:
                to = await self._known[what](made, found, form)
            except Problem as problem:
                wrong = self._house.wording.problem(made.language, problem)
                return made.back(f"{PATH}/{found.slug}", wrong, wrong=True)
            return made.back(f"{PATH}{to}", made.say(f"web.articles.did.{what}"))
        finally:
            await form.close()

    async def _publish(self, made: Frame, found: Article, form: Form) -> str:
        language = form.get("language")
        seen = number(form.get("seen"))
        await self._house.store.write(verbs.publish, editor(made), found.id, language, made.now, seen)
        return f"/{found.slug}?language={language}"

    async def _ask(self, made: Frame, found: Article, form: Form) -> str:
        language = form.get("language")
        await self._house.store.write(verbs.ask, editor(made), found.id, language, made.now)
        return f"/{found.slug}?language={language}"

    async def _withdraw(self, made: Frame, found: Article, form: Form) -> str:
        language = form.get("language")
        await self._house.store.write(verbs.withdraw, editor(made), found.id, language, made.now)
        return f"/{found.slug}?language={language}"

    async def _roll_back(self, made: Frame, found: Article, form: Form) -> str:
        language, to = form.get("language"), number(form.get("version")) or 0
        await self._house.store.write(verbs.roll_back, editor(made), found.id, language, to, made.now)
        return f"/{found.slug}/history?language={language}"

    async def _about(self, made: Frame, found: Article, form: Form) -> str:
        typed = {name: form.get(name) for name in FIELDS}
        return f"/{await self._house.store.write(_changed, editor(made), found.id, typed, made)}"

    async def _put(self, made: Frame, found: Article, form: Form) -> str:
        sent = form.files.get("files", ())
        if not sent:
            raise Problem("kb.nothing_chosen")
        if self._house.blobs is None:
            raise HTTPException(404)
        for file in sent:
            content = await file.read()
            name = file.filename or "file"
            if len(content) > LARGEST_FILE:
                raise Problem("kb.file_too_large", name=stored_name(name), most=LARGEST_FILE)
            digest = await asyncio.to_thread(self._house.blobs.put, content)
            await self._house.store.write(verbs.put_file, editor(made), found.id, name, digest, len(content), made.now)
        return f"/{found.slug}"

    async def _take(self, made: Frame, found: Article, form: Form) -> str:
        await self._house.store.write(verbs.remove_file, editor(made), found.id, form.get("name"), made.now)
        return f"/{found.slug}"

    async def _remove(self, made: Frame, found: Article, form: Form) -> str:
        if "sure" not in form:
            raise Problem("kb.not_sure")
        await self._house.store.write(verbs.remove, editor(made), found.id, made.now)
        return ""


def routes(house: House) -> list[Route]:
    """Its address."""
    return [Route(f"{PATH}/{{slug}}/do/{{what}}", Doing(house).act, methods=["POST"])]


def _changed(unit: Unit, who: Editor, id: ArticleId, typed: dict[str, str], made: Frame) -> str:
    """Where the article is then."""
    about = about_of(typed)
    organized(unit, about)
    return verbs.change(unit, who, id, about, made.now).slug
