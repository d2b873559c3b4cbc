"""What a mail becomes in house terms: identity, thread, tokens, text, HTML and the fingerprint of its copies."""

import re
import time
from datetime import UTC, datetime

import pytest

from bench.workload import Kind, build
from channels.email.marks import Marks
from tests.unit.email.letters import OURS, SECRET, codec, mail, message

TOKEN = "abcdefghijklmnopqrstuvwxyz"
MARKS = Marks((OURS,), SECRET)


def test_the_workload_is_read_as_it_was_written() -> None:
    for one in build(200, 11):
        (found,) = codec().parse(one.raw)
        assert found.key == one.message_id
        if one.kind is Kind.REPORT:
            assert found.kind == "report"
            continue
        assert found.kind == "message"
        assert found.defects == ()
        assert (found.automatic == "auto-reply") == (one.kind in (Kind.AUTOMATIC, Kind.STRAY))
        assert bool(found.references) == (b"In-Reply-To" in one.raw)


def test_references_run_from_the_nearest_to_the_farthest() -> None:
    raw = mail("In-Reply-To: <3@x>", "References: <1@x> <2@x>\r\n\t<3@x>")
    assert message(raw).references == ("<3@x>", "<2@x>", "<1@x>")


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("<a@x> (was: something)", ("<a@x>",)),
        ("a@x", ("<a@x>",)),
        ("<a long\r\n id@x>", ("<alongid@x>",)),
        ("<>", ()),
        ("nothing", ()),
        ("<" + "a" * 200 + "@outlook.test>", ("<" + "a" * 200 + "@outlook.test>",)),
    ],
)
def test_ids_as_programs_write_them(field: str, found: tuple[str, ...]) -> None:
    assert message(mail(f"In-Reply-To: {field}")).references == found


def test_tokens_come_from_reply_addresses_and_from_our_own_ids() -> None:
    ours = MARKS.message_id(TOKEN, "reply", "desk.test")
    assert message(mail(f"Cc: support+{TOKEN}@desk.test")).tokens == (TOKEN,)
    assert message(mail(f"Delivered-To: SUPPORT+{TOKEN.upper()}@desk.test")).tokens == (TOKEN,)
    assert message(mail(f"References: <x@y> {ours}")).tokens == (TOKEN,)


@pytest.mark.parametrize(
    "field",
    [
        f"Cc: support+{TOKEN}@other.test",
        f"Cc: sales+{TOKEN}@desk.test",
        f"Cc: support+{TOKEN[:-1]}@desk.test",
        f"Cc: support+{TOKEN}a@desk.test",
        f"Cc: support+{TOKEN[:-1]}1@desk.test",
        f"References: <{TOKEN}.reply.aaaaaaaaaa@desk.test>",
        f"References: <{TOKEN}@desk.test>",
        f"Subject: {TOKEN}",
    ],
)
def test_s2_what_only_looks_like_a_token_is_none(field: str) -> None:
    assert message(mail(field)).tokens == ()


def test_each_changed_letter_of_our_id_is_refused() -> None:
    ours = MARKS.message_id(TOKEN, "notice", "desk.test")
    seal_and_token = range(1, ours.index("@"))
    for at in seal_and_token:
        changed = ours[:at] + ("b" if ours[at] != "b" else "c") + ours[at + 1 :]
        assert MARKS.token_of_id(changed) == ""
    assert MARKS.token_of_id(ours) == TOKEN
    assert Marks((OURS,), b"another secret").token_of_id(ours) == ""


def test_our_own_mail_is_known_by_its_sender_and_by_its_id() -> None:
    assert message(mail(sender=OURS)).own
    assert message(mail(sender=f"support+{TOKEN}@desk.test")).own
    ours = MARKS.message_id(TOKEN, "reply", "desk.test")
    assert message(mail().replace(b"<m1@customer.test>", ours.encode())).own
    assert not message(mail()).own


def test_the_date_is_utc_and_a_claim() -> None:
    assert message(mail("Date: Tue, 24 Nov 2026 10:30:00 +0330")).sent_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert message(mail("Date: 24 Nov 2026 10:30 -0000")).sent_at == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    assert message(mail("Date: yesterday")).sent_at is None
    assert message(mail("Date: Tue, 24 Nov 2026 10:30:00 +9999")).defects == ("bad-date",)


def test_hops_and_headers_for_rules() -> None:
    found = message(mail("Received: a", "Received: b", "X-Priority: 1", "X-Long: " + "x" * 5000))
    assert found.hops == 2
    told = dict(found.headers)
    assert told["x-priority"] == "1"
    assert told["subject"] == "Order"
    assert len(told["x-long"]) == 1024


