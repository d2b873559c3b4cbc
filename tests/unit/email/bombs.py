"""Mails that are made to cost time or memory: each the worst of its kind, named after what is too much of."""

import base64
import zlib

from tests.unit.email.letters import mail


def parts(count: int) -> bytes:
    """A mail of many parts."""
    one = b"--a\r\nContent-Type: text/plain; name=x\r\n\r\nhi\r\n"
    return mail("Content-Type: multipart/mixed; boundary=a", body=b"\r\n" + one * count + b"--a--\r\n")


def nested(depth: int) -> bytes:
    """A mail of multiparts within multiparts."""
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(depth))
    return mail(body=b"".join(levels) + b"\r\nhi")


def html(body: bytes) -> bytes:
    """A mail of HTML alone."""
    return mail("Content-Type: text/html; charset=utf-8", body=b"\r\n" + body)


def plain(body: bytes, charset: str = "utf-8") -> bytes:
    """A mail of text alone."""
    return mail(f"Content-Type: text/plain; charset={charset}", body=b"\r\n" + body)


def file(content: bytes, kind: str, name: str) -> bytes:
    """A mail that carries one file."""
    head = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename={name}"
    )
    return mail(head, body=b"\r\n" + base64.encodebytes(content))


def bounce(fields: bytes) -> bytes:
    """A delivery report (RFC 3464) whose part for machines holds these fields."""
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@x.test\r\nTo: support@desk.test\r\nSubject: Undelivered\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\r\n\r\n--a\r\n\r\nsorry\r\n"
        b"--a\r\nContent-Type: message/delivery-status\r\n\r\n" + fields + b"\r\n--a--\r\n"
    )


def boundaries(depth: int) -> bytes:
    """Multiparts within multiparts whose delimiters all begin alike, so that each looks like all of them."""
    levels = (
        b"Content-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n" % (b"a" * one, b"a" * one)
        for one in range(1, depth + 1)
    )
    return mail(body=b"".join(levels) + b"\r\nhi" + b"\r\n--a" * 100_000)


ZIP_BOMB = zlib.compress(bytes(50_000_000), 9)
XXE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'

