"""The page on which customers say where they want to be answered."""

import pytest

from inbox.domain.ids import ContactId
from inbox.store import answering, people
from inbox.store import tables as t
from tests.web.asking import Visitor, hidden
from tests.web.portals import LENA, MALLORY, SECRET, Place, portal_of
from tests.web.sites import Site


@pytest.fixture
def place(site: Site) -> Place:
    return portal_of(site)


async def chooses(visitor: Visitor, there: str) -> int:
    """One of the places is chosen, and the page looked at again."""
    form = {"form_token": hidden(await visitor.get("/portal/you"), "form_token"), "there": there}
    return (await visitor.post("/portal/you/answers", form, sec_fetch_site="same-origin")).status


def chosen(page: str) -> list[str]:
    """The value of the radio that is chosen."""
    inputs = [one for one in page.split("<input")[1:] if 'name="there"' in one.split(">")[0]]
    return [one.split('value="')[1].split('"')[0] for one in inputs if "checked" in one.split(">")[0]]


def number(place: Place, address: str) -> str:
    return str(place.told(t.identity.c.id, t.identity.c.address == address)[0])


async def test_they_choose_an_address_of_theirs_the_portal_or_nothing(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = await place.came_in(LENA)
    mail = number(place, LENA)
    for there in (mail, "portal", ""):
        assert await chooses(visitor, there) == 303
        assert chosen((await visitor.get("/portal/you")).text) == [there]


async def test_nobody_is_answered_at_an_address_of_somebody_else(place: Place) -> None:
    place.mail(LENA, SECRET)
    place.mail(MALLORY, "Mine")
    visitor = await place.came_in(MALLORY)
    await place.came_in(LENA)
    theirs = number(place, LENA)
    for there in (theirs, "99999", "x" * 5_000, "-1", "1; drop"):
        await chooses(visitor, there)
        assert place.told(t.answering.c.contact_id) == [], there
    assert f'value="{theirs}"' not in (await visitor.get("/portal/you")).text


async def test_what_cannot_be_reached_says_so_and_cannot_be_chosen_anew(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = await place.came_in(LENA)
    mail = number(place, LENA)
    await chooses(visitor, mail)
    kind = str(place.told(t.identity.c.kind, t.identity.c.address == LENA)[0])
    place.site.store.write_now(people.set_unreachable, kind, LENA, "5.1.1")
    page = (await visitor.get("/portal/you?lang=en")).text
    assert f"We cannot reach you at {LENA}" in page
    await chooses(visitor, "")
    await chooses(visitor, mail)
    assert place.site.store.read_now(answering.of, ContactId(1)) is None
    assert f'value="{mail}"' not in (await visitor.get("/portal/you")).text


async def test_without_coming_in_nothing_is_chosen(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = place.visitor()
    form = {"form_token": hidden(await visitor.get("/portal/sign-in"), "form_token"), "there": "portal"}
    assert (await visitor.post("/portal/you/answers", form, sec_fetch_site="same-origin")).status == 303
    assert place.told(t.answering.c.contact_id) == []
