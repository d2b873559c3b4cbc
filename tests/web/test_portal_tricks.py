"""Tricks that are played on what customers can reach: in somebody's name, with somebody's link, from a thousand browsers."""

import asyncio
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.events import Actor, StateSet
from inbox.domain.happenings import Address
from inbox.domain.ids import AgentId, NetworkKey
from inbox.domain.ratings import Rated
from inbox.pipeline import articles as verbs
from inbox.pipeline.budget import MINUTES
from inbox.pipeline.entrance import UNANSWERED
from inbox.pipeline.merge import merge
from inbox.pipeline.survey import survey_due
from inbox.pipeline.turn import Turn
from inbox.store import articles, articles_counted, events
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.help.reading import FROM_A_NETWORK
from inbox.web.portal.saying import MOST
from inbox.web.portal.suggesting import ANSWERS
from tests.web.asking import Answer, Visitor, hidden
from tests.web.portals import LENA, MALLORY, SECRET, asked, link_of
from tests.web.sites import NOW, Site
from tests.web.test_portal_asking import open_house, sent
from tests.web.wholes import OWNER, Whole, whole_of

PROVED = {"authentication": "pass"}
FROM_HERE = {"sec_fetch_site": "same-origin"}


@pytest.fixture
def place(site: Site, tmp_path: Path) -> Whole:
    return whole_of(site, tmp_path)


def letters(place: Whole, cause: str = "") -> list[tuple[str, str]]:
    """To whom each letter went, and all that stands in it."""
    part = sa.and_(t.delivery.c.message_id == t.delivery_body.c.message_id, t.delivery.c.part == t.delivery_body.c.part)
    fields = sa.select(t.delivery.c.lane, t.delivery_body.c.body).join_from(t.delivery, t.delivery_body, part)
    query = fields.where(t.delivery.c.cause.startswith(cause)).order_by(t.delivery.c.id)
    return place.site.store.read_now(lambda unit: [(row[0], row[1].decode()) for row in unit.execute(query)])


def given(place: Whole, reference: str) -> list[tuple[int, str]]:
    """The ratings on record."""
    log = place.site.store.read_now(events.of, place.matter(reference))
    return [(one.payload.score, one.payload.comment) for one in log if isinstance(one.payload, Rated)]


async def rated(visitor: Visitor, link: str, score: str, comment: str = "") -> Answer:
    form = {"form_token": hidden(await visitor.get(link), "form_token"), "score": score, "comment": comment}
    return await visitor.post(link, form, **FROM_HERE)


# -- letters in somebody's name ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("known", [False, True])
async def test_s6_a_name_that_a_stranger_typed_is_said_to_nobody(place: Whole, known: bool) -> None:
    """Neither in the letter that lets the owner of the address in, nor in any that they get later."""
    if known:
        place.mail(LENA, SECRET, **PROVED)
        await place.came_in(LENA)
    await sent(open_house(place), "/portal/ask", address=LENA, text="evil words", subject="evil", name="evil.example")
    place.mail(LENA, "I write to you myself", **PROVED)
    await asked(place.visitor(), LENA)
    told = [text for lane, text in letters(place) if lane.endswith(LENA)]
    assert len(told) > 2
    assert not any("evil" in one for one in told)


async def test_s6_a_name_in_a_forged_mail_is_not_its_contacts(place: Whole) -> None:
    place.mail(LENA, SECRET, **PROVED)
    await place.came_in(LENA)
    place.mail(LENA, "Forged", name="evil.example", authentication="fail")
    await asked(place.visitor(), LENA)
    place.mail(LENA, "I write to you myself", **PROVED)
    assert not any("evil" in text for _, text in letters(place))
    assert place.told(t.contact.c.name) == [""]


async def test_letters_to_one_address_end_however_many_networks_ask(place: Whole) -> None:
    place.mail(LENA, SECRET, **PROVED)
    for n in range(3 * UNANSWERED):
        visitor = open_house(place)
        visitor.peer = f"198.51.{n}.7"
        await asked(visitor, LENA)
        await sent(visitor, "/portal/ask", address=LENA, text="x")
    assert len(letters(place, "sign-in")) == UNANSWERED


async def test_letters_to_strangers_wait_for_their_turn_and_end(place: Whole) -> None:
    """Whoever types a new address each time, from as many networks, is held by what the house says by itself at the most."""
    assert place.book.budgets.per_minute * MINUTES == 3600
    for n in range(place.book.budgets.per_minute + 3):
        visitor = open_house(place)
        visitor.peer = f"198.51.{n}.7"
        await sent(visitor, "/portal/ask", address=f"a{n}@example.com", text="x")
    assert len(letters(place, "sign-in")) <= place.book.budgets.per_minute


