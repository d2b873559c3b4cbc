"""Zendesk: the account's JSON or XML export, a ticket with its comments in each row, or pages of its API.

Sources: https://support.zendesk.com/hc/en-us/articles/4408886165402 (full JSON export: one object a line; tickets with comments,
users, organizations) and https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, .../ticket_comments/,
.../users/users/, .../ticket-management/incremental_exports/.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from inbox.domain.happenings import Address
from inbox.elsewhere import values as v
from inbox.elsewhere.gathered import Gathered, Sort
from inbox.elsewhere.values import Row
from inbox.elsewhere.vocabulary import LEAVE, Lost, Matter, Person, Who, Words

SOURCE = "zendesk"
SORTS: Mapping[str, Sort] = {
    "tickets": Sort(("tickets", "ticket")),
    "comments": Sort(("comments", "comment", "ticket_comments"), ("ticket_id",)),
    "users": Sort(("users", "user")),
    "organizations": Sort(("organizations", "organization")),
    "groups": Sort(("groups", "group")),
    "brands": Sort(("brands", "brand")),
    "ticket_fields": Sort(("ticket_fields", "ticket_field")),
}
STATES = {
    "new": "open",
    "open": "open",
    "pending": "waiting",
    "hold": "open",
    "solved": "done",
    "closed": "done",
    "suspended": "spam",
    "deleted": LEAVE,
}
PRIORITIES = {"low": "low", "normal": "normal", "high": "high", "urgent": "urgent"}


class Zendesk:
    """Implements `Export`."""

    source = SOURCE
    states: Mapping[str, str] = STATES
    priorities: Mapping[str, str] = PRIORITIES

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self.lost: list[Lost] = found.lost

    def persons(self) -> Iterator[Person]:
        """Users, whatever their role."""
        shelf = self._found.shelves["users"]
        for number in shelf.numbers():
            row = shelf.one(number)
            if row is not None:
                yield self._person(number, row)

    def matters(self) -> Iterator[Matter]:
        """Tickets with their comments."""
        shelf = self._found.shelves["tickets"]
        for number in shelf.numbers():
            row = shelf.one(number)
            if row is not None:
                yield self._matter(number, row)

    def _person(self, number: int, row: Row) -> Person:
        company = self._found.shelves["organizations"].one(v.number(row.get("organization_id"))) or {}
        company = v.inside(row, "organization") or company
        at = v.address(row.get("email"))
        agent = v.line(row.get("role")).lower() in ("agent", "admin")
        language = v.line(row.get("locale"))[:2].lower()
        return Person(
            number,
            v.line(row.get("name")),
            (at,) if at else (),
            v.line(company.get("name")),
            language if language in ("fa", "en") else None,
            agent,
            v.line(row.get("phone")),
        )

    def _someone(self, id: object, beside: Row | None = None) -> Person | None:
        """A user by number; else what stands in the ticket itself, as the full export repeats it."""
        number = v.number(id) or v.number((beside or {}).get("id"))
        if number is None:
            return None
        row = self._found.shelves["users"].one(number) or beside
        return self._person(number, row) if row else Person(number)

    def _matter(self, number: int, row: Row) -> Matter:
        opened = v.moment(row.get("created_at"), self._found.zone) or v.EARLIEST
        requester = self._someone(row.get("requester_id"), v.inside(row, "requester"))
        assignee = self._someone(row.get("assignee_id"), v.inside(row, "assignee"))
        group = v.inside(row, "group") or self._found.shelves["groups"].one(v.number(row.get("group_id"))) or {}
        brand = v.inside(row, "brand") or self._found.shelves["brands"].one(v.number(row.get("brand_id"))) or {}
        agent = (assignee.addresses[0] if assignee.addresses else assignee.name) if assignee else ""
        return Matter(
            number,
            str(number),
            v.line(v.first(row, "raw_subject", "subject")),
            v.line(row.get("status")).lower() or "open",
            opened,
            requester,
            tuple(self._said(number, row, opened, requester)),
            v.line(row.get("priority")).lower(),
            v.line(group.get("name")) or _numbered(row.get("group_id")),
            v.line(brand.get("name")) or v.address(row.get("recipient")) or _numbered(row.get("brand_id")),
            agent,
            v.labels(row.get("tags")),
            tuple(self._fields(row)),
            v.moment(row.get("updated_at"), self._found.zone),
        )

    def _fields(self, row: Row) -> Iterator[tuple[str, str]]:
        """Those with a value; by title where the export has the titles."""
        external = v.line(row.get("external_id"))
        if external:
            yield "external_id", external
        for one in v.several(row, "custom_fields") or v.several(row, "fields"):
            named = self._found.shelves["ticket_fields"].one(v.number(one.get("id"))) or {}
            value = one.get("value")
            text = ", ".join(v.labels(value)) if isinstance(value, list) else "yes" if value is True else v.line(value)
            name = v.line(named.get("title")) or v.line(one.get("id"))
            if text and name:
                yield name, text

    def _said(self, number: int, row: Row, opened: datetime, requester: Person | None) -> Iterator[Words]:
        rows: dict[int, Row] = {}
        for one in (*v.several(row, "comments"), *self._found.shelves["comments"].rows(number)):
            rows[v.number(one.get("id")) or len(rows) + 1] = one
        if not rows and v.whole(row.get("description")):
            rows[0] = {"body": row.get("description"), "author_id": row.get("submitter_id") or row.get("requester_id")}
        for id, one in sorted(rows.items()):
            author = self._someone(one.get("author_id"), v.inside(one, "author")) or requester
            yield Words(
                str(id),
                v.moment(one.get("created_at"), self._found.zone) or opened,
                _who(one, author, requester),
                author,
                v.whole(v.first(one, "plain_body", "body", "value")),
                v.whole(one.get("html_body")),
                cc=_copied(one),
                files=tuple(
                    self._found.file(
                        f.get("id"), v.line(f.get("file_name")), v.line(f.get("content_type")), f.get("size")
                    )
                    for f in v.several(one, "attachments")
                ),
            )


def _who(row: Row, author: Person | None, requester: Person | None) -> Who:
    if "public" in row and not v.truth(row.get("public")):
        return "note"
    ours = author is not None and author.agent and (requester is None or author.number != requester.number)
    return "agent" if ours else "customer"


def _copied(row: Row) -> tuple[Address, ...]:
    source = v.inside(v.inside(row, "via"), "source")
    return v.addresses(v.inside(source, "to").get("email_ccs") or [])


def _numbered(id: object) -> str:
    known = v.number(id)
    return f"#{known}" if known else ""
