"""Contacts in and out by the API: a CSV file of all that the token sees, and one that is taken in."""

from typing import Literal

from pydantic import Field
from starlette.responses import Response

from inbox.domain.access import Reach
from inbox.domain.acts import Act, By
from inbox.domain.events import Actor
from inbox.domain.problems import Problem
from inbox.pipeline import contacts_cards
from inbox.pipeline import contacts_table as verbs
from inbox.pipeline.contacts_table import Outcome
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.table_intake import counted, recorded, taken
from inbox.store import audit
from inbox.store.directory import Known
from inbox.store.scoped import whole
from inbox.web.api import models
from inbox.web.api.operation import Call, Operation, Query
from inbox.web.api.paging import answered
from inbox.web.api.problems import Answered
from inbox.web.api.reading import missing
from inbox.web.door import host

CSV = "text/csv"
VCARD = "text/vcard"


class Take(Query):
    """Whether it is meant."""

    dry_run: Literal["true", "false"] = Field(default="false", description="Only tell what would become of each row.")


def operations() -> tuple[Operation, ...]:
    """Both."""
    about = (
        "Columns: id, name, language, organization, tags, addresses (`kind:address`, between semicolons), role, and "
        "`field.NAME` for each field of the config."
    )
    return (
        Operation(
            "GET", "/contacts.csv", "contacts_export", "All contacts as a table", _out, description=about, gives=CSV
        ),
        Operation(
            "POST",
            "/contacts/import",
            "contacts_import",
            "Take contacts in from a table",
            _in,
            reach=Reach.ADMIN,
            description=f"{about} Addresses are claimed, and none is taken from whoever has it.",
            query=Take,
            takes=CSV,
            answer=models.Imported,
        ),
        Operation("GET", "/contacts.vcf", "contacts_cards", "All contacts as vCards", _cards, gives=VCARD),
        Operation(
            "POST",
            "/contacts/import.vcf",
            "contacts_import_cards",
            "Take contacts in from vCards",
            _in,
            reach=Reach.ADMIN,
            description="vCard 2.1, 3.0 or 4.0. Addresses are claimed, and none is taken from whoever has it.",
            query=Take,
            takes=VCARD,
            answer=models.Imported,
        ),
    )


async def _out(call: Call) -> Response:
    book, known = _book(call), await _every(call)
    headers = {"content-disposition": 'attachment; filename="contacts.csv"'}
    names = [field.name for field in book.contact_fields]
    return Response(verbs.table(known, call.language, names), headers=headers, media_type=CSV)


async def _cards(call: Call) -> Response:
    book, known = _book(call), await _every(call)
    headers = {"content-disposition": 'attachment; filename="contacts.vcf"'}
    content = contacts_cards.cards(known, book)
    return Response(content, headers=headers, media_type=VCARD)


async def _every(call: Call) -> list[Known]:
    """All that the token sees; that they were read is on record."""
    known = await call.house.store.read(verbs.every, call.caller.scope)
    detail = (str(len(known)), call.caller.access.name)
    await call.house.store.write(audit.record, Act.CONTACTS_READ, _by(call), call.now, detail=detail)
    return known


def _book(call: Call) -> Playbook:
    book = call.house.playbook() if call.house.playbook else None
    if book is None:
        raise missing("contacts")
    return book


async def _in(call: Call) -> Response:
    book = call.house.playbook() if call.house.playbook else None
    agent, asked = call.caller.agent, call.query
    if book is None or agent is None or not whole(call.caller.scope):
        raise Answered(403, Problem("api.beyond", reach=Reach.ADMIN.value))
    rows = contacts_cards.rows(call.body, book)
    intake = verbs.Intake(book, Actor("agent", agent.id, agent.name), "api")
    rehearse = asked.dry_run == "true"
    outcomes = await taken(call.house.store, intake, rows, call.now, rehearse=rehearse)
    counts = counted(outcomes)
    if not rehearse:
        detail = recorded(counts)
        await call.house.store.write(audit.record, Act.CONTACTS_WRITTEN, _by(call), call.now, detail=detail)
    items = [_row(call, one) for one in outcomes]
    return answered(call, models.Imported(dry_run=rehearse, counts=dict(counts), items=items))


def _row(call: Call, one: Outcome) -> models.ImportedRow:
    detail = "" if one.why is None else call.house.wording.problem(call.language, one.why)
    key = "" if one.why is None else one.why.key
    return models.ImportedRow(row=one.number, what=one.what, contact=one.contact, key=key, detail=detail)


def _by(call: Call) -> By:
    agent, address = call.caller.agent, host(call.request)
    return By("nobody", via="api", address=address) if agent is None else By("agent", agent.id, "api", address)
