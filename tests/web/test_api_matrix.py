"""Every address of the API that names a thing, made of its description: what belongs to others looks exactly as if it did not exist."""

import json
from typing import Any

import pytest

from inbox.domain.access import Reach
from inbox.pipeline.access import MARK
from inbox.store.unit import Unit
from tests.web.accounts import promote
from tests.web.asking import Answer
from tests.web.programs import Program, granted, said
from tests.web.rulebooks import book
from tests.web.sites import OMID, Site, contact, conversation, message

FOREIGN, NOWHERE = "F2RN", "N2WH"
ROLES = {"agent": ("omid", (Reach.READ, Reach.WRITE)), "reader": ("", (Reach.READ,))}


def _foreign(unit: Unit) -> None:
    matter = conversation(unit, FOREIGN, contact(unit, "Kingfisher", "kingfisher@example.net"), subject="Kingfisher")
    message(unit, matter, "inbound", "Kingfisher")


@pytest.mark.parametrize("role", ROLES)
async def test_what_belongs_to_others_looks_like_what_is_not_there(filled: Site, role: str) -> None:
    filled.store.write_now(_foreign)
    handle, reach = ROLES[role]
    granted(filled, role, handle, reach, ("orders",))
    program = Program(filled.app(playbook=book), MARK + role)
    whole = said(await program.get("/openapi.json"))
    asked = 0
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            if "{reference}" not in path:
                continue
            theirs, missing = [
                await _ask(program, method, path.replace("{reference}", name).replace("{id}", "1"), operation, whole)
                for name in (FOREIGN, NOWHERE)
            ]
            assert theirs.status in (403, 404), (path, theirs.text)
            assert _apart(theirs, FOREIGN) == _apart(missing, NOWHERE)
            asked += 1
    assert asked > 30


@pytest.mark.parametrize("path", ["/conversations/K7Q2/messages/{}", "/conversations/K7Q2/files/{}", "/contacts/{}"])
async def test_nor_can_its_parts_be_had_by_their_numbers(filled: Site, path: str) -> None:
    filled.store.write_now(_foreign)
    granted(filled, "agent", "omid", ROLES["agent"][1], ("orders",))
    program = Program(filled.app(playbook=book), MARK + "agent")
    answers = [await program.get(path.format(number)) for number in range(1, 60)]
    assert {one.status for one in answers} == {200, 404}
    assert "Kingfisher" not in "".join(one.text for one in answers if "json" in one.headers["content-type"])


async def test_s38_no_body_takes_a_field_that_it_does_not_describe(filled: Site) -> None:
    promote(filled, OMID, admin=True)
    granted(filled, "all", "omid", tuple(Reach))
    program = Program(filled.app(playbook=book), MARK + "all")
    whole = said(await program.get("/openapi.json"))
    taken, open_ones, tried = [], [], 0
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if method == "get" or "application/json" not in content:
                continue
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schema = whole["components"]["schemas"][name]
            if schema.get("additionalProperties") is not False:
                open_ones.append(name)
            at = path.replace("{reference}", "K7Q2").replace("{id}", "1")
            for field in ("role", "admin", "agent_id", "contact_id", "verified_at", "is_admin", "__class__"):
                if field in schema.get("properties", {}):
                    continue
                answer = await program.post(at, json.dumps({**_example(schema), field: "admin"}))
                tried += 1
                if answer.status < 400:
                    taken.append((path, field, answer.status))
    assert (open_ones, taken) == ([], [])
    assert tried > 200


async def _ask(program: Program, method: str, path: str, operation: dict[str, Any], whole: dict[str, Any]) -> Answer:
    if method == "get":
        return await program.get(path)
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return await program.post(path, json.dumps(_example(whole["components"]["schemas"][name])))


def _example(schema: dict[str, Any]) -> Any:
    """The least that the description takes."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _example(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [_example(schema["items"])]
        case "integer":
            return 1
        case _:
            return "me"


def _apart(answer: Answer, name: str) -> tuple[int, str]:
    return answer.status, answer.text.replace(name, "")
