"""Reading conversations by the API: by the language of search, one whole, its messages, events and files; all under the caller's scope."""

import asyncio
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.responses import Response

from inbox.domain.events import Event
from inbox.domain.ids import AttachmentId, MessageId
from inbox.domain.messages import Message
from inbox.domain.people import Roster
from inbox.domain.scope import Scope
from inbox.store import enclosed, events, found, messages, people
from inbox.store.shown import Shown, ShownMessage, find, shown
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, event, message
from inbox.text.filenames import safe_filename
from inbox.text.queries import LONGEST, Bad, Query, read
from inbox.text.references import normalise
from inbox.web import kept
from inbox.web.api import models, shapes
from inbox.web.api.operation import Call, Operation, Paged
from inbox.web.api.paging import answered, bad, behind, packed, unpacked
from inbox.web.api.problems import Missing

OCTETS = "application/octet-stream"
_ALL = "is:open"


class Search(Paged):
    """What to look for."""

    q: str = Field(
        default=_ALL,
        max_length=LONGEST,
        description='The language of search: `is:open assignee:me team:orders "exact words" -not`. Empty: everything.',
    )


def operations() -> tuple[Operation, ...]:
    """All of them."""
    one = "/conversations/{reference}"
    return (
        Operation(
            "GET", "/conversations", "conversations", "Find conversations", _search, query=Search, answer=models.Rows
        ),
        Operation("GET", one, "conversation", "One conversation whole", _one, answer=models.Conversation),
        Operation(
            "GET",
            f"{one}/messages",
            "messages",
            "What was said, the newest first",
            _messages,
            query=Paged,
            answer=models.Messages,
        ),
        Operation(
            "GET",
            f"{one}/messages/{{id}}",
            "message",
            "One message with all of its text",
            _message,
            answer=models.Message,
        ),
        Operation(
            "GET",
            f"{one}/events",
            "events",
            "What happened, the oldest first",
            _events,
            query=Paged,
            answer=models.Events,
        ),
        Operation("GET", f"{one}/files/{{id}}", "file", "The bytes of a file", _file, gives=OCTETS),
    )


def reference(call: Call) -> str:
    """The reference in the path. Raises Missing where it can be none."""
    typed = call.named("reference")
    name = normalise(typed)
    if name is None:
        raise missing(typed)
    return name


def missing(name: object) -> Missing:
    """It is not there, or not for this caller."""
    return Missing("api.missing", what=str(name)[:60])


async def _search(call: Call) -> Response:
    asked: Search = call.query
    zone = ZoneInfo(call.house.site.zone)
    answer = await call.house.store.read(_found, call.caller.scope, read(asked.q), call.now, zone, asked)
    made = models.Rows(
        items=[shapes.row(one) for one in answer.rows],
        next=None if answer.after is None else packed("n", answer.after),
        prev=None if answer.before is None else packed("p", answer.before),
        count=answer.count,
        whole=answer.whole,
        misread=[_misread(call, one) for one in answer.bad],
    )
    return answered(call, made)


def _misread(call: Call, one: Bad) -> models.Misread:
    facts = {"typed": one.typed, "name": "", "value": "", "known": "", **one.facts}
    return models.Misread(part=str(one), detail=call.say(one.key, **facts))


def _found(unit: Unit, scope: Scope, query: Query, now: datetime, zone: ZoneInfo, asked: Search) -> found.Answer:
    way, place = unpacked(asked.cursor)
    try:
        return found.answer(unit, scope, query, now, zone, most=asked.limit, cursor=place, back=way == "p")
    except ValueError as error:
        raise bad(asked.cursor) from error


async def _one(call: Call) -> Response:
    name = reference(call)
    whole, roster = await call.house.store.read(_whole, call.caller.scope, name)
    if whole is None:
        raise missing(name)
    made = shapes.conversation(whole, roster)
    return answered(call, made, headers={"etag": f'"{made.version}"'})


def _whole(unit: Unit, scope: Scope, name: str) -> tuple[Shown | None, Roster]:
    return shown(unit, scope, name, most=1), people.roster(unit)


async def _messages(call: Call) -> Response:
    asked: Paged = call.query
    name, before = reference(call), behind(asked.cursor)
    whole = await call.house.store.read(
        _said, call.caller.scope, name, asked.limit, MessageId(before) if before else None
    )
    if whole is None:
        raise missing(name)
    items = [shapes.message(one) for one in reversed(whole.messages)]
    on = packed("n", items[-1].id) if items and whole.earlier else None
    return answered(call, models.Messages(items=items, next=on))


def _said(unit: Unit, scope: Scope, name: str, most: int, before: MessageId | None) -> Shown | None:
    return shown(unit, scope, name, most=most, before=before)


async def _message(call: Call) -> Response:
    name, id = reference(call), call.number("id")
    found_ = await call.house.store.read(_named, call.caller.scope, name, MessageId(id))
    if found_ is None:
        raise missing(id)
    return answered(call, shapes.whole(*found_))


def _named(unit: Unit, scope: Scope, name: str, id: MessageId) -> tuple[Message, ShownMessage] | None:
    matter = find(unit, scope, name)
    said = None if matter is None else messages.within(unit, matter, id)
    if said is None:
        return None
    beside = shown(unit, scope, name, most=1, only=id)
    said = message(said) if ADDRESSES in scope.hides else said
    return (said, beside.messages[0]) if beside is not None and beside.messages else None


async def _events(call: Call) -> Response:
    asked: Paged = call.query
    name, after = reference(call), behind(asked.cursor)
    told = await call.house.store.read(_told, call.caller.scope, name, after, asked.limit + 1)
    if told is None:
        raise missing(name)
    items = [shapes.event(one) for one in told[: asked.limit]]
    on = packed("n", items[-1].version) if len(told) > asked.limit else None
    return answered(call, models.Events(items=items, next=on))


def _told(unit: Unit, scope: Scope, name: str, after: int, most: int) -> list[Event] | None:
    matter = find(unit, scope, name)
    if matter is None:
        return None
    told = events.page(unit, matter, after, most)
    return [event(one, scope.hides) for one in told] if scope.hides else told


async def _file(call: Call) -> Response:
    name, id = reference(call), AttachmentId(call.number("id"))
    found = await call.house.store.read(enclosed.file, call.caller.scope, name, id)
    book = call.house.playbook() if call.house.playbook else None
    content = None
    if found is not None and book is not None:
        content = await asyncio.to_thread(kept.read, found, book, call.house.blobs)
    if found is None or content is None:
        raise missing(id)
    filename = quote(safe_filename(found.stored.file.filename), safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{filename}"}
    return Response(content, headers=headers, media_type=OCTETS)
