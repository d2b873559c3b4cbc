"""Every address for customers, taken from the application, for everybody whose it is not: exactly as if it did not exist."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.domain.access import Reach
from inbox.domain.events import Actor
from inbox.domain.ids import ContactId
from inbox.pipeline.access import MARK
from inbox.pipeline.link import By, link, unlink
from inbox.store import people
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.asking import Answer, Visitor, hidden
from tests.web.fuzzing import routes
from tests.web.portals import LENA, MALLORY, SECRET, asked, bare, link_of
from tests.web.programs import granted
from tests.web.sites import OMID, Site
from tests.web.wholes import HIDDEN, PICTURE, Whole, whole_of

KARL = "karl@example.com"
NOWHERE, NEVER = "Z9ZZ", "never-was"
HERS = (SECRET, HIDDEN, "plan.png", LENA)
"""What stands nowhere in an answer to anybody else."""
SHUT = ("inside", "old-inside", "draft", "old-draft", "gone", "old-gone", "acme", "old-acme")


@dataclass
class World:
    """Lena's matter with a file, links to it that are over, and one matter of whoever looks."""

    place: Whole
    reference: str
    file: int
    own: str
    over: dict[str, list[str]] = field(default_factory=dict)
    """Tokens by the address that they belong to, none of which is good."""


Pairs = list[tuple[str, str]]
"""Each: an address of something that is not theirs, and the same of something that does not exist."""


def _matter(world: World, pattern: str) -> Pairs:
    here, there = (pattern.replace("{id}", str(n)) for n in (world.file, 999_999))
    theirs = [(here.replace("{reference}", world.reference), here.replace("{reference}", NOWHERE))]
    if "{id}" in pattern:
        theirs.append((here.replace("{reference}", world.own), there.replace("{reference}", world.own)))
        theirs.append((f"{theirs[0][0]}?show", f"{theirs[0][1]}?show"))
    return theirs


def _article(_world: World, pattern: str) -> Pairs:
    names = ("plan.png", "page.html", "nothing.png") if "{name}" in pattern else ("",)
    spoken = ("en", "fa", "xx") if "{language}" in pattern else ("",)
    filled = [pattern.replace("{name}", name).replace("{language}", one) for name in names for one in spoken]
    return [(one.replace("{slug}", slug), one.replace("{slug}", NEVER)) for one in filled for slug in SHUT]


def _token(world: World, pattern: str) -> Pairs:
    kind = pattern.rpartition("/")[0]
    return [(f"{kind}/{one}", f"{kind}/x") for one in world.over[kind]]


def _whole(_world: World, pattern: str) -> Pairs:
    """A page that is the same whatever there is, or shows what is the visitor's own."""
    return [(pattern, pattern)]


ROWS: Mapping[tuple[str, str], Callable[[World, str], Pairs]] = {
    ("GET", "/portal"): _whole,
    ("GET", "/portal/ask"): _whole,
    ("POST", "/portal/ask"): _whole,
    ("GET", "/portal/assets"): _whole,
    ("GET", "/portal/brand.css"): _whole,
    ("GET", "/portal/c/{reference}"): _matter,
    ("POST", "/portal/c/{reference}"): _matter,
    ("GET", "/portal/c/{reference}/a/{id}"): _matter,
    ("POST", "/portal/c/{reference}/done"): _matter,
    ("POST", "/portal/c/{reference}/open"): _matter,
    ("POST", "/portal/c/{reference}/rate"): _matter,
    ("POST", "/portal/c/{reference}/call"): _matter,
    ("GET", "/portal/code"): _whole,
    ("POST", "/portal/code"): _whole,
    ("GET", "/portal/enter/{token}"): _token,
    ("POST", "/portal/enter/{token}"): _token,
    ("GET", "/portal/m/{token}"): _token,
    ("GET", "/portal/new"): _whole,
    ("POST", "/portal/new"): _whole,
    ("GET", "/portal/r/{token}"): _token,
    ("POST", "/portal/r/{token}"): _token,
    ("GET", "/portal/sign-in"): _whole,
    ("POST", "/portal/sign-in"): _whole,
    ("POST", "/portal/answered"): _whole,
    ("POST", "/portal/suggest"): _whole,
    ("GET", "/portal/you"): _whole,
    ("POST", "/portal/you"): _whole,
    ("POST", "/portal/you/answers"): _whole,
    ("GET", "/portal/you/data.json"): _whole,
    ("POST", "/portal/you/erase"): _whole,
    ("GET", "/help"): lambda _world, pattern: [(pattern, pattern), (f"{pattern}?folder=billing",) * 2],
    ("GET", "/help/feed.xml"): _whole,
    ("GET", "/sitemap.xml"): _whole,
    ("GET", "/help/files/{slug}/{name}"): _article,
    ("GET", "/help/{language}/{slug}"): _article,
    ("POST", "/help/{language}/{slug}"): _article,
}
LAST = {("POST", "/portal/leave"), ("POST", "/portal/you/leave")}
"""They end the session with which one asks; what they do is test_portal's."""


