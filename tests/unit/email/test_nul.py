"""NUL never gets past the codec: PostgreSQL stores none, so one character would send a mail to quarantine."""

from channels.email.codec import EmailCodec
from inbox.domain.happenings import InboundMessage

RAW = b"""\
From: a <a\x00b@example.org>\r
Subject: =?utf-8?q?a=00b?= \x00c\r
Message-ID: <a\x00@example.org>\r
References: <b\x00@example.org> <c@example.org>\r
X-Thing: d\x00e\r
\r
hel\x00lo\r
"""


def test_no_field_of_a_message_holds_a_nul() -> None:
    (said,) = EmailCodec(("support@example.org",), b"x" * 32).parse(RAW)
    assert isinstance(said, InboundMessage)
    assert (said.key, said.text.strip()) == ("<a@example.org>", "hello")
    assert [name for name in said.__slots__ if "\\x00" in repr(getattr(said, name))] == []
