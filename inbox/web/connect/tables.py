"""The settings of contacts as a file: all of them taken out, and a file taken in after it was tried."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.acts import Act
from inbox.domain.events import HOUSE, Actor
from inbox.domain.problems import Problem
from inbox.pipeline import contacts_cards
from inbox.pipeline import contacts_table as verbs
from inbox.pipeline.contacts_table import Outcome
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.table_intake import MOST_BYTES, counted, recorded, taken
from inbox.store import audit
from inbox.web.accounts.settings import opened
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House

PATH = "/settings/contacts"
MEDIA = {"csv": "text/csv; charset=utf-8", "vcf": "text/vcard; charset=utf-8"}
SHOWN = 200
"""Rows that are shown of what became of a file; those that were refused come first."""


class Tables:
    """The routes under `/settings/contacts`. Admins and the owner of the site."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/settings/contacts`."""
        made, shut = await opened(self._house, request)
        return (
            made.page("contacts", outcomes=(), counts={}, wrong="", tried=False, here="contacts")
            if shut is None
            else shut
        )

    async def out(self, request: Request) -> Response:
        """POST `/settings/contacts/export`: the file."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form, book = await posted(made), self._house.playbook() if self._house.playbook else None
        if book is None:
            return made.missing()
        known = await self._house.store.read(verbs.every, made.scope)
        await self._house.store.write(audit.record, Act.CONTACTS_READ, by(made), made.now, detail=(str(len(known)),))
        kind = "vcf" if "cards" in form else "csv"
        if kind == "vcf":
            content = contacts_cards.cards(known, book)
        else:
            content = verbs.table(known, made.language, [field.name for field in book.contact_fields])
        name = f'attachment; filename="contacts-{made.now:%Y-%m-%d}.{kind}"'
        return Response(content, media_type=MEDIA[kind], headers={"content-disposition": name})

    async def take(self, request: Request) -> Response:
        """POST `/settings/contacts`: what became of each row, or would."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form = await posted(made, MOST_BYTES + 64 * 1024, files=True)
        book = self._house.playbook() if self._house.playbook else None
        if book is None:
            return made.missing()
        tried = "try" in form
        try:
            outcomes = await self._taken(made, form, book, tried=tried)
        except Problem as problem:
            wrong = self._house.wording.problem(made.language, problem)
            return made.page("contacts", 422, outcomes=(), counts={}, wrong=wrong, tried=False, here="contacts")
        counts = counted(outcomes)
        if not tried:
            detail = recorded(counts)
            await self._house.store.write(audit.record, Act.CONTACTS_WRITTEN, by(made), made.now, detail=detail)
        shown = sorted(outcomes, key=lambda one: one.what != "refused")[:SHOWN]
        told = [(one, self._house.wording.problem(made.language, one.why) if one.why else "") for one in shown]
        return made.page("contacts", outcomes=told, counts=counts, wrong="", tried=tried, here="contacts")

    async def _taken(self, made: Frame, form: Form, book: Playbook, *, tried: bool) -> list[Outcome]:
        rows = contacts_cards.rows(await _content(form), book)
        who = made.visitor.agent if made.visitor else None
        actor = HOUSE if who is None else Actor("agent", who, made.visitor.name if made.visitor else "")
        return await taken(self._house.store, verbs.Intake(book, actor, "web"), rows, made.now, rehearse=tried)


async def _content(form: Form) -> bytes:
    """The bytes of the file that was chosen; it is closed then."""
    content = b""
    for file in form.files.get("file", ())[:1]:
        content = await file.read()
    await form.close()
    return content


def routes(house: House) -> list[Route]:
    """Its addresses."""
    tables = Tables(house)
    return [
        Route(PATH, tables.show),
        Route(PATH, tables.take, methods=["POST"]),
        Route(f"{PATH}/export", tables.out, methods=["POST"]),
    ]
