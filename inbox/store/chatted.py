"""What was said in one container, as the person in it could see it."""

import sqlalchemy as sa

from inbox.domain.ids import ThreadId
from inbox.domain.messages import Direction, Message
from inbox.store.messages import FIELDS, from_row
from inbox.store.tables import delivery, message
from inbox.store.unit import Unit

_M, _D = message.c, delivery.c


def chatted(unit: Unit, thread: ThreadId, most: int) -> list[Message]:
    """The newest messages in a container, oldest first: never a note, and of ours only what has gone out whole."""
    unsent = sa.exists().where(_D.message_id == _M.id, ~_D.copy, _D.state != "sent")
    query = sa.select(*FIELDS).where(_M.thread_id == thread, _M.direction != Direction.NOTE.value, ~unsent)
    rows = unit.execute(query.order_by(_M.at.desc(), _M.id.desc()).limit(most))
    return [from_row(row) for row in rows][::-1]
