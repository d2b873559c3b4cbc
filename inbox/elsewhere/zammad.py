"""Zammad: what its REST API gives, with `expand=true`: tickets, articles, users, organizations, groups.

Sources: https://docs.zammad.org/en/latest/api/ticket/index.html, .../api/ticket/articles.html, .../api/user.html,
.../api/organization.html, .../api/group.html, .../api/ticket/states.html, .../api/ticket/priorities.html.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from inbox.elsewhere import values as v
from inbox.elsewhere.gathered import Gathered, Sort
from inbox.elsewhere.values import Row
from inbox.elsewhere.vocabulary import LEAVE, Lost, Matter, Person, Who, Words

SOURCE = "zammad"
SORTS: Mapping[str, Sort] = {
    "tickets": Sort(("tickets", "ticket")),
    "articles": Sort(("articles", "article", "ticket_articles", "ticket_article"), ("ticket_id",)),
    "users": Sort(("users", "user")),
    "organizations": Sort(("organizations", "organization")),
    "groups": Sort(("groups", "group")),
    "states": Sort(("states", "state", "ticket_states", "ticket_state")),
    "priorities": Sort(("priorities", "priority", "ticket_priorities", "ticket_priority")),
}
STATES = {
    "new": "open",
    "open": "open",
    "pending reminder": "waiting",
    "pending close": "waiting",
    "closed": "done",
    "merged": LEAVE,
    "removed": LEAVE,
}
PRIORITIES = {"1 low": "low", "2 normal": "normal", "3 high": "high"}
_SENDERS = {1: "agent", 2: "customer", 3: "system"}
_OWN = frozenset(
    [
        "id",
        "number",
        "title",
        "note",
        "group",
        "group_id",
        "priority",
        "priority_id",
        "state",
        "state_id",
        "organization",
        "organization_id",
        "owner",
        "owner_id",
        "customer",
        "customer_id",
        "created_at",
        "updated_at",
        "created_by",
        "created_by_id",
        "updated_by",
        "updated_by_id",
        "article_ids",
        "articles",
        "ticket_time_accounting_ids",
        "ticket_time_accounting",
        "preferences",
        "tags",
        "type",
        "time_unit",
        "pending_time",
        "article_count",
        "create_article_type",
        "create_article_type_id",
        "create_article_sender",
        "create_article_sender_id",
        "mention_ids",
        "checklist_id",
        "referencing_checklist_ids",
    ]
)


class Zammad:
    """Implements `Export`."""

    source = SOURCE
    states: Mapping[str, str] = STATES
    priorities: Mapping[str, str] = PRIORITIES

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self.lost: list[Lost] = found.lost

    def persons(self) -> Iterator[Person]:
        """Users but for number 1, who stands for nobody."""
        shelf = self._found.shelves["users"]
        for number in shelf.numbers():
            found = self._someone(number)
            if found is not None:
                yield found

    def matters(self) -> Iterator[Matter]:
        """Tickets with their articles."""
        shelf = self._found.shelves["tickets"]
        for number in shelf.numbers():
            row = shelf.one(number)
            if row is not None:
                yield self._matter(number, row)

    def _someone(self, id: object) -> Person | None:
        number = v.number(id)
        if number is None or number == 1:
            return None
        row = self._found.shelves["users"].one(number)
        if row is None:
            return Person(number)
        company = self._found.shelves["organizations"].one(v.number(row.get("organization_id"))) or {}
        at = v.address(v.first(row, "email", "login"))
        return Person(
            number,
            v.called(row, "firstname", "lastname") or v.line(row.get("login")),
            (at,) if at else (),
            v.line(company.get("name")) or v.line(row.get("organization")),
            None,
            _agent(row),
            v.line(v.first(row, "phone", "mobile")),
        )

    def _named(self, row: Row, name: str, shelf: str) -> str:
        """What expands to a name; else the name of that number, where the export has it."""
        told = row.get(name)
        if isinstance(told, Mapping):
            return v.line(told.get("name"))
        known = self._found.shelves[shelf].one(v.number(row.get(f"{name}_id"))) or {}
        return v.line(told) or v.line(known.get("name")) or v.line(row.get(f"{name}_id"))

    def _matter(self, id: int, row: Row) -> Matter:
        opened = v.moment(row.get("created_at"), self._found.zone) or v.EARLIEST
        requester = self._someone(row.get("customer_id"))
        owner = self._someone(row.get("owner_id"))
        agent = (owner.addresses[0] if owner.addresses else owner.name) if owner else v.address(row.get("owner"))
        group = self._named(row, "group", "groups")
        return Matter(
            id,
            v.line(row.get("number")) or str(id),
            v.line(row.get("title")),
            self._named(row, "state", "states").lower() or "open",
            opened,
            requester,
            tuple(self._said(id, row, opened, requester)),
            self._named(row, "priority", "priorities").lower(),
            group,
            group,
            agent,
            v.labels(row.get("tags") or []),
            tuple((n, text) for n in sorted(row) if n not in _OWN and not _kept(n) and (text := _plain(row[n]))),
            v.moment(row.get("updated_at"), self._found.zone),
        )

    def _said(self, id: int, row: Row, opened: datetime, requester: Person | None) -> Iterator[Words]:
        rows: dict[int, Row] = {}
        for one in (*v.several(row, "articles"), *self._found.shelves["articles"].rows(id)):
            rows[v.number(one.get("id")) or len(rows) + 1] = one
        for number, one in sorted(rows.items()):
            html = v.line(one.get("content_type")).lower() == "text/html"
            body = v.whole(one.get("body"))
            who = _who(one)
            author = self._someone(v.first(one, "origin_by_id", "created_by_id"))
            yield Words(
                str(number),
                v.moment(one.get("created_at"), self._found.zone) or opened,
                who,
                requester if who == "customer" and (author is None or author.agent) else author,
                "" if html else body,
                body if html else "",
                to=v.addresses(one.get("to")),
                cc=v.addresses(one.get("cc")),
                files=tuple(
                    self._found.file(
                        f.get("id"),
                        v.line(f.get("filename")),
                        v.line(v.first(v.inside(f, "preferences"), "Content-Type", "Mime-Type")),
                        f.get("size"),
                    )
                    for f in v.several(one, "attachments")
                ),
                key=_key(one),
            )


def _agent(row: Row) -> bool:
    roles = [role.lower() for role in v.labels(row.get("roles") or [])]
    listed = row.get("role_ids")
    numbers = {v.number(one) for one in listed} if isinstance(listed, list) else set()
    return any(role in ("agent", "admin") for role in roles) or bool({1, 2} & numbers)


def _who(row: Row) -> Who:
    sender = v.line(row.get("sender")).lower() or _SENDERS.get(v.number(row.get("sender_id")) or 0, "")
    if v.truth(row.get("internal")) or sender == "system":
        return "note"
    return "agent" if sender == "agent" else "customer"


def _key(row: Row) -> str:
    told = v.line(row.get("message_id"))
    return told if told.startswith("<") and told.endswith(">") else ""


def _kept(name: str) -> bool:
    """Columns of theirs that count times and are no field of anybody's."""
    return name.endswith(("_at", "_in_min", "_diff_in_min", "_ids"))


def _plain(value: object) -> str:
    return "yes" if value is True else v.line(value)