def test_the_language_of_the_new_words() -> None:
    persian = mail(
        body="\r\nسلام سفارش من نرسیده است\r\n\r\nOn 24/11/2026 10:30, Support wrote:\r\n> We are sorry for the delay\r\n".encode()
    )
    assert message(persian).language == "fa"
    assert message(mail(body=b"\r\nWhere is my order please?\r\n")).language == "en"


def fingerprint(raw: bytes) -> str:
    """The fingerprint of a mail."""
    return codec().parse(raw)[0].fingerprint


def test_copies_that_came_by_other_ways_have_one_fingerprint() -> None:
    raw = mail("Date: Tue, 24 Nov 2026 10:30:00 +0330", "X-Note: a\r\n b", body=b"\r\nHello\r\nthere\r\n")
    traced = (
        b"Return-Path: <a@b>\r\nDelivered-To: x@y\r\nReceived: from a\r\n by b\r\nX-Spam-Score: 1\r\nDKIM-Signature: v=1\r\n"
        + raw
    )
    for copy in (
        traced,
        raw.replace(b"\r\n", b"\n"),
        raw + b"\r\n\r\n",
        raw.replace(b"a\r\n b", b"a b"),
        raw.replace(b"Subject:", b"SUBJECT: "),
    ):
        assert fingerprint(copy) == fingerprint(raw)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b"Hello", b"Hallo"),
        (b"Order", b"order"),
        (b"m1@", b"m2@"),
        (b"Sara <", b"Zara <"),
        (b"To: support", b"To: sales"),
    ],
)
def test_another_mail_has_another_fingerprint(part: bytes, other: bytes) -> None:
    assert fingerprint(mail().replace(part, other)) != fingerprint(mail())


def test_without_id_and_date_the_way_counts_too() -> None:
    bare = re.sub(rb"Message-ID: .*\r\n", b"", mail())
    assert fingerprint(b"Received: by x; Mon\r\n" + bare) != fingerprint(b"Received: by x; Tue\r\n" + bare)


def html(body: str) -> bytes:
    """A mail of HTML alone."""
    return mail("Content-Type: text/html; charset=utf-8", body=b"\r\n" + body.encode())


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java\tscript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<svg onload=alert(1)><desc><script>alert(1)</script></desc></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<iframe src="https://evil.test"></iframe>',
        '<form action="https://evil.test"><input name=p></form>',
        '<p style="background:url(https://evil.test/x)">x</p>',
        '<p style="position:fixed;top:0;width:expression(alert(1))">x</p>',
        '<link rel=stylesheet href="https://evil.test/x.css"><style>@import url(https://evil.test)</style>',
        '<meta http-equiv=refresh content="0;url=https://evil.test">',
        '<base href="https://evil.test/">',
        '<video src="https://evil.test/x" poster="https://evil.test/y"></video>',
        '<img srcset="https://evil.test/x 2x">',
        '<div background="https://evil.test/x">x</div>',
        '<img data-remote="javascript:alert(1)" src="//evil.test/x">',
    ],
)
def test_s13_s27_nothing_runs_and_nothing_is_loaded(attack: str) -> None:
    clean = message(html(f"<p>before</p>{attack}<p>after</p>")).html or ""
    assert "before" in clean
    for forbidden in ("script", "onerror", "onload", "url(", "<svg", "<iframe", "<form", "<link", "<meta", "<base"):
        assert forbidden not in clean.lower()
    assert not re.search(r"(?:src|srcset|poster|background)=\"?(?!cid:)", clean)
    assert not re.search(r"href=\"(?!https?:|mailto:|tel:)", clean)


