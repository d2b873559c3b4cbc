"""Freshdesk: the account's export (Tickets, Users, Companies, Groups as JSON or XML), or what its API v2 gives, page by page.

Sources: https://support.freshdesk.com/support/solutions/articles/225434 (export of all data), https://developers.freshdesk.com/api/
(tickets with `include=conversations`, conversations, contacts, agents, companies, groups; states 2-5, priorities 1-4).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from inbox.elsewhere import values as v
from inbox.elsewhere.gathered import Gathered, Sort
from inbox.elsewhere.values import Row
from inbox.elsewhere.vocabulary import LEAVE, File, Lost, Matter, Person, Who, Words

SOURCE = "freshdesk"
SORTS: Mapping[str, Sort] = {
    "tickets": Sort(("tickets", "ticket", "helpdesk_tickets", "helpdesk_ticket"), ("display_id", "id")),
    "conversations": Sort(
        ("conversations", "conversation", "notes", "helpdesk_notes", "helpdesk_note"), ("ticket_id", "notable_id")
    ),
    "users": Sort(("users", "user", "contacts", "contact")),
    "agents": Sort(("agents", "agent"), ("user_id", "id")),
    "companies": Sort(("companies", "company", "customers", "customer")),
    "groups": Sort(("groups", "group")),
    "products": Sort(("products", "product", "email_configs")),
}
STATES = {
    "open": "open",
    "pending": "waiting",
    "resolved": "done",
    "closed": "done",
    "waiting on customer": "waiting",
    "waiting on third party": "open",
    "spam": "spam",
    "deleted": LEAVE,
}
PRIORITIES = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent"}
_STATES = {2: "open", 3: "pending", 4: "resolved", 5: "closed", 6: "waiting on customer", 7: "waiting on third party"}
_PRIORITIES = {1: "low", 2: "medium", 3: "high", 4: "urgent"}


class Freshdesk:
    """Implements `Export`."""

    source = SOURCE
    states: Mapping[str, str] = STATES
    priorities: Mapping[str, str] = PRIORITIES

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self.lost: list[Lost] = found.lost

    def persons(self) -> Iterator[Person]:
        """Contacts and agents; who is both, is an agent."""
        shelves = self._found.shelves
        for number in sorted({*shelves["users"].numbers(), *shelves["agents"].numbers()}):
            found = self._someone(number)
            if found is not None:
                yield found

    def matters(self) -> Iterator[Matter]:
        """Tickets; what is said first in each stands in the ticket itself."""
        shelf = self._found.shelves["tickets"]
        for number in shelf.numbers():
            row = shelf.one(number)
            if row is not None:
                yield self._matter(number, row)

    def _someone(self, id: object, beside: Row | None = None) -> Person | None:
        number = v.number(id)
        if number is None:
            return None
        row = self._found.shelves["users"].one(number) or beside or {}
        member = self._found.shelves["agents"].one(number)
        more = v.inside(member, "contact") or v.inside(member, "user") or member if member is not None else {}
        company = self._found.shelves["companies"].one(v.number(v.first(row, "company_id", "customer_id"))) or {}
        mails = v.addresses([row.get("email"), more.get("email"), *(row.get("other_emails") or [])])
        agent = member is not None or v.truth(row.get("helpdesk_agent"))
        language = v.line(row.get("language"))[:2].lower()
        return Person(
            number,
            v.line(v.first(row, "name")) or v.line(more.get("name")),
            tuple(one.address for one in mails),
            v.line(company.get("name")) or v.line(v.inside(row, "company").get("name")),
            language if language in ("fa", "en") else None,
            agent,
            v.line(v.first(row, "phone", "mobile")),
        )

    def _matter(self, number: int, row: Row) -> Matter:
        opened = v.moment(row.get("created_at"), self._found.zone) or v.EARLIEST
        requester = self._someone(row.get("requester_id"), v.inside(row, "requester"))
        assignee = self._someone(row.get("responder_id"), v.inside(row, "responder"))
        group = self._found.shelves["groups"].one(v.number(row.get("group_id"))) or v.inside(row, "group")
        product = self._found.shelves["products"].one(v.number(v.first(row, "product_id", "email_config_id"))) or {}
        agent = (assignee.addresses[0] if assignee.addresses else assignee.name) if assignee else ""
        return Matter(
            number,
            str(number),
            v.line(row.get("subject")),
            _state(row),
            opened,
            requester,
            tuple(self._said(number, row, opened, requester)),
            _named(v.first(row, "priority_name", "priority"), _PRIORITIES),
            v.line(group.get("name")) or v.line(row.get("group_name")),
            v.line(product.get("name")) or v.address(v.first(row, "to_email", "support_email")),
            agent,
            v.labels(row.get("tags")),
            tuple(self._fields(row)),
            v.moment(row.get("updated_at"), self._found.zone),
        )

    def _fields(self, row: Row) -> Iterator[tuple[str, str]]:
        for name, value in sorted({**v.inside(row, "custom_field"), **v.inside(row, "custom_fields")}.items()):
            text = "yes" if value is True else v.line(value)
            if text:
                yield v.line(name).removeprefix("cf_"), text
        for name in ("type", "ticket_type"):
            if text := v.line(row.get(name)):
                yield "type", text
                return

    def _said(self, number: int, row: Row, opened: datetime, requester: Person | None) -> Iterator[Words]:
        text, html = v.whole(v.first(row, "description_text")), v.whole(v.first(row, "description_html"))
        described = v.whole(row.get("description"))
        if "description_text" in row and not html:  # the API's description is HTML, the export's is text
            html = described
        first = text or described
        if first or html:
            source, who = v.number(row.get("source")), requester
            began: Who = "agent" if source == 10 else "customer"
            if began == "agent":
                who = self._someone(row.get("responder_id")) or requester
            yield Words("0", opened, began, who, "" if html and first == html else first, html, files=self._files(row))
        rows: dict[int, Row] = {}
        inner = (*v.several(row, "helpdesk_notes"), *v.several(row, "notes"), *v.several(row, "conversations"))
        for one in (*inner, *self._found.shelves["conversations"].rows(v.number(row.get("id")) or number)):
            rows[v.number(one.get("id")) or len(rows) + 1] = one
        for id, one in sorted(rows.items()):
            if not v.truth(one.get("deleted")):
                yield self._reply(id, one, opened, requester)

    def _reply(self, id: int, row: Row, opened: datetime, requester: Person | None) -> Words:
        author = self._someone(row.get("user_id")) or requester
        html, text = v.whole(row.get("body_html")), v.whole(v.first(row, "body_text"))
        body = v.whole(row.get("body"))
        if "body_text" in row and not html:
            html = body
        who: Who = "note" if v.truth(row.get("private")) else "customer" if _incoming(row, author) else "agent"
        return Words(
            str(id),
            v.moment(row.get("created_at"), self._found.zone) or opened,
            who,
            author,
            text or ("" if html else body) or ("" if html == body else body),
            html,
            to=v.addresses(row.get("to_emails") or []),
            cc=v.addresses(row.get("cc_emails") or []),
            files=self._files(row),
        )

    def _files(self, row: Row) -> tuple[File, ...]:
        return tuple(
            self._found.file(
                one.get("id"),
                v.line(v.first(one, "name", "content_file_name")),
                v.line(v.first(one, "content_type", "content_content_type")),
                v.first(one, "size", "content_file_size"),
            )
            for one in v.several(row, "attachments")
        )


def _incoming(row: Row, author: Person | None) -> bool:
    return v.truth(row.get("incoming")) if "incoming" in row else author is None or not author.agent


def _state(row: Row) -> str:
    if v.truth(row.get("spam")):
        return "spam"
    if v.truth(row.get("deleted")):
        return "deleted"
    return _named(v.first(row, "status_name", "status"), _STATES) or "open"


def _named(value: object, names: Mapping[int, str]) -> str:
    known = v.number(value)
    return names.get(known, str(known)) if known is not None else v.line(value).lower()
