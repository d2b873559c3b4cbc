"""The API held to its own description by schemathesis: as an agent of one team, as a lead, with a token that only reads.

No answer is a 5xx, each is one that the description tells of, and nothing of another team is ever in it. What is sent is made
of the description, in which the fields that name things name some that there are, ours and those of others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inbox.domain.access import Reach
from inbox.pipeline.access import MARK
from inbox.settings.options import ApiOptions
from inbox.store import persons
from inbox.store import tables as t
from inbox.store.generation import changed
from inbox.store.unit import Unit
from tests.web.programs import granted
from tests.web.rulebooks import book
from tests.web.sites import Running, Site, contact, conversation, delivery, message

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
WRITE = (Reach.READ, Reach.WRITE)
SECRET = "Kingfisher"
"""Stands in everything that belongs to another team, and nowhere else."""
FOREIGN = "F2RN"
LEAST = 2_000


@dataclass(frozen=True)
class Role:
    """Somebody with a token. `sees`: whether other teams' matters are theirs to read."""

    name: str
    handle: str
    reach: tuple[Reach, ...]
    teams: tuple[str, ...]
    sees: bool


ROLES = (
    Role("agent", "omid", WRITE, ("orders",), False),
    Role("lead", "sara", WRITE, (), True),
    Role("reader", "", (Reach.READ,), ("orders",), False),
)
counted: dict[str, int] = {}
EACH = 7
"""Requests of one operation, as it is described, and as many that are not."""


def _foreign(unit: Unit) -> None:
    """A conversation of another team, with all that can hang on one."""
    team = unit.insert(t.team, name="legal", title="legal")
    whose = contact(unit, f"{SECRET} Jones", f"{SECRET.lower()}@example.net")
    company = persons.organization_of(unit, f"{SECRET} Ltd")
    unit.execute(t.contact.update().where(t.contact.c.id == whose).values(organization_id=company))
    more = {"organization_id": company, "tags": [SECRET], "fields": [["case", SECRET]], "subject": f"{SECRET} v. us"}
    matter = conversation(unit, FOREIGN, whose, team_id=team, excerpt=SECRET, **more)
    said = message(unit, matter, "inbound", f"About {SECRET}.", subject=SECRET)
    message(unit, matter, "note", f"{SECRET} is right.")
    delivery(unit, matter, said, "failed", f"{SECRET}@example.net")
    row = {"message_id": said, "content_type": "text/plain", "size": 5, "start": 0, "length": 0, "state": "here"}
    unit.insert(t.attachment, filename=f"{SECRET}.txt", **row)
    unit.execute(t.agent.update().where(t.agent.c.handle == "sara").values(lead=True))
    changed(unit)


@pytest.fixture(params=ROLES, ids=lambda role: role.name)
def asked(request: pytest.FixtureRequest, filled: Site) -> Iterator[tuple[Role, str]]:
    """A served site with something that belongs to others, and a token of the role."""
    role: Role = request.param
    filled.store.write_now(_foreign)
    granted(filled, role.name, role.handle, role.reach, role.teams)
    running = Running(filled.app(playbook=book, api=ApiOptions(calls_per_minute=10**6)))
    yield role, running.url
    running.close()


def test_whatever_is_asked_is_answered_as_described_and_nothing_foreign_is_told(asked: tuple[Role, str]) -> None:
    role, url = asked
    whole = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json").raw_schema
    schema = schemathesis.openapi.from_dict(_knowing(whole))
    headers = {"Authorization": f"Bearer {MARK}{role.name}"}
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # a broken description would raise here, and fail
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _ask(operation, mode, role, f"{url}/api/v1", headers)


def _ask(operation: Any, mode: GenerationMode, role: Role, base: str, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def once(case: Any) -> None:
        counted[role.name] = counted.get(role.name, 0) + 1
        response = case.call(base_url=base, headers=headers)
        case.validate_response(response, checks=CHECKS)
        assert role.sees or SECRET.lower() not in response.text.lower(), (
            f"{case.method} {response.url}: {response.text}"
        )

    once()


def _knowing(whole: dict[str, Any]) -> dict[str, Any]:
    """The description with names of things that there are, so that what is asked gets somewhere."""
    known = {"type": "string", "enum": ["K7Q2", "k7q2", "B4XY", FOREIGN]}
    numbers = {"type": "integer", "enum": list(range(1, 25))}
    for path in whole["paths"].values():
        for operation in path.values():
            for one in operation["parameters"]:
                if one.get("in") == "path":
                    one["schema"] = known if one["name"] == "reference" else numbers
    whole["components"]["parameters"]["Version"]["schema"] = {"type": "string", "enum": ["*"]}
    names = {"to": [FOREIGN, "1", "9", "17", "B2XY", "sara", "team:legal"], "into": [FOREIGN, "B2XY"]}
    for schema in whole["components"]["schemas"].values():
        for name, values in names.items():
            place = schema.get("properties", {}).get(name)
            if place is not None and place.get("type") == "string":
                schema["properties"][name] = {"anyOf": [{"type": "string", "enum": values}, place]}
    return whole


def test_that_were_enough_questions() -> None:
    if set(counted) == {role.name for role in ROLES}:  # all of them ran, in this process
        assert sum(counted.values()) >= LEAST
