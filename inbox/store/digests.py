"""Letters of the day: when each agent's is due, the last day that had one; and what such a letter tells of, as it is now."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from inbox.domain.attention import URGENT, Kind
from inbox.domain.conversations import State
from inbox.domain.ids import AgentId, ConversationId, NotificationId, TeamId
from inbox.domain.promises import Promise, PromiseState
from inbox.domain.scope import Scope
from inbox.store import promises, views
from inbox.store.notifications import Notification
from inbox.store.scoped import within
from inbox.store.tables import contact, conversation, digest, notification, promise
from inbox.store.unit import Unit

_C = digest.c
_LIVE = tuple(state.value for state in (State.OPEN, State.WAITING, State.SNOOZED))
_CALM = notification.c.kind.not_in([kind.value for kind in URGENT])


def told(unit: Unit, whose: AgentId) -> date | None:
    """The last local day of theirs that had its letter, or had nothing to tell."""
    found = unit.execute(sa.select(_C.told).where(_C.agent_id == whose)).scalar()
    return date.fromisoformat(found) if found else None


def due(unit: Unit, now: datetime, most: int) -> list[AgentId]:
    """Whose is to be looked at, the longest due first."""
    query = sa.select(_C.agent_id).where(_C.due_at.is_not(None), _C.due_at <= now).order_by(_C.due_at, _C.agent_id)
    return [AgentId(row[0]) for row in unit.execute(query.limit(most))]


def next_due(unit: Unit) -> datetime | None:
    """When the next one is to be looked at."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.due_at)).where(_C.due_at.is_not(None))).scalar_one()
    return found


def of(unit: Unit, whose: AgentId) -> datetime | None:
    """When theirs is to be looked at next; None: they get none."""
    found: datetime | None = unit.execute(sa.select(_C.due_at).where(_C.agent_id == whose)).scalar()
    return found


def put(unit: Unit, whose: AgentId, due_at: datetime | None, told: date | None) -> None:
    """From now on."""
    values = {"due_at": due_at, "told": told.isoformat() if told else ""}
    if not unit.insert_new(digest, agent_id=whose, **values):
        unit.execute(sa.update(digest).where(_C.agent_id == whose).values(**values))


def promised(unit: Unit, whose: AgentId, most: int) -> list[Promise]:
    """What was promised in an agent's conversations and is not judged, or was missed while the customer still waits; the
    earliest due first."""
    c = conversation.c
    late = sa.and_(promise.c.state == PromiseState.LATE.value, c.waiting_since.is_not(None))
    query = (
        sa.select(promise.c.id, promise.c.conversation_id)
        .join_from(promise, conversation, c.id == promise.c.conversation_id)
        .where(c.assignee_id == whose, c.state.in_(_LIVE), c.merged_into_id.is_(None))
        .where(sa.or_(promise.c.state == PromiseState.OPEN.value, late))
        .order_by(promise.c.due_at, promise.c.id)
        .limit(most)
    )
    found = [(row[0], ConversationId(row[1])) for row in unit.execute(query)]
    known = {one.id: one for matter in {m for _, m in found} for one in promises.of(unit, matter)}
    return [known[id] for id, _ in found]


def waiting(unit: Unit, scope: Scope, teams: Sequence[TeamId], most: int) -> tuple[int, list[views.Row]]:
    """How many open conversations of these teams nobody has, and the first of them, due soonest first."""
    if not teams:
        return 0, []
    among = [conversation.c.team_id.in_(list(teams)), conversation.c.assignee_id.is_(None)]
    rows = views.listing(unit, scope, among=among, most=most)
    return views.count(unit, scope, [State.OPEN], among) if len(rows) == most else len(rows), rows


def notices(unit: Unit, scope: Scope, most: int) -> list[Notification]:
    """What waits to be told an agent by mail, and where they were mentioned and have not read it; the newest first."""
    n, c = notification.c, conversation.c
    fields = (n.id, c.reference, c.subject, contact.c.name, n.kind, n.rule, n.at, n.read_at)
    query = (
        sa.select(*fields)
        .join_from(notification, conversation, c.id == n.conversation_id)
        .join(contact, contact.c.id == c.contact_id)
        .where(n.agent_id == scope.agent, *within(scope))
        .where(sa.or_(n.mail_at.is_not(None), sa.and_(n.read_at.is_(None), n.kind == Kind.MENTIONED.value)), _CALM)
    )
    return [Notification(*row) for row in unit.execute(query.order_by(n.id.desc()).limit(most))]


def over(unit: Unit, whose: AgentId, upto: NotificationId | None) -> None:
    """What waited to be told them by mail, up to this notice (None: all of it), was; what is urgent is told by itself."""
    n = notification.c
    theirs = sa.update(notification).where(n.agent_id == whose, n.mail_at.is_not(None), _CALM)
    unit.execute((theirs if upto is None else theirs.where(n.id <= upto)).values(mail_at=None))


def singly(unit: Unit, whose: AgentId, now: datetime) -> None:
    """What waits to be told them by mail is due now: no letter of the day will tell it."""
    n = notification.c
    unit.execute(sa.update(notification).where(n.agent_id == whose, n.mail_at > now, _CALM).values(mail_at=now))
