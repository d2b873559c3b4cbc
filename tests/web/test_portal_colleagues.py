"""Organization-wide sight: who reads and answers what a colleague asked, and for whom it is as if it were not there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from inbox.domain.acts import By
from inbox.domain.events import Actor
from inbox.domain.happenings import Address, Attachment
from inbox.domain.ids import AgentId, ContactId, ConversationId
from inbox.domain.people import Agent
from inbox.pipeline import one_matter, sight
from inbox.pipeline.link import By as Linker
from inbox.pipeline.link import link
from inbox.pipeline.merge import merge
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people, persons, sights
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Visitor, hidden
from tests.web.fuzzing import routes
from tests.web.portals import LENA, MALLORY, PORTAL, Place, bare, portal_of
from tests.web.sites import NOW, Site, delivery, message
from tests.web.test_portal_asking import open_house

MINA, OMAR, SAM = "mina@example.com", "omar@example.com", "sam@example.com"
"""Lena's colleagues; all of them have addresses of one domain, which says nothing."""
FILE = Attachment("bill.txt", "text/plain", 4, 0, 4)


@pytest.fixture
def place(site: Site) -> Place:
    made = portal_of(site)
    made.mail(LENA, f"Words of {LENA}", cc=(Address(MINA),), attachments=(FILE,))
    for who in (MINA, OMAR, SAM, MALLORY):
        made.mail(who, f"Words of {who}")
    for who in (LENA, MINA, OMAR):
        belongs(made, who, "Acme")
    belongs(made, MALLORY, "Rivals")
    return made


def unit(place: Place, does: Callable[[Unit], object]) -> object:
    return place.site.store.write_now(does)


def contact(unit: Unit, address: str) -> ContactId:
    known = people.known(unit, "email", address) or people.known(unit, "memory", address)
    assert known is not None
    return known[0].id


def belongs(place: Place, address: str, organization: str) -> None:
    def change(unit: Unit) -> None:
        whose = persons.organization_of(unit, organization) if organization else None
        persons.change(unit, replace(people.contact(unit, contact(unit, address)), organization=whose))

    unit(place, change)


def lead(unit: Unit) -> AgentId:
    return people.put_agent(unit, Agent(AgentId(0), "lara", "Lara", "lara@acme.example", lead=True))


def given(place: Place, address: str) -> None:
    def give(unit: Unit) -> None:
        by = lead(unit)
        sight.give(unit, people.contact(unit, contact(unit, address)), By("agent", by), by, NOW)

    unit(place, give)


def taken(place: Place, address: str) -> None:
    unit(place, lambda unit: sight.take(unit, people.contact(unit, contact(unit, address)), By("owner"), NOW))


def joined(place: Place, address: str, to: str) -> None:
    """The address goes over to another contact."""

    def go(unit: Unit) -> None:
        found = people.known(unit, "email", address) or people.known(unit, "memory", address)
        assert found is not None
        by = Linker(Actor("house"), "web", "agent")
        link(unit, found[1].id, contact(unit, to), by, place.book, NOW)

    unit(place, go)


def leaves_and_returns(place: Place) -> None:
    given(place, MINA)
    belongs(place, MINA, "")
    belongs(place, MINA, "Acme")


def moves(place: Place) -> None:
    given(place, MINA)
    belongs(place, MINA, "Rivals")


def gives_and_takes(place: Place) -> None:
    given(place, MINA)
    taken(place, MINA)


def becomes_another(place: Place) -> None:
    """Her address turns out to be somebody's who was given nothing: the right does not go along."""
    given(place, MINA)
    joined(place, MINA, OMAR)


def becomes_one_who_sees_less(place: Place) -> None:
    """Her address goes to somebody of another organization, who sees that."""
    given(place, MINA)
    given(place, MALLORY)
    joined(place, MINA, MALLORY)


def asker_leaves(place: Place) -> None:
    """Lena belongs to Acme no more."""
    given(place, MINA)
    belongs(place, LENA, "")


NOT: dict[str, tuple[str, Callable[[Place], None]]] = {
    "a colleague without the right": (MINA, lambda place: None),
    "a colleague from whom it was taken back": (MINA, gives_and_takes),
    "a colleague who left and came back": (MINA, leaves_and_returns),
    "a colleague who went to another organization": (MINA, moves),
    "whoever has the right in another organization": (MALLORY, lambda place: given(place, MALLORY)),
    "whoever has an address of the same domain": (SAM, lambda place: None),
    "a colleague who became another contact": (MINA, becomes_another),
    "a colleague who became a contact elsewhere": (MINA, becomes_one_who_sees_less),
    "a colleague, once the asker has left": (MINA, asker_leaves),
}


