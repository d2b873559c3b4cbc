"""Names of files that lead elsewhere: while they come in, are kept, shown, given out, answered with and carried away, nothing is opened
but what lies in the site's own folder, and there no name is anybody's but the digest of the bytes."""

import io
import random
import re
from email.header import Header
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from inbox.cli.exporting import Exporting
from inbox.domain.arrivals import Item, Spooled
from inbox.domain.ids import ChannelName
from inbox.domain.scope import Scope
from inbox.ports.channel import Batch, Cursor
from inbox.runtime.intake import SMALL
from inbox.store import entry, exported, people
from inbox.store import tables as t
from inbox.web.app import app
from inbox.web.session import digest
from tests.path.conftest import Houses
from tests.path.house import House
from tests.rig.audit import audited
from tests.web.asking import Visitor
from tests.web.sites import WORDING

POST = ChannelName("post")
MORE = """
[channel.post]
kind = "email"
addresses = ["post@acme.test"]
intake = "none"
outgoing = "maildir"
"""
PARTS = (
    *(
        "../",
        "..\\",
        "/",
        "\\",
        "..",
        "....//",
        "..;/",
        "%2e%2e%2f",
        "..%2f",
        "..%c0%af",
        "%252e%252e/",
        "\u2025/",
        "\uff0e\uff0e\uff0f",
    ),
    *(
        "\u2215",
        "\uff3c",
        "\x00",
        "\u200b",
        "\u202e",
        "~/",
        "~root/",
        "C:\\",
        "\\\\host\\share\\",
        "file:///",
        "//",
        "./",
        "\n",
        "\r\n",
    ),
    *(
        "etc/passwd",
        "proc/self/environ",
        "dev/zero",
        "con",
        "nul.txt",
        "data/secret",
        "data/inbox.db",
        "config.toml",
        ".htaccess",
        ".ssh/id_rsa",
    ),
    *(
        "blobs/",
        "ab/" + "cd" * 31,
        "x" * 300,
        ".png",
        ":stream",
        "|id",
        "$(id)",
        "`id`",
        "*",
        "?",
        "نامه.pdf",
        " ",
        ".",
        "-rf",
    ),
)
"""What ways, and names that must not be used, are made of."""
MANY = 120


def names() -> list[str]:
    """The same each time: each part alone, deep ways to files that are there, and parts thrown together."""
    dice = random.Random(16)
    ways = [f"{up * 12}{there}" for up in ("../", "..\\", "%2e%2e/", "/") for there in ("etc/passwd", "data/secret")]
    mixed = ("".join(dice.choices(PARTS, k=dice.randint(2, 6))) for _ in range(MANY))
    return [*PARTS, *ways, str(Path(__file__).resolve()), *mixed]


