"""The codec of the portal: what its pages write down, and what it says to customers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.portal.adapter import PortalAdapter
from channels.portal.codec import KIND, LARGEST, PortalCodec
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.outgoing import Outgoing, Purpose
from inbox.domain.problems import Misconfigured, Permanent, Unreadable
from inbox.ports.framing import Enclosed, head

CODEC = PortalCodec()
LENA = "email:lena@example.org"
ANSWER = Outgoing(
    purpose=Purpose.REPLY,
    token="a" * 26,
    sender=Address("portal", "Acme"),
    to=(Address(LENA),),
    subject="",
    text="A lid is on its way.",
    date=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    language="en",
    direction="ltr",
    thread="in K7Q2",
)


def raw(files: tuple[Enclosed, ...] = (), content: bytes = b"", **said: object) -> bytes:
    told = {"kind": "message", "customer": LENA, "id": "1", "thread": "in K7Q2", "text": "hello, how are you?", **said}
    return head(KIND, told, files) + content


def read(bytes_: bytes) -> InboundMessage:
    [found] = CODEC.parse(bytes_)
    assert isinstance(found, InboundMessage)
    return found


def test_a_customer_has_the_name_of_the_address_by_which_they_came_in() -> None:
    found = read(raw(name="Lena", subject="Teapot", files=(Enclosed("a.txt", "text/plain", 2),), content=b"hi"))
    assert (found.sender, found.subject, found.thread) == (Address(LENA, "Lena"), "Teapot", "in K7Q2")
    [file] = found.attachments
    whole = raw(name="Lena", subject="Teapot", files=(Enclosed("a.txt", "text/plain", 2),), content=b"hi")
    assert (file.filename, CODEC.attachment(whole, file.start, file.length, "")) == ("a.txt", b"hi")


def test_the_same_words_sent_twice_are_one_message_and_other_words_another() -> None:
    assert read(raw()).fingerprint == read(raw(text="once more, in other words")).fingerprint
    assert read(raw()).fingerprint != read(raw(id="2")).fingerprint
    assert read(raw()).fingerprint != read(raw(customer="email:ali@example.org")).fingerprint


@pytest.mark.parametrize(
    "broken",
    [
        raw(customer="nobody"),
        raw(customer=f"email:{'a' * 400}"),
        raw(customer="email:a b@example.org"),
        raw(id=""),
        raw(thread=""),
        raw(text=7),
        raw(kind="said", purpose="no such"),
        raw()[:-1],
        raw(content=b"more"),
        b"{}\n",
        b"not json\n",
        b"x" * (LARGEST + 1),
    ],
)
def test_what_is_no_frame_of_ours_is_told(broken: bytes) -> None:
    with pytest.raises(Unreadable):
        CODEC.parse(broken)


@pytest.mark.parametrize("address", ["", "lena@example.org", "email:", "email:a b"])
def test_nobody_else_can_be_written_to(address: str) -> None:
    with pytest.raises(Permanent):
        CODEC.compose(replace(ANSWER, to=(Address(address),)))


def test_an_answer_keeps_its_conversation_when_it_is_read_back() -> None:
    [part] = CODEC.compose(ANSWER)
    found = read(part.body)
    assert (found.own, found.thread, found.text, found.to) == (
        True,
        "in K7Q2",
        "A lid is on its way.",
        (Address(LENA),),
    )
    assert part.lane == LENA


def test_nothing_is_no_answer() -> None:
    with pytest.raises(Permanent):
        CODEC.compose(replace(ANSWER, text=" "))


def test_it_has_no_keys_of_its_own() -> None:
    with pytest.raises(Misconfigured):
        PortalAdapter().options({"title": "x"}, "config.toml: channel.portal")
