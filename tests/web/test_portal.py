"""The portal: who comes in, what they see, and that for everybody else it is as if nothing were there."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox.domain.happenings import Address, Attachment
from inbox.domain.ids import NetworkKey
from inbox.pipeline import one_matter
from inbox.pipeline.entrance import GUESSES, LASTS, UNANSWERED
from inbox.store import conversations
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.rig.statements import overheard
from tests.web.asking import hidden
from tests.web.fuzzing import routes
from tests.web.portals import ACCOUNT, LENA, MALLORY, SECRET, Place, asked, bare, code_of, link_of, portal_of, typed
from tests.web.sites import NOW, Site


@pytest.fixture
def place(site: Site) -> Place:
    return portal_of(site)


# -- coming in ---------------------------------------------------------------------------------------------------------
async def test_a_code_lets_in_once_in_the_browser_that_asked(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = place.visitor()
    await asked(visitor, f"  {LENA} ")
    code = code_of(place.letters()[0])
    other = place.visitor()
    await asked(other, LENA)
    assert (await typed(other, code)).status == 403
    assert (await typed(visitor, f" {code[:3]} {code[3:]} ")).status == 303
    assert SECRET in (await visitor.get("/portal")).text
    again = place.visitor()
    again.cookies = {name: value for name, value in visitor.cookies.items() if "entrance" in name}
    assert (await typed(again, code)).status == 403


async def test_a_link_lets_in_once_by_its_button_and_looking_uses_nothing_up(place: Place) -> None:
    place.mail(LENA, SECRET)
    await asked(place.visitor(), LENA)
    link = link_of(place.letters()[0])
    for _ in range(3):
        scanner = place.visitor()
        shown = await scanner.get(link)
        assert (shown.status, SECRET in shown.text) == (200, False)
    assert place.told(t.customer_session.c.digest) == []
    visitor = place.visitor()
    form = {"form_token": hidden(await visitor.get(link), "form_token")}
    assert (await visitor.post(link, form, sec_fetch_site="same-origin")).status == 303
    assert SECRET in (await visitor.get("/portal")).text
    second = place.visitor()
    form = {"form_token": hidden(await second.get(link), "form_token")}
    assert (await second.post(link, form, sec_fetch_site="same-origin")).status == 403


async def test_a_letter_grows_old(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = place.visitor()
    await asked(visitor, LENA)
    place.site.clock.advance(LASTS)
    letter = place.letters()[0]
    assert (await typed(visitor, code_of(letter))).status == 403
    form = {"form_token": hidden(await visitor.get(link_of(letter)), "form_token")}
    assert (await visitor.post(link_of(letter), form, sec_fetch_site="same-origin")).status == 403


async def test_a_code_can_be_guessed_at_five_times(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = place.visitor()
    await asked(visitor, LENA)
    code = code_of(place.letters()[0])
    for _ in range(GUESSES):
        assert (await typed(visitor, "000000" if code != "000000" else "111111")).status == 403
    assert (await typed(visitor, code)).status == 403


async def test_nobody_learns_whether_an_address_is_known(place: Place) -> None:
    place.mail(LENA, SECRET)
    known, unknown = place.visitor(), place.visitor()
    answers = [await asked(known, LENA), await asked(unknown, "nobody@example.com")]
    assert len({(one.status, one.headers["location"]) for one in answers}) == 1
    pages = [bare(await visitor.get("/portal/code")) for visitor in (known, unknown)]
    assert pages[0] == pages[1]
    assert len(place.letters()) == 1


async def test_s20_the_answer_is_there_before_the_letter_is(place: Place) -> None:
    """What a letter takes cannot be measured by whoever asked for it."""
    place.mail(LENA, SECRET)
    visitor, letters = place.visitor(), list[int]()
    app = visitor.app

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            letters.append(len(place.letters()))
            await send(message)

        await app(scope, receive, sending)

    visitor.app = watched
    await asked(visitor, LENA)
    assert letters == [0] * 4, "begin and end of the page and of the answer to its form"
    assert len(place.letters()) == 1


def noting(app: ASGIApp, note: Callable[[], object]) -> ASGIApp:
    """The same application; each time that an answer has gone out, it is noted."""

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body":
                note()

        await app(scope, receive, sending)

    return noted


async def test_s20_what_is_asked_of_the_store_before_the_answer_is_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it take longer to look for somebody who is there: until the answer has gone out, nobody is looked for."""
    place.mail(LENA, SECRET)
    work: list[str] = []
    told, whole = set[tuple[str, ...]](), {}
    overheard(place.site.store, monkeypatch, work.append)
    for address in (LENA, "nobody@example.com", "77553@example.com", f"x{LENA}"):
        visitor = place.visitor()
        form = {"form_token": hidden(await visitor.get("/portal/sign-in"), "form_token"), "address": address}
        work.clear()
        visitor.app = noting(visitor.app, lambda: told.add(tuple(work)))
        assert (await visitor.post("/portal/sign-in", form, sec_fetch_site="same-origin")).status == 303
        whole[address] = len(work)
    assert len(set(told)) == 1
    assert whole[LENA] > whole["nobody@example.com"], "and afterwards there is more to do for one who is known"


