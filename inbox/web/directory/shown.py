"""What the pages of contacts and of organizations share: who may come in, their fields by type, their story, their files."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from inbox.domain import events as ev
from inbox.domain.events import HOUSE, Actor
from inbox.domain.fields import Field
from inbox.domain.ids import AgentId
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.store import assets_found, contracts, kept_files, people
from inbox.store.assets_found import Sought
from inbox.store.kept_files import KeptFile, Whose
from inbox.store.scoped import whole
from inbox.store.stories import Told
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename
from inbox.web.agents.timeline import Line, Teller
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame
from inbox.web.kept import download
from inbox.web.numbers import number, of_path
from inbox.web.typed import Shown, control

PREFIX = "field."
STORY = 40
"""Events of one page."""
LARGEST = 20_000_000
"""Bytes of a file that is kept with somebody."""
MOST = LARGEST + 1_000_000
LONGEST_NOTE = 10_000
FILES = 200


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the story, where it happened, and what was said."""

    line: Line
    reference: str
    subject: str
    channel: str
    said: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Something more that a page shows of a contact or an organization: a heading, and the template of what stands below it, which
    is given `facts`. `add`: where one more is added; empty: not by this visitor."""

    heading: str
    template: str
    facts: object
    add: str = ""


def panels(unit: Unit, made: Frame, whose: Whose) -> tuple[Panel, ...]:
    """The one place where other parts of the house add what they know of a contact or an organization: contracts, assets."""
    today = made.now.astimezone(ZoneInfo(made.house.site.zone)).date()
    held = contracts.listing(unit, whose.contact, whose.organization)
    owned = assets_found.listing(unit, made.scope, Sought(contact=whose.contact, organization=whose.organization))
    leads = made.visitor is not None and made.visitor.ops
    with_, owner = (f"?{name}={whose.contact}" if whose.contact else "" for name in ("with", "owner"))
    return (
        Panel(
            made.say("web.contracts.title"),
            "panel_contracts.html.j2",
            [(one, one.in_force(today)) for one in held],
            f"/contracts/new{with_}" if leads else "",
        ),
        Panel(made.say("web.assets.title"), "panel_assets.html.j2", owned, f"/assets/new{owner}"),
    )


async def opened(house: House, request: Request) -> tuple[Frame, Playbook | None, Response | None]:
    """The frame and the playbook, and the answer for those who may not come in."""
    made, book = await frame(house, request), house.playbook() if house.playbook else None
    if made.visitor is None:
        return made, book, made.page("sign_in", 403)
    if not whole(made.scope):  # of an outside company: they see the conversations of their teams, and nobody's page
        return made, book, made.missing()
    return made, book, None if book is not None else made.missing()


def actor(made: Frame) -> Actor:
    """Who acts: an agent, or the owner of the site, for whom the house does it."""
    who = made.visitor
    return HOUSE if who is None or who.agent is None else Actor("agent", who.agent, who.name)


def agent(made: Frame) -> AgentId:
    """The agent who acts. Raises Problem for the owner: what is written to other agents has an author."""
    who = made.visitor.agent if made.visitor is not None else None
    if who is None:
        raise Problem("web.owner_acts_not")
    return who


def story(made: Frame, told: Sequence[Told], roster: Roster) -> tuple[Happened, ...]:
    """The events in words."""
    teller = Teller(made.say, made.language, ZoneInfo(made.house.site.zone), roster)
    return tuple(
        Happened(teller.told([one.event])[0], one.reference, one.subject, one.channel, _said(one.event.payload))
        for one in told
    )


def _said(payload: ev.Payload) -> str:
    return payload.excerpt if isinstance(payload, ev.Received | ev.Replied) else ""


def before(request: Request) -> int | None:
    """`?before=`: the event behind which a story goes on."""
    return number(request.query_params.get("before"))


def controls(
    made: Frame, declared: Sequence[Field], known: Mapping[str, str], form: Form | None = None
) -> tuple[Shown, ...]:
    """The fields as they are, or as they were just filled in."""
    typed = known if form is None else {field.name: form.get(f"{PREFIX}{field.name}")[:4_000] for field in declared}
    return tuple(control(field, typed.get(field.name, ""), made.language, made.say) for field in declared)


def values(form: Form) -> dict[str, str]:
    """The fields that a form has, as they were typed."""
    return {name.removeprefix(PREFIX): form.get(name) for name in form.values if name.startswith(PREFIX)}


def note_of(form: Form) -> str:
    """The words of a note. Raises Problem where there are none, or too many."""
    text = form.get("text").strip()
    if not text:
        raise Problem("reply.empty")
    if len(text) > LONGEST_NOTE:
        raise Problem("known_form.too_long", name=form.get("label") or "-", limit=LONGEST_NOTE)
    return text


# -- files -------------------------------------------------------------------------------------------------------------
async def keep(made: Frame, form: Form, whose: Whose) -> None:
    """The files that were chosen are kept. Raises Problem."""
    sent, blobs = form.files.get("files", ()), made.house.blobs
    if not sent:
        raise Problem("kb.nothing_chosen")
    if blobs is None:
        raise HTTPException(404)
    if len(await made.house.store.read(kept_files.of, whose)) + len(sent) > FILES:
        raise Problem("kept.too_many", most=FILES)
    who = made.visitor.agent if made.visitor is not None else None
    for file in sent:
        content, name = await file.read(), safe_filename(file.filename or "file")
        if len(content) > LARGEST:
            raise Problem("kb.file_too_large", name=name, most=LARGEST)
        digest = await asyncio.to_thread(blobs.put, content)
        await made.house.store.write(kept_files.add, whose, digest, name, len(content), who, made.now)


async def file(made: Frame, request: Request, whose: Whose) -> Response:
    """One of them, to be kept as a file whatever it is."""
    found = await made.house.store.read(kept_files.one, whose, of_path(request, "file"))
    if found is None or made.house.blobs is None:
        return made.missing()
    try:
        content = await asyncio.to_thread(made.house.blobs.read, found.digest)
    except FileNotFoundError:
        return made.missing()
    return download(content, found.filename)


def files(unit: Unit, whose: Whose) -> tuple[tuple[KeptFile, str], ...]:
    """What is kept, and who put it there."""
    roster = people.roster(unit)
    return tuple((one, roster.called(one.agent) if one.agent else "") for one in kept_files.of(unit, whose))


async def sent(made: Frame) -> Form:
    """The form of a page, with its files."""
    return await posted(made, MOST, files=True)
