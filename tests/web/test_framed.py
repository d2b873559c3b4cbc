"""Mail as it was sent, and files: what is given out, under which headers, and that no vector is anything but paper."""

from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.blobs import Blobs
from inbox.domain.ids import ChannelName, MessageId
from inbox.pipeline.playbook import Playbook
from inbox.store import arrivals
from inbox.store import tables as t
from inbox.store.arrivals import Landing
from inbox.store.unit import Unit
from tests.web.answering import answering, mail_codec, writing
from tests.web.asking import Answer, Visitor
from tests.web.hostile import VECTORS, named
from tests.web.reader import Page
from tests.web.sites import NOW, Site, contact, conversation, message

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
ALLOWED = {"href": ("http://", "https://", "mailto:", "tel:"), "src": ("data:image/",)}


class Paper(HTMLParser):
    """What stands in a frame."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def mail(unit: Unit, /, html: str, **values: object) -> MessageId:
    """A conversation H7MX with one message of that HTML."""
    matter = conversation(unit, "H7MX", contact(unit, "Lena", "lena@example.com"), subject="Look", version=1)
    return message(unit, matter, "inbound", "Look", html=html, **values)


def enclosed(unit: Unit, /, said: MessageId, name: str, content: bytes, **values: object) -> int:
    """A file of that message, whose bytes are those of its arrival."""
    raw = b64encode(content)
    id = arrivals.land_one(unit, ChannelName("support"), Landing(f"{said} {name}", len(raw), raw), NOW)
    unit.execute(sa.update(t.message).where(t.message.c.id == said).values(arrival_id=id))
    row = {"message_id": said, "filename": name, "content_type": "image/png", "start": 0, "encoding": "base64"}
    return unit.insert(t.attachment, **{**row, "size": len(content), "length": len(raw), **values})


async def shown(site: Site, html: str, more: str = "", **values: object) -> Answer:
    """The frame of a message of that HTML."""
    said = site.store.write_now(mail, html, **values)
    return await (await writing(site, book=answering(mail_codec()))).get(f"/c/H7MX/m/{said}/html{more}")


# -- the frame ---------------------------------------------------------------------------------------------------------
async def test_no_vector_is_anything_but_paper(site: Site) -> None:
    said = {vector: site.store.write_now(_one, number, vector) for number, vector in enumerate(VECTORS)}
    assert len(said) >= 200
    visitor = await writing(site)
    for vector, (reference, id) in said.items():
        for more in ("", "?images"):
            answer = await visitor.get(f"/c/{reference}/m/{id}/html{more}")
            assert answer.status == 200
            paper = Paper(answer.text)
            assert not paper.tags & {
                "script",
                "iframe",
                "object",
                "embed",
                "svg",
                "math",
                "form",
                "input",
                "base",
                "link",
            }
            for _, name, value in paper.attributes:
                assert not name.startswith(("on", "hx-")), vector
                assert name not in {"srcset", "id", "name", "srcdoc", "ping", "formaction", "data-remote"}, vector
                assert "url(" not in value or name not in {"style"}, vector
                if name in ALLOWED:
                    allowed = ALLOWED[name] + (("https://",) if more and name == "src" else ())
                    assert value.lower().startswith(allowed), vector


def _one(unit: Unit, number: int, vector: str) -> tuple[str, MessageId]:
    reference = named("F", number)
    matter = conversation(unit, reference, contact(unit, "", f"{number}@example.com"), version=1)
    return reference, message(unit, matter, "inbound", "x", html=vector)


async def test_the_frame_forbids_everything_and_opens_links_elsewhere(site: Site) -> None:
    answer = await shown(site, '<p>Hi <a href="https://example.org/a?b=1&amp;c=2">there</a></p>')
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "img-src data:;" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    (link,) = [{n: v for tag, n, v in Paper(answer.text).attributes if tag == "a"}]
    assert link == {
        "href": "https://example.org/a?b=1&c=2",
        "target": "_blank",
        "rel": "noopener noreferrer nofollow",
    }


async def test_pictures_from_elsewhere_wait_until_they_are_asked_for_and_come_encrypted(site: Site) -> None:
    html = (
        '<img alt="a" data-remote="https://img.example/a.png?x=1&amp;y=2"><img data-remote="http://img.example/b.png">'
        '<img src="https://img.example/c.png">'
    )
    said = site.store.write_now(mail, html)
    visitor = await writing(site)
    blocked = await visitor.get(f"/c/H7MX/m/{said}/html")
    assert "img.example" not in blocked.text
    asked = await visitor.get(f"/c/H7MX/m/{said}/html?images")
    assert "img-src data: https:;" in asked.headers["content-security-policy"]
    sources = [value for _, name, value in Paper(asked.text).attributes if name == "src"]
    assert sources == ["https://img.example/a.png?x=1&y=2", "https://img.example/c.png"]
    page = Page(await visitor.get("/c/H7MX")).words
    assert "Loading them tells the sender that, when and from which address this was opened." in page


async def test_pictures_of_the_mail_itself_are_shown_in_it(site: Site) -> None:
    said = site.store.write_now(mail, '<img src="cid:Logo@x" alt="logo"><img src="cid:none@x"><img src="cid:bad@x">')
    site.store.write_now(enclosed, said, "logo.png", PNG, content_id="logo@x", inline=True)
    visitor = await writing(site, book=answering(mail_codec()))
    answer = await visitor.get(f"/c/H7MX/m/{said}/html")
    sources = [value for _, name, value in Paper(answer.text).attributes if name == "src"]
    assert sources == [f"data:image/png;base64,{b64encode(PNG).decode()}"]


async def test_what_has_no_html_or_is_not_there_is_no_frame(filled: Site) -> None:
    visitor = await writing(filled)
    for path in (
        "/c/K7Q2/m/1/html",
        "/c/M4TR/m/1/html",
        "/c/K7Q2/m/999/html",
        "/c/K7Q2/m/x/html",
        f"/c/K7Q2/a/{9**20}",
    ):
        assert (await visitor.get(path)).status == 404, path
    assert (await Visitor(filled.app()).get("/c/K7Q2/m/1/html")).status == 403
    assert (await Visitor(filled.app()).get("/c/K7Q2/a/1")).status == 403


# -- files -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def book() -> Playbook:
    """Real mail."""
    return answering(mail_codec())


async def test_a_file_is_kept_under_its_name_and_never_opened_here(site: Site, book: Playbook) -> None:
    said = site.store.write_now(mail, "<p>x</p>")
    content = b"<script>alert(1)</script>"
    id = site.store.write_now(enclosed, said, '../../etc/"رسید".html', content, content_type="text/html")
    visitor = await writing(site, book=book)
    answer = await visitor.get(f"/c/H7MX/a/{id}")
    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == ("attachment; filename*=UTF-8''_%D8%B1%D8%B3%DB%8C%D8%AF_.html")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await visitor.get(f"/c/H7MX/a/{id}?show")).status == 404
    other = await visitor.get(f"/c/K7Q2/a/{id}")
    assert other.status == 404, "a file of another conversation"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(9), "image/jpeg"),
        (b"GIF89a" + bytes(9), "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
async def test_a_picture_is_shown_by_what_its_bytes_say(
    site: Site, book: Playbook, content: bytes, kind: str | None
) -> None:
    said = site.store.write_now(mail, "<p>x</p>")
    id = site.store.write_now(enclosed, said, "a.png", content)
    visitor = await writing(site, book=book)
    answer = await visitor.get(f"/c/H7MX/a/{id}?show")
    assert answer.status == (404 if kind is None else 200)
    if kind is not None:
        assert answer.headers["content-type"] == kind
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (await visitor.get(f"/c/H7MX/a/{id}")).body == content


async def test_a_large_file_is_read_from_where_large_bytes_are(site: Site, book: Playbook, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put(PNG)
    said = site.store.write_now(mail, "<p>x</p>")
    id = site.store.write_now(enclosed, said, "late.png", PNG, state="wanted")

    def fetched(unit: Unit) -> None:
        unit.insert_new(t.blob, digest=digest, size=len(PNG), stored_at=NOW)
        unit.add(t.collecting, {"attachment_id": id, "channel": "support", "not_before": None, "blob": digest})

    site.store.write_now(fetched)
    visitor = Visitor(site.app(playbook=lambda: book, blobs=blobs))
    await visitor.sign_in(site.link("token-x"))
    assert (await visitor.get(f"/c/H7MX/a/{id}")).body == PNG
    assert (await (await writing(site, book=book)).get(f"/c/H7MX/a/{id}")).status == 404
