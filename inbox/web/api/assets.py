"""What customers own by the API: looked up by a code, an owner or what ends soon, written one at a time, and as a table out and in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from inbox.domain.access import Reach
from inbox.domain.acts import Act, By
from inbox.domain.assets import TERMS
from inbox.domain.ids import AssetId, ContactId
from inbox.domain.problems import Problem
from inbox.pipeline import assets as verbs
from inbox.pipeline import assets_shown, assets_table
from inbox.pipeline.assets_shown import Shown
from inbox.pipeline.assets_table import Outcome
from inbox.pipeline.assets_written import Reading, read
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.table_intake import counted, recorded, taken
from inbox.store import assets, assets_found, audit
from inbox.store.assets_found import Owned, Sought
from inbox.store.scoped import whole
from inbox.store.unit import Unit
from inbox.text.codes import code
from inbox.web.api import asset_models as models
from inbox.web.api.acting import arguments
from inbox.web.api.operation import Call, Operation, Paged
from inbox.web.api.paging import answered, behind, packed
from inbox.web.api.problems import Answered
from inbox.web.api.reading import missing
from inbox.web.api.tables import CSV, Take
from inbox.web.door import host

LONGEST = 10_000


class Which(Paged):
    """Which assets."""

    q: str = Field(default="", max_length=200, description="The beginning of a code, a part of the product, the owner.")
    code: str = Field(default="", max_length=300, description="A whole code, however it is written: that one alone.")
    contact: int | None = Field(default=None, ge=1, lt=2**53, description="Of this owner.")
    ending: int | None = Field(default=None, ge=0, le=3660, description="A term of it ends within so many days.")
    retired: Literal["true", "false", "any"] = Field(default="false", description="Those out of use.")


class Written(BaseModel):
    """What is known of an asset; what is left out stays as it is, and what is empty there is nothing. `owner`: an address,
    `kind:address`, or the number of a contact; days in either calendar."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    serial: str | None = Field(default=None, max_length=300)
    product: str | None = Field(default=None, max_length=300)
    model: str | None = Field(default=None, max_length=300)
    owner: str | None = Field(default=None, max_length=400)
    organization: str | None = Field(default=None, max_length=300)
    bought_on: str | None = Field(default=None, max_length=60)
    warranty_until: str | None = Field(default=None, max_length=60)
    warranty_terms: str | None = Field(default=None, max_length=LONGEST)
    service_until: str | None = Field(default=None, max_length=60)
    service_terms: str | None = Field(default=None, max_length=LONGEST)
    notes: str | None = Field(default=None, max_length=LONGEST)
    retired: bool | None = None


def operations() -> tuple[Operation, ...]:
    """All of them."""
    columns = f"Columns: {', '.join(assets_table.COLUMNS)}; found by `serial`."
    change: dict[str, Any] = {"reach": Reach.WRITE, "body": Written, "answer": models.Asset}
    return (
        Operation("GET", "/assets", "assets", "What customers own", _listed, query=Which, answer=models.Assets),
        Operation("POST", "/assets", "asset_add", "Add an asset", _add, status=201, **change),
        Operation("GET", "/assets.csv", "assets_export", "All assets as a table", _out, description=columns, gives=CSV),
        Operation(
            "POST",
            "/assets/import",
            "assets_import",
            "Take assets in from a table",
            _in,
            reach=Reach.ADMIN,
            description=f"{columns} An empty cell says nothing, `-` that there is none. Nothing is removed.",
            query=Take,
            takes=CSV,
            answer=models.ImportedAssets,
        ),
        Operation("GET", "/assets/{id}", "asset", "One asset", _one, answer=models.Asset),
        Operation("POST", "/assets/{id}", "asset_change", "Change an asset", _change, **change),
    )


# -- read --------------------------------------------------------------------------------------------------------------
async def _listed(call: Call) -> Response:
    asked: Which = call.query
    found = await call.house.store.read(_sought, call, asked, behind(asked.cursor))
    items = [_line(one) for one in found[: asked.limit]]
    on = packed("n", items[-1].id) if len(found) > asked.limit else None
    return answered(call, models.Assets(items=items, next=on))


def _sought(unit: Unit, call: Call, asked: Which, after: int) -> list[Owned]:
    scope = call.caller.scope
    if asked.code:
        found = assets.coded(unit, [code(asked.code)]).get(code(asked.code)) if code(asked.code) else None
        seen = assets_found.one(unit, scope, found.id) if found is not None else None
        return [] if seen is None else [seen]
    day = call.now.astimezone(ZoneInfo(call.house.site.zone)).date()
    sought = Sought(
        words=asked.q,
        contact=None if asked.contact is None else ContactId(asked.contact),
        ending=None if asked.ending is None else (day, day + timedelta(days=asked.ending)),
        retired=None if asked.retired == "any" else asked.retired == "true",
    )
    return assets_found.listing(unit, scope, sought, after, asked.limit + 1)


async def _one(call: Call) -> Response:
    id = AssetId(call.number("id"))
    return answered(call, await _shown(call, id))


