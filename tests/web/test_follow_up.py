"""Following up on the pages: tasks and who has them, calls, broadcasts that leads start, and the page on which people say no."""

import re
from dataclasses import replace

from inbox.domain.acts import By
from inbox.domain.broadcasts import Audience, Stage, Text
from inbox.domain.ids import BroadcastId, ContactId
from inbox.domain.scope import Scope
from inbox.pipeline import broadcast as verbs
from inbox.pipeline.broadcast import Draft, broadcast_due
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.stopping import link
from inbox.site import catalogues
from inbox.store import broadcasts, declining, tasks
from inbox.store.tasks import Task
from inbox.store.unit import Unit
from inbox.text.wording import load
from tests.web.acted import acting_book, acts, came, signed_in
from tests.web.asking import Answer, Visitor, hidden
from tests.web.portals import LENA, portal_of
from tests.web.sites import NOW, OMID, SARA, Site

URL = "https://help.acme.example"


def book() -> Playbook:
    return replace(acting_book(), public_url=URL, wording=load(catalogues()))


def todo(site: Site) -> list[Task]:
    return site.store.read_now(tasks.listing, Scope.house())


async def sent(visitor: Visitor, path: str, **fields: str) -> Answer:
    """A form of the page of that address goes to it."""
    page = await visitor.get(path)
    form = {"form_token": hidden(page, "form_token"), **fields}
    return await visitor.post(path, form, sec_fetch_site="same-origin")


async def onward(visitor: Visitor, answer: Answer) -> str:
    assert answer.status == 303, answer.text
    return (await visitor.get(answer.headers["location"])).text


# -- tasks -------------------------------------------------------------------------------------------------------------
async def test_a_task_is_set_for_a_colleague_and_stands_on_their_page(site: Site) -> None:
    told = book()
    reference = came(site, told, "lena@example.com", "Where is it?", "An order")
    omid, sara = await signed_in(site, told, OMID), await signed_in(site, told, SARA)
    page = await acts(omid, reference, "task", text="Call the carrier", by="2h", agent="sara", before="1h")
    assert "Call the carrier" in page
    assert "Call the carrier" in (await sara.get("/tasks")).text
    assert "Call the carrier" not in (await omid.get("/tasks")).text
    assert "Call the carrier" in (await omid.get("/tasks?whose=all")).text
    assert (await omid.get("/tasks?whose=nobody")).status == 404


async def test_from_the_page_of_tasks_one_goes_back_to_it(site: Site) -> None:
    told = book()
    reference = came(site, told, "lena@example.com", "Where is it?", "An order")
    omid = await signed_in(site, told, OMID)
    await acts(omid, reference, "task", text="Call the carrier", by="2h", agent="me")
    (task,) = todo(site)
    page = await omid.get("/tasks")
    form = {"form_token": hidden(page, "form_token"), "task": str(task.id), "back": "/tasks?whose=mine"}
    answer = await omid.post(f"/c/{reference}/do/task_move", {**form, "by": "5h"}, sec_fetch_site="same-origin")
    assert answer.headers["location"] == "/tasks?whose=mine"
    assert todo(site)[0].due_at > task.due_at
    await omid.post(f"/c/{reference}/do/task_done", form, sec_fetch_site="same-origin")
    assert todo(site) == []


async def test_what_came_of_a_call_is_said_beside_the_conversation(site: Site) -> None:
    told = book()
    reference = came(site, told, "lena@example.com", "Please call me", "A call")
    omid = await signed_in(site, told, OMID)
    await acts(omid, reference, "callback", number="0912 345 6789")
    (task,) = todo(site)
    page = await acts(omid, reference, "called", task=str(task.id), outcome="reached")
    assert "+989123456789" in page
    assert todo(site) == []


async def test_a_customer_asks_to_be_called_on_the_portal(site: Site) -> None:
    place = portal_of(site)
    place.book = replace(place.book, wording=load(catalogues()))
    reference = place.mail(LENA, "Please call me")
    lena = await place.came_in(LENA)
    page = await lena.get(f"/portal/c/{reference}?lang=en")
    form = {"form_token": hidden(page, "form_token"), "number": "02112345678"}
    words = await onward(lena, await lena.post(f"/portal/c/{reference}/call", form, sec_fetch_site="same-origin"))
    assert "We will call you" in words
    assert [one.phone for one in todo(site)] == ["+982112345678"]
    bad = {**form, "number": "twelve"}
    words = await onward(lena, await lena.post(f"/portal/c/{reference}/call", bad, sec_fetch_site="same-origin"))
    assert "no telephone number" in words
    assert len(todo(site)) == 1


