"""A small well-behaved IMAP server: what a scripted one does while its script has nothing else in mind (RFC 3501)."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

_BODY = re.compile(r"BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)
DATE = '"21-Nov-2026 10:00:00 +0000"'


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the client: tag, upper-case name ("UID FETCH" is one name), the words after it, its literal."""

    tag: str
    name: str
    rest: str
    literal: bytes = b""


@dataclass(slots=True)
class Mailbox:
    """The one mailbox of the scripted server; tests may change it while connections are open."""

    uidvalidity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)  # by UID
    flags: dict[int, set[str]] = field(default_factory=dict)
    uidnext: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, raw: bytes) -> int:
        """Put in one mail; returns its UID."""
        with self._lock:
            uid, self.uidnext = self.uidnext, self.uidnext + 1
            self.mails[uid] = raw
        return uid

    def remove(self, uid: int) -> None:
        """Expunge one mail behind the client's back."""
        with self._lock:
            del self.mails[uid]

    def renumber(self, uidvalidity: int) -> None:
        """Give all mails UIDs from 1 again, under a new UIDVALIDITY."""
        with self._lock:
            self.mails = dict(enumerate((self.mails[uid] for uid in sorted(self.mails)), start=1))
            self.flags = {}
            self.uidnext, self.uidvalidity = len(self.mails) + 1, uidvalidity

    def uids(self) -> list[int]:
        """All UIDs, rising."""
        with self._lock:
            return sorted(self.mails)


def answer(command: Command, mailbox: Mailbox) -> list[bytes]:
    """The untagged lines that belong before the OK of a command; raises KeyError for commands unknown here."""
    return _ANSWERS[command.name](command, mailbox)


def _nothing(command: Command, mailbox: Mailbox) -> list[bytes]:
    return []


def _list(command: Command, mailbox: Mailbox) -> list[bytes]:
    return [b'* LIST (\\HasNoChildren) "/" INBOX']


def _bye(command: Command, mailbox: Mailbox) -> list[bytes]:
    return [b"* BYE till next time"]


def _select(command: Command, mailbox: Mailbox) -> list[bytes]:
    return [
        b"* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
        *_exists(command, mailbox),
        b"* 0 RECENT",
        b"* OK [UIDVALIDITY %d] valid" % mailbox.uidvalidity,
        b"* OK [UIDNEXT %d] next" % mailbox.uidnext,
    ]


def _exists(command: Command, mailbox: Mailbox) -> list[bytes]:
    return [b"* %d EXISTS" % len(mailbox.mails)]


def _status(command: Command, mailbox: Mailbox) -> list[bytes]:
    facts = (len(mailbox.mails), mailbox.uidnext, mailbox.uidvalidity)
    return [b"* STATUS INBOX (MESSAGES %d UIDNEXT %d UIDVALIDITY %d)" % facts]


def _append(command: Command, mailbox: Mailbox) -> list[bytes]:
    mailbox.add(command.literal)
    return []


def _search(command: Command, mailbox: Mailbox) -> list[bytes]:
    chosen = mailbox.uids()
    if wanted := re.search(r"\bUID ([\d:*,]+)", command.rest, re.IGNORECASE):
        chosen = _chosen(wanted[1], chosen)
    if wanted := re.search(r'HEADER "?([\w-]+)"? "?([^"]+)"?', command.rest, re.IGNORECASE):
        line = f"{wanted[1]}: {wanted[2]}".encode().lower()
        chosen = [uid for uid in chosen if line in mailbox.mails[uid].lower()]
    return [b" ".join([b"* SEARCH", *(b"%d" % uid for uid in chosen)])]


def _fetch(command: Command, mailbox: Mailbox) -> list[bytes]:
    numbers, _, items = command.rest.partition(" ")
    order = mailbox.uids()
    return [b"* %d FETCH (%s)" % (order.index(uid) + 1, _items(uid, items, mailbox)) for uid in _chosen(numbers, order)]


def _items(uid: int, items: str, mailbox: Mailbox) -> bytes:
    raw = mailbox.mails[uid]
    found = [b"UID %d" % uid]
    if "FLAGS" in items.upper():
        found.append(b"FLAGS (%s)" % " ".join(sorted(mailbox.flags.get(uid, ()))).encode())
    if "INTERNALDATE" in items.upper():
        found.append(b"INTERNALDATE " + DATE.encode())
    if "RFC822.SIZE" in items.upper():
        found.append(b"RFC822.SIZE %d" % len(raw))
    for section, start, count in _BODY.findall(items):
        head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        text = head if section.upper().startswith("HEADER") else raw
        if start:
            text = text[int(start) : int(start) + int(count)]
        mark = f"<{start}>".encode() if start else b""
        found.append(b"BODY[%s]%s {%d}\r\n%s" % (section.encode(), mark, len(text), text))
    return b" ".join(found)


def _store(command: Command, mailbox: Mailbox) -> list[bytes]:
    numbers, how, flags = command.rest.split(" ", 2)
    words = set(flags.strip("()").split())
    chosen = _chosen(numbers, mailbox.uids())
    for uid in chosen:
        held = mailbox.flags.get(uid, set())
        mailbox.flags[uid] = held | words if how[0] == "+" else held - words if how[0] == "-" else words
    return [] if how.upper().endswith(".SILENT") else _fetch(Command("", "", f"{numbers} (FLAGS)"), mailbox)


def _chosen(numbers: str, uids: list[int]) -> list[int]:
    """The UIDs that a sequence set names; `n:*` names the last one even when it lies below n, as servers do."""
    last = uids[-1] if uids else 0
    chosen: set[int] = set()
    for part in numbers.split(","):
        ends = [last if end == "*" else int(end) for end in part.split(":")]
        chosen.update(uid for uid in uids if min(ends) <= uid <= max(ends))
    return sorted(chosen)


_ANSWERS: dict[str, Callable[[Command, Mailbox], list[bytes]]] = {
    "NOOP": _exists,
    "CHECK": _nothing,
    "ID": _nothing,
    "ENABLE": _nothing,
    "NAMESPACE": _nothing,
    "CREATE": _nothing,
    "SUBSCRIBE": _nothing,
    "CLOSE": _nothing,
    "UNSELECT": _nothing,
    "LOGIN": _nothing,
    "LIST": _list,
    "LOGOUT": _bye,
    "SELECT": _select,
    "EXAMINE": _select,
    "STATUS": _status,
    "APPEND": _append,
    "UID SEARCH": _search,
    "UID FETCH": _fetch,
    "UID STORE": _store,
}