async def _shown(call: Call, id: AssetId) -> models.Asset:
    shown = await call.house.store.read(assets_shown.whole, call.caller.scope, id)
    if shown is None:
        raise missing(id)
    return _asset(call, shown)


def _line(one: Owned) -> models.AssetLine:
    about = one.asset.about
    return models.AssetLine(
        id=one.asset.id,
        serial=about.serial,
        product=about.product,
        model=about.model,
        contact=about.contact,
        contact_name=one.contact,
        organization=one.organization,
        bought_on=about.bought_on,
        warranty_until=about.warranty_until,
        service_until=about.service_until,
        retired_at=one.asset.retired_at,
    )


def _asset(call: Call, shown: Shown) -> models.Asset:
    line = _line(Owned(shown.asset, shown.owner if shown.asset.about.contact else "", shown.organization))
    day = call.now.astimezone(ZoneInfo(call.house.site.zone)).date()
    warranty, service = (shown.asset.cover(term, day) for term in TERMS)
    about = shown.asset.about
    return models.Asset(
        **line.model_dump(),
        warranty=warranty,
        warranty_terms=about.warranty_terms,
        service=service,
        service_terms=about.service_terms,
        notes=about.notes,
        documents=[models.AssetDocument(id=d.id, name=d.name, size=d.size, at=d.at) for d in shown.documents],
        conversations=[one.reference for one in shown.matters],
    )


# -- written -----------------------------------------------------------------------------------------------------------
async def _add(call: Call) -> Response:
    book, by = _acting(call)
    given = _given(call)
    made = await call.house.store.write(_added, call, given, by, book)
    return answered(call, await _shown(call, made), 201)


async def _change(call: Call) -> Response:
    book, by = _acting(call)
    id = AssetId(call.number("id"))
    if not await call.house.store.write(_changed, call, id, _given(call), by, book):
        raise missing(id)
    return answered(call, await _shown(call, id))


def _given(call: Call) -> Mapping[str, Any]:
    return {name: value for name, value in arguments(Written, call.body).items() if value is not None}


def _acting(call: Call) -> tuple[Playbook, assets.By]:
    """What one token changes everybody sees: it has to see everything itself. Raises Answered."""
    book, agent = call.house.playbook() if call.house.playbook else None, call.caller.agent
    if book is None or agent is None or not whole(call.caller.scope):
        raise Answered(403, Problem("api.beyond", reach=Reach.WRITE.value))
    return book, assets.By(agent.id, "api")


def _added(unit: Unit, call: Call, given: Mapping[str, Any], by: assets.By, book: Playbook) -> AssetId:
    about = read(unit, _texts(given), None, Reading(book, call.caller.scope, call.now))
    asset = verbs.add(unit, about, by, book, call.now)
    if given.get("retired"):
        verbs.retire(unit, asset, by, book, call.now)
    return asset.id


def _changed(unit: Unit, call: Call, id: AssetId, given: Mapping[str, Any], by: assets.By, book: Playbook) -> bool:
    was = assets.one(unit, id)
    if was is None:
        return False
    about = read(unit, _texts(given), was.about, Reading(book, call.caller.scope, call.now))
    verbs.change(unit, was, about, by, book, call.now)
    now_is = assets.one(unit, id)
    assert now_is is not None
    if "retired" in given:
        verbs.retire(unit, now_is, by, book, call.now, back=not given["retired"])
    return True


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in given.items() if isinstance(value, str)}


# -- as a table --------------------------------------------------------------------------------------------------------
async def _out(call: Call) -> Response:
    rows = await call.house.store.read(assets_table.every, call.caller.scope, call.language)
    detail = (str(len(rows)), call.caller.access.name)
    await call.house.store.write(audit.record, Act.ASSETS_READ, _audited(call), call.now, detail=detail)
    headers = {"content-disposition": 'attachment; filename="assets.csv"'}
    return Response(assets_table.table(rows, call.language), headers=headers, media_type=CSV)


async def _in(call: Call) -> Response:
    book, by = _acting(call)
    rehearse = call.query.dry_run == "true"
    rows = assets_table.lines(call.body)
    intake = assets_table.Intake(book, by, call.caller.scope)
    found = await taken(call.house.store, intake, rows, call.now, rehearse=rehearse)
    counts = counted(found)
    if not rehearse:
        detail = recorded(counts)
        await call.house.store.write(audit.record, Act.ASSETS_WRITTEN, _audited(call), call.now, detail=detail)
    items = [_row(call, one) for one in found]
    return answered(call, models.ImportedAssets(dry_run=rehearse, counts=dict(counts), items=items))


def _row(call: Call, one: Outcome) -> models.ImportedAsset:
    detail = "" if one.why is None else call.house.wording.problem(call.language, one.why)
    key = "" if one.why is None else one.why.key
    return models.ImportedAsset(
        row=one.number, what=one.what, serial=one.serial, asset=one.asset, key=key, detail=detail
    )


def _audited(call: Call) -> By:
    agent, address = call.caller.agent, host(call.request)
    return By("nobody", via="api", address=address) if agent is None else By("agent", agent.id, "api", address)