# -- surveys -----------------------------------------------------------------------------------------------------------
async def test_s4_a_survey_goes_to_its_customer_and_to_nobody_who_stood_in_cc_or_answered(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, cc=(Address(MALLORY),), **PROVED)
    place.mail(MALLORY, "Me too", references=(NetworkKey("<1@customer>"),), **PROVED)
    place.mail(MALLORY, "Me too", subject=f"Re: [{reference}]", **PROVED)
    place.done(reference)
    place.site.clock.advance(timedelta(hours=2))
    place.site.store.write_now(survey_due, place.book, place.site.clock.now())
    assert [to for to, _ in letters(place, "csat")] == [LENA]


async def test_a_survey_that_was_passed_on_shows_nothing_but_its_form(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, subject="About 7311", **PROVED)
    place.done(reference)
    page = await place.visitor().get(place.ask(reference))
    assert page.status == 200
    assert not any(words in page.text for words in (SECRET, "7311", LENA, reference))


async def test_a_rating_follows_its_matter_into_the_one_that_it_went_into(place: Whole) -> None:
    first, second = place.mail(LENA, SECRET, **PROVED), place.mail(LENA, "Another", **PROVED)
    place.done(first)
    link = place.ask(first)

    def merged(unit: Unit) -> None:
        turn = Turn.of(unit, place.matter(second), "web", place.book.terms, NOW)
        merge(turn, place.matter(first))
        turn.close()

    place.site.store.write_now(merged)
    assert (await rated(place.visitor(), link, "3")).status == 303
    assert (given(place, first), given(place, second)) == ([], [(3, "")])


async def test_two_answers_at_once_are_two_answers_and_one_rating(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)
    place.done(reference)
    link = place.ask(reference)
    answers = await asyncio.gather(*(rated(place.visitor(), link, str(score)) for score in (1, 5, 1, 5)))
    assert {one.status for one in answers} == {303}
    assert place.told(t.survey.c.score, t.survey.c.kind == "csat") == [given(place, reference)[-1][0]]


@pytest.mark.parametrize("score", ["0", "6", "1e9", "٣", "NaN", "-1", "+4", " 4", "4.0", "4\x00", "0x4", "¹"])
async def test_no_other_score_is_one(place: Whole, score: str) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)
    place.done(reference)
    answered = await rated(place.visitor(), place.ask(reference), score)
    assert answered.status == (422 if score != "4\x00" else 303)
    assert given(place, reference) == ([] if score != "4\x00" else [(4, "")])


async def test_a_comment_is_words_and_no_more_than_fit(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)
    place.done(reference)
    link, visitor = place.ask(reference), place.visitor()
    assert (await rated(visitor, link, "4", "x" * 1_000_000)).status == 413
    assert (await rated(visitor, link, "4", "a\x00b\u202e<b>" + "y" * 3_000)).status == 303
    ((_, comment),) = given(place, reference)
    assert (len(comment), "\x00" in comment) == (2_000, False)
    assert "<b>" not in (await visitor.get(link)).text.partition("<textarea")[2].partition("</textarea>")[0]


async def test_what_somebody_answered_is_not_for_whoever_has_the_matter_next(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)
    place.mail(MALLORY, "Mine", **PROVED)
    place.done(reference)
    await rated(place.visitor(), place.ask(reference), "1", "What only Lena says")
    change = sa.update(t.conversation).where(t.conversation.c.reference == reference).values(contact_id=2)
    place.site.store.write_now(lambda unit: unit.execute(change).rowcount)
    visitor = await place.came_in(MALLORY)
    page = await visitor.get(f"/portal/c/{reference}")
    assert (page.status, "What only Lena says" in page.text, 'name="score"' in page.text) == (200, False, False)
    form = {"form_token": hidden(page, "form_token"), "score": "5", "comment": ""}
    await visitor.post(f"/portal/c/{reference}/rate", form, **FROM_HERE)
    assert given(place, reference) == [(1, "What only Lena says")]


async def test_who_was_never_asked_may_rate_what_somebody_else_was_asked_about(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)
    place.mail(MALLORY, "Mine", **PROVED)
    place.done(reference)
    link = place.ask(reference)
    change = sa.update(t.conversation).where(t.conversation.c.reference == reference).values(contact_id=2)
    place.site.store.write_now(lambda unit: unit.execute(change).rowcount)
    visitor = await place.came_in(MALLORY)
    form = {"form_token": hidden(await visitor.get(f"/portal/c/{reference}"), "form_token"), "score": "5"}
    await visitor.post(f"/portal/c/{reference}/rate", form, **FROM_HERE)
    assert given(place, reference) == [(5, "")]
    assert (await place.visitor().get(link)).status == 404


