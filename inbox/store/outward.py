"""What of a conversation its customer may see: what they said, and what has gone out to them."""

import sqlalchemy as sa

from inbox.domain.ids import ContactId
from inbox.domain.messages import Direction
from inbox.domain.outgoing import Purpose
from inbox.store.tables import channel, delivery, identity, message
from inbox.store.transcripts import VISIBLE

TOLD = (Purpose.REPLY, Purpose.ACKNOWLEDGEMENT, Purpose.RENEWAL, Purpose.ANSWER)
"""Not what passes on to others, nor a notice: a code that proves an address is no word of ours."""

_M, _D, _I, _C = message.c, delivery.c, identity.c, channel.c


def outward(contact: ContactId) -> sa.ColumnElement[bool]:
    """The condition on a message that this contact may read it.

    Of what came in it is only what came from an address that is theirs now: somebody who knows a reply address, or was
    asked by us, is no part of what the customer sees (a mail that proves an account elsewhere would be theirs to click).
    Of what we said it is what was handed over to such an address, and old mail of ours that was brought in.
    """
    return sa.or_(
        sa.and_(_M.direction == Direction.INBOUND.value, _came_from(contact)),
        sa.and_(
            _M.direction == Direction.OUTBOUND.value,
            _M.purpose.in_([purpose.value for purpose in TOLD]),
            sa.or_(_M.arrival_id.is_not(None), _went_to(contact)),
        ),
    )


def _came_from(contact: ContactId) -> sa.ColumnElement[bool]:
    """The sender's address is the first of two in a list, the second being the name."""
    theirs = sa.select(_I.id).join_from(identity, channel, _C.kind == _I.kind)
    address = sa.type_coerce(_M.sender, sa.JSON)[0].as_string()
    return theirs.where(_C.name == _M.channel, _I.contact_id == contact, _I.address == address).exists()


def _went_to(contact: ContactId) -> sa.ColumnElement[bool]:
    went = sa.select(_D.id).join_from(delivery, channel, _C.name == _D.channel)
    theirs = went.join(identity, sa.and_(_I.kind == _C.kind, _I.address == _D.lane))
    visible = [state.value for state in VISIBLE]
    return theirs.where(_D.message_id == _M.id, _D.state.in_(visible), _I.contact_id == contact).exists()
