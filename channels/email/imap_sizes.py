"""Cuts a list of mails into batches by their sizes, so that memory stays flat and no big mail holds up small ones. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.email.imap_bookmarks import Standing

MOST = 400
"""Mails in one batch, and UIDs in one command: its line stays far below the 8,000 bytes that servers take (RFC 7162, 4)."""
BATCH_BYTES = 4 * 2**20
BIG = 2**20
"""Bytes. A mail beyond this is a batch of its own and comes in pieces."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail that waits in a folder; `size` in bytes, None where the server did not tell."""

    uid: int
    size: int | None
    standing: Standing
    dated: datetime | None = None
    """Its INTERNALDATE."""

    @property
    def big(self) -> bool:
        """To be fetched in pieces; so is a mail of unknown size."""
        return self.size is None or self.size > BIG


def batches(mails: Iterable[Listed]) -> Iterator[list[Listed]]:
    """The mails in their order, cut where the standing changes, a batch is full, or a big mail stands alone."""
    batch: list[Listed] = []
    total = 0
    for mail in mails:
        if batch and (_apart(mail, batch[-1]) or len(batch) == MOST or total + (mail.size or 0) > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(mail)
        total += mail.size or 0
    if batch:
        yield batch


def windows(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The UIDs in runs that one command may name."""
    return (uids[start : start + MOST] for start in range(0, len(uids), MOST))


def sequence_set(uids: Iterable[int]) -> str:
    """Ascending UIDs as a command names them: `1:4,7`."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and uid == runs[-1][-1] + 1:
            runs[-1][1:] = [uid]
        else:
            runs.append([uid])
    return ",".join(":".join(map(str, run)) for run in runs)


def _apart(mail: Listed, last: Listed) -> bool:
    return mail.big or last.big or mail.standing is not last.standing
