"""osTicket: its tables, each as a file of CSV, JSON or phpMyAdmin's JSON: `ost_ticket`, `ost_thread`, `ost_thread_entry` and those beside.

Sources: the tables as https://github.com/osTicket/osTicket creates them (setup/inc/streams/core/install-mysql.sql) and
https://docs.osticket.com/en/latest/. Types of entries: M a message of the customer, R a response, N a note.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from inbox.elsewhere import values as v
from inbox.elsewhere.gathered import Gathered, Sort
from inbox.elsewhere.values import Row
from inbox.elsewhere.vocabulary import LEAVE, File, Lost, Matter, Person, Who, Words

SOURCE = "osticket"
SORTS: Mapping[str, Sort] = {
    "tickets": Sort(("ost_ticket", "ticket"), ("ticket_id",)),
    "data": Sort(("ost_ticket_cdata", "ticket_cdata"), ("ticket_id",)),
    "threads": Sort(("ost_thread", "thread"), ("object_id",)),
    "entries": Sort(("ost_thread_entry", "thread_entry"), ("thread_id",)),
    "keys": Sort(("ost_thread_entry_email", "thread_entry_email"), ("thread_entry_id",)),
    "users": Sort(("ost_user", "user")),
    "mails": Sort(("ost_user_email", "user_email"), ("user_id",)),
    "companies": Sort(("ost_organization", "organization")),
    "staff": Sort(("ost_staff", "staff"), ("staff_id",)),
    "departments": Sort(("ost_department", "department"), ("id", "dept_id")),
    "states": Sort(("ost_ticket_status", "ticket_status")),
    "priorities": Sort(("ost_ticket_priority", "ticket_priority"), ("priority_id",)),
    "topics": Sort(("ost_help_topic", "help_topic"), ("topic_id",)),
    "attachments": Sort(("ost_attachment", "attachment"), ("object_id",)),
    "files": Sort(("ost_file", "file")),
}
STATES = {"open": "open", "resolved": "done", "closed": "done", "archived": "done", "deleted": LEAVE}
PRIORITIES = {"low": "low", "normal": "normal", "high": "high", "emergency": "urgent"}
_KINDS: Mapping[str, Who] = {"M": "customer", "R": "agent", "N": "note"}
_OURS_FROM = 1_000_000_000_000
"""What our numbers of their staff begin behind: staff and users are counted apart there."""
_NAMED = ("subject", "priority", "ticket_id")


class OsTicket:
    """Implements `Export`."""

    source = SOURCE
    states: Mapping[str, str] = STATES
    priorities: Mapping[str, str] = PRIORITIES

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self.lost: list[Lost] = found.lost

    def persons(self) -> Iterator[Person]:
        """Users, then staff."""
        for number in self._found.shelves["users"].numbers():
            yield self._user(number) or Person(number)
        for number in self._found.shelves["staff"].numbers():
            yield self._staff(number) or Person(number + _OURS_FROM, agent=True)

    def matters(self) -> Iterator[Matter]:
        """Tickets with the entries of their thread."""
        shelf = self._found.shelves["tickets"]
        for number in shelf.numbers():
            row = shelf.one(number)
            if row is not None:
                yield self._matter(number, row)

    def _user(self, id: object) -> Person | None:
        number = v.number(id)
        if number is None:
            return None
        row = self._found.shelves["users"].one(number) or {}
        chief = v.number(row.get("default_email_id"))
        rows = sorted(self._found.shelves["mails"].rows(number), key=lambda one: v.number(one.get("id")) != chief)
        mails = v.addresses([one.get("address") for one in rows])
        company = self._found.shelves["companies"].one(v.number(row.get("org_id"))) or {}
        return Person(number, v.line(row.get("name")), tuple(one.address for one in mails), v.line(company.get("name")))

    def _staff(self, id: object) -> Person | None:
        number = v.number(id)
        if number is None:
            return None
        row = self._found.shelves["staff"].one(number) or {}
        at = v.address(row.get("email"))
        name = v.called(row, "firstname", "lastname") or v.line(row.get("username"))
        return Person(number + _OURS_FROM, name, (at,) if at else (), agent=True)

    def _matter(self, id: int, row: Row) -> Matter:
        opened = v.moment(row.get("created"), self._found.zone) or v.EARLIEST
        data = self._found.shelves["data"].one(id) or {}
        requester, staff = self._user(row.get("user_id")), self._staff(row.get("staff_id"))
        department = v.line((self._found.shelves["departments"].one(v.number(row.get("dept_id"))) or {}).get("name"))
        agent = (staff.addresses[0] if staff.addresses else staff.name) if staff else ""
        state = self._found.shelves["states"].one(v.number(row.get("status_id"))) or {}
        return Matter(
            id,
            v.line(row.get("number")) or str(id),
            v.line(v.first(data, "subject")) or v.line(row.get("subject")),
            v.line(v.first(state, "name", "state")).lower()
            or ("closed" if v.moment(row.get("closed"), self._found.zone) else "open"),
            opened,
            requester,
            tuple(self._said(id, opened, requester)),
            self._priority(v.first(data, "priority")),
            department,
            department,
            agent,
            (),
            tuple(self._fields(row, data)),
            v.moment(v.first(row, "lastupdate", "updated"), self._found.zone),
        )

    def _priority(self, value: object) -> str:
        known = self._found.shelves["priorities"].one(v.number(value)) or {}
        return v.line(known.get("priority")).lower() or ("" if v.number(value) else v.line(value).lower())

    def _fields(self, row: Row, data: Row) -> Iterator[tuple[str, str]]:
        topic = self._found.shelves["topics"].one(v.number(row.get("topic_id"))) or {}
        if text := v.line(topic.get("topic")):
            yield "topic", text
        for name in sorted(data):
            if name not in _NAMED and (text := v.line(data[name])):
                yield name, text

    def _said(self, id: int, opened: datetime, requester: Person | None) -> Iterator[Words]:
        threads = [
            one for one in self._found.shelves["threads"].rows(id) if v.line(one.get("object_type")) in ("T", "")
        ]
        rows: dict[int, Row] = {}
        for thread in threads:
            for one in self._found.shelves["entries"].rows(v.number(thread.get("id"))):
                rows[v.number(one.get("id")) or len(rows) + 1] = one
        for number, one in sorted(rows.items()):
            who = _KINDS.get(v.line(one.get("type")).upper()[:1], "note")
            staff = self._staff(one.get("staff_id"))
            author = staff if who != "customer" else self._user(one.get("user_id")) or requester
            if author is None and who != "customer":
                author = Person(_OURS_FROM, v.line(one.get("poster")), agent=True)
            html = v.line(one.get("format")).lower() != "text"
            body = v.whole(one.get("body"))
            yield Words(
                str(number),
                v.moment(one.get("created"), self._found.zone) or opened,
                who,
                author,
                "" if html else body,
                body if html else "",
                files=tuple(self._files(number)),
                key=self._key(number),
            )

    def _files(self, number: int) -> Iterator[File]:
        for one in self._found.shelves["attachments"].rows(number):
            if v.line(one.get("type")) in ("H", ""):
                row = self._found.shelves["files"].one(v.number(one.get("file_id"))) or {}
                name = v.line(v.first(one, "name")) or v.line(row.get("name"))
                yield self._found.file(one.get("file_id"), name, v.line(row.get("type")), row.get("size"))

    def _key(self, number: int) -> str:
        told = v.line((self._found.shelves["keys"].one(number) or {}).get("mid"))
        return told if told.startswith("<") and told.endswith(">") else ""
