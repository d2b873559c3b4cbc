"""Mails to read, written short: a header with the usual fields, and the codec of one channel."""

from channels.email.codec import EmailCodec
from inbox.domain.happenings import DeliveryReport, InboundMessage

SECRET = b"a secret of 32 bytes for tests.."
OURS = "support@desk.test"


def codec(authserv_id: str = "") -> EmailCodec:
    """The codec of a channel with one address."""
    return EmailCodec((OURS,), SECRET, authserv_id=authserv_id, brand_name="Desk")


def mail(*fields: str, body: bytes = b"\r\nHello\r\n", sender: str = "Sara <sara@customer.test>") -> bytes:
    """A mail from a customer with more header fields; `body` begins with further fields or the empty line."""
    lines = [f"From: {sender}", f"To: {OURS}", "Subject: Order", "Message-ID: <m1@customer.test>", *fields]
    return ("\r\n".join(lines) + "\r\n").encode() + body


def message(raw: bytes, authserv_id: str = "") -> InboundMessage:
    """The message that the bytes say."""
    (happening,) = codec(authserv_id).parse(raw)
    assert isinstance(happening, InboundMessage)
    return happening


def report(raw: bytes) -> DeliveryReport:
    """The delivery report that the bytes say."""
    (happening,) = codec().parse(raw)
    assert isinstance(happening, DeliveryReport)
    return happening