async def test_letters_that_nobody_uses_end(place: Place) -> None:
    place.mail(LENA, SECRET)
    for _ in range(UNANSWERED + 2):
        await asked(place.visitor(), LENA)
    assert len(place.letters()) == UNANSWERED
    place.site.clock.advance(timedelta(days=1, minutes=1))
    await asked(place.visitor(), LENA)
    assert len(place.letters()) == UNANSWERED + 1


@pytest.mark.parametrize("words", ["/portal", "My  requests", "درخواست های من"])
async def test_in_a_chat_they_ask_with_a_word_and_come_in_by_the_link(place: Place, words: str) -> None:
    reference = place.chat("Hello, is anybody there?")
    assert place.chat(words) == reference
    assert place.told(t.message.c.text, t.message.c.direction == "inbound") == ["Hello, is anybody there?"]
    visitor = place.visitor()
    link = link_of(place.letters("77553")[0])
    form = {"form_token": hidden(await visitor.get(link), "form_token")}
    assert (await visitor.post(link, form, sec_fetch_site="same-origin")).status == 303
    assert "is anybody there?" in (await visitor.get(f"/portal/c/{reference}")).text


@pytest.mark.parametrize("as_typed", [str, str.upper, lambda code: f" {code.replace('-', '')} "])
async def test_the_code_in_a_chat_is_good_once_in_any_browser(place: Place, as_typed: Callable[[str], str]) -> None:
    reference = place.chat("Hello, is anybody there?")
    place.chat("/portal")
    [code] = re.findall(r"\b[a-z2-7]{5}-[a-z2-7]{5}\b", place.letters("77553")[0])
    other = f"{'b' if code[0] == 'a' else 'a'}{code[1:]}"
    assert (await typed(place.visitor(), other)).status == 403
    visitor = place.visitor()
    assert (await typed(visitor, as_typed(code))).status == 303
    assert "is anybody there?" in (await visitor.get(f"/portal/c/{reference}")).text
    assert (await typed(place.visitor(), code)).status == 403
    kept = [str(one) for column in t.entry_letter.c for one in place.told(column)]
    assert not any(code.replace("-", "") in one.replace("-", "") for one in kept)


async def test_the_code_in_a_chat_ends_after_half_an_hour(place: Place) -> None:
    place.chat("Hello")
    place.chat("/portal")
    [code] = re.findall(r"\b[a-z2-7]{5}-[a-z2-7]{5}\b", place.letters("77553")[0])
    place.site.clock.advance(timedelta(minutes=31))
    assert (await typed(place.visitor(), code)).status == 403


async def test_in_a_chat_whose_network_knows_nobody_the_words_are_words(place: Place) -> None:
    place.chat("Hello", certain=False)
    place.chat("/portal", certain=False)
    assert place.told(t.message.c.text, t.message.c.direction == "inbound") == ["Hello", "/portal"]
    assert place.letters() == []


