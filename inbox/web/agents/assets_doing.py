"""What agents write of what customers own: a new asset, a better known one, its documents, and that it is out of use."""

import asyncio
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.assets import Asset
from inbox.domain.ids import AssetId
from inbox.domain.problems import Problem
from inbox.pipeline import assets as verbs
from inbox.pipeline.assets_written import FIELDS, Reading, read, written
from inbox.pipeline.playbook import Playbook
from inbox.store import assets_found
from inbox.store.assets import By
from inbox.store.scoped import whole
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename
from inbox.web.agents.assets import LISTS, PATH
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number, of_path

_UNKNOWN = "application/octet-stream"
ROOM = 256 * 1024
"""Bytes of a form besides its file."""


class OwnedForms:
    """The routes that change something."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def new(self, request: Request) -> Response:
        """GET `/assets/new?owner=&serial=`."""
        made = await frame(self._house, request)
        if (shut := _shut(made)) is not None:
            return shut
        begun = {name: request.query_params.get(name, "")[:300] for name in ("owner", "serial")}
        return self._form(made, {**dict.fromkeys(FIELDS, ""), **begun})

    async def make(self, request: Request) -> Response:
        """POST `/assets/new`."""
        made, book = await self._opened(request)
        if (shut := _shut(made)) is not None:
            return shut
        given = _given(await posted(made, ROOM))
        try:
            asset = await self._house.store.write(_made, made, given, book)
        except Problem as problem:
            return self._form(made, given, problem)
        return made.back(f"{PATH}/{asset.id}", made.say("web.assets.added"))

    async def form(self, request: Request) -> Response:
        """GET `/assets/12/change`."""
        made = await frame(self._house, request)
        if (shut := _shut(made)) is not None:
            return shut
        asset = await self._found(made, request)
        if asset is None:
            return made.missing()
        known = await self._house.store.read(written, asset, made.language)
        return self._form(made, known, None, asset)

    async def change(self, request: Request) -> Response:
        """POST `/assets/12/change`."""
        made, book = await self._opened(request)
        if (shut := _shut(made)) is not None:
            return shut
        given, asset = _given(await posted(made, ROOM)), await self._found(made, request)
        if asset is None:
            return made.missing()
        try:
            await self._house.store.write(_changed, made, asset, given, book)
        except Problem as problem:
            return self._form(made, given, problem, asset)
        return made.back(f"{PATH}/{asset.id}", made.say("web.assets.changed"))

    async def act(self, request: Request) -> Response:
        """POST `/assets/12/do/WHAT`: `retire`, `back`, `put` (a document), `take` (one away)."""
        made, book = await self._opened(request)
        if (shut := _shut(made)) is not None:
            return shut
        what = request.path_params["what"]
        form = await posted(made, verbs.LARGEST + ROOM if what == "put" else ROOM, files=what == "put")
        try:
            asset = await self._found(made, request)
            if asset is None or what not in ("retire", "back", "put", "take"):
                return made.missing()
            await self._done(made, asset, what, form, book)
        except Problem as problem:
            words = self._house.wording.problem(made.language, problem)
            return made.back(f"{PATH}/{of_path(request, 'id')}", words, wrong=True)
        finally:
            await form.close()
        return made.back(f"{PATH}/{asset.id}", made.say(f"web.assets.done.{what}"))

    async def _done(self, made: Frame, asset: Asset, what: str, form: Form, book: Playbook) -> None:
        by, write = _by(made), self._house.store.write
        if what in ("retire", "back"):
            await write(verbs.retire, asset, by, book, made.now, back=what == "back")
        elif what == "take":
            await write(verbs.take_away, asset.id, number(form.get("document")) or 0, by, made.now)
        else:
            await self._put(made, asset, form, by)

    async def _put(self, made: Frame, asset: Asset, form: Form, by: By) -> None:
        sent = form.files.get("files", ())
        if not sent:
            raise Problem("assets.no_file")
        if self._house.blobs is None:
            raise HTTPException(404)
        for file in sent:
            content = await file.read()
            if len(content) > verbs.LARGEST:
                raise Problem("assets.document_too_large", most=verbs.LARGEST // 1_000_000)
            digest = await asyncio.to_thread(self._house.blobs.put, content)
            about = (safe_filename(file.filename or ""), file.content_type or _UNKNOWN, digest, len(content))
            await self._house.store.write(verbs.enclose, asset.id, *about, by, made.now)

    async def _opened(self, request: Request) -> tuple[Frame, Playbook]:
        made = await frame(self._house, request)
        book = self._house.playbook() if self._house.playbook else None
        if book is None:
            raise HTTPException(404)
        return made, book

    async def _found(self, made: Frame, request: Request) -> Asset | None:
        found = await self._house.store.read(assets_found.one, made.scope, AssetId(of_path(request, "id")))
        return None if found is None else found.asset

    def _form(
        self, made: Frame, given: Mapping[str, str], problem: Problem | None = None, asset: Asset | None = None
    ) -> Response:
        wrong = self._house.wording.problem(made.language, problem) if problem else ""
        facts = {"given": given, "wrong": wrong, "thing": asset, "lists": LISTS}
        return made.page("asset_form", 422 if problem else 200, **facts)


def routes(house: House) -> list[Route]:
    """Their addresses; before those that show, which take any name for a number."""
    forms = OwnedForms(house)
    return [
        Route(f"{PATH}/new", forms.new),
        Route(f"{PATH}/new", forms.make, methods=["POST"]),
        Route(f"{PATH}/{{id}}/change", forms.form),
        Route(f"{PATH}/{{id}}/change", forms.change, methods=["POST"]),
        Route(f"{PATH}/{{id}}/do/{{what}}", forms.act, methods=["POST"]),
    ]


def _given(form: Form) -> dict[str, str]:
    return {name: form.get(name)[:20_000] for name in FIELDS}


def _by(made: Frame) -> By:
    return By(made.visitor.agent if made.visitor else None, "web")


def _made(unit: Unit, made: Frame, given: Mapping[str, str], book: Playbook) -> Asset:
    about = read(unit, given, None, Reading(book, made.scope, made.now))
    return verbs.add(unit, about, _by(made), book, made.now)


def _changed(unit: Unit, made: Frame, asset: Asset, given: Mapping[str, str], book: Playbook) -> bool:
    about = read(unit, given, asset.about, Reading(book, made.scope, made.now))
    return verbs.change(unit, asset, about, _by(made), book, made.now)


def _shut(made: Frame) -> Response | None:
    """The answer for those who may not: what one changes everybody sees, so they have to see everything themselves."""
    if made.visitor is None:
        return made.page("sign_in", 403)
    return None if whole(made.scope) else made.missing()
