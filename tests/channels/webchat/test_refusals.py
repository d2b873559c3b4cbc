"""What strangers may not do: other origins, too much, too often, rubbish; and what they are told when the house is busy."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from limits.aio.storage import MemoryStorage

from channels.webchat import paces
from channels.webchat.options import WebchatOptions
from channels.webchat.paces import Paces
from inbox.domain.problems import Temporary
from inbox.text.networks import network
from tests.channels.webchat.ground import HOST, SHOP, WebchatGround
from tests.web.poison import VECTORS

A, B = "a" * 26, "b" * 26
ENDS = [
    ("POST", "hello"),
    ("GET", "lines"),
    ("GET", "live"),
    ("POST", "messages"),
    ("POST", "press"),
    ("POST", "suggest"),
    ("POST", "solved"),
    ("POST", "read"),
    ("POST", "mail"),
    ("POST", "mail/code"),
    ("POST", "transcript"),
    ("GET", "files/1"),
]


# -- origins -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("method", "path"), ENDS)
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://shop.example",
        "https://shop.example.evil.example",
        f"{SHOP}:8443",
        "",
        SHOP.upper(),
    ],
)
async def test_s31_a_foreign_page_gets_403_and_nothing_else(
    ground: WebchatGround, method: str, path: str, origin: str
) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.request(method, path, headers={"origin": origin}, json={"id": "1", "text": "x"})
    assert (answer.status_code, answer.json()["error"]) == (403, "webchat.foreign_origin")
    assert [name for name in answer.headers if name.startswith("access-control")] == []
    assert ground.front.items == {}


@pytest.mark.parametrize("origin", [SHOP, HOST])
async def test_an_allowed_page_and_our_own_may_read_what_is_answered(ground: WebchatGround, origin: str) -> None:
    async with ground.browser(headers={"origin": origin}) as browser:
        for answer in (await browser.post("hello", json={}), await browser.get("lines"), await browser.get("nowhere")):
            assert answer.headers["access-control-allow-origin"] == origin
            assert "origin" in answer.headers["vary"].lower()
            assert "access-control-allow-credentials" not in answer.headers
    assert answer.status_code == 404


async def test_a_preflight_says_what_may_be_sent(ground: WebchatGround) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    async with ground.browser(headers=asked) as browser:
        allowed = await browser.request("OPTIONS", "messages", headers={"origin": SHOP})
        foreign = await browser.request("OPTIONS", "messages", headers={"origin": "https://evil.example"})
        nobody = await browser.request("OPTIONS", "messages")
    assert (allowed.status_code, foreign.status_code, nobody.status_code) == (204, 403, 403)
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert {"authorization", "content-type", "last-event-id"} <= set(
        allowed.headers["access-control-allow-headers"].lower().split(", ")
    )
    assert "access-control-allow-credentials" not in allowed.headers
    assert "access-control-allow-origin" not in foreign.headers


# -- tokens ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("method", "path"), [end for end in ENDS if end[1] != "hello"])
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer x", f"Bearer {A}", f"Basic {A}", "Bearer " + "\u00e9" * 9])
async def test_s17_without_a_token_of_ours_nothing_is_shown(
    ground: WebchatGround, method: str, path: str, shown: str
) -> None:
    headers = {b"authorization": shown.encode("latin-1")}
    async with ground.browser() as browser:
        answer = await browser.request(method, path, headers=headers, json={})
    assert (answer.status_code, answer.json()["error"]) == (401, "webchat.no_token")


async def test_a_forged_token_makes_a_new_visitor_and_not_that_one(ground: WebchatGround) -> None:
    async with ground.browser() as browser:
        said = (await browser.post("hello", json={"token": f"{A}.{'a' * 52}"})).json()
    assert said["fresh"]
    assert ground.tokens.visitor(said["token"]) != A


# -- too much ----------------------------------------------------------------------------------------------------------
async def test_s37_a_text_and_files_beyond_the_limits_are_refused_with_the_limit(ground: WebchatGround) -> None:
    async with ground.browser(A, headers={"accept-language": "en"}) as browser:
        for text, status in (("x" * 4000, 202), ("x" * 4001, 413), ("😀" * 4000, 202), (" \n ", 422), ("", 422)):
            assert (await browser.post("messages", json={"id": "1", "text": text})).status_code == status
        told = (await browser.post("messages", json={"id": "1", "text": "x" * 4001})).json()
        assert "4000" in told["message"]
        many = await browser.post("messages", data={"id": "2"}, files=[("files", ("a", b"x"))] * 6)
        assert (many.status_code, many.json()["error"]) == (413, "webchat.too_many_files")
        crowd = await browser.post("messages", data={"id": "2"}, files=[("files", ("a", b"x"))] * 9)
        assert crowd.status_code == 400


async def test_a_file_beyond_its_limit_is_refused(tmp_path: Any) -> None:
    ground = WebchatGround(tmp_path, file_bytes=1000, files=2)
    async with ground.browser(A) as browser:
        big = await browser.post("messages", data={"id": "1"}, files=[("files", ("a", b"x" * 1001))])
        whole = await browser.post("messages", data={"id": "1"}, files=[("files", ("a", b"x" * 100_000))])
        fits = await browser.post("messages", data={"id": "1"}, files=[("files", ("a", b"x" * 1000))])
    assert [one.json()["error"] for one in (big, whole)] == ["webchat.file_too_big", "webchat.too_large"]
    assert fits.status_code == 202


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(tmp_path: Any) -> None:
    ground, taken = WebchatGround(tmp_path, file_bytes=100_000), 0
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'

    async def endless(first: bytes) -> Any:
        nonlocal taken
        yield first
        while taken < 100_000_000:
            taken += 65_536
            yield b"x" * 65_536

    async with ground.browser(A) as browser:
        for path, first in (("messages", b"{"), ("mail", b"{"), ("hello", b"{"), ("messages", head)):
            kind = BOUNDED if first == head else "application/json"
            answer = await browser.post(path, content=endless(first), headers={"content-type": kind})
            assert (answer.status_code, answer.json()["error"]) == (413, "webchat.too_large")
    assert taken < 2_000_000


# -- rubbish -----------------------------------------------------------------------------------------------------------
BOUNDED = "multipart/form-data; boundary=b"
FIELD = b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n'
RUBBISH: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"[]"),
    ("application/json", b"null"),
    ("application/json", b"[" * 5000),
    ("application/json", b"\xff\xfe"),
    ("text/plain", b'{"id": "1", "text": "x"}'),
    ("", b"x"),
    ("multipart/form-data", FIELD),
    ("multipart/form-data; boundary=", FIELD),
    ("multipart/form-data; boundary=\xe9", FIELD),
    ("multipart/form-data; boundary=b; charset=utf-7", FIELD),
    (BOUNDED, b""),
    (BOUNDED, b"x" * 1000),
    (BOUNDED, FIELD[:-10]),
    (BOUNDED, b"--b\r\n\r\nx\r\n--b--\r\n"),
    (BOUNDED, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    (BOUNDED, FIELD * 100 + b"--b--\r\n"),
    (BOUNDED, b"--b\r\n" + b"X: y\r\n" * 10_000 + b"\r\nx\r\n--b--\r\n"),
    (
        BOUNDED,
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="'
        + b"a" * 100_000
        + b'"\r\n\r\nx\r\n--b--\r\n',
    ),
    (BOUNDED, b"\0" * 10_000),
]


@pytest.mark.parametrize("end", [b"", b"--b", b"--b--"])
async def test_a_form_that_was_cut_off_is_refused_and_leaves_nothing_open(ground: WebchatGround, end: bytes) -> None:
    file = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx\r\n'
    async with ground.browser(A) as browser:
        answer = await browser.post("messages", content=FIELD + file + end, headers={"content-type": BOUNDED})
    whole = end == b"--b--"
    assert answer.status_code == (202 if whole else 400)
    assert len(ground.front.items) == whole


@pytest.mark.parametrize(("kind", "body"), RUBBISH)
async def test_rubbish_is_refused_and_never_breaks(ground: WebchatGround, kind: str, body: bytes) -> None:
    async with ground.browser(A) as browser:
        for path in ("messages", "hello"):
            headers = {b"content-type": kind.encode("latin-1")}
            answer = await browser.post(path, content=body, headers=headers)
            assert answer.status_code in (400, 413, 415, 422)
            assert answer.json()["message"]
    assert ground.front.items == {}


@pytest.mark.parametrize("id", [10**400, 1e300, "", " ", "a b", "x" * 65, "é", "\n", None, ["1"], {"a": 1}, True, 1.5])
async def test_a_message_needs_a_name_of_its_own(ground: WebchatGround, id: object) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.post("messages", json={"id": id, "text": "x"})
    assert answer.status_code in (413, 422)
    assert ground.front.items == {}


@pytest.mark.parametrize("text", [1, ["x"], {"a": "b"}, None])
async def test_words_that_are_none_are_not_said(ground: WebchatGround, text: object) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.post("messages", json={"id": "1", "text": text if text != 1 else [1]})
    assert answer.status_code == 422


@pytest.mark.parametrize("vector", VECTORS)
async def test_s13_what_a_visitor_writes_is_text_and_nothing_else(ground: WebchatGround, vector: str) -> None:
    files = [("files", (f"{vector}.svg", b"<svg onload=alert(1)>", "image/svg+xml"))]
    async with ground.browser(A) as browser:
        said = {"id": "1", "text": vector, "page": f"javascript:{vector}", "name": vector}
        assert (await browser.post("messages", data=said, files=files)).status_code == 202
        answer = await browser.get("lines")
        [line] = answer.json()["lines"]
        file = await browser.get(f"files/{line['files'][0]['id']}")
    assert answer.headers["content-type"].startswith("application/json")
    assert line["text"] == vector.replace("\u202e", "")
    assert file.headers["content-type"] == "application/octet-stream"
    assert "\r" not in file.headers["content-disposition"]
    [item] = ground.front.items.values()
    assert isinstance(item.raw, bytes)
    assert json.loads(item.raw.partition(b"\n")[0])["page"] == ""


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://shop.example/a?token=1#x", "https://shop.example/a"),
        ("https://user:pass@shop.example/a", "https://shop.example/a"),
        ("http://shop.example", "http://shop.example"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://", ""),
        ("nonsense", ""),
    ],
)
async def test_of_the_page_only_what_is_nobodys_secret_is_kept(ground: WebchatGround, told: str, kept: str) -> None:
    async with ground.browser(A) as browser:
        await browser.post("messages", json={"id": "1", "text": "x", "page": told})
    [item] = ground.front.items.values()
    assert isinstance(item.raw, bytes)
    assert json.loads(item.raw.partition(b"\n")[0])["page"] == kept


# -- too often ---------------------------------------------------------------------------------------------------------
async def test_s37_a_visitor_who_says_too_much_in_a_minute_waits(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, now = WebchatGround(tmp_path, messages_per_minute=3), [1_000_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    async with ground.browser(A, headers={"accept-language": "fa"}) as browser:
        answers = [await browser.post("messages", json={"id": str(n), "text": "x"}) for n in range(4)]
        async with ground.browser(B) as other:
            assert (await other.post("messages", json={"id": "1", "text": "x"})).status_code == 202
        now[0] += 60
        assert (await browser.post("messages", json={"id": "3", "text": "x"})).status_code == 202
    assert [one.status_code for one in answers] == [202, 202, 202, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["message"] == ground.front.say("fa", "webchat.too_often")


async def test_s37_new_visitors_from_one_place_are_counted_when_they_write(tmp_path: Any) -> None:
    ground = WebchatGround(tmp_path, visitors_per_hour=2)
    for n, (visitor, host, status) in enumerate(
        [
            ("a", "192.0.2.1", 202),
            ("a", "192.0.2.1", 202),
            ("b", "192.0.2.1", 202),
            ("c", "192.0.2.1", 429),
            ("a", "192.0.2.1", 202),
            ("c", "192.0.2.2", 202),
            ("c", "192.0.2.1", 202),
        ]
    ):
        async with ground.browser(visitor * 26, host=host) as browser:
            assert (await browser.post("messages", json={"id": str(n), "text": "x"})).status_code == status
    async with ground.browser(host="192.0.2.1") as browser:
        assert (await browser.post("hello", json={})).status_code == 200, "looking at a page is not writing"


async def test_a_place_sends_so_many_bytes_in_an_hour(ground: WebchatGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paces, "BYTES_PER_HOUR", 1500)
    ground = WebchatGround(ground.place.site)
    statuses = []
    async with ground.browser(A) as browser:
        for n in range(3):
            files = [("files", ("a", b"x" * 1000))]
            statuses.append((await browser.post("messages", data={"id": str(n)}, files=files)).status_code)
    assert statuses == [202, 429, 429]


async def test_addresses_and_codes_are_tried_a_few_times_only(ground: WebchatGround) -> None:
    async with ground.browser(A) as browser:
        statuses = [(await browser.post("mail/code", json={"code": str(n)})).status_code for n in range(25)]
    assert (statuses[:20], statuses[20:]) == ([200] * 20, [429] * 5)


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_what_counts_as_one_place(host: str, place: str) -> None:
    assert network(host) == place


async def test_what_was_counted_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever invents visitors must not fill the memory."""
    now = [1_000_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    kept = MemoryStorage()
    counted = Paces(WebchatOptions(), kept)
    for n in range(500):
        await counted.asks(f"visitor {n}")
    assert len(kept.storage) == 500
    now[0] += 3600
    await counted.asks("one more")
    async with asyncio.timeout(25):
        while len(kept.storage) > 1:
            await asyncio.sleep(0)


# -- a busy house ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "fa"])
async def test_what_cannot_be_stored_now_is_asked_for_again(ground: WebchatGround, language: str) -> None:
    ground.front.busy = Temporary("store.busy")
    large = [("files", ("a", b"x" * 2_000_000))]
    async with ground.browser(A, headers={"accept-language": language}) as browser:
        answers = [
            await browser.post("messages", json={"id": "1", "text": "x"}),
            await browser.post("messages", data={"id": "1", "text": "x"}, files=large),
            await browser.post("press", json={"id": "1", "data": "x"}),
        ]
        for answer in answers:
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.json() == {"error": "webchat.busy", "message": ground.front.say(language, "webchat.busy")}
        assert list((ground.place.data / "spool").iterdir()) == [], "nothing is left lying"
        ground.front.busy = None
        assert (await browser.post("messages", json={"id": "1", "text": "x"})).status_code == 202


async def test_a_full_disk_is_a_busy_house(ground: WebchatGround) -> None:
    ground.place.data.mkdir()
    (ground.place.data / "spool").write_text("in the way")
    async with ground.browser(A) as browser:
        answer = await browser.post("messages", data={"id": "1"}, files=[("files", ("a", b"x" * 2_000_000))])
    assert (answer.status_code, answer.json()["error"]) == (503, "webchat.busy")


@pytest.mark.parametrize("path", ["lines", "hello"])
async def test_a_house_that_ends_says_that_it_passes(ground: WebchatGround, path: str) -> None:
    ground.front.close()
    async with ground.browser(A) as browser:
        answer = await (browser.get(path) if path == "lines" else browser.post(path, json={}))
    assert (answer.status_code, answer.json()["error"]) == (503, "webchat.busy")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "hello"), ("GET", "hello"), ("HEAD", "live"), ("PUT", "lines")]
)
async def test_a_method_that_is_none_is_told_so(ground: WebchatGround, method: str, path: str) -> None:
    async with ground.browser(A) as browser:
        answer = await browser.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["allow"] in ("GET", "POST")


async def test_s23_an_error_holds_nothing_but_its_sentence(ground: WebchatGround) -> None:
    refusals: list[httpx.Response] = []
    async with ground.browser(A) as browser:
        refusals += [await browser.post("messages", json={}), await browser.get("files/x"), await browser.get("x")]
    for answer in refusals:
        assert set(answer.json()) == {"error", "message"}
        assert A not in answer.text
