"""FreeScout: what its API gives (conversations with `embed=threads`, customers, users, mailboxes), or its tables as JSON or CSV.

Sources: https://api-docs.freescout.net/ (conversation, thread, customer, user and mailbox objects) and the tables `conversations`,
`threads`, `customers`, `emails`, `users`, `mailboxes`, `attachments` of https://github.com/freescout-helpdesk/freescout.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from inbox.elsewhere import values as v
from inbox.elsewhere.gathered import Gathered, Sort
from inbox.elsewhere.values import Row
from inbox.elsewhere.vocabulary import LEAVE, File, Lost, Matter, Person, Who, Words

SOURCE = "freescout"
SORTS: Mapping[str, Sort] = {
    "conversations": Sort(("conversations", "conversation")),
    "threads": Sort(("threads", "thread"), ("conversation_id", "conversationId")),
    "customers": Sort(("customers", "customer")),
    "emails": Sort(("emails", "customer_emails"), ("customer_id",)),
    "users": Sort(("users", "user")),
    "mailboxes": Sort(("mailboxes", "mailbox")),
    "attachments": Sort(("attachments", "attachment"), ("thread_id",)),
}
STATES = {"active": "open", "pending": "waiting", "closed": "done", "spam": "spam", "deleted": LEAVE, "draft": LEAVE}
PRIORITIES: dict[str, str] = {}
_STATES = {1: "active", 2: "pending", 3: "closed", 4: "spam"}
_DRAFT, _PUBLISHED, _DELETED, _HIDDEN = ("draft", "1"), ("published", "2"), ("deleted", "3"), ("hidden", "4")
_KINDS: Mapping[str, Who] = {
    "customer": "customer",
    "message": "agent",
    "note": "note",
    "1": "customer",
    "2": "agent",
    "3": "note",
}
_OURS_FROM = 1_000_000_000_000
"""What our numbers of their users begin behind: users and customers are counted apart there."""


class FreeScout:
    """Implements `Export`."""

    source = SOURCE
    states: Mapping[str, str] = STATES
    priorities: Mapping[str, str] = PRIORITIES

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self.lost: list[Lost] = found.lost

    def persons(self) -> Iterator[Person]:
        """Customers, then users."""
        for name, ours in (("customers", False), ("users", True)):
            shelf = self._found.shelves[name]
            for number in shelf.numbers():
                yield self._person(number, shelf.one(number) or {}, ours=ours)

    def matters(self) -> Iterator[Matter]:
        """Conversations with their threads."""
        shelf = self._found.shelves["conversations"]
        for number in shelf.numbers():
            row = shelf.one(number)
            if row is not None:
                yield self._matter(number, row)

    def _person(self, number: int, row: Row, *, ours: bool) -> Person:
        listed = v.inside(row, "_embedded").get("emails") or row.get("emails") or []
        kept = [] if ours else [one.get("email") for one in self._found.shelves["emails"].rows(number)]
        mails = v.addresses([row.get("email"), *(listed if isinstance(listed, list) else [listed]), *kept])
        return Person(
            number + (_OURS_FROM if ours else 0),
            v.called(row, "firstName", "lastName") or v.called(row, "first_name", "last_name"),
            tuple(one.address for one in mails),
            v.line(row.get("company")),
            None,
            ours,
        )

    def _someone(self, id: object, beside: Row, *, ours: bool) -> Person | None:
        number = v.number(id) or v.number(beside.get("id"))
        if number is None:
            return None
        row = self._found.shelves["users" if ours else "customers"].one(number) or beside
        return self._person(number, row, ours=ours)

    def _matter(self, id: int, row: Row) -> Matter:
        opened = v.moment(v.first(row, "createdAt", "created_at"), self._found.zone) or v.EARLIEST
        asked, has = v.inside(row, "customer"), v.inside(row, "assignee") or v.inside(row, "assignedTo")
        requester = self._someone(row.get("customer_id"), asked, ours=False)
        if requester is None and (at := v.address(row.get("customer_email"))):
            requester = Person(0, "", (at,))
        assignee = self._someone(row.get("user_id"), has, ours=True)
        box = self._found.shelves["mailboxes"].one(v.number(v.first(row, "mailboxId", "mailbox_id"))) or {}
        agent = (assignee.addresses[0] if assignee.addresses else assignee.name) if assignee else ""
        return Matter(
            id,
            v.line(row.get("number")) or str(id),
            v.line(row.get("subject")),
            _state(row),
            opened,
            requester,
            tuple(self._said(id, row, opened, requester)),
            "",
            "",
            v.line(v.first(box, "email", "name"))
            or (f"#{at}" if (at := v.line(v.first(row, "mailboxId", "mailbox_id"))) else ""),
            agent,
            v.labels(row.get("tags") or []),
            tuple(_fields(row)),
            v.moment(v.first(row, "updatedAt", "updated_at"), self._found.zone),
        )

    def _said(self, id: int, row: Row, opened: datetime, requester: Person | None) -> Iterator[Words]:
        rows: dict[int, Row] = {}
        inner = (*v.several(v.inside(row, "_embedded"), "threads"), *v.several(row, "threads"))
        for one in (*inner, *self._found.shelves["threads"].rows(id)):
            rows[v.number(one.get("id")) or len(rows) + 1] = one
        for number, one in sorted(rows.items()):
            who = _KINDS.get(v.line(one.get("type")).lower())
            if who is None or v.line(one.get("state")).lower() in (*_DRAFT, *_DELETED):
                continue  # lines that tell what was done, and what was never said
            author = self._author(one, who) or (requester if who == "customer" else None)
            yield Words(
                str(number),
                v.moment(v.first(one, "createdAt", "created_at"), self._found.zone) or opened,
                who,
                author,
                "",
                v.whole(one.get("body")),
                to=v.addresses(_listed(one.get("to"))),
                cc=v.addresses(_listed(one.get("cc"))),
                files=self._files(number, one),
                key=_key(one),
            )

    def _author(self, row: Row, who: Who) -> Person | None:
        by = v.inside(row, "createdBy")
        if who == "customer":
            return self._someone(
                row.get("created_by_customer_id") or row.get("customer_id"), v.inside(row, "customer") or by, ours=False
            )
        return self._someone(row.get("created_by_user_id"), by, ours=True)

    def _files(self, number: int, row: Row) -> tuple[File, ...]:
        kept = (*v.several(v.inside(row, "_embedded"), "attachments"), *self._found.shelves["attachments"].rows(number))
        return tuple(
            self._found.file(
                one.get("id"),
                v.line(v.first(one, "fileName", "file_name")),
                v.line(v.first(one, "mimeType", "mime_type")),
                one.get("size"),
            )
            for one in kept
        )


def _state(row: Row) -> str:
    kept = v.line(row.get("state")).lower()
    if kept in _DELETED or kept in _DRAFT:
        return "deleted" if kept in _DELETED else "draft"
    told = v.line(row.get("status")).lower()
    known = v.number(told)
    return _STATES.get(known, told) if known is not None else told or "active"


def _fields(row: Row) -> Iterator[tuple[str, str]]:
    for one in v.several(row, "customFields"):
        name, text = v.line(one.get("name")), v.line(v.first(one, "text", "value"))
        if name and text:
            yield name, text


def _listed(value: object) -> object:
    """A list, or what their table keeps of one: JSON in a cell."""
    if isinstance(value, str) and value.startswith("["):
        return value.strip("[]").replace('"', "").split(",")
    return value or []


def _key(row: Row) -> str:
    told = v.line(row.get("message_id"))
    return f"<{told.strip('<>')}>" if "@" in told else ""
