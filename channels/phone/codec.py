"""The codec of calls: a raw is a frame, written by the face or by the house; or, of a voicemail that came by mail, that mail."""

import base64
import binascii
import quopri
from collections.abc import Sequence

from channels.phone.options import PhoneOptions
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Happening
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.domain.problems import Permanent, Unreadable
from inbox.ports.calls import KIND, message_of
from inbox.ports.codec import Traits
from inbox.ports.framing import LONGEST_LINE, opened, ranged
from inbox.text.numbers import address


class PhoneCodec:
    """Implements `inbox.ports.codec.Codec`."""

    def __init__(self, options: PhoneOptions) -> None:
        self._country = options.country
        self._largest = options.recording_bytes + LONGEST_LINE

    @property
    def traits(self) -> Traits:
        """Calls come, and nothing goes. Whoever calls again within three days calls about the same, as a rule."""
        return Traits(calls=True, reopen_within_hours=72.0)

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """The call of a frame. Raises Unreadable."""
        if (raw.size if isinstance(raw, Spooled) else len(raw)) > self._largest:
            raise Unreadable("phone.oversized", limit=self._largest)
        frame = opened(KIND, raw)
        try:
            return [message_of(frame)]
        except (ValueError, TypeError, LookupError) as error:
            raise Unreadable("phone.unreadable", reason=type(error).__name__) from error

    def number(self, typed: str) -> str:
        """The number as the network compares it; empty for what is none. Implements `inbox.ports.calls.Numbering`."""
        return address(typed, self._country)

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """Nothing: a telephone carries no text. Raises Permanent."""
        raise Permanent("phone.cannot_send", address=what.to[0].address if what.to else "-")

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The bytes at that range. In a frame they lie as they are; a recording that came by mail lies there as mail has it (RFC 2045)."""
        piece = ranged(raw, start, length)
        if encoding == "base64":
            return _decoded(piece)
        return quopri.decodestring(piece) if encoding == "quoted-printable" else piece


def _decoded(piece: bytes) -> bytes:
    """As far as it can be: what is cut short is cut at the last whole group."""
    letters = b"".join(piece.split())
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return b""
