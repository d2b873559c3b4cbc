"""The mail codec: a mail's bytes into a happening, and what we say into a mail's bytes. Pure, and alike in every process."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from channels.email import transfer
from channels.email.key_stamps import Stamps
from channels.email.marks import Marks
from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Happening
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.ports.codec import Traits

if TYPE_CHECKING:
    from channels.email.reading import Reading
    from channels.email.voicemail import Switchboard

_FILES_MOST = 18_000_000
"""Bytes of files that still make a mail under the 25 MB which most servers take, encoded."""
_REOPEN_WITHIN_HOURS = 30 * 24.0


class EmailCodec:
    """Reads and writes mail for one channel.

    `addresses` are the channel's own (lower case); `secret` is the site's key, with which we know our own Message-IDs
    again; `authserv_id` names the server whose Authentication-Results are believed (empty: nobody's). With
    `plus_addresses` off, replies go to the plain address, for mailboxes that refuse `name+token@domain`.
    With `dkim_check` a mail's own signatures are verified with the keys that the channel put in front of it. What the
    `switchboard` writes of calls is calls.
    """

    def __init__(
        self,
        addresses: tuple[str, ...],
        secret: bytes,
        authserv_id: str = "",
        brand_name: str = "",
        plus_addresses: bool = True,
        dkim_check: bool = False,
        switchboard: "Switchboard | None" = None,
    ) -> None:
        self._marks = Marks(tuple(one.lower() for one in addresses), secret)
        self._authserv_id = authserv_id
        self._brand_name = brand_name
        self._plus_addresses = plus_addresses
        self._stamps = Stamps(secret) if dkim_check else None
        self._switchboard = switchboard

    @property
    def traits(self) -> Traits:
        """Mail has HTML and subjects; the same Message-ID handed over twice is one mail to most readers."""
        return Traits(
            html=True,
            receipts=True,
            resend_safe=True,
            subject=True,
            file_limit=_FILES_MOST,
            verdicts=bool(self._authserv_id),
            reopen_within_hours=_REOPEN_WITHIN_HOURS,
        )

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """One happening: a delivery report where the mail is one, else a message. Raises Unreadable for an empty mail."""
        return self._reading.parse(raw)

    def describe(self, raw: Raw) -> dict[str, object]:
        """All that is read out of a mail as plain values for JSON: what `inbox parse` prints."""
        return self._reading.describe(raw)

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One part for all recipients. Raises Permanent where one of them can never be reached by mail."""
        return (self._composed(what),)

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The decoded bytes of an attachment that `parse` found at that range."""
        if isinstance(raw, bytes):
            return transfer.decode(raw[start : start + length], encoding)[0]
        with raw.path.open("rb") as file:
            file.seek(start)
            return transfer.decode(file.read(length), encoding)[0]

    @cached_property
    def _composed(self) -> Callable[[Outgoing], FrozenPart]:
        from channels.email import compose  # here, for a child only reads

        writing = compose.Writing(self._marks, self._brand_name, self._plus_addresses)
        return partial(compose.composed, writing=writing)

    @cached_property
    def _reading(self) -> "Reading":
        from channels.email.reading import Reading  # here, for the daemon itself only writes: its children read

        return Reading(self._marks, self._authserv_id, self._stamps, self._switchboard)


def reader() -> EmailCodec:
    """A codec that belongs to no channel and only reads: no address is its own, no mark is known to it."""
    return EmailCodec((), b"")