async def test_what_is_kept_of_a_letter_opens_nothing(place: Place) -> None:
    place.mail(LENA, SECRET)
    await asked(place.visitor(), LENA)
    letter = place.letters()[0]
    kept = [str(one) for one in place.told(t.message.c.text) + place.told(t.entry_letter.c.link)]
    kept += [str(one) for one in place.told(t.entry_letter.c.code) + place.told(t.message.c.html)]
    assert not any(code_of(letter) in one or link_of(letter).rpartition("/")[2] in one for one in kept)


# -- what is theirs ----------------------------------------------------------------------------------------------------
STRANGERS: dict[str, Callable[[Place, str], None]] = {
    "nobody": lambda place, reference: None,
    "somebody else": lambda place, reference: None,
    "whoever answered with its reference": lambda place, reference: _answered(place),
    "whoever wrote its name in a subject": lambda place, reference: _named(place, reference),
}


def _answered(place: Place) -> None:
    place.mail(MALLORY, "Me too", references=(NetworkKey("<1@customer>"),))


def _named(place: Place, reference: str) -> None:
    place.mail(MALLORY, "Me too", subject=f"Re: [{reference}]")


@pytest.mark.parametrize("who", STRANGERS)
async def test_for_everybody_else_it_is_as_if_it_did_not_exist(place: Place, who: str) -> None:
    file = Attachment("bill.txt", "text/plain", 4, 0, 4)
    reference = place.mail(LENA, SECRET, cc=(Address(MALLORY),), attachments=(file,))
    other = place.mail(MALLORY, "I write to you too")
    STRANGERS[who](place, reference)
    visitor = place.visitor() if who == "nobody" else await place.came_in(MALLORY)
    token = hidden(await visitor.get("/portal/new" if who != "nobody" else "/portal/sign-in"), "form_token")
    matters = [(m, p) for m, p in routes(visitor.app) if p.startswith("/portal") and "{reference}" in p]
    assert len(matters) == 7
    id = place.told(t.attachment.c.id)[0]
    for method, pattern in matters:
        answers = []
        for name in (reference, "Z9ZZ"):
            path = pattern.replace("{reference}", name).replace("{id}", str(id))
            form = {"form_token": token, "text": "x", "once": "1"}
            sent = visitor.get(path) if method == "GET" else visitor.post(path, form, sec_fetch_site="same-origin")
            answers.append(await sent)
        assert len({(one.status, bare(one).replace(reference, "Z9ZZ")) for one in answers}) == 1, pattern
        assert SECRET not in answers[0].text
    if who != "nobody":
        listed = (await visitor.get("/portal")).text
        assert [f"/portal/c/{one}" in listed for one in (reference, other)] == [False, True]


async def test_a_letter_that_proves_an_account_elsewhere_is_not_shown(place: Place) -> None:
    """The ticket trick: somebody signs up elsewhere with a reply address of ours, and wants to read what comes."""
    reference = place.mail(MALLORY, "Hello")
    token = "a" * 26
    ours = {"kind": "reply address", "key": token, "message_id": 1, "conversation_id": 1, "ours": True}
    place.site.store.write_now(lambda unit: unit.add(t.message_key, ours))
    assert place.mail("no-reply@slack.example", ACCOUNT, tokens=(token,)) == reference
    visitor = await place.came_in(MALLORY)
    page = await visitor.get(f"/portal/c/{reference}")
    assert ("Hello" in page.text, "slack.example" in page.text) == (True, False)
    assert "slack.example" not in (await visitor.get("/portal/you/data.json")).text


async def test_they_say_that_it_is_done_and_that_it_is_not(place: Place) -> None:
    reference = place.mail(LENA, SECRET)
    visitor = await place.came_in(LENA)
    for to, state in (("done", "done"), ("open", "open")):
        form = {"form_token": hidden(await visitor.get(f"/portal/c/{reference}"), "form_token")}
        assert (await visitor.post(f"/portal/c/{reference}/{to}", form, sec_fetch_site="same-origin")).status == 303
        assert place.told(t.conversation.c.state) == [state]
    assert "open" not in place.told(t.promise.c.state)