# -- who asks ----------------------------------------------------------------------------------------------------------
class Bearer(Visitor):
    """A program with a token of the API."""

    async def ask(self, method: str, url: str, headers: Mapping[str, str], *rest: object, **more: object) -> Answer:
        """With its token."""
        return await super().ask(method, url, {**headers, "authorization": f"Bearer {MARK}program"}, *rest, **more)  # type: ignore[arg-type]  # as they came


async def _nobody(world: World) -> Visitor:
    return world.place.visitor()


async def _other(world: World) -> Visitor:
    return await world.place.came_in(MALLORY)


async def _same_domain(world: World) -> Visitor:
    world.place.mail(KARL, "Mine")
    return await world.place.came_in(KARL)


async def _same_organization(world: World) -> Visitor:
    world.place.mail(KARL, "Mine")
    world.place.belongs(KARL, "Acme")
    return await world.place.came_in(KARL)


async def _was_taken_for_her(world: World) -> Visitor:
    """An agent linked the address to her, and undid it; the session is from between."""
    place, by = world.place, By(Actor("agent", OMID, "Omid"), "web", "agent")

    def linked(unit: Unit) -> bool:
        mine, hers = (people.known(unit, "email", one) for one in (MALLORY, LENA))
        assert mine is not None
        assert hers is not None
        return link(unit, mine[1].id, ContactId(hers[0].id), by, place.book, place.site.clock.now())

    def undone(unit: Unit) -> None:
        mine = people.known(unit, "email", MALLORY)
        assert mine is not None
        unlink(unit, mine[1].id, by, place.book, place.site.clock.now())

    place.site.store.write_now(linked)
    visitor = await place.came_in(MALLORY)
    assert SECRET in (await visitor.get("/portal")).text
    place.site.store.write_now(undone)
    return visitor


async def _left(world: World) -> Visitor:
    visitor = await world.place.came_in(LENA)
    kept = dict(visitor.cookies)
    form = {"form_token": hidden(await visitor.get("/portal"), "form_token")}
    assert (await visitor.post("/portal/leave", form, sec_fetch_site="same-origin")).status == 303
    visitor.cookies = kept
    return visitor


async def _expired(world: World) -> Visitor:
    visitor = await world.place.came_in(LENA)
    world.place.site.clock.advance(timedelta(days=30))
    return visitor


async def _by_another_link(world: World) -> Visitor:
    visitor = world.place.visitor()
    for path in (world.place.alone(world.own), world.place.ask(world.own)):
        assert (await visitor.get(path)).status == 200
    return visitor


async def _agent(world: World) -> Visitor:
    visitor = world.place.visitor()
    assert (await visitor.sign_in(world.place.site.link("an-agent", OMID))).status == 303
    return visitor


async def _program(world: World) -> Visitor:
    granted(world.place.site, "program", "omid", (Reach.READ, Reach.WRITE))
    return Bearer(world.place.visitor().app)