# -- what is kept, and what is taken in --------------------------------------------------------------------------------
async def test_what_binds_a_browser_is_kept_nowhere(place: Whole) -> None:
    """A code is good in the browser that asked for it: whoever reads the store must not be able to be that browser."""
    visitor = open_house(place)
    page = await visitor.get("/portal/ask")
    token = next(value for name, value in visitor.cookies.items() if "entrance" in name)
    form = {name: hidden(page, name) for name in ("form_token", "once")}
    await visitor.post("/portal/ask", {**form, "address": LENA, "text": "x"}, **FROM_HERE)
    kept = [str(one) for one in place.told(t.thread.c.key) + place.told(t.arrival.c.key)]
    assert any(one.startswith("ask ") for one in kept)
    assert not any(token in one for one in kept)


async def test_the_link_in_a_chat_has_no_browser_in_which_its_code_is_good(place: Whole) -> None:
    """What a browser is bound by is a digest of its cookie: no cookie that can be known beforehand has that of a letter."""
    place.chat("Hello")
    place.chat("/portal")
    key = f"{place.mails}@chat"
    visitor = place.visitor()
    for cookie in (f"chat {key}", f"chat%20{key}", f'"chat {key}"'):
        visitor.cookies["__Host-inbox_entrance"] = cookie
        token = hidden(await visitor.get("/portal/code"), "form_token")
        await visitor.post("/portal/code", {"form_token": token, "code": "000000"}, **FROM_HERE)
    assert place.told(t.entry_letter.c.guesses) == [0]


async def test_files_are_read_of_those_who_came_in_alone(place: Whole) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)
    stranger = place.visitor()
    token = hidden(await stranger.get("/portal/sign-in"), "form_token")
    for path in (f"/portal/c/{reference}", "/portal/new"):
        sent = await stranger.post(path, {"form_token": token, "text": "x" * 50_000}, **FROM_HERE)
        assert sent.status == 413, path
    customer = await place.came_in(LENA)
    token = hidden(await customer.get("/portal/new"), "form_token")
    assert MOST > 50_000
    assert (await customer.post("/portal/new", {"form_token": token, "text": "x" * 50_000}, **FROM_HERE)).status == 422


async def test_who_did_not_come_in_sends_no_more_than_a_form(place: Whole) -> None:
    stranger = place.visitor()
    token = hidden(await stranger.get("/portal/sign-in"), "form_token")
    form = {"form_token": token, "answered": "refunds", "text": "x" * 50_000}
    assert (await stranger.post("/portal/answered", form, **FROM_HERE)).status == 413


async def test_whoever_has_the_link_says_yes_to_what_was_offered_and_to_nothing_else(place: Whole) -> None:
    """A passed-on letter closes nothing by an article of its holder's choice, and teaches nothing."""
    reference = place.mail(LENA, SECRET, **PROVED)
    seal = place.alone(reference).rpartition("/")[2]
    form = {"helped": "solved", "for": seal}
    await place.visitor().post("/help/en/refunds", form, **FROM_HERE)
    assert place.told(t.conversation.c.state) == ["open"]
    assert place.told(t.article_part.c.part) == place.told(t.article_count.c.kind) == []


async def test_one_network_is_answered_so_often_and_no_more(place: Whole) -> None:
    visitor = place.visitor()
    form = {"form_token": hidden(await visitor.get("/portal/sign-in"), "form_token"), "answered": "refunds"}
    for _ in range(ANSWERS + 5):
        await visitor.post("/portal/answered", form, **FROM_HERE)
    assert place.told(t.article_count.c.count) == [ANSWERS]


async def test_an_old_session_cannot_be_pressed_upon_whoever_comes_in(place: Whole) -> None:
    """A browser into which somebody put a token of theirs gets another one at the door."""
    place.mail(LENA, SECRET, **PROVED)
    visitor = place.visitor()
    visitor.cookies["__Host-inbox_customer"] = visitor.cookies["__Host-inbox_entrance"] = "put-here-by-somebody"
    await asked(visitor, LENA)
    link = link_of(place.letters(LENA)[-1])
    form = {"form_token": hidden(await visitor.get(link), "form_token")}
    assert (await visitor.post(link, form, **FROM_HERE)).status == 303
    attacker = place.visitor()
    attacker.cookies["__Host-inbox_customer"] = "put-here-by-somebody"
    assert SECRET not in (await attacker.get("/portal")).text
    assert SECRET in (await visitor.get("/portal")).text


