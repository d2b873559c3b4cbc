"""What programs read and do by the API: with a token, within what it sees, once, at the version that they had seen."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from inbox.actions.action import Surface
from inbox.actions.registry import actions
from inbox.domain.access import Reach
from inbox.domain.acts import By
from inbox.pipeline import staff
from inbox.pipeline.access import MARK, revoke
from inbox.settings.options import ApiOptions
from inbox.store import access, audit, people
from inbox.store import tables as t
from tests.web.programs import API, Program, granted, said
from tests.web.rulebooks import book
from tests.web.sites import NOW, OMID, Site

WRITE = (Reach.READ, Reach.WRITE)


def acting(site: Site, name: str = "omid", handle: str = "omid", **how: Any) -> Program:
    return Program.of(site, name, handle=handle, reach=WRITE, **how)


# -- who is let in -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("token", ["", "inbox_none", "inbox_program\0", "x" * 5000])
async def test_without_a_token_that_stands_nothing_is_told(filled: Site, token: str) -> None:
    program = Program.of(filled)
    answer = await Program(program.app, token).get("/conversations")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="inbox"')
    assert answer.headers["content-type"] == "application/problem+json"
    assert said(answer)["key"] == "api.no_token"


async def test_a_token_is_stored_as_a_digest_alone(filled: Site) -> None:
    granted(filled, "secret")
    whole = filled.store.read_now(lambda unit: str(unit.execute(sa.select(t.access_token)).all()))
    assert MARK + "secret" not in whole


async def test_revoked_over_and_disabled_tokens_are_refused_at_once(filled: Site) -> None:
    known = granted(filled, "gone", "omid", WRITE)
    granted(filled, "brief", expires_at=NOW + timedelta(minutes=1))
    left = acting(filled, "left", "sara")
    app = filled.app(playbook=book)
    gone, brief = Program(app, MARK + "gone"), Program(app, MARK + "brief")
    assert [(await one.get("/me")).status for one in (gone, brief, left)] == [200, 200, 200]
    filled.store.write_now(revoke, known.id, By("owner"), NOW)
    filled.clock.advance(timedelta(minutes=2))
    sara = filled.store.read_now(lambda unit: people.roster(unit).agent("sara"))
    assert sara is not None
    filled.store.write_now(staff.set_disabled, sara, True, By("owner"), NOW)
    assert [(await one.get("/me")).status for one in (gone, brief, left)] == [401, 401, 401]


async def test_places_that_show_tokens_which_are_none_have_to_wait(filled: Site) -> None:
    program = Program(filled.app(), "inbox_guess")
    statuses = [(await program.get("/me")).status for _ in range(35)]
    assert statuses[:30] == [401] * 30
    assert set(statuses[30:]) == {429}


async def test_a_token_that_reads_does_not_act_and_a_stranger_to_admins_does_not_administer(filled: Site) -> None:
    program = Program.of(filled, "reader", handle="omid")
    answer = await program.post("/conversations/K7Q2/actions/done")
    assert (answer.status, said(answer)["key"]) == (403, "api.beyond")


async def test_who_made_a_token_and_who_revoked_it_stands_in_the_log(filled: Site) -> None:
    known = granted(filled, "logged", "omid", WRITE)
    filled.store.write_now(revoke, known.id, By("owner"), NOW)
    last, first = filled.store.read_now(audit.page, 2)
    assert [(one.act, one.name, one.about) for one in (first, last)] == [
        ("token_added", "logged", "omid"),
        ("token_revoked", "logged", "omid"),
    ]


async def test_when_a_token_was_last_used_is_known(filled: Site) -> None:
    program = Program.of(filled)
    assert filled.store.read_now(access.every)[0].used_at is None
    await program.get("/me")
    assert filled.store.read_now(access.every)[0].used_at == NOW


# -- reading -----------------------------------------------------------------------------------------------------------
async def test_conversations_are_found_in_pages_that_lead_to_one_another(filled: Site) -> None:
    program = Program.of(filled)
    seen, path = [], "/conversations?q=is:open&limit=3"
    while path:
        answer = await program.get(path)
        assert answer.status == 200
        page = said(answer)
        seen += [one["reference"] for one in page["items"]]
        link = answer.headers.get("link", "")
        path = next((part[1 : part.index(">")] for part in link.split(", ") if 'rel="next"' in part), "")
        assert bool(path) == bool(page["next"])
    whole = said(await program.get("/conversations?q=is:open&limit=100"))
    assert seen == [one["reference"] for one in whole["items"]]
    assert len(seen) == len(set(seen)) == whole["count"]
    assert whole["items"][0]["reference"] == "K7Q2"


async def test_a_page_before_is_the_page_that_was(filled: Site) -> None:
    program = Program.of(filled)
    first = said(await program.get("/conversations?q=is:open&limit=3"))
    second = said(await program.get(f"/conversations?q=is:open&limit=3&cursor={first['next']}"))
    again = said(await program.get(f"/conversations?q=is:open&limit=3&cursor={second['prev']}"))
    assert again["items"] == first["items"]


async def test_what_cannot_be_read_of_a_query_is_told_in_the_callers_language(filled: Site) -> None:
    program = Program.of(filled)
    told = said(await program.get("/conversations?q=is:nowhere"))["misread"]
    program.language = "fa"
    persian = said(await program.get("/conversations?q=is:nowhere"))["misread"]
    assert [one["part"] for one in told] == [one["part"] for one in persian] == ["is:nowhere"]
    assert told[0]["detail"].isascii() is not True or told[0]["detail"] != persian[0]["detail"]


async def test_one_conversation_has_its_version_as_etag_and_all_that_belongs_to_it(filled: Site) -> None:
    program = Program.of(filled)
    answer = await program.get("/conversations/k7q2")
    one = said(answer)
    assert answer.headers["etag"] == f'"{one["version"]}"'
    assert (one["assignee"], one["team"], one["fields"]["order"]) == ("sara", "orders", "A-40817")
    assert one["contact"]["identities"][0]["address"] == "lena@example.com"
    said_ = said(await program.get("/conversations/K7Q2/messages?limit=2"))
    assert len(said_["items"]) == 2
    assert said_["items"][0]["at"] >= said_["items"][1]["at"]
    older = said(await program.get(f"/conversations/K7Q2/messages?limit=2&cursor={said_['next']}"))
    assert older["items"][0]["id"] not in [one["id"] for one in said_["items"]]
    single = said(await program.get(f"/conversations/K7Q2/messages/{said_['items'][0]['id']}"))
    assert single["words"] == said_["items"][0]["words"]
    events = said(await program.get("/conversations/K7Q2/events?limit=3"))
    assert [one["version"] for one in events["items"]] == [1, 2, 3]
    on = said(await program.get(f"/conversations/K7Q2/events?limit=3&cursor={events['next']}"))
    assert on["items"][0]["version"] == 4


async def test_lists_of_people_teams_and_deliveries(filled: Site) -> None:
    program = Program.of(filled)
    pages = [said(await program.get(path)) for path in ("/contacts?limit=2", "/agents", "/teams", "/tags", "/outbox")]
    contacts, agents, teams, tags, outbox = pages
    assert (len(contacts["items"]), [one["handle"] for one in agents["items"]]) == (2, ["sara", "omid"])
    assert [one["name"] for one in teams["items"]] == ["orders"]
    assert "vip" in tags["items"]
    assert {one["state"] for one in outbox["items"]} <= {"queued", "sending", "unknown", "parked", "failed"}
    found = said(await program.get("/contacts?q=lena"))["items"]
    assert found == [] or found[0]["name"] == "Lena Fischer"
    assert said(await program.get(f"/contacts/{contacts['items'][0]['id']}")) == contacts["items"][0]


@pytest.mark.parametrize(
    "path",
    [
        "/conversations/ZZZZ",
        "/conversations/%00",
        "/conversations/K7Q2/messages/99999",
        "/conversations/K7Q2/files/9999",
        "/contacts/99999999999999999999",
        "/nowhere",
    ],
)
async def test_what_is_not_there_is_a_problem_with_a_sentence(filled: Site, path: str) -> None:
    answer = await Program.of(filled).get(path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert (said(answer)["key"], said(answer)["status"], said(answer)["title"]) == ("api.missing", 404, "Not Found")


@pytest.mark.parametrize("query", ["limit=0", "limit=many", "cursor=x", "cursor=bjA", "colour=red", "limit=101"])
async def test_what_cannot_be_asked_is_told_and_never_broken(filled: Site, query: str) -> None:
    answer = await Program.of(filled).get(f"/conversations?{query}")
    assert answer.status == 422
    assert said(answer)["key"] in ("api.bad_query", "api.bad_cursor")


# -- acting ------------------------------------------------------------------------------------------------------------
async def test_an_act_is_done_as_the_agent_and_says_so_in_both_languages(filled: Site) -> None:
    program = acting(filled)
    answer = await program.post("/conversations/K7Q2/actions/priority", {"priority": "urgent"}, accept_language="fa")
    done = said(answer)
    assert (answer.status, done["key"], done["facts"]["reference"]) == (200, "done.priority", "K7Q2")
    assert "K7Q2" in done["sentence"]
    assert said(await program.get("/conversations/K7Q2"))["priority"] == "urgent"
    last = said(await program.get("/conversations/K7Q2/events?limit=100"))["items"][-1]
    assert (last["via"], last["actor"]["kind"], last["actor"]["id"]) == ("api", "agent", OMID)


async def test_with_one_key_it_is_done_once_and_with_other_arguments_refused(filled: Site) -> None:
    program = acting(filled)
    note = "/conversations/K7Q2/actions/note"
    first = await program.post(note, {"text": "Call them."}, idempotency_key="k-1")
    again = await program.post(note, {"text": "Call them."}, idempotency_key="k-1")
    assert said(first) == said(again)
    other = await program.post(note, {"text": "Do not."}, idempotency_key="k-1")
    assert (other.status, said(other)["key"]) == (422, "action.key_reused")
    c = t.message.c
    count = sa.select(sa.func.count()).where(c.direction == "note", c.text == "Call them.")
    assert filled.store.read_now(lambda unit: unit.execute(count).scalar_one()) == 1


async def test_held_to_a_version_that_has_passed_nothing_is_done(filled: Site) -> None:
    program = acting(filled)
    tag = (await program.get("/conversations/K7Q2")).headers["etag"]
    act = "/conversations/K7Q2/actions/priority"
    first = await program.post(act, {"priority": "low"}, if_match=tag, idempotency_key="v")
    assert first.status == 200
    late = await program.post(act, {"priority": "high"}, if_match=tag)
    assert (late.status, said(late)["key"]) == (412, "api.changed")
    assert late.headers["etag"] == (await program.get("/conversations/K7Q2")).headers["etag"] != tag
    again = await program.post(act, {"priority": "low"}, if_match=tag, idempotency_key="v")
    assert said(again) == said(first)


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ("{", 400, "api.no_json"),
        ('{"text": "\\ud800"}', 400, "api.no_json"),
        ('{"text": NaN}', 400, "api.no_json"),
        ("[]", 422, "api.bad_body"),
        ("{}", 422, "api.bad_body"),
        ('{"text": 5}', 422, "api.bad_body"),
        ('{"text": "x", "loud": true}', 422, "api.bad_body"),
    ],
)
async def test_what_an_action_does_not_take_is_told_with_its_place(
    filled: Site, body: str, status: int, key: str
) -> None:
    answer = await acting(filled).post("/conversations/K7Q2/actions/note", body)
    assert (answer.status, said(answer)["key"]) == (status, key)


async def test_files_come_in_base64_and_nothing_else(filled: Site) -> None:
    program = acting(filled)
    file = {"filename": "a.txt", "content": "no base64!"}
    answer = await program.post("/conversations/K7Q2/actions/reply", {"text": "Here.", "files": [file]})
    assert (answer.status, said(answer)["errors"][0]["pointer"]) == (422, "/files/0/content")


async def test_bodies_have_a_type_and_a_size(filled: Site) -> None:
    program = acting(filled)
    typed = await program.post("/conversations/K7Q2/actions/note", "text=x", content_type="text/plain")
    large = await program.post("/conversations/K7Q2/actions/note", "{}", content_length=str(10**12))
    assert [(one.status, said(one)["key"]) for one in (typed, large)] == [
        (415, "api.other_type"),
        (413, "api.too_large"),
    ]


async def test_other_methods_are_told_which_there_are(filled: Site) -> None:
    answer = await acting(filled).delete("/conversations/K7Q2")
    assert (answer.status, said(answer)["key"]) == (405, "api.other_method")
    assert "GET" in answer.headers["allow"]


async def test_numbers_beyond_every_row_are_no_rows(filled: Site) -> None:
    program = acting(filled)
    for act, body in (("undo", {"message": 10**30}), ("retry", {"delivery": 2**63}), ("task_done", {"task": 2**64})):
        answer = await program.post(f"/conversations/K7Q2/actions/{act}", body)
        assert (answer.status, said(answer)["key"]) == (422, "api.bad_body")


# -- what a token of one team sees --------------------------------------------------------------------------------------
async def test_a_token_of_one_team_sees_its_conversations_and_its_agents_own(filled: Site) -> None:
    program = acting(filled, teams=("orders",))
    seen = {one["reference"] for one in said(await program.get("/conversations?q=&limit=100"))["items"]}
    assert "K7Q2" in seen
    assert "B4XY" not in seen
    assert (await program.get("/conversations/B4XY")).status == 404
    assert (await program.post("/conversations/B4XY/actions/done")).status == 404
    contacts = {one["name"] for one in said(await program.get("/contacts"))["items"]}
    assert "Lena Fischer" in contacts
    assert "Maria Rossi" not in contacts


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("merge", {"into": "B4XY"}),
        ("relate", {"to": "B4XY"}),
        ("link", {"to": "B4XY"}),
        ("link", {"to": "email:ops@example.net"}),
    ],
)
async def test_nothing_that_it_does_not_see_can_be_named_in_an_act(
    filled: Site, action: str, body: dict[str, object]
) -> None:
    program = acting(filled, teams=("orders",))
    answer = await program.post(f"/conversations/K7Q2/actions/{action}", body)
    assert answer.status == 422
    assert said(answer)["key"] in ("cli.no_such_conversation", "link.nobody")


async def test_nor_can_a_stranger_be_written_to_by_their_number(filled: Site) -> None:
    c = t.contact.c
    ops = filled.store.read_now(lambda unit: unit.execute(sa.select(c.id).where(c.name == "Maria Rossi")).scalar_one())
    program = acting(filled, teams=("orders",))
    answer = await program.post("/actions/write", {"to": str(ops), "subject": "x", "text": "y"})
    assert (answer.status, said(answer)["key"]) == (422, "link.nobody")


# -- rates and description ----------------------------------------------------------------------------------------------
async def test_every_answer_tells_how_much_is_left_and_too_much_is_refused(filled: Site) -> None:
    granted(filled, "busy")
    program = Program(filled.app(api=ApiOptions(calls_per_minute=2)), MARK + "busy")
    first, second, third = [await program.get("/me") for _ in range(3)]
    assert [one.headers["ratelimit-remaining"] for one in (first, second)] == ["1", "0"]
    assert (third.status, said(third)["key"]) == (429, "api.too_often")
    assert int(third.headers["retry-after"]) >= 1


async def test_the_description_names_every_action_that_the_registry_offers_here(filled: Site) -> None:
    answer = await Program(filled.app(playbook=book)).get(f"{API}/openapi.json")
    whole = said(answer)
    offered = {path.rpartition("/")[2] for path in whole["paths"] if "/actions/" in path}
    assert whole["openapi"] == "3.1.0"
    assert offered == {one.name for one in actions().values() if Surface.API in one.surfaces}