WHO: Mapping[str, Callable[[World], Awaitable[Visitor]]] = {
    "nobody": _nobody,
    "another customer": _other,
    "of the same domain": _same_domain,
    "of the same organization": _same_organization,
    "who was taken for her": _was_taken_for_her,
    "who left": _left,
    "whose session is over": _expired,
    "who has a link to another matter": _by_another_link,
    "an agent": _agent,
    "a program": _program,
}


@pytest.fixture
async def world(site: Site, tmp_path: Path) -> World:
    """What there is to be found."""
    place = whole_of(site, tmp_path)
    reference = place.mail(LENA, SECRET, authentication="pass")
    own = place.mail(MALLORY, "I write to you too", authentication="pass")
    made = World(place, reference, place.enclose(reference), own)
    place.done(reference)
    place.done(own)
    place.belongs(LENA, "Acme")
    await _over(made)
    return made


async def _over(world: World) -> None:
    """Links to her matter that are spent, forged, over, or made for one whose it was."""
    place = world.place
    await asked(place.visitor(), LENA)
    entered = link_of(place.letters(LENA)[-1])
    visitor = place.visitor()
    form = {"form_token": hidden(await visitor.get(entered), "form_token")}
    assert (await visitor.post(entered, form, sec_fetch_site="same-origin")).status == 303
    await asked(place.visitor(), LENA)
    old = link_of(place.letters(LENA)[-1])
    alone, survey = place.alone(world.reference), place.ask(world.reference)
    assert [(await place.visitor().get(one)).status for one in (alone, survey)] == [200, 200]
    place.site.clock.advance(timedelta(days=31))
    mine, his = place.alone(world.reference), place.alone(world.own)
    world.over = {
        "/portal/enter": [_end(entered), _end(old)],
        "/portal/m": [_end(alone), _grafted(_end(mine), _end(his)), _end(mine)[:-1]],
        "/portal/r": [_end(survey), _grafted(_end(survey), _end(place.ask(world.own))), _end(mine)],
    }


def _end(path: str) -> str:
    return path.rpartition("/")[2]


def _grafted(one: str, other: str) -> str:
    """What one link says, under the seal of another."""
    return one.rpartition("-")[0] + "-" + other.rpartition("-")[2]


# -- what they get -----------------------------------------------------------------------------------------------------
def test_every_address_for_customers_has_a_row(world: World) -> None:
    there = {(m, p) for m, p in routes(world.place.visitor().app) if p.startswith(("/portal", "/help", "/sitemap"))}
    assert there == set(ROWS) | LAST


@pytest.mark.parametrize("who", WHO)
async def test_what_is_not_theirs_is_as_if_it_did_not_exist(world: World, who: str) -> None:
    visitor = await WHO[who](world)
    wrong, compared = list[tuple[object, ...]](), 0
    for (method, pattern), row in ROWS.items():
        for theirs, nothing in row(world, pattern):
            if who == "of the same organization" and "acme" in theirs:
                continue
            answers = [await _asked(visitor, method, path) for path in (theirs, nothing)]
            shown = [_plain(one, path) for one, path in zip(answers, (theirs, nothing), strict=True)]
            compared += 1
            if shown[0] != shown[1]:
                wrong.append((method, theirs, *shown))
            told = [words for words in HERS if words in shown[0][2]]
            if told or PICTURE in answers[0].body or answers[0].status >= 500:
                wrong.append((method, theirs, told, answers[0].status))
    assert wrong == []
    assert compared > 90


@pytest.mark.parametrize("who", ["nobody", "another customer", "an agent", "a program"])
async def test_no_form_tells_of_an_article_that_is_not_theirs(world: World, who: str) -> None:
    visitor, seal = await WHO[who](world), world.place.alone(world.reference).rpartition("/")[2]
    for slug in SHUT:
        answers = []
        for name in (slug, NEVER):
            answered = await _asked(visitor, "POST", "/portal/answered", answered=name)
            said = await _asked(visitor, "POST", f"/help/en/{name}", helped="solved", **{"for": seal})
            look = await visitor.get(f"/help/en/{name}?for={seal}&lang=en")
            answers.append([_plain(one, f"/help/en/{name}") for one in (answered, said, look)])
        assert answers[0] == answers[1], slug
        assert [one[0] for one in answers[0]] == [404] * 3
    assert world.place.told(t.article_part.c.part) == []


