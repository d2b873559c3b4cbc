"""Whatever we say, our own reader finds exactly that, in either language; and so does the standard library."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.bodies import words
from channels.email.html import Sanitizer
from channels.email.parts import part_of
from inbox.domain.happenings import Address
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File, Outgoing, Purpose
from inbox.text.cleaning import clean_header
from inbox.text.filenames import safe_filename
from tests.unit.email.letters import OURS, codec
from tests.unit.email.test_compose import ENGLISH, REPLY, TOKEN, frozen, ours

PERSIAN = "سلام خسته نباشید می‌خواهم بدانم سفارش ۱۲۳۴ کجاست؟ «ممنون» كي ة ئ\u200c\u0654 ، ؛"
LATIN = "Hello there, it's \"fine\" (really): a;b <c@d> =?utf-8?q?x?= \\ %20 ' é ß 😀 e\u0301"
LAYOUT = " \t\n\r\u200c\u200f\u00a0\u2028."

WORDS = (
    st.text(st.sampled_from(PERSIAN), max_size=120)
    | st.text(st.sampled_from(LATIN), max_size=120)
    | st.text(st.sampled_from(PERSIAN + LATIN + LAYOUT), max_size=300)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
    | st.sampled_from(["a" * 1100, "ا" * 700, "a " * 600, "سلام " * 200, ".", "From me\n.\n..\n", "--=_a" + TOKEN])
)
IDS = st.lists(
    st.builds("<{}@{}>".format, st.text(st.sampled_from("aZ09.+$=_-"), min_size=1, max_size=60), st.sampled_from("xy")),
    max_size=30,
    unique=True,
).map(lambda ids: tuple(map(NetworkKey, ids)))
PEOPLE = st.lists(
    st.builds(Address, st.sampled_from(["a@b.test", "c.d+e@f.test", '"g, h"@i.test', "o'k@xn--mgbh0fb.test"]), WORDS),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.address,
).map(tuple)
FILES = st.lists(
    st.builds(File, WORDS, st.sampled_from(["application/pdf", "image/png", "text/plain"]), st.binary(max_size=3000)),
    max_size=3,
).map(tuple)
HTML = st.sampled_from(
    [
        "<p>سلام <b>سارا</b></p><ul><li>یک</li></ul>",
        '<p dir="ltr">one</p><blockquote>two</blockquote>',
        "<div>" * 20 + "</div>" * 20,
    ]
)
SAID = st.builds(
    Outgoing,
    purpose=st.sampled_from([one for one in Purpose if one is not Purpose.SCREEN]),  # a screen is of a bot, and no mail
    token=st.just(TOKEN),
    sender=st.builds(Address, st.just(OURS), WORDS),
    to=PEOPLE,
    cc=PEOPLE,
    subject=WORDS,
    text=WORDS,
    html=st.none() | HTML,
    date=st.just(REPLY.date),
    language=st.sampled_from(["fa", "en"]),
    direction=st.sampled_from(["rtl", "ltr"]),
    answers=IDS.map(lambda ids: ids[0] if ids else NetworkKey("")),
    references=IDS,
    files=FILES,
)


# A slow machine is no failure, and each example is read twice.
WHATEVER = settings(deadline=None, max_examples=60)


def name(told: str, address: str) -> str:
    """A name as it is written: one line, nothing invisible, no quotes around it, and no address said twice."""
    plain = clean_header(told).strip("'\" ")
    return "" if plain == address else plain


def text(told: str) -> str:
    """A text as it is kept: LF for line ends, no controls, nothing blank around it."""
    raw = b"Content-Transfer-Encoding: 8bit\r\n\r\n" + told.encode()
    return words(raw, part_of(raw, 1 << 20)[0], set()).strip("\n").rstrip()


@WHATEVER
@given(SAID)
def test_our_own_reader_finds_what_was_said(what: Outgoing) -> None:
    found = ours(what)
    assert found.subject == clean_header(what.subject)
    assert found.sender == Address(OURS, name(what.sender.name or "Desk", OURS))
    assert found.to == tuple(Address(one.address, name(one.name, one.address)) for one in what.to)
    assert found.cc == tuple(Address(one.address, name(one.name, one.address)) for one in what.cc)
    assert found.sent_at == what.date
    if text(what.text) or what.html is None:  # a mail without words of its own is read from its HTML
        assert found.text == text(what.text)
    assert found.own
    assert (found.automatic is not None) == what.purpose.automatic
    assert not set(found.defects) - {"name-shows-another-address"}


@WHATEVER
@given(SAID)
def test_files_come_back_whole_and_by_their_names(what: Outgoing) -> None:
    found, body = ours(what).attachments, frozen(what).body
    assert [one.filename for one in found] == [safe_filename(file.filename) for file in what.files]
    assert [one.content_type for one in found] == [file.content_type for file in what.files]
    told = [codec().attachment(body, one.start, one.length, one.encoding) for one in found]
    assert told == [file.content for file in what.files]
    assert [(one.filename, one.size, one.content_id, one.inline) for one in frozen(what).files] == [
        (one.filename, one.size, one.content_id, one.inline) for one in found
    ]
    placed = [codec().attachment(body, one.start, one.length, one.encoding) for one in frozen(what).files]
    assert placed == told
    assert [one.size for one in found] == [len(file.content) for file in what.files]


@WHATEVER
@given(SAID)
def test_the_thread_comes_back_and_an_answer_to_it_finds_its_token(what: Outgoing) -> None:
    found = ours(what)
    thread = [one for one in dict.fromkeys(what.references) if one != what.answers]
    if what.answers:
        assert found.references[0] == what.answers
    assert list(found.references) == [
        one for one in (what.answers, *reversed(thread)) if one and one in found.references
    ]
    if thread:
        assert thread[0] in found.references
    assert found.key == frozen(what).key
    (back,) = found.reply_to
    answer = replace(ENGLISH, sender=what.to[0], to=(back,), token=TOKEN[::-1], answers=NetworkKey(""), references=())
    assert ours(answer).tokens == (TOKEN,)
    by_reference = replace(answer, to=(Address(OURS),), answers=found.key)
    assert ours(by_reference).tokens == (TOKEN,)


@WHATEVER
@given(SAID)
def test_html_is_what_the_sanitizer_leaves_of_it(what: Outgoing) -> None:
    body = frozen(what).body
    page = re.search(rb"text/html; charset=utf-8\r\nContent-Transfer-Encoding: ", body)
    found = ours(what).html
    assert (page is None) == (found is None)
    if what.html is not None and found is not None:
        inside = Sanitizer().clean(what.html) or ""
        assert re.sub(r' dir="(?:rtl|ltr)"', "", inside) in re.sub(r' dir="(?:rtl|ltr)"', "", found)


@WHATEVER
@given(SAID)
def test_d21_the_wire_has_whole_lines_of_legal_length(what: Outgoing) -> None:
    body = frozen(what).body
    assert body.count(b"\r\n") == body.count(b"\r") == body.count(b"\n")
    assert max(map(len, body.split(b"\r\n"))) <= 998
    assert b"\0" not in body
    assert body.partition(b"\r\n\r\n")[0].isascii()
    assert body.endswith(b"\r\n")
