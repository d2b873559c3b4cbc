"""The edges of the pages: hostile words, failures, health, the doors of channels, and the files that pages load."""

import re
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

import inbox.web
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Temporary
from tests.unit.text.test_catalogues import sentences
from tests.web.asking import Visitor, hidden
from tests.web.poison import VECTORS, poison
from tests.web.reader import Page, inside
from tests.web.sites import OMID, SARA, Site

HERE = Path(inbox.web.__file__).parent


@pytest.mark.parametrize("vector", VECTORS)
async def test_s13_what_comes_from_outside_is_text_and_nothing_else(site: Site, vector: str) -> None:
    site.store.write_now(poison, vector)
    visitor = await inside(site)
    for path in ("/", "/c/X2SS"):
        page = Page(await visitor.get(path))
        assert vector.strip() in "".join(page.text)
        for tag, attributes in page.elements:
            assert tag not in {"iframe", "b"}
            assert tag != "script" or (attributes["src"] or "").startswith("/static/")
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
    assert len(sheets) == 3
    for sheet in sheets:
        answer = await visitor.get(sheet)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in answer.headers["cache-control"]
        for name in re.findall(r'url\("\.\./([^"]+)"\)', answer.text):
            assert (await visitor.get(f"/static/{name}")).status == 200
    for wrong in ("/static/0/style.css", "/static/x/../app.py", "/static/x/%2e%2e%2fapp.py"):
        assert (await visitor.get(wrong)).status == 404


def test_styles_know_no_left_and_right_and_load_nothing_from_elsewhere() -> None:
    for sheet in (path for path in (HERE / "static").rglob("*.css") if path.is_file()):
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