def mail(number: int, named: list[str], size: int = 3) -> bytes:
    """A mail with a file of each name: as it is, as an encoded word, as RFC 2231 has it."""
    lines = [
        *(f"From: customer-{number}@customer.test", "To: post@acme.test", f"Subject: Files {number}"),
        *(f"Message-ID: <files.{number}@customer.test>", "MIME-Version: 1.0"),
        *('Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", "The files."),
    ]
    made = "\r\n".join(lines).encode()
    for place, name in enumerate(named):
        clean = name.encode("utf-8", "replace").decode()
        forms = (
            f'filename="{clean}"',
            f'filename="{Header(clean, "utf-8").encode(maxlinelen=0)}"',
            f"filename*=utf-8''{quote(clean, safe='')}",
        )
        head = f"Content-Disposition: attachment; {forms[place % 3]}"
        made += f"\r\n--b\r\nContent-Type: image/png\r\n{head}\r\n\r\n".encode() + b"\x89PNG\r\n\x1a\n" + b"x" * size
    return made + b"\r\n--b--\r\n"


async def taken(house: House, number: int, named: list[str], size: int = 3, spool: Path | None = None) -> None:
    raw = mail(number, named, size)
    item: bytes | Spooled = raw
    if spool is not None:
        spool.write_bytes(raw)
        item = Spooled(spool, len(raw))
    await house.intake.land(POST, Batch((Item(f"{number}", item),), Cursor(f"{number}")))
    await house.settle()


async def asked(house: House) -> Visitor:
    """One of us, in front of the pages."""
    site = house.rooms.settings.site
    parts = {"playbook": house.playbook, "blobs": house.rooms.blobs}
    pages = app(house.store, WORDING, site, house.clock, ready=lambda: True, **parts)  # type: ignore[arg-type]  # each as it is named
    house.store.write_now(entry.add_link, digest("t"), house.agent("sara").who.id, house.clock.now())
    visitor = Visitor(pages)
    assert (await visitor.sign_in("/login/t")).status == 303
    return visitor


def kept(house: House) -> list[str]:
    """The path of each file on the pages."""
    joined = sa.select(t.conversation.c.reference, t.attachment.c.id).select_from(
        t.attachment.join(t.message, t.message.c.id == t.attachment.c.message_id).join(
            t.conversation, t.conversation.c.id == t.message.c.conversation_id
        )
    )
    found = house.store.read_now(lambda unit: unit.execute(joined.order_by(t.attachment.c.id)).all())
    return [f"/c/{reference}/a/{id}" for reference, id in found]


async def round_trip(house: House, visitor: Visitor, named: list[str], spool: Path) -> int:
    """All that is done with files, once; how many were given out."""
    start = len(house.conversations())
    for number in range(start, start + 3):
        await taken(house, number, named[number % 3 :: 3], spool=spool if number % 2 else None)
    await taken(house, start + 3, named[:5], size=SMALL)
    kept_there = {f"{start}-{number}": name for number, name in enumerate(named[:40])}
    house.network.files |= {remote: name.encode("utf-8", "replace") for remote, name in kept_there.items()}
    wanted = [
        {"filename": name, "content_type": "image/png", "size": 0, "state": "wanted", "remote": remote}
        for remote, name in kept_there.items()
    ]
    await house.customer(f"sara{start}@x").writes("See the files.", attachments=wanted)
    matter = house.conversations()[-1]
    files = [
        {"filename": name, "content_type": "text/plain", "content": b"x"} for name in named[:10] if len(name) < 200
    ]
    await house.agent("sara").replies(matter, "And mine.", files=files)
    given = 0
    for path in kept(house):
        answer = await visitor.get(path)
        assert answer.status == 200, path
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert not re.search(
            r"[/\\\r\n]|%2F|%5C|%00", answer.headers["content-disposition"].partition("''")[2], re.IGNORECASE
        )
        await visitor.get(f"{path}?show")
        given += 1
    for one in house.conversations():
        await visitor.get(f"/c/{one.reference}")
        whole = house.store.read_now(exported.whole, one.id, Scope.house(), exported.Period(), notes=True)
        exporting = Exporting(
            house.rooms.blobs, house.playbook().channels, house.store.read_now(people.roster), notes=True
        )
        exporting.mbox(io.BytesIO(), whole)
        exporting.jsonl(io.BytesIO(), whole)
    return given


async def test_s16_no_name_of_a_file_is_a_way_to_another(houses: Houses, tmp_path: Path) -> None:
    house = houses(more=MORE)
    await house.settle()
    visitor = await asked(house)
    spool = tmp_path / "spool"
    await round_trip(house, visitor, ["a.png", "b.png", "c.png"], spool)  # whatever Python loads late is loaded now
    with audited() as seen:
        given = await round_trip(house, visitor, names(), spool)
    assert given > MANY
    assert any(path.is_relative_to(tmp_path / "data") for path in seen.opened), "it was listened to"
    assert seen.outside(tmp_path) == []
    assert seen.called == []
    blobs = [path for path in seen.opened if path.is_relative_to(tmp_path / "data" / "blobs")]
    assert {path.name for path in blobs if not re.fullmatch(BLOB, path.name)} == set()


BLOB = r"blobs|[0-9a-f]{2}|[0-9a-f]{62}|\.[0-9a-f]{64}\.[0-9a-f]{8}"
"""The folder, its drawers, what lies in them, and a draft of that."""
