"""Mails changed as chance has it, with an idea of what a mail is: fields, parts, encodings, line ends, and other mails."""

import base64
import quopri
import random
from collections.abc import Callable, Sequence

SPLINTERS = (
    *(b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\r\n", b"--", b"=?", b"?=", b"=?utf-8?B?", b"=?x?Q?=?=", b'"', b"\\"),
    *(b"<", b">", b"(", b")", b";", b":", b",", b"@", b"=", b"%", b"*", b"'", b"\x00", b"\x1b$B", b"\x0b", b"\x85"),
    *(b"\xff\xfe", b"\xed\xa0\x80", b"\xd8\xb3", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x80\x8c", b"\xc2\xa0"),
    *(b"\n--BB\r\n", b"\n--BB--", b"> ", b"\n> ", b"-- \r\n", b"begin 644 x\n", b"=\r\n", b"=0", b"+AGEA-"),
    *(b"</div>", b"<blockquote type=cite>", b"<!--", b"<img src=cid:x>", b"<table><tr><td>", b"&#x0;", b"<svg><p>"),
    *("در تاریخ ۱۰:۳۰ نوشت:\n> ".encode(), b"On Mon, a@b.test wrote:\n> ", b"-----Original Message-----\n"),
)
FIELDS = (
    *(b"Content-Type: multipart/mixed; boundary=BB", b"Content-Type: message/rfc822", b"Content-Type: text/html"),
    *(b"Content-Type: text/plain; charset=utf-7", b'Content-Type: text/plain; charset="unicode_escape"'),
    *(b"Content-Type: text/plain; format=flowed; delsp=yes", b"Content-Type: text/plain; charset=idna"),
    *(b"Content-Type: multipart/report; report-type=delivery-status; boundary=BB", b"Content-Type: /;;=;"),
    *(b"Content-Type: multipart/alternative; boundary*0=B; boundary*1=B", b"Content-Type: text/calendar"),
    *(b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable"),
    *(b"Content-Transfer-Encoding: x-uuencode", b"Content-Transfer-Encoding: binary; x"),
    *(b"Content-Disposition: attachment; filename*0*=utf-8''%D8; filename*1*=%B3; filename*9=x",),
    *(b'Content-Disposition: inline; filename="../../\\\x00.htaccess"', b"Content-ID: <a b>", b"Content-ID: >"),
    *(b"From: a@b.test", b"From: <a@b>, c@d (x", b'From: "a@b.test" <c@d.test>', b"From: =?utf-8?B?2LM=?= <@>"),
    *(b"To: undisclosed-recipients:;", b"To: a:b:c;d@e;,,", b"Reply-To: <>", b"Sender: x", b"Return-Path: <>"),
    *(b"Date: Mon, 99 Foo 99999 99:99 +9999", b"Date: 1 Jan 0 0:0 -2400", b"Date: \xdb\xb1\xdb\xb2"),
    *(b"Message-ID: <a@b>", b"Message-ID: <>", b"In-Reply-To: <a b@c> <d@e>", b"References: <a@b> <a@b> c@d"),
    *(b"Subject: =?utf-8?B?2LM=?= =?utf-8?B?2LM?=", b"Subject: Fwd: Undelivered Mail Returned to Sender"),
    *(b"Auto-Submitted: auto-replied; x", b"Precedence: bulk", b"List-Id: <x>", b"X-Failed-Recipients: a@b, c@d"),
    *(b"Authentication-Results: mx.desk.test; dmarc=pass header.from=b.test; spf=(", b"Received: from x; y"),
    *(b"Final-Recipient: rfc822; a@b.test", b"Action: failed", b"Status: 5.1.1", b"Diagnostic-Code: smtp; 550 x"),
)
Chance = random.Random


def mutated(mail: bytes, chance: Chance, others: Sequence[bytes] = ()) -> bytes:
    """The mail with up to a dozen changes; parts of `others` may come into it."""
    for _ in range(chance.randint(1, 12)):
        mail = chance.choice(CHANGES)(mail, chance)
        if others and chance.random() < 0.1:
            mail = crossed(mail, chance.choice(others), chance)
        if len(mail) > 400_000:
            mail = mail[: chance.randrange(400_000)]
    return mail


def crossed(mail: bytes, other: bytes, chance: Chance) -> bytes:
    """Two mails made one: a head with another's body, a mail in a mail, or a piece in a place."""
    head, body = halves(mail)
    way = chance.randrange(4)
    if way == 0:
        return head + b"\r\n\r\n" + halves(other)[1]
    if way == 1:
        return _wrapped(head, b"message/rfc822", other)
    if way == 2:
        inner = b"\r\n--BB\r\nContent-Type: text/plain\r\n\r\n" + body + b"\r\n--BB\r\n" + other + b"\r\n--BB--\r\n"
        return b"Content-Type: multipart/mixed; boundary=BB\r\n" + _without(head, b"content-") + b"\r\n\r\n" + inner
    at, start = chance.randrange(len(mail) + 1), chance.randrange(len(other) + 1)
    return mail[:at] + other[start : start + chance.randint(1, 2000)] + mail[at:]


def halves(mail: bytes) -> tuple[bytes, bytes]:
    """The head and the body, where they can be told apart."""
    for empty in (b"\r\n\r\n", b"\n\n"):
        head, found, body = mail.partition(empty)
        if found:
            return head, body
    return mail, b""


def _splinter(mail: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(mail) + 1)
    return mail[:at] + chance.choice(SPLINTERS) * chance.choice((1, 1, 5, 100, 2000)) + mail[at:]


def _cut(mail: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(mail) + 1)
    return mail[:at] + mail[at + chance.choice((1, 20, 300, 5000)) :]


def _flip(mail: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(mail) + 1)
    return mail[:at] + bytes([chance.randrange(256)]) + mail[at + 1 :]


def _repeat(mail: bytes, chance: Chance) -> bytes:
    start, at = chance.randrange(len(mail) + 1), chance.randrange(len(mail) + 1)
    piece = mail[start : start + chance.choice((1, 10, 200))]
    return mail[:at] + piece * chance.choice((1, 2, 50, 1000)) + mail[at:]


def _field(mail: bytes, chance: Chance) -> bytes:
    """One more field, before the others or in place of those of its name."""
    field = chance.choice(FIELDS)
    if chance.random() < 0.5:
        head, body = halves(mail)
        mail = _without(head, field.partition(b":")[0].lower()) + b"\r\n\r\n" + body
    return field + b"\r\n" + mail


def _fields(mail: bytes, chance: Chance) -> bytes:
    """The fields in another order, one of them several times or with a splinter in it."""
    head, body = halves(mail)
    lines = head.split(b"\n")
    chance.shuffle(lines)
    lines[0] = _splinter(lines[0], chance)
    return b"\n".join([*lines[:1] * chance.choice((1, 1, 2, 50)), *lines[1:]]) + b"\n\n" + body


def _encoded(mail: bytes, chance: Chance) -> bytes:
    """The body in a transfer encoding, perhaps another one than is said."""
    head, body = halves(mail)
    if chance.random() < 0.5:
        said, body = b"base64", base64.encodebytes(body)
    else:
        said, body = b"quoted-printable", quopri.encodestring(body[:5000])
    said = said if chance.random() < 0.8 else b"x-uuencode"
    return b"Content-Transfer-Encoding: " + said + b"\r\n" + head + b"\r\n\r\n" + body


def _charset(mail: bytes, chance: Chance) -> bytes:
    """A Persian body in one charset under the name of another."""
    head, _ = halves(mail)
    names = ("utf-8", "windows-1256", "utf-16", "iso-8859-6", "utf-7", "shift_jis", "x", "us-ascii")
    text = "سلام، سفارش من نرسید. gracias — 谢谢\r\n> پاسخ\r\n" * chance.choice((1, 40))
    body = text.encode(chance.choice(names[:5]), "replace")
    field = f"Content-Type: text/{chance.choice(('plain', 'html'))}; charset={chance.choice(names)}\r\n"
    return field.encode() + _without(head, b"content-") + b"\r\n\r\n" + body


def _nested(mail: bytes, chance: Chance) -> bytes:
    """The mail within multiparts or mails."""
    for _ in range(chance.choice((1, 1, 3, 60))):
        boundary = b"b%d" % chance.randrange(3)
        kind = chance.choice((b"mixed", b"alternative", b"related", b"digest", b"report", b"signed"))
        opening = b"Content-Type: multipart/%b; boundary=%b\r\n\r\n--%b\r\n" % (kind, boundary, boundary)
        mail = opening + mail + chance.choice((b"", b"\r\n--%b--\r\n" % boundary))
    return b"From: a@b.test\r\n" + mail


def _line_ends(mail: bytes, chance: Chance) -> bytes:
    plain = mail.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", chance.choice((b"\n", b"\r", b"\r\r\n", b"\r\n", b"\n\n", b"\n> ")))


def _truncated(mail: bytes, chance: Chance) -> bytes:
    return mail[: chance.randrange(len(mail) + 1)]


def _without(head: bytes, name: bytes) -> bytes:
    return b"\n".join(line for line in head.split(b"\n") if not line.lower().startswith(name))


def _wrapped(head: bytes, kind: bytes, body: bytes) -> bytes:
    return b"Content-Type: " + kind + b"\r\n" + _without(head, b"content-") + b"\r\n\r\n" + body


CHANGES: tuple[Callable[[bytes, Chance], bytes], ...] = (
    *(_splinter, _splinter, _splinter, _cut, _cut, _flip, _flip, _repeat, _repeat),
    *(_field, _field, _field, _fields, _encoded, _charset, _nested, _line_ends, _truncated),
)
