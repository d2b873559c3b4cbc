"""From where an agent said something, where that was not the page: beside the message and in the timeline, in both languages."""

import pytest
import sqlalchemy as sa

from inbox.domain import events as ev
from inbox.domain.ids import AgentId, ConversationId
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.reader import inside
from tests.web.sites import OMID, SARA, Site, message, tell

SAID = {
    "mail": ("by mail", "با ایمیل"),
    "bot": ("in a chat", "از گفتگوی بات"),
    "cli": ("by command line", "از خط فرمان"),
    "api": ("by API", "از API"),
}


def _said(unit: Unit, via: str) -> int:
    """An answer, a note and a tag of sara's, after the customer's words."""
    c = t.conversation.c
    matter = ConversationId(unit.execute(sa.select(c.id).where(c.reference == "K7Q2")).scalar_one())
    answer = message(unit, matter, "outbound", "It left today.", agent_id=SARA)
    note = message(unit, matter, "note", "She is angry.", agent_id=SARA)
    sara = ev.Actor("agent", SARA, "Sara")
    told = (ev.Replied("replied", answer, SARA, "It left"), ev.Noted("noted", note, "She is"))
    tell(unit, matter, 0, *told, ev.Tagged("tagged", ("angry",)), actor=sara, via=via)
    return answer


@pytest.mark.parametrize("via", SAID)
@pytest.mark.parametrize(("number", "reader"), [(0, OMID), (1, SARA)], ids=["en", "fa"])
async def test_what_was_said_elsewhere_says_where(filled: Site, via: str, number: int, reader: AgentId) -> None:
    filled.store.write_now(_said, via)
    page = (await (await inside(filled, reader)).get("/c/K7Q2")).text
    marks = [one for one in page.split('class="via hint">')[1:] if one.startswith(SAID[via][number])]
    assert len(marks) == 2, "the answer and the note"
    timeline = page.partition('class="timeline"')[2].partition("</ol>")[0]
    assert timeline.count(f"{SAID[via][number]} · ") == 3


@pytest.mark.parametrize("via", ["web", "test"])
async def test_what_was_said_on_the_page_does_not(filled: Site, via: str) -> None:
    filled.store.write_now(_said, via)
    assert 'class="via hint"' not in (await (await inside(filled)).get("/c/K7Q2")).text