# -- broadcasts --------------------------------------------------------------------------------------------------------
TYPED = {"name": "Hours", "subject_en": "New hours", "text_en": "Open until eight.", "everybody": "1"}


async def test_a_lead_makes_tries_and_starts_one_and_others_find_nothing(site: Site) -> None:
    told = book()
    came(site, told, "lena@example.com", "Where is it?", "An order")
    sara, omid = await signed_in(site, told, None), await signed_in(site, told, OMID)  # the owner leads
    assert (await omid.get("/broadcasts")).status == 404
    made = await sent(sara, "/broadcasts", **TYPED)
    assert made.status == 303, made.text
    where = made.headers["location"]
    page = (await sara.get(where)).text
    assert "1 would be told." in re.sub("[\u2066-\u2069]", "", page)
    assert "Open until eight." in page
    form = {"form_token": hidden(await sara.get(where), "form_token")}
    wrong = await sara.post(f"{where}/start", {**form, "count": "7"}, sec_fetch_site="same-origin")
    assert "You typed" in await onward(sara, wrong)
    right = await sara.post(f"{where}/start", {**form, "count": "۱"}, sec_fetch_site="same-origin")
    assert "It runs" in await onward(sara, right)
    id = BroadcastId(int(where.rsplit("/", 1)[1]))
    assert site.store.read_now(verbs.one, id).stage is Stage.RUNNING
    assert (await omid.post(f"{where}/stop", form, sec_fetch_site="same-origin")).status == 404
    log = (await sara.get("/settings/audit?lang=en")).text
    assert ["Started the broadcast" in log, "Made the broadcast" in log] == [True, True]


async def test_what_was_typed_stays_where_it_cannot_be_one(site: Site) -> None:
    sara = await signed_in(site, book(), None)
    answer = await sent(sara, "/broadcasts", name="Hours", subject_en="New hours", text_en="Open until eight.")
    assert answer.status == 422
    assert "Open until eight." in answer.text
    assert "whom it is for" in answer.text
    assert site.store.read_now(broadcasts.listing) == []


# -- saying no ---------------------------------------------------------------------------------------------------------
def told_one(site: Site, playbook: Playbook) -> str:
    """Lena was told something; the path of the link."""
    came(site, playbook, "lena@example.com", "Where is it?", "An order")

    def work(unit: Unit) -> str:
        wanted = Draft("Hours", {"en": Text("New hours", "Open until eight.")}, Audience(everybody=True))
        id = verbs.draft(unit, wanted, By("owner"), playbook, NOW)
        verbs.start(unit, id, 1, By("owner"), playbook, NOW)
        broadcast_due(unit, playbook, NOW)
        return link(id, ContactId(1), playbook)

    return site.store.write_now(work).removeprefix(URL)


def declined(site: Site) -> bool:
    return site.store.read_now(lambda unit: declining.of(unit, ContactId(1)) is not None)


async def test_looking_at_the_page_says_nothing_and_its_button_does(site: Site) -> None:
    playbook = book()
    path = told_one(site, playbook)
    stranger = Visitor(site.app(playbook=lambda: playbook))
    page = await stranger.get(path)
    assert page.status == 200
    assert "lena@" not in page.text
    assert not declined(site)
    answer = await stranger.post(path, {}, sec_fetch_site="same-origin")
    assert answer.status == 200
    assert declined(site)


async def test_the_one_click_of_a_mail_program_needs_no_page_and_no_session(site: Site) -> None:
    playbook = book()
    path = told_one(site, playbook)
    program = Visitor(site.app(playbook=lambda: playbook))
    answer = await program.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status == 200
    assert declined(site)
    again = await program.post(path, {"List-Unsubscribe": "One-Click"})
    assert again.status == 200


async def test_a_link_that_we_did_not_make_does_nothing(site: Site) -> None:
    playbook = book()
    path = told_one(site, playbook)
    program = Visitor(site.app(playbook=lambda: playbook))
    for wrong in (path[:-1] + ("b" if path[-1] != "b" else "c"), "/stop/1-1-", "/stop/x"):
        assert (await program.post(wrong, {})).status == 404
        assert (await program.get(wrong)).status == 404
    assert not declined(site)


async def test_the_conversation_shows_that_they_declined_and_takes_it_back(site: Site) -> None:
    told = book()
    reference = came(site, told, "lena@example.com", "Where is it?", "An order")
    omid = await signed_in(site, told, OMID)
    page = await acts(omid, reference, "decline")
    assert "The customer wants nothing told that they did not ask about" in page
    assert declined(site)
    await acts(omid, reference, "undecline")
    assert not declined(site)
