"""What a page asks the store does not grow with what it shows: as many questions for forty as for two."""

from typing import Any

import pytest

from inbox.store.unit import Unit
from tests.web.reader import inside
from tests.web.sites import SARA, Site, contact, conversation, message, minutes


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question as it is put, prepared or not."""
    found: list[str] = []
    execute, driven = Unit.execute, Unit._driven

    def executing(self: Unit, statement: Any, parameters: Any = None) -> Any:
        found.append(str(statement))
        return execute(self, statement, parameters)

    def driving(self: Unit, text: str, bound: Any) -> Any:
        found.append(text)
        return driven(self, text, bound)

    monkeypatch.setattr(Unit, "execute", executing)
    monkeypatch.setattr(Unit, "_driven", driving)
    return found


async def questions(site: Site, asked: list[str], *paths: str) -> list[int]:
    """How many each of these pages asks once it was shown before."""
    visitor, found = await inside(site), []
    for path in paths:
        await visitor.get(path)
        asked.clear()
        assert (await visitor.get(path)).status == 200
        found.append(len(asked))
    return found


async def test_a_conversation_asks_as_much_for_forty_messages_as_for_two(site: Site, asked: list[str]) -> None:
    def fill(unit: Unit) -> None:
        for reference, turns in (("K7Q2", 1), ("M4TR", 20)):
            matter = conversation(unit, reference, contact(unit, reference, f"{reference}@example.org"))
            for turn in range(turns):
                message(unit, matter, "inbound", "Where is it?", at=minutes(turn))
                message(unit, matter, "outbound", "On its way.", at=minutes(turn), agent_id=SARA, purpose="reply")

    site.store.write_now(fill)
    few, many = await questions(site, asked, "/c/K7Q2", "/c/M4TR")
    assert few == many < 50


async def test_a_list_asks_as_much_for_forty_rows_as_for_two(site: Site, asked: list[str]) -> None:
    def fill(unit: Unit) -> None:
        for number in range(42):
            who = contact(unit, f"Someone {number}", f"someone{number}@example.org")
            conversation(unit, f"R{number:03}", who, state="waiting" if number < 2 else "open", due_at=minutes(number))

    site.store.write_now(fill)
    few, many = await questions(site, asked, "/?view=waiting", "/?view=open")
    assert few == many < 25
