"""Contacts as agents see them: found, read with all that happened on every channel, changed, merged and taken apart again."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.domain.acts import Act
from inbox.domain.ids import ContactId, NoteId
from inbox.domain.people import Contact
from inbox.domain.problems import Problem
from inbox.pipeline import person, same
from inbox.pipeline.playbook import Playbook
from inbox.store import audit, blocking, contact_merges, directory, duplicates, kept_files, people, persons, stories
from inbox.store.directory import Known
from inbox.store.duplicates import Pair
from inbox.store.kept_files import KeptFile, Whose
from inbox.store.stories import Told
from inbox.store.unit import Unit
from inbox.text.fold import latin_digits
from inbox.web.accounts.settings import several, short
from inbox.web.directory import shown
from inbox.web.directory.shown import Panel
from inbox.web.door import by
from inbox.web.forms import Form
from inbox.web.frame import Frame, House
from inbox.web.numbers import number, of_path

PATH = "/contacts"
MOST = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the same, and why."""

    contact: Contact
    pair: Pair


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a page shows of a contact."""

    known: Known
    notes: tuple[persons.PersonNote, ...]
    names: Mapping[int, str]
    """What the agents are called who wrote the notes."""
    files: tuple[tuple[KeptFile, str], ...]
    told: tuple[Told, ...]
    blocked: tuple[str, ...]
    merged: tuple[Contact, ...]
    alike: tuple[Alike, ...]
    panels: tuple[Panel, ...]


class Contacts:
    """The routes under `/contacts`."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/contacts?q=`: those who are called so or have such an address; without words all, by number."""
        made, _, shut = await shown.opened(self._house, request)
        if shut is not None:
            return shut
        sought = short(request.query_params.get("q", ""))
        after = number(request.query_params.get("after")) or 0
        if sought:
            found = await self._house.store.read(directory.called, made.scope, sought)
        else:
            found = await self._house.store.read(directory.contacts, made.scope, after, MOST + 1)
        more = f"{PATH}?after={found[MOST - 1].contact.id}" if not sought and len(found) > MOST else ""
        return made.page("contacts_list", found=found[:MOST], typed=sought, more=more, after=after, here="contacts")

    async def alike(self, request: Request) -> Response:
        """GET `/contacts/duplicates`: pairs who may be the same, the surest first."""
        made, _, shut = await shown.opened(self._house, request)
        if shut is not None:
            return shut
        found = await self._house.store.read(_pairs, made)
        return made.page("contacts_alike", pairs=found, here="duplicates")

    async def one(self, request: Request) -> Response:
        """GET `/contacts/7`; whoever went into somebody else is shown as that."""
        made, book, shut = await shown.opened(self._house, request)
        if shut is not None or book is None:
            return shut or made.missing()
        id = ContactId(of_path(request, "id"))
        whole = await self._house.store.read(_whole, made, id, shown.before(request))
        if whole is None:
            return made.missing()
        if whole.known.contact.id != id:
            return RedirectResponse(f"{PATH}/{whole.known.contact.id}", 303)
        return await self._page(made, book, whole)

    async def act(self, request: Request) -> Response:
        """POST `/contacts/7/change` and the like: the button that was pressed."""
        made, book, shut = await shown.opened(self._house, request)
        if shut is not None or book is None:
            return shut or made.missing()
        form = await shown.sent(made)
        try:
            return await self._done(made, book, request, form)
        finally:
            await form.close()

    async def _done(self, made: Frame, book: Playbook, request: Request, form: Form) -> Response:
        id, act = ContactId(of_path(request, "id")), self._acts.get(request.path_params["act"])
        whole = await self._house.store.read(_whole, made, id, None)
        if whole is None or act is None or whole.known.contact.id != id:
            return made.missing()
        try:
            back = await act(self, made, book, id, form)
        except Problem as problem:
            wrong = self._house.wording.problem(made.language, problem)
            if request.path_params["act"] == "change":
                return await self._page(made, book, whole, form, wrong)
            return made.back(f"{PATH}/{id}", wrong, wrong=True)
        return made.back(back or f"{PATH}/{id}", made.say(f"web.contact.done.{request.path_params['act']}"))

    async def file(self, request: Request) -> Response:
        """GET `/contacts/7/files/3`."""
        made, _, shut = await shown.opened(self._house, request)
        if shut is not None:
            return shut
        id = ContactId(of_path(request, "id"))
        if not await self._house.store.read(directory.sees, made.scope, id):
            return made.missing()
        return await shown.file(made, request, Whose(contact=id))

    async def _page(
        self, made: Frame, book: Playbook, whole: Whole, form: Form | None = None, wrong: str = ""
    ) -> Response:
        who, roster = whole.known.contact, await self._house.store.read(people.roster)
        filled = {
            "name": who.name,
            "language": who.language or "",
            "organization": whole.known.organization,
            "role": who.role,
            "tags": ", ".join(who.tags),
        }
        if form is not None:
            filled = {name: form.get(name)[:300] for name in filled}
        facts = {
            "whole": whole,
            "who": who,
            "filled": filled,
            "fields": shown.controls(made, book.contact_fields, dict(who.fields), form),
            "labels": {field.name: field.labels[made.language] for field in book.contact_fields},
            "lines": shown.story(made, whole.told, roster),
            "older": whole.told[-1].event.id if len(whole.told) == shown.STORY else None,
            "wrong": wrong,
            "here": "contacts",
        }
        return made.page("contact", 422 if wrong else 200, **facts)

    # -- what is done --------------------------------------------------------------------------------------------------
    async def _change(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        await self._house.store.write(_changed, made, book, id, form)
        return ""

    async def _note(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        del book
        text = shown.note_of(form)
        await self._house.store.write(persons.add_note, id, shown.agent(made), text, made.now)
        return ""

    async def _end_note(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        del book
        note = NoteId(number(form.get("note")) or 0)
        if not await self._house.store.write(persons.end_note, id, note, made.now):
            raise Problem("contact.no_such_note", number=note)
        return ""

    async def _keep(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        del book
        await shown.keep(made, form, Whose(contact=id))
        return ""

    async def _take(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        del book
        await self._house.store.write(kept_files.take, Whose(contact=id), number(form.get("file")) or 0)
        return ""

    async def _merge(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        """`other` went into this one, or with `away` this one into the other."""
        other = ContactId(number(latin_digits(form.get("other")).strip().lstrip("#")) or 0)
        if not await self._house.store.read(directory.sees, made.scope, other):
            raise Problem("contact.unknown", who=form.get("other")[:60] or "-")
        gone, kept = (id, other) if "away" in form else (other, id)
        given = (gone, kept, shown.actor(made), "web", by(made), book, made.now)
        await self._house.store.write(same.merge, *given)
        return f"{PATH}/{kept}"

    async def _unmerge(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        gone = ContactId(number(form.get("other")) or 0)
        merged = [one.gone for one in await self._house.store.read(contact_merges.into, id)]
        if gone not in merged:
            raise Problem("contact.not_merged", name=f"#{gone}")
        given = (gone, shown.actor(made), "web", by(made), book, made.now)
        await self._house.store.write(same.unmerge, *given)
        return ""

    async def _apart(self, made: Frame, book: Playbook, id: ContactId, form: Form) -> str:
        del book
        other = ContactId(number(form.get("other")) or 0)
        if not await self._house.store.read(directory.sees, made.scope, other):
            raise Problem("contact.unknown", who=form.get("other")[:60] or "-")
        await self._house.store.write(_set_apart, made, id, other)
        return f"{PATH}/duplicates" if "back" in form else ""

    _acts: Mapping[str, Callable[["Contacts", Frame, Playbook, ContactId, Form], Awaitable[str]]] = {
        "change": _change,
        "note": _note,
        "end-note": _end_note,
        "keep": _keep,
        "take": _take,
        "merge": _merge,
        "unmerge": _unmerge,
        "apart": _apart,
    }


def routes(house: House) -> list[Route]:
    """Its addresses."""
    contacts = Contacts(house)
    return [
        Route(PATH, contacts.listing),
        Route(f"{PATH}/duplicates", contacts.alike),
        Route(f"{PATH}/{{id}}", contacts.one),
        Route(f"{PATH}/{{id}}/files/{{file}}", contacts.file),
        Route(f"{PATH}/{{id}}/{{act}}", contacts.act, methods=["POST"]),
    ]


def _whole(unit: Unit, made: Frame, id: ContactId, before: int | None) -> Whole | None:
    stands = contact_merges.stands(unit, id)
    known = directory.one(unit, made.scope, stands)
    if known is None:
        return None
    who, roster = known.contact, people.roster(unit)
    notes = tuple(persons.notes(unit, [who.id]))
    return Whole(
        known,
        notes,
        {one.agent: roster.called(one.agent) for one in notes},
        shown.files(unit, Whose(contact=who.id)),
        tuple(stories.of_contact(unit, made.scope, who.id, shown.STORY, before)),
        tuple(one.identity.name_in_full for one in blocking.blocks(unit, contact=who.id)),
        tuple(people.contact(unit, one.gone) for one in contact_merges.into(unit, who.id)),
        tuple(
            Alike(people.contact(unit, pair.newer if pair.older == who.id else pair.older), pair)
            for pair in duplicates.of(unit, made.scope, who)
        ),
        shown.panels(unit, made, Whose(contact=who.id)),
    )


def _pairs(unit: Unit, made: Frame) -> list[tuple[Pair, Known, Known]]:
    found = duplicates.pairs(unit, made.scope)
    ids = list({id for pair in found for id in (pair.older, pair.newer)})
    known = {one.contact.id: one for one in directory.known(unit, ids)}
    return [(pair, known[pair.older], known[pair.newer]) for pair in found]


def _changed(unit: Unit, made: Frame, book: Playbook, id: ContactId, form: Form) -> None:
    """Every field of the form is what it says; tags are those that it names. Raises Problem."""
    was = people.contact(unit, id)
    named, tags = persons.organization_name(unit, was.organization), several(form.get("tags"))
    language, organization = form.get("language"), short(form.get("organization"), 300)
    better = person.Better(
        name=short(form.get("name"), 300),
        language=language if language in ("fa", "en") else was.language,
        organization=None if organization == named else organization,
        role=short(form.get("role"), 300),
        add_tags=tags,
        remove_tags=tuple(tag for tag in was.tags if tag not in tags),
        fields=shown.values(form),
    )
    person.improve(unit, id, better, shown.actor(made), "web", by(made), book, made.now)


def _set_apart(unit: Unit, made: Frame, one: ContactId, other: ContactId) -> None:
    who = made.visitor.agent if made.visitor is not None else None
    if one != other and contact_merges.set_apart(unit, one, other, who, made.now):
        audit.record(unit, Act.CONTACTS_APART, by(made), made.now, name=f"#{one}", detail=(f"#{other}",))
