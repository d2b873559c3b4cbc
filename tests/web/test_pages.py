"""The pages by request: language and direction, what is shown, what is refused, and what a browser is forbidden."""

import gzip
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

import inbox.web
from inbox.domain import events as ev
from inbox.domain.ids import AgentId, ChannelName
from inbox.domain.people import Roster
from inbox.domain.problems import Temporary
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web import timeline
from inbox.web.guard import HEADERS
from inbox.web.language import accepted
from tests.unit.text.test_catalogues import sentences
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import NOW, OMID, SARA, WORDING, Site, contact, conversation, delivery, message, minutes, tell

HERE = Path(inbox.web.__file__).parent
VOID = {"meta", "link", "img", "input", "br", "rect", "path", "circle"}


class Page(HTMLParser):
    """Checks that elements nest, and remembers them with their attributes and the text of the page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(answer.text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        """All text, in one line."""
        return " ".join(" ".join(self.text).split())


async def inside(site: Site, agent: AgentId = OMID) -> Visitor:
    """Somebody who is signed in."""
    visitor = Visitor(site.app())
    assert (await visitor.sign_in(site.link(f"token-{agent}", agent))).status == 303
    return visitor


PAGES = ["/", "/?view=done", "/?view=snoozed", "/?view=spam", "/?view=mine", "/?view=unassigned", "/c/K7Q2", "/c/M4TR"]
FAILING = ["/c/ZZZZ", "/nothing", "/?view=nothing", "/?after=nothing", "/?after=9.9.9", "/c/%00", "/login/a/b"]


@pytest.mark.parametrize("path", PAGES + FAILING)
@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("en", "ltr")])
async def test_every_page_is_whole_and_says_its_language_and_direction(
    filled: Site, path: str, language: str, direction: str
) -> None:
    visitor = await inside(filled, SARA if language == "fa" else OMID)
    visitor.cookies["inbox_language"] = language
    answer = await visitor.get(path)
    assert answer.status == (404 if path in FAILING else 200)
    page = Page(answer)
    assert page.elements[0] == ("html", {"lang": language, "dir": direction})
    assert sum(tag == "h1" for tag, _ in page.elements) == 1
    assert sum(tag == "main" for tag, _ in page.elements) == 1
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    for tag, attributes in page.elements:
        assert not {"style", "onclick", "onload"} & set(attributes), tag
        assert tag not in {"script", "style", "iframe", "object"}
        for name in ("href", "src", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "#", "?")), attributes
    assert len(gzip.compress(answer.body)) < 40_000


@pytest.mark.parametrize("path", ["/", "/c/K7Q2", "/login/x", "/nothing"])
@pytest.mark.parametrize("language", ["fa", "en"])
async def test_pages_for_strangers_are_whole_too(filled: Site, path: str, language: str) -> None:
    answer = await Visitor(filled.app()).get(path, accept_language=language)
    page = Page(answer)
    assert page.elements[0][1]["lang"] == language
    assert "Lena" not in answer.text


# -- language ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "wishes"),
    [
        ("fa-IR,fa;q=0.9,en;q=0.8", ["fa-IR", "fa", "en"]),
        ("en;q=0.5, fa", ["fa", "en"]),
        ("fa;q=0, en;q=2, de;q=x", []),
        ("", [""]),
    ],
)
def test_accept_language_is_read_by_its_weights(header: str, wishes: list[str]) -> None:
    assert accepted(header) == wishes


async def test_what_is_asked_for_comes_before_what_was_kept_and_that_before_the_agents_own(filled: Site) -> None:
    visitor = await inside(filled, SARA)
    lang = [("", "fa"), ("?lang=en", "en"), ("", "en"), ("?lang=fa", "fa"), ("?lang=xx", "fa")]
    for query, expected in lang:
        assert Page(await visitor.get(f"/{query}", accept_language="en")).elements[0][1]["lang"] == expected


async def test_a_stranger_reads_the_browsers_language_or_the_sites(filled: Site) -> None:
    visitor = Visitor(filled.app())
    for header, expected in (("fa-IR", "fa"), ("de, fa;q=0.3", "fa"), ("de", "en"), ("", "en")):
        assert Page(await visitor.get("/", accept_language=header)).elements[0][1]["lang"] == expected


async def test_the_other_language_is_one_link_away_on_the_same_page(filled: Site) -> None:
    page = await (await inside(filled)).get("/?view=done")
    assert '<a href="/?view=done&amp;lang=fa" lang="fa"' in page.text


# -- the list ----------------------------------------------------------------------------------------------------------
async def test_a_row_tells_who_what_when_in_words(filled: Site) -> None:
    words = Page(await (await inside(filled)).get("/")).words
    assert re.search(r"open Lena Fischer support high not delivered late by 32 m My parcel has not arrived", words)
    assert "due in 55 minutes" in words
    assert "waiting for 22 m" in words
    assert words.index("Lena Fischer") < words.index("رضا احمدی") < words.index("ops@example.net")


async def test_persian_pages_count_in_persian_digits_and_name_references_in_latin(filled: Site) -> None:
    words = Page(await (await inside(filled, SARA)).get("/")).words
    assert "۳۲ دقیقه دیر شده" in words
    assert "مهلت: ۵۵ دقیقه دیگر" in words
    assert "K7Q2" in words


async def test_names_subjects_and_references_stand_in_their_own_direction(filled: Site) -> None:
    text = (await (await inside(filled)).get("/")).text
    assert '<span class="name"><bdi>رضا احمدی</bdi></span>' in text
    assert '<span class="subject" dir="rtl">بازگشت وجه سفارش ۴۰۸۱۷</span>' in text
    assert '<span class="subject" dir="rtl">OK سلام، ایمیل قبلی را نادیده بگیرید</span>' in text
    assert '<span class="excerpt" dir="ltr">Please ignore my last mail.</span>' in text


async def test_pages_of_a_list_follow_one_another(site: Site) -> None:
    def fill(unit: Unit) -> None:
        who = contact(unit, "Lena", "lena@example.com")
        for n in range(60):
            conversation(unit, f"A{n + 100}", who, due_at=minutes(n))

    site.store.write_now(fill)
    visitor = await inside(site)
    first = await visitor.get("/")
    link = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert link is not None
    second = await visitor.get(link[1].replace("&amp;", "&"))
    seen = re.findall(r'href="/c/(A\d+)"', first.text), re.findall(r'href="/c/(A\d+)"', second.text)
    assert [*seen[0], *seen[1]] == [f"A{n + 100}" for n in range(60)]
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize(("view", "words"), [("open", "No conversation yet"), ("done", "No conversation yet")])
async def test_an_empty_house_says_what_to_do_next(site: Site, view: str, words: str) -> None:
    page = Page(await (await inside(site)).get(f"/?view={view}"))
    assert words in page.words
    assert "inbox doctor" in page.words
    assert ("code", {"dir": "ltr"}) in page.elements


async def test_an_empty_list_says_why(filled: Site) -> None:
    filled.store.write_now(lambda unit: conversation(unit, "Z9ZZ", 1, state="done"))
    visitor = await inside(filled)
    filled.store.write_now(_all_done)
    assert "Everybody is answered" in Page(await visitor.get("/")).words
    assert "Nothing is assigned to you" in Page(await visitor.get("/?view=mine")).words


def _all_done(unit: Unit) -> None:
    unit.execute(sa.update(t.conversation).values(state="done"))


# -- one conversation --------------------------------------------------------------------------------------------------
async def test_a_conversation_tells_everything_an_agent_needs(filled: Site) -> None:
    words = Page(await (await inside(filled)).get("/c/K7Q2")).words
    for expected in (
        "My parcel has not arrived",
        "lena@example.com verified",
        "Note, for agents only",
        "failed lena@example.com 550 5.1.1 mailbox unavailable",
        "parcel.jpg 340 KB",
        "رسید خرید.pdf 2.3 MB",
        "an answer by Tuesday 24 November, 09:58",
        "Rules that applied: parcels, vip first",
        "Show all of it, quotes included",
        "Delivery: failed",
    ):
        assert expected in words


async def test_each_paragraph_has_its_own_direction(filled: Site) -> None:
    text = (await (await inside(filled)).get("/c/M4TR")).text
    assert '<p dir="rtl">با سلام و احترام</p>' in text
    assert '<p dir="ltr">Sent from my iPhone</p>' in text


async def test_a_reference_as_people_type_it_leads_to_the_conversation(filled: Site) -> None:
    visitor = await inside(filled)
    for typed in ("k7q2", "%23K7Q2", "k%DB%B7q2"):
        answer = await visitor.get(f"/c/{typed}")
        assert (answer.status, answer.headers["location"]) == (307, "/c/K7Q2")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_kind_of_event_has_its_words(language: str) -> None:
    teller = timeline.Teller(partial(WORDING.say, language), language, ZoneInfo("Asia/Tehran"), Roster())
    values = {
        "priority": "high",
        "state": "open",
        "outcome": "kept",
        "metric": "first_reply",
        "due_at": NOW,
        "agent": 7,
        "team": 7,
        "added": ("a",),
        "removed": ("b",),
        "rules": ("r",),
        "reason": "silent.something",
    }
    for kind in get_args(get_args(ev.Payload)[0]):
        facts = {name: values.get(name, "x") for name in kind.__slots__}
        facts |= {"kind": _name(kind), "state": "sent" if kind is ev.DeliverySettled else "open"}
        assert teller.words(kind(**{name: facts[name] for name in kind.__slots__}))


def _name(kind: type) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", kind.__name__).lower()


# -- what a customer writes --------------------------------------------------------------------------------------------
VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</p></main><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<a href=javascript:alert(1)>x</a>",
    "\u202ereversed<b>",
]


def poison(unit: Unit, vector: str) -> None:
    """A conversation in which every text that comes from outside is the vector."""
    who = contact(unit, vector, f"{vector}@example.com")
    unit.execute(sa.update(t.agent).values(name=vector))
    texts = {"subject": vector, "excerpt": vector, "tags": [vector], "fields": [[vector, vector]], "policy": vector}
    matter = conversation(unit, "X2SS", who, **texts, assignee_id=SARA, due_at=minutes(5))
    said = message(unit, matter, "inbound", f"{vector}\n\n> {vector}", reply_text=vector, sender=[vector, vector])
    file = {"filename": vector, "content_type": vector, "size": 1, "start": 0, "length": 1}
    unit.insert(t.attachment, message_id=said, **file)
    delivery(unit, matter, said, "failed", vector, vector)
    tell(unit, matter, 0, ev.Tagged("tagged", (vector,)), ev.SubjectSet("subject_set", vector))
    tell(unit, matter, 1, ev.FieldSet("field_set", vector, vector), actor=ev.Actor("rule", None, vector))


@pytest.mark.parametrize("vector", VECTORS)
async def test_s13_what_comes_from_outside_is_text_and_nothing_else(site: Site, vector: str) -> None:
    site.store.write_now(poison, vector)
    visitor = await inside(site)
    for path in ("/", "/c/X2SS"):
        page = Page(await visitor.get(path))
        assert vector.strip() in "".join(page.text)
        for tag, attributes in page.elements:
            assert tag not in {"script", "iframe", "b"}
            assert not [name for name in attributes if name.startswith("on") or name == "autofocus"]
            assert not (attributes.get("href") or "").startswith("javascript")
            assert tag != "img" or attributes["src"] == site_icon(page)


def site_icon(page: Page) -> str | None:
    """The address of the one picture that pages show."""
    return next(a["href"] for tag, a in page.elements if tag == "link" and a.get("rel") == "icon")


# -- health, failures, channels, files ---------------------------------------------------------------------------------
async def test_health_is_open_and_readiness_is_asked_for(site: Site) -> None:
    visitor = Visitor(site.app())
    assert (await visitor.get("/healthz")).text == "ok\n"
    assert (await visitor.get("/readyz")).status == 200
    site.ready = False
    assert (await visitor.get("/readyz")).status == 503
    assert (await visitor.get("/healthz")).status == 200


async def test_a_mistake_of_ours_shows_a_number_and_logs_no_words_of_anybody(
    filled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await inside(filled)

    said = "".join(["SEC", "RET"])

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("inbox.store.views.counts", broken)
    with capture_logs() as logs:
        answer = await visitor.get("/c/K7Q2")
    assert answer.status == 500
    assert said not in answer.text
    assert said not in str(logs)
    (line,) = logs
    assert line["number"] in Page(answer).words
    assert (line["path"], line["error"]) == ("/c/{reference}", "RuntimeError")


async def test_a_store_in_trouble_is_told_in_its_own_words(filled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = await inside(filled)

    def busy(*_: object, **__: object) -> None:
        raise Temporary("config.unknown_key", where="config.toml", name="x", suggestion="y")

    monkeypatch.setattr("inbox.store.views.counts", busy)
    with capture_logs():
        answer = await visitor.get("/")
    assert answer.status == 503
    assert "there is no key" in Page(answer).words


async def test_the_failure_page_does_not_need_the_store(filled: Site) -> None:
    visitor = await inside(filled)
    app = visitor.app
    filled.store.engine.dispose()
    (Path(str(filled.store.engine.url.database))).unlink()
    with capture_logs():
        assert (await Visitor(app, cookies=visitor.cookies).get("/")).status in (500, 503)


async def test_a_method_that_is_not_meant_is_refused(filled: Site) -> None:
    assert (await (await inside(filled)).post("/", {})).status == 405


async def test_channels_have_their_own_door_and_their_own_headers(site: Site) -> None:
    async def face(scope: Scope, receive: Receive, send: Send) -> None:
        body = f"{scope['path']} {scope['root_path']}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    answer = await Visitor(site.app({ChannelName("bot"): face})).get("/channels/bot/hook")
    assert answer.text == "/channels/bot/hook /channels/bot"
    assert answer.headers == {"x-content-type-options": "nosniff"}
    assert (await Visitor(site.app()).get("/channels/bot/hook")).status == 404


async def test_files_are_kept_for_ever_under_the_name_of_their_content(site: Site) -> None:
    visitor = Visitor(site.app())
    page = await visitor.get("/")
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
    assert len(sheets) == 2
    for sheet in sheets:
        answer = await visitor.get(sheet)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in answer.headers["cache-control"]
        for name in re.findall(r'url\("\.\./([^"]+)"\)', answer.text):
            assert (await visitor.get(f"/static/{name}")).status == 200
    for wrong in ("/static/0/style.css", "/static/x/../app.py", "/static/x/%2e%2e%2fapp.py"):
        assert (await visitor.get(wrong)).status == 404


def test_styles_know_no_left_and_right_and_load_nothing_from_elsewhere() -> None:
    for sheet in (HERE / "static").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(
            r"(?<![\w-])(left|right|margin-(left|right)|padding-(left|right)|border-(left|right))\s*:", text
        )
        assert "http" not in text
        assert "text-align: left" not in text
        assert "text-align: right" not in text


def test_the_font_comes_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (HERE / "static" / "vazirmatn-OFL.txt").read_text()


def test_every_sentence_that_a_page_names_is_in_the_catalogue() -> None:
    known = set(sentences("en"))
    for page in (HERE / "pages").glob("*.j2"):
        for key in re.findall(r'(?:say|plural)\("([\w.]+\w)"[,)]', page.read_text("utf-8")):
            assert key in known, f"{page.name}: {key}"


async def test_what_a_page_says_of_its_form_belongs_to_the_session(filled: Site) -> None:
    one, other = await inside(filled, SARA), await inside(filled, OMID)
    tokens = {hidden(await visitor.get("/"), "form_token") for visitor in (one, other)}
    assert len(tokens) == 2