def reference_of(place: Place, address: str) -> str:
    return str(
        unit(
            place,
            lambda unit: unit.execute(
                sa.select(t.conversation.c.reference).where(
                    t.conversation.c.contact_id == contact(unit, address), t.conversation.c.channel != PORTAL
                )
            ).scalar_one(),
        )
    )


async def came_in(place: Place, address: str) -> Visitor:
    visitor = open_house(place)
    visitor.cookies = (await place.came_in(address)).cookies
    return visitor


@pytest.mark.parametrize("who", NOT)
async def test_for_everybody_without_the_right_it_is_as_if_it_did_not_exist(place: Place, who: str) -> None:
    address, prepared = NOT[who]
    reference, id = reference_of(place, LENA), place.told(t.attachment.c.id)[0]
    visitor = await came_in(place, address)
    prepared(place)
    token = hidden(await visitor.get("/portal/new"), "form_token")
    matters = [(m, p) for m, p in routes(visitor.app) if p.startswith("/portal") and "{reference}" in p]
    for method, pattern in matters:
        answers = []
        for name in (reference, "Z9ZZ"):
            path = pattern.replace("{reference}", name).replace("{id}", str(id))
            form = {"form_token": token, "text": "x", "once": "1"}
            sent = visitor.get(path) if method == "GET" else visitor.post(path, form, sec_fetch_site="same-origin")
            answers.append(await sent)
        assert len({(one.status, bare(one).replace(reference, "Z9ZZ")) for one in answers}) == 1, pattern
    for path in ("/portal", "/portal?of=all"):
        page = (await visitor.get(path)).text
        assert (reference in page, f"Words of {LENA}" in page) == (False, False)
    assert place.told(t.colleague.c.contact_id) == []


async def test_with_the_right_they_read_and_the_rest_stays_the_askers(place: Place) -> None:
    given(place, MINA)
    reference, id = reference_of(place, LENA), place.told(t.attachment.c.id)[0]
    visitor = await came_in(place, MINA)
    listed = (await visitor.get("/portal?of=all&lang=en")).text
    assert f"/portal/c/{reference}" in listed
    assert f"/portal/c/{reference_of(place, MINA)}" not in listed
    assert f"/portal/c/{reference}" not in (await visitor.get("/portal")).text
    page = await visitor.get(f"/portal/c/{reference}")
    assert (page.status, f"Words of {LENA}" in page.text, ">You<" in page.text) == (200, True, False)
    unit(place, lambda unit: unit.add(t.arrival_raw, {"arrival_id": 1, "raw": b"bill"}))
    assert (await visitor.get(f"/portal/c/{reference}/a/{id}")).status == 200
    form = {"form_token": hidden(page, "form_token"), "score": "1"}
    for act in ("done", "open", "rate"):
        answer = await visitor.post(f"/portal/c/{reference}/{act}", form, sec_fetch_site="same-origin")
        assert answer.status == 404, act
    kept = (await visitor.get("/portal/you/data.json")).text
    assert (f"Words of {MINA}" in kept, f"Words of {LENA}" in kept) == (True, False)


async def answers(visitor: Visitor, reference: str, text: str) -> int:
    page = await visitor.get(f"/portal/c/{reference}")
    form = {name: hidden(page, name) for name in ("form_token", "once")} | {"text": text}
    return (await visitor.post(f"/portal/c/{reference}", form, sec_fetch_site="same-origin")).status


async def test_what_they_answer_stands_there_in_their_name_and_the_asker_reads_it(place: Place) -> None:
    given(place, MINA)
    reference, visitor = reference_of(place, LENA), await came_in(place, MINA)
    assert await answers(visitor, reference, "Its number is 7311.") == 303
    assert place.told(t.conversation.c.reference, t.conversation.c.channel == PORTAL) == []
    asker = await came_in(place, LENA)
    page = (await asker.get(f"/portal/c/{reference}?lang=en")).text
    assert "Its number is 7311." in page
    assert page.count(">You<") == 1
    taken(place, MINA)
    assert "Its number is 7311." in (await asker.get(f"/portal/c/{reference}")).text
    assert (await visitor.get(f"/portal/c/{reference}")).status == 404
    other = await came_in(place, OMAR)
    assert (await other.get(f"/portal/c/{reference}")).status == 404