BOMBS = {
    # the header: fields, addresses, ids, encoded words, comments, parameters
    "20,000 encoded words in From": b"From: " + b" ".join([b"=?utf-8?Q?a?="] * 20_000) + b" <a@b>\r\n\r\nx",
    "20,000 encoded words in Subject": mail("Subject: " + " ".join(["=?utf-8?Q?a?="] * 20_000)),
    "40,000 beginnings of encoded words": b"Subject: " + b"=?utf-8?B?" * 40_000 + b"\r\nFrom: a@b\r\n\r\nx",
    "one encoded word of 5 MB": b"Subject: =?utf-8?B?" + b"2LPZhNin" * 600_000 + b"?=\r\nFrom: a@b\r\n\r\nx",
    "100,000 addresses": mail("Cc: " + ", ".join(f"a{one}@b.test" for one in range(100_000))),
    "100,000 To fields": mail(*["To: a@b.test"] * 100_000),
    "100,000 From fields": mail(*["From: a@b.test"] * 100_000),
    "addresses in groups in groups": mail("Cc: " + "a:" * 50_000 + "b@c;" * 50_000),
    "90,000 brackets in From": b"From: " + b"(" * 90_000 + b"a@b\r\n\r\nx",
    "90,000 angle brackets in From": b"From: " + b"<" * 90_000 + b"a@b\r\n\r\nx",
    "quotes that never close": b"From: " + b'\\"' * 45_000 + b"\r\n\r\nx",
    "a domain of 45,000 Persian letters": b"From: a@" + "آ".encode() * 45_000 + b"\r\n\r\nx",
    "a domain of 45,000 dots": b"From: a@" + b"." * 45_000 + b"\r\n\r\nx",
    "1 MB of References": mail("References: " + " ".join(f"<{one}@x>" for one in range(90_000))),
    "1 MB of open References": mail("References: " + "<a" * 500_000, "In-Reply-To: " + "<" * 500_000),
    "a date of 100,000 digits": mail("Date: " + "9" * 100_000, "Date: Mon, " + "1:" * 50_000),
    "5 MB in one field": mail("X-A: " + "b" * 5_000_000),
    "5 MB of folded white space": b"Subject: a" + b"\r\n " * 1_700_000 + b"b\r\nFrom: a@b\r\n\r\nx",
    "100,000 fields": mail(*["X-A: b"] * 100_000),
    "500,000 lines that are no fields": b"rubbish\r\n" * 500_000 + b"From: a@b\r\n\r\nx",
    "100,000 Received fields": mail(*["Received: from a by b; x"] * 100_000),
    "comments in Authentication-Results": mail("Authentication-Results: mx.desk.test; " + "(" * 90_000),
    "a file name of 30,000 steps": mail('Content-Type: application/x; name="' + "a./" * 30_000 + '"'),
    "a file name in 20,000 pieces": mail(
        "Content-Disposition: attachment; " + "; ".join(f"filename*{one}*=utf-8''%D8%B3" for one in range(20_000))
    ),
    "20,000 parameters": mail("Content-Type: text/plain; " + "; ".join(f"a{one}=b" for one in range(20_000))),
    "a boundary of 90,000 letters": mail(
        f'Content-Type: multipart/mixed; boundary="{"b" * 90_000}"', body=b"\r\n--" + b"b" * 900_000
    ),
    "a charset of 90,000 letters": plain("سلام".encode("cp1256"), "x" * 90_000),
    # the structure
    "10,000 parts": parts(10_000),
    "100,000 parts": parts(100_000),
    "100,000 texts": parts(100_000).replace(b"; name=x", b""),
    "100 levels": nested(100),
    "1,000 levels": nested(1_000),
    "3,000 levels": nested(3_000),
    "20,000 levels of one boundary": mail(body=b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 20_000),
    "boundaries that begin alike": boundaries(60),
    "3,000 mails in mails": mail(body=b"Content-Type: message/rfc822\r\n\r\n" * 3_000 + b"x"),
    "20,000 mails in digests": mail(body=b"Content-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\n" * 20_000),
    "delimiters that are none": mail("Content-Type: multipart/mixed; boundary=a", body=b"\r\n" + b"\n--aX" * 500_000),
    "alternatives of 1,000 forms": mail(
        "Content-Type: multipart/alternative; boundary=a",
        body=b"\r\n" + b"--a\r\nContent-Type: text/html\r\n\r\n<b>x\r\n" * 1_000,
    ),
    # HTML
    "50,000 nested div": html(b"<div>" * 50_000),
    "100,000 nested div": html(b"<div>" * 100_000),
    "open formatting before paragraphs": html(
        b"".join(b"<font size=%d>" % one for one in range(180)) + b"<p>x" * 2_000
    ),
    "900,000 ampersands": html(b"&" * 900_000),
    "900,000 angle brackets": html(b"<" * 900_000),
    "a comment that never closes": html(b"<!--" * 200_000),
    "100,000 attributes": html(b"<p " + b"a=b " * 100_000 + b">x"),
    "a style of 900,000 letters": html(b'<p style="' + b"color:red;" * 90_000 + b'">x'),
    "30,000 nested tables": html(b"<table><tr><td>" * 30_000 + b"x"),
    "20,000 nested quotes": html(b"<blockquote type=cite>" * 20_000 + b"x"),
    "20,000 nested lists": html(b"<ul><li>" * 20_000 + b"x"),
    # text, transfer encodings and charsets
    "On On On": mail(body=b"\r\n" + b"On " * 20_000),
    "On, broken over lines": mail(body=b"\r\n" + b"On Monday at 10:30 a@b.test\r\n" * 3_000),
    "50,000 empty lines": mail(body=b"\r\n" + b"\n" * 50_000 + b"x"),
    "one line of 5 MB": plain(b"wrote: " * 700_000),
    "100,000 levels of quotation": plain(b">" * 100_000 + b" x\r\n> x\r\n" * 1_000),
    "flowed lines without end": mail(
        "Content-Type: text/plain; format=flowed; delsp=yes", body=b"\r\n" + b"> a \r\n" * 300_000
    ),
    "signatures without end": plain(b"-- \r\n" * 100_000),
    "headers of quoted mails without end": plain(b"From: a@b\r\nSent: x\r\n" * 50_000),
    "padding without end": mail("Content-Transfer-Encoding: base64", body=b"\r\n" + b"=" * 3_000_000),
    "base64 with a letter between each two": mail(
        "Content-Transfer-Encoding: base64", body=b"\r\n" + b"2=\xd8" * 1_000_000
    ),
    "quoted-printable of equal signs": mail(
        "Content-Transfer-Encoding: quoted-printable", body=b"\r\n" + b"=\r\n=" * 1_000_000
    ),
    "uuencoded lines of nothing": mail(
        "Content-Transfer-Encoding: x-uuencode", body=b"\r\nbegin 644 x\n" + b"M\n" * 500_000
    ),
    "4 MB in UTF-7": plain(b"+AGEA" * 800_000, "utf-7"),
    "4 MB in ISO-2022-JP": plain(b"\x1b$B" * 1_300_000, "iso-2022-jp"),
    "a text in an encoding of files": plain(ZIP_BOMB, "zlib"),
    "4 MB of bytes that are no letters": plain(b"\xff\xfe\x00\xd8" * 1_000_000, "utf-16"),
    # files and reports
    "an archive of 50 MB of nothing": file(ZIP_BOMB, "application/zip", "bomb.zip"),
    "a document with entities in entities": file(XXE * 10_000, "application/xml", "x.docx"),
    "a winmail.dat of 3 MB": file(b"\x78\x9f\x3e\x22" * 750_000, "application/ms-tnef", "winmail.dat"),
    "a calendar of 3 MB": mail(
        "Content-Type: text/calendar", body=b"\r\nBEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 200_000
    ),
    "a bounce of at signs": b"Return-Path: <>\r\nFrom: mailer-daemon@x\r\nSubject: failure notice\r\n\r\n"
    + b"a.b@" * 200_000,
    "a bounce about 100,000 addresses": bounce(
        b"Final-Recipient: rfc822; a@b.test\r\nAction: failed\r\n\r\n" * 100_000
    ),
    "a bounce of odd fields": bounce(b"Action: " + b"failed " * 100_000 + b"\r\nStatus: " + b"5." * 300_000),
    "a bounce without line ends": bounce(b"Diagnostic-Code: " + b"550 <a@b> " * 200_000),
}
