"""Writing on the portal: whoever came in, and strangers, whose address nobody has proved."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from channels.portal.codec import PortalCodec
from inbox.domain.arrivals import Arrival, Item
from inbox.domain.happenings import Happening
from inbox.domain.ids import ArrivalId, ChannelName
from inbox.pipeline.receive import receive
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.portal.asking import PER_NETWORK
from inbox.web.visits import Visits
from tests.web.acted import SUPPORT
from tests.web.asking import Answer, Visitor, hidden
from tests.web.portals import LENA, PORTAL, SECRET, Place, code_of, portal_of, typed
from tests.web.sites import NOW, Site


@pytest.fixture
def place(site: Site) -> Place:
    return portal_of(site)


# -- asking for the first time -----------------------------------------------------------------------------------------
class Taken:
    """What comes in on the portal is received at once, as by a running house."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def accept(self, channel: ChannelName, item: Item) -> None:
        """Stored and received."""
        assert isinstance(item.raw, bytes)
        said = PortalCodec().parse(item.raw)
        self.place.site.store.write_now(self._received, channel, item, said)

    def _received(self, unit: Unit, channel: ChannelName, item: Item, said: Sequence[Happening]) -> None:
        assert isinstance(item.raw, bytes)
        row = {"channel": channel, "key": item.key, "size": len(item.raw), "received_at": NOW}
        if not unit.insert_new(t.arrival, **row):
            return
        arrival = Arrival(ArrivalId(self._number(unit)), channel, item.key, NOW, item.raw)
        for one in said:
            receive(unit, arrival, one, self.place.book, NOW)

    def _number(self, unit: Unit) -> int:
        return int(unit.execute(sa.select(sa.func.max(t.arrival.c.id))).scalar_one())

    async def changed(self, channel: ChannelName, visitor: str, seconds: float) -> bool:
        """Nobody has to wait."""
        return True


def open_house(place: Place) -> Visitor:
    """A browser on a site whose portal takes what is written there."""
    taken = Taken(place)
    visits = Visits(taken.accept, taken)  # type: ignore[arg-type]  # of a lookout it needs `changed` alone
    return Visitor(place.site.app(playbook=lambda: place.book, visits=visits))


async def sent(visitor: Visitor, path: str, **fields: str) -> Answer:
    """A form of a page is sent as it was shown."""
    page = await visitor.get(path)
    shown = {name: hidden(page, name) for name in ("form_token", "once")}
    return await visitor.post(path, {**shown, **fields}, sec_fetch_site="same-origin")


async def test_a_stranger_asks_and_proves_the_address_afterwards(place: Place) -> None:
    visitor = open_house(place)
    answer = await sent(visitor, "/portal/ask", address="New@example.com", text=SECRET, subject="Parcel", name="Nia")
    assert (answer.status, answer.headers["location"]) == (303, "/portal/code")
    assert place.told(t.message.c.text, t.message.c.direction == "inbound") == [SECRET]
    assert "claimed-address" in str(place.told(t.message.c.defects))
    outside = [one for one in place.told(t.delivery.c.channel) if one != PORTAL]
    assert outside == [SUPPORT], "one letter, and nothing else, goes to an address that nobody has proved"
    letter = place.letters("example.com")[0]
    assert not any(word in letter for word in (SECRET, "Parcel", "Nia"))
    assert (await typed(visitor, code_of(letter))).status == 303
    assert "Parcel" in (await visitor.get("/portal")).text


async def test_what_a_stranger_asks_in_somebody_elses_name_shows_nothing_of_theirs(place: Place) -> None:
    reference = place.mail(LENA, SECRET)
    visitor = open_house(place)
    await sent(visitor, "/portal/ask", address=LENA, text="Send it to another address", subject="Mine")
    assert SECRET not in (await visitor.get("/portal")).text
    assert (await visitor.get(f"/portal/c/{reference}")).status == 403
    theirs = place.told(t.conversation.c.contact_id)
    assert len(set(theirs)) == 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"address": "no address", "text": "x"}, 422),
        ({"address": "a@example.com", "text": ""}, 422),
        ({"address": "a@example.com", "text": "x" * 20_001}, 422),
        ({"address": "a@example.com", "text": "x", "website": "https://spam.example"}, 422),
        ({"address": "support@acme.example", "text": "x"}, 422),
        ({"address": "Support+anything@acme.example", "text": "x"}, 422),
    ],
)
async def test_what_cannot_be_taken_is_told_and_kept_in_the_form(
    place: Place, fields: dict[str, str], status: int
) -> None:
    visitor = open_house(place)
    answer = await sent(visitor, "/portal/ask", subject="A subject", **fields)
    assert (answer.status, "A subject" in answer.text) == (status, True)
    assert place.told(t.arrival.c.id) == []
    assert place.letters() == []


async def test_one_network_asks_so_often_and_no_more(place: Place) -> None:
    visitor = open_house(place)
    answers = [
        await sent(visitor, "/portal/ask", address=f"a{n}@example.com", text="x") for n in range(PER_NETWORK + 1)
    ]
    assert [one.status for one in answers] == [*[303] * PER_NETWORK, 422]


async def test_the_same_form_sent_twice_is_one_matter(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = open_house(place)
    visitor.cookies = (await place.came_in(LENA)).cookies
    page = await visitor.get("/portal/new")
    form = {name: hidden(page, name) for name in ("form_token", "once")} | {"text": "A second matter"}
    for _ in range(2):
        answer = await visitor.post("/portal/new", form, sec_fetch_site="same-origin")
    assert answer.status == 303
    assert place.told(t.message.c.text, t.message.c.channel == PORTAL) == ["A second matter"]
    assert len(place.told(t.conversation.c.id)) == 2
    assert place.told(t.message.c.defects, t.message.c.channel == PORTAL) == [[]]