async def test_the_link_that_opens_a_matter_is_not_shown_to_colleagues(place: Place) -> None:
    """It holds for thirty days, whatever becomes of the right."""
    given(place, MINA)
    reference = reference_of(place, LENA)

    def link(unit: Unit) -> str:
        url = one_matter.link(ConversationId(1), contact(unit, LENA), place.book, NOW)
        said = message(unit, ConversationId(1), "outbound", f"It stands at {url}.", purpose="acknowledgement")
        delivery(unit, ConversationId(1), said, "sent", LENA)
        return url

    url = str(unit(place, link))
    assert url in (await (await came_in(place, LENA)).get(f"/portal/c/{reference}")).text
    page = (await (await came_in(place, MINA)).get(f"/portal/c/{reference}")).text
    assert ("It stands at https://help.acme.example/portal." in page, "/portal/m/" in page) == (True, False)


async def test_what_was_between_the_two_pages_is_looked_at_again_when_it_is_sent(place: Place) -> None:
    given(place, MINA)
    reference, visitor = reference_of(place, LENA), await came_in(place, MINA)
    page = await visitor.get(f"/portal/c/{reference}")
    form = {name: hidden(page, name) for name in ("form_token", "once")} | {"text": "Late"}
    taken(place, MINA)
    assert (await visitor.post(f"/portal/c/{reference}", form, sec_fetch_site="same-origin")).status == 404
    assert "Late" not in place.told(t.message.c.text)


async def test_notes_strangers_and_what_was_passed_on_stay_unseen(place: Place) -> None:
    given(place, MINA)
    reference = reference_of(place, LENA)
    ours = {"kind": "reply address", "key": "a" * 26, "message_id": 1, "conversation_id": 1, "ours": True}
    unit(place, lambda unit: unit.add(t.message_key, ours))
    assert place.mail(MALLORY, "From a stranger", tokens=("a" * 26,)) == reference
    assert place.mail(OMAR, "From a colleague", tokens=("a" * 26,)) == reference

    def hidden_words(unit: Unit) -> None:
        for purpose, direction in (("", "note"), ("forward", "outbound"), ("notice", "outbound")):
            said = message(unit, ConversationId(1), direction, f"Unseen {purpose}", purpose=purpose)
            if direction == "outbound":
                delivery(unit, ConversationId(1), said, "sent", OMAR)
        message(unit, ConversationId(1), "inbound", "Unseen outsider", purpose="outside", sender=[OMAR, ""])

    unit(place, hidden_words)
    page = (await (await came_in(place, MINA)).get(f"/portal/c/{reference}")).text
    assert ("From a colleague" in page, "From a stranger" in page, "Unseen" in page) == (True, False, False)
    own = (await (await came_in(place, LENA)).get(f"/portal/c/{reference}")).text
    assert ("From a colleague" in own, "From a stranger" in own, "Unseen" in own) == (False, False, False)


async def test_what_a_colleague_said_before_they_spoke_here_stays_theirs(place: Place) -> None:
    reference = reference_of(place, LENA)

    def spoke(unit: Unit) -> None:
        message(unit, ConversationId(1), "inbound", "Of a matter of mine", sender=[MINA, ""])
        sights.speak(unit, contact(unit, MINA), ConversationId(1), NOW + timedelta(hours=1))
        message(unit, ConversationId(1), "inbound", "Said here", sender=[MINA, ""], at=NOW + timedelta(hours=1))

    unit(place, spoke)
    page = (await (await came_in(place, LENA)).get(f"/portal/c/{reference}")).text
    assert ("Of a matter of mine" in page, "Said here" in page) == (False, True)


async def test_what_goes_into_another_conversation_takes_its_colleagues_along(place: Place) -> None:
    given(place, MINA)
    reference, visitor = reference_of(place, LENA), await came_in(place, MINA)
    await answers(visitor, reference, "Its number is 7311.")
    into = place.mail(LENA, "Another matter")

    def joins(unit: Unit) -> None:
        here, gone = conversations.by_reference(unit, into), conversations.by_reference(unit, reference)
        assert here is not None
        assert gone is not None
        turn = Turn.of(unit, here, "web", place.book.terms, NOW)
        merge(turn, gone)
        turn.close()

    unit(place, joins)
    assert "Its number is 7311." in (await (await came_in(place, LENA)).get(f"/portal/c/{into}")).text
    assert "Another matter" in (await visitor.get(f"/portal/c/{reference}")).text


def test_it_is_given_once_kept_in_the_audit_log_and_to_nobody_without_an_organization(place: Place) -> None:
    given(place, MINA)
    given(place, MINA)
    taken(place, MINA)
    taken(place, MINA)
    assert place.told(t.audit.c.act, t.audit.c.act.like("sight%")) == ["sight_given", "sight_taken"]
    with pytest.raises(Refused):
        given(place, SAM)
    assert place.told(t.sight.c.contact_id) == []
