"""What customers own by the API: within what a token sees, written by whoever sees everything, a table out and in."""

import sqlalchemy as sa

from inbox.domain.access import Reach
from inbox.store import tables
from tests.web.programs import Program, said
from tests.web.sites import Site
from tests.web.test_api import WRITE, acting

GRINDER = {"serial": "SN-1234-5678", "product": "Coffee grinder", "warranty_until": "۱۴۰۶/۰۶/۰۱"}


async def test_an_asset_is_added_found_by_its_code_changed_and_retired(filled: Site) -> None:
    program = acting(filled)
    made = await program.post("/assets", GRINDER)
    assert made.status == 201
    one = said(made)
    assert (one["serial"], one["warranty_until"], one["warranty"]) == ("SN-1234-5678", "2027-08-23", "in")
    twice = await program.post("/assets", GRINDER)
    assert (twice.status, said(twice)["key"]) == (422, "assets.taken")
    for asked in ("?code=sn%2012345678", "?q=grind", "?q=sn-12", "?ending=3000&limit=1"):
        assert [found["id"] for found in said(await program.get(f"/assets{asked}"))["items"]] == [one["id"]]
    assert said(await program.get("/assets?code=SN1"))["items"] == []
    changed = said(await program.post(f"/assets/{one['id']}", {"notes": "loud", "retired": True}))
    assert (changed["notes"], changed["product"], changed["retired_at"] is None) == ("loud", "Coffee grinder", False)
    assert said(await program.get("/assets"))["items"] == []
    wrong = await program.post(f"/assets/{one['id']}", {"warranty_until": "soon"})
    assert said(wrong)["key"] == "assets.bad_day"
    assert (await program.get("/assets/999")).status == 404
    assert (await program.post("/assets/999", {"notes": "x"})).status == 404
    assert (await program.post("/assets", {"colour": "red"})).status == 422


async def test_a_token_with_limits_sees_what_its_conversations_are_about_and_writes_nothing(filled: Site) -> None:
    one = said(await acting(filled).post("/assets", GRINDER))
    limited = Program.of(filled, "night", handle="omid", reach=WRITE, teams=("orders",))
    assert said(await limited.get("/assets"))["items"] == []
    assert (await limited.get(f"/assets/{one['id']}")).status == 404
    assert (await limited.post("/assets", {**GRINDER, "serial": "KL-77001"})).status == 403
    reader = Program.of(filled, "reader")
    assert (await reader.get(f"/assets/{one['id']}")).status == 200
    assert (await reader.post("/assets", GRINDER)).status == 403


async def test_a_table_goes_out_and_comes_back(filled: Site) -> None:
    filled.store.write_now(lambda unit: unit.execute(sa.update(tables.agent).values(admin=True)).rowcount)
    program = acting(filled)
    await program.post("/assets", GRINDER)
    admin = Program.of(filled, "admin", handle="sara", reach=tuple(Reach))
    table = (await program.get("/assets.csv")).text
    csv = {"content_type": "text/csv"}
    tried = said(await admin.post("/assets/import?dry_run=true", f"{table}KL-77001,Kettle,,,,,soon,,,,,\r\n", **csv))
    assert (tried["dry_run"], tried["counts"]) == (True, {"same": 1, "refused": 1})
    assert tried["items"][1]["key"] == "assets.bad_day"
    done = said(await admin.post("/assets/import", f"{table}KL-77001,Kettle,,,,,,,,,,\r\n", **csv))
    assert done["counts"] == {"same": 1, "new": 1}
    assert (await program.post("/assets/import", table, **csv)).status == 403