@pytest.mark.parametrize("state", [State.SPAM, State.DONE])
async def test_what_is_over_stays_theirs_and_what_is_spam_stays_so(place: Whole, state: State) -> None:
    reference = place.mail(LENA, SECRET, **PROVED)

    def filed(unit: Unit) -> None:
        turn = Turn.of(unit, place.matter(reference), "web", place.book.terms, NOW)
        turn.tell(StateSet("state_set", state.value), Actor("agent", AgentId(1), "Sara"))
        turn.close()

    place.site.store.write_now(filed)
    visitor = await place.came_in(LENA)
    page = await visitor.get(f"/portal/c/{reference}")
    form = {"form_token": hidden(page, "form_token")}
    assert (page.status, "spam" in page.text.lower()) == (200, False)
    await visitor.post(f"/portal/c/{reference}/open", form, **FROM_HERE)
    await visitor.post(f"/portal/c/{reference}/rate", {**form, "score": "1"}, **FROM_HERE)
    assert place.told(t.conversation.c.state) == ["open" if state is State.DONE else "spam"]
    assert given(place, reference) == []


# -- help --------------------------------------------------------------------------------------------------------------
async def test_one_network_votes_so_often_and_no_more(place: Whole) -> None:
    visitor = place.visitor()
    for _ in range(FROM_A_NETWORK + 5):
        visitor.cookies = {}
        await visitor.post("/help/en/refunds", {"helped": "no"}, **FROM_HERE)
    assert place.told(t.article_count.c.count) == [FROM_A_NETWORK]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("gift cards", True),
        ("windows 11 22h2", True),
        ("call 0912 345 67 89", False),
        ("۰۹۱۲ ۳۴۵ ۶۷ ۸۹", False),
        ("6037-9971-1234", False),
        ("IR06 0120 0000", False),
        ("lena＠example.com", False),
        ("where is lena@example.com", False),
    ],
)
async def test_what_looks_like_somebodys_number_is_not_kept(place: Whole, typed: str, kept: bool) -> None:
    place.site.store.write_now(articles_counted.missed, typed, "en", NOW)
    assert bool(place.told(t.article_missed.c.words)) is kept


async def test_nonsense_keeps_no_search_out(place: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles_counted, "MOST_MISSED", 3)
    for n, typed in enumerate(("often", "often", "nonsense a", "nonsense b", "nonsense c", "new")):
        place.site.store.write_now(articles_counted.missed, typed, "en", NOW + timedelta(minutes=n))
    assert sorted(map(str, place.told(t.article_missed.c.words))) == ["new", "nonsense c", "often"]


@pytest.mark.parametrize(
    "typed", ["inside", "Title of inside", "acme", "Title", "draft gone", "refunds inside", "insid", "nobody"]
)
async def test_a_search_tells_nothing_of_what_is_hidden(place: Whole, typed: str) -> None:
    """The page is the same, to the letter, on a site where the hidden articles are not there at all."""
    path = f"/help?{urlencode({'q': typed, 'lang': 'en'})}"
    before = (await place.visitor().get(path)).text

    def gone(unit: Unit) -> None:
        for slug in ("inside", "acme", "draft", "gone"):
            found = articles.find(unit, slug)
            assert found is not None
            verbs.remove(unit, OWNER, found.id, NOW)

    place.site.store.write_now(gone)
    assert (await place.visitor().get(path)).text == before
    assert (await place.visitor().get("/help?lang=en")).status == 200


async def test_what_others_may_keep_of_a_page_is_the_same_for_everybody(place: Whole) -> None:
    """No page is kept by a proxy but those for machines; they are the same for customers of an organization, and tell that their
    language is the reader's."""
    place.mail(LENA, SECRET, **PROVED)
    place.belongs(LENA, "Acme")
    stranger, lena = place.visitor(), await place.came_in(LENA)
    for path in ("/help/feed.xml?lang=en", "/sitemap.xml", "/portal/brand.css"):
        answers = [await one.get(path) for one in (stranger, lena)]
        assert answers[0].text == answers[1].text
        assert answers[0].headers["cache-control"].startswith("public")
    assert (await stranger.get("/help/feed.xml")).headers["vary"] == "accept-language, cookie"
    for path in ("/help", "/help/en/refunds", "/help/en/acme", "/help/files/acme/plan.png", "/portal", "/help?q=title"):
        assert (await lena.get(path)).headers["cache-control"] == "private, no-store", path
