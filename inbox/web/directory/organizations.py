"""Organizations as agents see them: found, read with their people and all that happened with them, changed and merged."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.domain.ids import OrganizationId
from inbox.domain.people import Organization
from inbox.domain.problems import Problem
from inbox.pipeline import company
from inbox.pipeline.company import Better, Doing
from inbox.pipeline.playbook import Playbook
from inbox.store import directory, kept_files, organizations, people, stories
from inbox.store.directory import Known
from inbox.store.kept_files import KeptFile, Whose
from inbox.store.stories import Told
from inbox.store.unit import Unit
from inbox.web.accounts.settings import several, short
from inbox.web.directory import shown
from inbox.web.directory.shown import Panel
from inbox.web.door import by
from inbox.web.forms import Form
from inbox.web.frame import Frame, House
from inbox.web.numbers import number, of_path

PATH = "/organizations"
MOST = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Who belongs to it; `through`: the address at one of its domains by which they came to, where a person did not say it."""

    known: Known
    through: str
    proved: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a page shows of an organization."""

    its: Organization
    domains: tuple[str, ...]
    people: tuple[Person, ...]
    notes: tuple[organizations.Said, ...]
    names: Mapping[int, str]
    """What the agents are called who wrote the notes."""
    files: tuple[tuple[KeptFile, str], ...]
    told: tuple[Told, ...]
    panels: tuple[Panel, ...]


class Organizations:
    """The routes under `/organizations`."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/organizations?q=`."""
        made, _, shut = await shown.opened(self._house, request)
        return shut if shut is not None else await self._list(made, request)

    async def add(self, request: Request) -> Response:
        """POST the same: a new one."""
        made, book, shut = await shown.opened(self._house, request)
        if shut is not None or book is None:
            return shut or made.missing()
        form = await shown.sent(made)
        await form.close()
        try:
            its = await self._house.store.write(company.add, form.get("name"), doing(made, book))
        except Problem as problem:
            wrong = self._house.wording.problem(made.language, problem)
            return await self._list(made, request, form.get("name")[:300], wrong)
        return made.back(f"{PATH}/{its.id}", made.say("web.organization.done.add"))

    async def _list(self, made: Frame, request: Request, name: str = "", wrong: str = "") -> Response:
        sought = short(request.query_params.get("q", ""))
        after = 0 if sought else number(request.query_params.get("after")) or 0
        found = await self._house.store.read(organizations.listing, made.scope, sought, after, MOST + 1)
        more = f"{PATH}?after={found[MOST - 1][0].id}" if not sought and len(found) > MOST else ""
        facts = {"found": found[:MOST], "typed": sought, "more": more, "after": after, "begun": name, "wrong": wrong}
        return made.page("organizations", 422 if wrong else 200, **facts, here="organizations")

    async def one(self, request: Request) -> Response:
        """GET `/organizations/7`; one that went into another is shown as that."""
        made, book, shut = await shown.opened(self._house, request)
        if shut is not None or book is None:
            return shut or made.missing()
        id = of_path(request, "id")
        whole = await self._house.store.read(_whole, made, id, shown.before(request))
        if whole is None:
            return made.missing()
        if whole.its.id != id:
            return RedirectResponse(f"{PATH}/{whole.its.id}", 303)
        return await self._page(made, book, whole)

    async def act(self, request: Request) -> Response:
        """POST `/organizations/7/change` and the like: the button that was pressed."""
        made, book, shut = await shown.opened(self._house, request)
        if shut is not None or book is None:
            return shut or made.missing()
        form = await shown.sent(made)
        try:
            return await self._done(made, book, request, form)
        finally:
            await form.close()

    async def _done(self, made: Frame, book: Playbook, request: Request, form: Form) -> Response:
        id, name = OrganizationId(of_path(request, "id")), request.path_params["act"]
        whole, act = await self._house.store.read(_whole, made, id, None), self._acts.get(name)
        if whole is None or act is None or whole.its.id != id:
            return made.missing()
        try:
            back = await act(self, made, doing(made, book), id, form)
        except Problem as problem:
            wrong = self._house.wording.problem(made.language, problem)
            if name == "change":
                return await self._page(made, book, whole, form, wrong)
            return made.back(f"{PATH}/{id}", wrong, wrong=True)
        return made.back(back or f"{PATH}/{id}", made.say(f"web.organization.done.{name}"))

    async def file(self, request: Request) -> Response:
        """GET `/organizations/7/files/3`."""
        made, _, shut = await shown.opened(self._house, request)
        if shut is not None:
            return shut
        id = OrganizationId(of_path(request, "id"))
        if not await self._house.store.read(organizations.visible, made.scope, id):
            return made.missing()
        return await shown.file(made, request, Whose(organization=id))

    async def _page(
        self, made: Frame, book: Playbook, whole: Whole, form: Form | None = None, wrong: str = ""
    ) -> Response:
        its, roster = whole.its, await self._house.store.read(people.roster)
        filled = {"name": its.name, "tags": ", ".join(its.tags)}
        if form is not None:
            filled = {name: form.get(name)[:300] for name in filled}
        facts = {
            "whole": whole,
            "its": its,
            "filled": filled,
            "fields": shown.controls(made, book.organization_fields, dict(its.fields), form),
            "labels": {field.name: field.labels[made.language] for field in book.organization_fields},
            "lines": shown.story(made, whole.told, roster),
            "older": whole.told[-1].event.id if len(whole.told) == shown.STORY else None,
            "wrong": wrong,
            "here": "organizations",
        }
        return made.page("organization", 422 if wrong else 200, **facts)

    # -- what is done --------------------------------------------------------------------------------------------------
    async def _change(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        del made
        await self._house.store.write(_changed, id, form, doing)
        return ""

    async def _domain(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        del made
        await self._house.store.write(company.add_domain, id, form.get("domain"), doing)
        return ""

    async def _end_domain(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        del made
        await self._house.store.write(company.take_domain, id, form.get("domain"), doing)
        return ""

    async def _note(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        text = shown.note_of(form)
        await self._house.store.write(organizations.add_note, id, shown.agent(made), text, doing.now)
        return ""

    async def _end_note(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        del made
        note = number(form.get("note")) or 0
        if not await self._house.store.write(organizations.end_note, id, note, doing.now):
            raise Problem("organization.no_such_note", number=note)
        return ""

    async def _keep(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        del doing
        await shown.keep(made, form, Whose(organization=id))
        return ""

    async def _take(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        del made, doing
        await self._house.store.write(kept_files.take, Whose(organization=id), number(form.get("file")) or 0)
        return ""

    async def _merge(self, made: Frame, doing: Doing, id: OrganizationId, form: Form) -> str:
        """This one goes into the one that is named."""
        other = await self._house.store.read(organizations.named, short(form.get("other"), 300))
        if other is None or not await self._house.store.read(organizations.visible, made.scope, other.id):
            raise Problem("organization.unknown", name=form.get("other")[:60] or "-")
        await self._house.store.write(company.merge, id, other.id, doing)
        return f"{PATH}/{other.id}"

    _acts: Mapping[str, Callable[["Organizations", Frame, Doing, OrganizationId, Form], Awaitable[str]]] = {
        "change": _change,
        "domain": _domain,
        "end-domain": _end_domain,
        "note": _note,
        "end-note": _end_note,
        "keep": _keep,
        "take": _take,
        "merge": _merge,
    }


def doing(made: Frame, book: Playbook) -> Doing:
    """Who does it: whoever looks at the page."""
    return Doing(shown.actor(made), "web", by(made), book, made.now)


def routes(house: House) -> list[Route]:
    """Its addresses."""
    pages = Organizations(house)
    return [
        Route(PATH, pages.listing),
        Route(PATH, pages.add, methods=["POST"]),
        Route(f"{PATH}/{{id}}", pages.one),
        Route(f"{PATH}/{{id}}/files/{{file}}", pages.file),
        Route(f"{PATH}/{{id}}/{{act}}", pages.act, methods=["POST"]),
    ]


def _whole(unit: Unit, made: Frame, id: int, before: int | None) -> Whole | None:
    its, roster = organizations.one(unit, id), people.roster(unit)
    if its is not None and its.merged_into is not None:
        its = organizations.one(unit, its.merged_into)
    if its is None or not organizations.visible(unit, made.scope, its.id):
        return None
    domains, notes = tuple(organizations.domains(unit, its.id)), tuple(organizations.notes(unit, its.id))
    return Whole(
        its,
        domains,
        tuple(_person(one, domains) for one in directory.known(unit, organizations.people(unit, its.id))),
        notes,
        {one.agent: roster.called(one.agent) for one in notes},
        shown.files(unit, Whose(organization=its.id)),
        tuple(stories.of_organization(unit, made.scope, its.id, shown.STORY, before)),
        shown.panels(unit, made, Whose(organization=its.id)),
    )


def _person(known: Known, domains: tuple[str, ...]) -> Person:
    if known.contact.placed:
        return Person(known, "", proved=False)
    there = [one for one in known.identities if one.address.rpartition("@")[2].lower() in domains]
    proved = any(one.verified_at is not None for one in there)
    return Person(known, there[0].address if there else "", proved)


def _changed(unit: Unit, id: OrganizationId, form: Form, doing: Doing) -> None:
    """Every field of the form is what it says; tags are those that it names. Raises Problem."""
    was, tags = company.standing(unit, id), several(form.get("tags"))
    gone = tuple(tag for tag in was.tags if tag not in tags)
    company.change(unit, id, Better(form.get("name"), tags, gone, shown.values(form)), doing)
