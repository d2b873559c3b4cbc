"""The codec of the portal: a raw is a frame, written by the house's pages for what a customer said, and by us for what we say.

A customer has the name of the address by which they came in: `kind:address`, as `email:lena@example.org`. What somebody wrote who did not come
in has the address that they typed, and says that nobody has proved it.
"""

import hashlib
import re
from collections.abc import Sequence

from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Address, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.domain.problems import Permanent, Unreadable
from inbox.ports.codec import Traits
from inbox.ports.framing import Frame, opened, ranged
from inbox.ports.spoken import SAID, ours, parts, text
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.languages import language

KIND = "portal"
OWN = "portal"
"""Our own address."""
CUSTOMER = re.compile(r"[a-z0-9]+:[^\s\x00-\x1f]{1,300}")
MOST_SENT = 25_000_000
"""Bytes of the files of one message of ours."""
LARGEST = 40_000_000
"""Bytes of a frame."""
MOST_FILLED = 60
"""Fields of one form."""
MOST_CODE = 300
"""Letters of the code of what it is about."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")


class PortalCodec:
    """Implements `inbox.ports.codec.Codec`."""

    @property
    def traits(self) -> Traits:
        """Its people look at our own pages, where the same message shown twice is one line."""
        return Traits(
            portal=True,
            live=True,
            verdicts=True,
            resend_safe=True,
            file_limit=MOST_SENT,
            reopen_within_hours=30 * 24.0,
        )

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """What a frame says. Raises Unreadable."""
        if (raw.size if isinstance(raw, Spooled) else len(raw)) > LARGEST:
            raise Unreadable("framing.unreadable", reason="size")
        frame = opened(KIND, raw)
        try:
            return [ours(frame) if frame.said["kind"] == SAID else _theirs(frame)]
        except (ValueError, TypeError, LookupError) as error:
            raise Unreadable("framing.unreadable", reason=type(error).__name__) from error

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One frame for each recipient. Raises Permanent for whoever is no customer of the portal."""
        addresses = list(dict.fromkeys(one.address for one in (*what.to, *what.cc)))
        for address in addresses or [""]:
            if not CUSTOMER.fullmatch(address):
                raise Permanent("portal.impossible_address", address=address)
        if not what.text.strip() and not what.files:
            raise Permanent("portal.nothing_to_say")
        if sum(len(one.content) for one in what.files) > MOST_SENT:
            raise Permanent("portal.files_too_big", limit=MOST_SENT)
        return list(parts(KIND, what, addresses))

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The bytes at that range: files lie in a frame as they are."""
        return ranged(raw, start, length)


def _filled(said: object) -> tuple[tuple[str, str], ...]:
    """Names and values, both texts; the house knows which of them it asked for."""
    if said is None:
        return ()
    if not isinstance(said, dict) or len(said) > MOST_FILLED:
        raise ValueError("filled")
    return tuple((name, strip_controls(str(value))) for name, value in said.items() if _NAME.fullmatch(name))


def _theirs(frame: Frame) -> InboundMessage:
    said = frame.said
    customer, id, thread = text(said, "customer"), text(said, "id"), text(said, "thread")
    if not CUSTOMER.fullmatch(customer) or not id or not thread:
        raise ValueError("customer")
    words, subject = strip_controls(text(said, "text")), clean_header(text(said, "subject"))
    proved = said.get("proved") is True
    print_ = hashlib.sha256(f"{customer} {id}".encode()).hexdigest()
    return InboundMessage(
        "message",
        NetworkKey(print_[:40]),
        print_,
        Address(customer, clean_header(text(said, "name"))),
        (Address(OWN),),
        subject=subject,
        text=words,
        reply_text=words,
        thread=thread,
        chosen=text(said, "chosen"),
        filled=_filled(said.get("filled")),
        about=clean_header(text(said, "about"))[:MOST_CODE],
        offered=tuple(text(said, "offered").split()),
        read=tuple(text(said, "read").split()),
        authentication="pass" if proved else "none",
        defects=() if proved else ("claimed-address",),
        language=language(words) or text(said, "language") or None,
        attachments=frame.files,
    )