async def test_the_same_addresses_are_hers(world: World) -> None:
    """The matrix compares what can be had: by her all of it is."""
    visitor = await world.place.came_in(LENA)
    page, picture = (f"/portal/c/{world.reference}{more}" for more in ("", f"/a/{world.file}"))
    assert SECRET in (await visitor.get(page)).text
    assert (await visitor.get(picture)).body == PICTURE
    assert HIDDEN in (await visitor.get("/help/en/acme")).text
    assert (await visitor.get("/help/files/acme/plan.png")).body == PICTURE
    for path in (world.place.alone(world.reference), "/portal/you/data.json"):
        assert SECRET in (await world.place.visitor().get(path)).text or SECRET in (await visitor.get(path)).text


async def test_who_came_in_as_a_customer_is_a_stranger_to_the_pages_of_agents(world: World) -> None:
    stranger, customer = world.place.visitor(), await world.place.came_in(LENA)
    for method, pattern in routes(stranger.app):
        if pattern.startswith(("/portal", "/help", "/sitemap", "/static")):
            continue
        path = re.sub(r"\{\w+\}", "1", pattern.replace("{reference}", world.reference).replace("{slug}", "inside"))
        answers = [await _asked(one, method, path) for one in (stranger, customer)]
        assert answers[0].status == answers[1].status, path
        assert not any(words in answers[1].text for words in (SECRET, HIDDEN)), path


async def test_s31_nothing_is_changed_without_the_form_of_this_browser(world: World) -> None:
    lena, other = await world.place.came_in(LENA), await world.place.came_in(MALLORY)
    own, foreign = [hidden(await one.get("/portal"), "form_token") for one in (lena, other)]
    good = {"/portal/m": world.place.alone(world.reference), "/portal/r": world.place.ask(world.own)}
    for method, pattern in ROWS.keys() | LAST:
        if method != "POST" or not pattern.startswith("/portal"):
            continue
        path = good.get(pattern.rpartition("/")[0], pattern.replace("{reference}", world.reference))
        told = {"text": "x", "score": "1", "address": LENA, "language": "fa", "code": "000000"}
        for form, header in (
            (told, {"sec_fetch_site": "same-origin"}),
            ({**told, "form_token": foreign}, {"sec_fetch_site": "same-origin"}),
            ({**told, "form_token": own}, {"sec_fetch_site": "cross-site"}),
            ({**told, "form_token": own}, {"sec_fetch_site": "same-site"}),
            ({**told, "form_token": own}, {"origin": "https://evil.example"}),
        ):
            assert (await lena.post(path, form, **header)).status == 403, (path, form, header)
    assert (await lena.get("/portal")).status == 200
    for slug in ("refunds", "acme"):
        for header in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}):
            assert (await lena.post(f"/help/en/{slug}", {"helped": "no"}, **header)).status == 403


async def _asked(visitor: Visitor, method: str, path: str, **more: str) -> Answer:
    visitor.cookies.pop("inbox_said", None)
    if method == "GET":
        return await visitor.get(f"{path}{'&' if '?' in path else '?'}lang=en")
    page = await visitor.get("/portal?lang=en")
    token = hidden(page, "form_token") if 'name="form_token"' in page.text else ""
    form = {"form_token": token, "text": "x", "once": "1", "score": "5", "helped": "yes", "language": "en"} | more
    return await visitor.post(path, form, sec_fetch_site="same-origin")


def _plain(answer: Answer, path: str) -> tuple[int, dict[str, str], str]:
    """Without what is new each time, and without the address itself."""
    at = path.partition("?")[0]
    kept = {name: value.split("=")[0] if name == "set-cookie" else value for name, value in answer.headers.items()}
    kept.pop("content-length", None)
    return answer.status, {name: value.replace(at, "…") for name, value in kept.items()}, bare(answer).replace(at, "…")