# -- one matter --------------------------------------------------------------------------------------------------------
def link(place: Place, reference: str, at: datetime = NOW) -> str:
    """What stands in an acknowledgement."""

    def made(unit: Unit) -> str:
        matter = conversations.by_reference(unit, reference)
        assert matter is not None
        return one_matter.link(matter, conversations.peek(unit, matter).contact, place.book, at)

    return place.site.store.read_now(made).removeprefix("https://help.acme.example")


async def test_a_link_in_an_acknowledgement_opens_that_one_conversation_and_no_more(place: Place) -> None:
    reference, other = place.mail(LENA, SECRET), place.mail(LENA, "Another matter")
    visitor = place.visitor()
    page = await visitor.get(link(place, reference))
    assert (page.status, SECRET in page.text, "Another matter" in page.text) == (200, True, False)
    assert "<textarea" not in page.text
    for path in ("/portal", f"/portal/c/{reference}", f"/portal/c/{other}"):
        assert SECRET not in (await visitor.get(path)).text
    assert "no-referrer" in page.headers["referrer-policy"]


async def test_a_link_to_one_matter_ends_and_cannot_be_made(place: Place) -> None:
    reference = place.mail(LENA, SECRET)
    good, visitor = link(place, reference), place.visitor()
    forged = [good[:at] + ("a" if good[at] != "a" else "b") + good[at + 1 :] for at in range(10, len(good))]
    odd = ["/portal/m/x", "/portal/m/1-1-20261231-", "/portal/m/---", f"{good}-", "/portal/m/%D9%A1-1-20991231-%D9%A1"]
    for path in (*forged, *odd):
        assert (await visitor.get(path)).status == 404, path
    place.site.clock.advance(one_matter.HOLDS + timedelta(days=1))
    assert (await visitor.get(good)).status == 404


async def test_a_link_to_a_matter_that_became_somebody_elses_opens_nothing(place: Place) -> None:
    reference = place.mail(LENA, SECRET)
    place.mail(MALLORY, "Mine")
    good = link(place, reference)
    place.site.store.write_now(lambda unit: unit.execute(sa.update(t.conversation).values(contact_id=2)))
    assert (await place.visitor().get(good)).status == 404


async def test_a_session_ends_here_and_everywhere(place: Place) -> None:
    place.mail(LENA, SECRET)
    here, there = await place.came_in(LENA), await place.came_in(LENA)
    form = {"form_token": hidden(await here.get("/portal/you"), "form_token")}
    await here.post("/portal/you/leave", form, sec_fetch_site="same-origin")
    for visitor in (here, there):
        assert SECRET not in (await visitor.get("/portal")).text
    assert place.told(t.customer_session.c.digest) == []


async def test_an_address_that_went_to_somebody_else_takes_its_session_along(place: Place) -> None:
    place.mail(LENA, SECRET)
    place.mail(MALLORY, "Mine")
    visitor = await place.came_in(MALLORY)

    def moved(unit: Unit) -> None:
        theirs = sa.select(t.identity.c.contact_id).where(t.identity.c.address == LENA).scalar_subquery()
        unit.execute(sa.update(t.identity).where(t.identity.c.address == MALLORY).values(contact_id=theirs))

    place.site.store.write_now(moved)
    assert SECRET in (await visitor.get("/portal")).text


async def test_another_language_is_kept(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = await place.came_in(LENA)
    form = {"form_token": hidden(await visitor.get("/portal/you"), "form_token"), "language": "fa"}
    await visitor.post("/portal/you", form, sec_fetch_site="same-origin")
    assert place.told(t.contact.c.language, t.contact.c.id == 1) == ["fa"]


async def test_the_colour_of_the_brand_is_readable(place: Place) -> None:
    sheet = await place.visitor().get("/portal/brand.css")
    assert "--accent:#7a1fa2" in sheet.text
    assert sheet.headers["content-type"].startswith("text/css")
