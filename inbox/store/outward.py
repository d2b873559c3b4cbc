"""What of a conversation a customer may see: what they said, and what has gone out to them; and where one may see what their
organization asks, what others of it said, and what has gone out to those."""

import sqlalchemy as sa

from inbox.domain.ids import ContactId
from inbox.domain.messages import Direction
from inbox.domain.outgoing import Purpose
from inbox.domain.scope import Scope
from inbox.store.messages import CALL, OUTSIDE
from inbox.store.sights import speakers, within_sight
from inbox.store.tables import channel, delivery, identity, message
from inbox.store.transcripts import VISIBLE

TOLD = (Purpose.REPLY, Purpose.ACKNOWLEDGEMENT, Purpose.RENEWAL, Purpose.ANSWER)
"""Not what passes on to others, nor a notice: a code that proves an address is no word of ours."""

_M, _D, _I, _C = message.c, delivery.c, identity.c, channel.c


def outward(asker: ContactId, scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on a message that it may be read with this scope, in a conversation of the contact `asker` within it.

    Of what came in it is only what came from an address that is the asker's now: somebody who knows a reply address, or was
    asked by us, is no part of what the customer sees (a mail that proves an account elsewhere would be theirs to click).
    Of what we said it is what was handed over to such an address, and old mail of ours that was brought in. With the asker
    stand those of their organization who spoke here by their right to, and for a reader who has that right all of the organization.
    """
    whose = _whose(asker, scope)
    return sa.or_(
        sa.and_(_M.direction == Direction.INBOUND.value, _M.purpose.not_in([OUTSIDE, CALL]), _came_from(whose)),
        sa.and_(
            _M.direction == Direction.OUTBOUND.value,
            _M.purpose.in_([purpose.value for purpose in TOLD]),
            sa.or_(_M.arrival_id.is_not(None), _went_to(whose)),
        ),
    )


def _whose(asker: ContactId, scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on an address that what came from there, or went there, may be read."""
    those = [_I.contact_id == asker, _I.contact_id.in_(speakers())]
    if scope.colleagues and scope.contact is not None:
        those.append(_I.contact_id.in_(within_sight(scope.contact)))
    return sa.or_(*those)


def _came_from(whose: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The sender's address is the first of two in a list, the second being the name."""
    theirs = sa.select(_I.id).join_from(identity, channel, _C.kind == _I.kind)
    address = sa.type_coerce(_M.sender, sa.JSON)[0].as_string()
    return theirs.where(_C.name == _M.channel, whose, _I.address == address).exists()


def _went_to(whose: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    went = sa.select(_D.id).join_from(delivery, channel, _C.name == _D.channel)
    theirs = went.join(identity, sa.and_(_I.kind == _C.kind, _I.address == _D.lane))
    visible = [state.value for state in VISIBLE]
    return theirs.where(_D.message_id == _M.id, _D.state.in_(visible), whose).exists()
