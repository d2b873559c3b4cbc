"""A scope as conditions on conversations: what does not meet them looks as if it did not exist."""

from collections.abc import Collection

import sqlalchemy as sa

from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.scope import Scope
from inbox.store.sights import within_sight
from inbox.store.tables import conversation
from inbox.store.unit import Unit

_C = conversation.c


def within(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """The conditions that a conversation has to meet, all of them. A scope that names nobody sees nothing."""
    conditions = [_who(scope)]
    if scope.organizations is not None:
        conditions.append(_C.organization_id.in_(scope.organizations))
    if scope.conversations is not None:
        conditions.append(_C.id.in_(scope.conversations))
    return conditions


def whole(scope: Scope) -> bool:
    """Whether nothing limits it: every conversation lies within, and what such a reader asks is a constant statement."""
    limits = (scope.teams, scope.organizations, scope.conversations)
    somebody = scope.kind == "house" or (scope.kind == "agent" and scope.agent is not None)
    return somebody and all(one is None for one in limits)


def sees(unit: Unit, scope: Scope, id: ConversationId) -> bool:
    """Whether a conversation lies within."""
    if whole(scope):
        return True
    return unit.execute(sa.select(_C.id).where(_C.id == id, *within(scope))).first() is not None


def _who(scope: Scope) -> sa.ColumnElement[bool]:
    if scope.kind == "house":
        return sa.true() if scope.teams is None else _C.team_id.in_(scope.teams)
    if scope.kind == "agent":
        return sa.false() if scope.agent is None else _of_agent(scope)
    if scope.kind == "contact":
        return sa.false() if scope.contact is None else _of_contact(scope.contact, colleagues=scope.colleagues)
    return sa.false() if scope.conversations is None else sa.true()


def _of_contact(contact: ContactId, *, colleagues: bool) -> sa.ColumnElement[bool]:
    own = _C.contact_id == contact
    return sa.or_(own, _C.contact_id.in_(within_sight(contact))) if colleagues else own


def _of_agent(scope: Scope) -> sa.ColumnElement[bool]:
    if scope.teams is None:
        return sa.true()
    return sa.or_(_C.team_id.in_(scope.teams), _C.assignee_id == scope.agent)


def subjects(unit: Unit, scope: Scope, references: Collection[str]) -> dict[str, str]:
    """The subjects of those conversations that lie within the scope, by reference."""
    if not references:
        return {}
    query = sa.select(_C.reference, _C.subject).where(_C.reference.in_(references), *within(scope))
    return {row[0]: row[1] for row in unit.execute(query)}