def test_a_remote_image_is_kept_aside() -> None:
    clean = message(html('<img src="https://shop.test/logo.png?a=1&b=2" alt="Logo">')).html
    assert clean == '<img alt="Logo" data-remote="https://shop.test/logo.png?a=1&amp;b=2">'


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ('<a href="https://desk.test/">desk.test</a>', "desk.test"),
        ('<a href="https://desk.test/x">here</a>', "here (https://desk.test/x)"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n  - c"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<pre>a\n\nb</pre>", "a\n\nb"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<ol start=x><li>a</li></ol><ol start=-2><li>b</li></ol>", "1. a\n\n1. b"),
        ('<a href="mailto:a@b.test?subject=x">a@b.test</a>', "a@b.test"),
        ("<div>a</div><div>&nbsp;</div><div>b</div>", "a\n\nb"),
        ("<p>The poem:</p><blockquote>Roses</blockquote>", "The poem:\n\nRoses"),
        (
            "<div>On 24/11/2026 10:30, Desk wrote:</div><blockquote>a</blockquote>",
            "On 24/11/2026 10:30, Desk wrote:\n\n> a",
        ),
        ('<div>a</div><div class="gmail_signature">-- <br>S</div>', "a\n--\nS"),
        ('<div>a</div><div class="signature"><div class="signature">S</div></div>b', "a\n--\nS\nb"),
        ('<div>a</div><div id="Signature"></div><div>b</div>', "a\nb"),
        ("a &lt;b&gt; &amp;amp; &zwnj;c", "a <b> &amp; \u200cc"),
        ('<blockquote type="cite">old<br>older</blockquote>new', "> old\n> older\n\nnew"),
        ("<div>x<div>y</div></div>z", "x\ny\nz"),
        ("<style>p{}</style><title>t</title>a", "a"),
        ("<p>a<p>b", "a\n\nb"),
        ("<h1>T</h1>a<hr>b", "T\n\na\n\n————————\n\nb"),
    ],
)
def test_html_as_text(source: str, text: str) -> None:
    assert message(html(source)).text == text


def test_the_text_of_html_that_is_too_deep_is_still_there() -> None:
    found = message(html("<div>" * 5000 + "<script>x</script>Hello &amp; goodbye"))
    assert found.html is None
    assert "Hello & goodbye" in found.text
    assert found.defects == ("oversized-html",)


def test_a_quote_in_html_is_folded_by_its_structure() -> None:
    source = '<div>New</div><blockquote type="cite"><div>Old</div></blockquote><div>Below</div>'
    assert message(html(source)).reply_text == "New\n\nBelow"
    source = '<div>Neu</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>X:</b> a<br><b>Y:</b> b<br><b>Z:</b> c</div><div>Old</div>'
    assert message(html(source)).reply_text.startswith("Neu")
    assert "Old" not in message(html(source)).reply_text


@pytest.mark.parametrize(
    "mark",
    [
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">',
        "<div style='border:none;border-top:solid #B5C4DF 1.0pt'>",
        '<div class="ms-outlook-mobile-reference-message skipProofing">',
        '<hr><div id="divRplyFwdMsg">',
        '<div id="mail-editor-reference-message-container"><hr><div>',
    ],
)
def test_the_line_of_outlook_folds_a_header_in_any_language(mark: str) -> None:
    source = f"<p>Uusi</p>{mark}<b>Q:</b> a<br><b>W:</b> b<br><b>E:</b> c</div><p>Old</p>"
    assert message(html(source)).reply_text == "Uusi"


def test_a_line_that_a_shop_draws_folds_nothing() -> None:
    source = '<p>My bill:</p><div style="border-top:1px solid #e1e1e1">Sum: 1<br>Tax: 2<br>Total: 3</div>'
    assert message(html(source)).reply_text == "My bill:\n\nSum: 1\nTax: 2\nTotal: 3"


@pytest.mark.parametrize("name", ["yahoo_quoted", "ydp12ab34cdyahoo_quoted"])
def test_yahoo_quotes_by_a_class_that_it_spells_anew_each_time(name: str) -> None:
    found = message(html(f'<div>New</div><div class="{name}"><div>Bo ki:</div><div>Old</div></div>'))
    assert found.reply_text == "New"
    assert "> Old" in found.text


@pytest.mark.parametrize(
    "bomb",
    [
        '<div style="border-top:solid #E1E1E1 1.0pt">',
        '<hr><div id="divRplyFwdMsg"></div>',
        "<p>On 2026 10:30 &lt;a@b&gt;:</p><blockquote>x</blockquote>",
        '<div class="signature"></div>',
        "ydp0123yahoo_quoted ",
        "<pre>\n\n</pre>",
        "<td>&nbsp;",
    ],
)
def test_64_kb_of_html_take_no_time(bomb: str) -> None:
    raw = html((bomb * 65_536)[:65_536])
    assert min(_seconds(raw) for _ in range(3)) < 0.2


def _seconds(raw: bytes) -> float:
    started = time.process_time()
    message(raw)
    return time.process_time() - started


def test_controls_and_overrides_leave_the_text_and_marks_of_direction_stay() -> None:
    found = message(
        mail(
            "Content-Type: text/plain; charset=utf-8",
            body="\r\na\x00b\x1b[31m \u202egpj.exe \u200fسلام\u200e\r\n".encode(),
        )
    )
    assert found.text == "ab[31m gpj.exe \u200fسلام\u200e"
