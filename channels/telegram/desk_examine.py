"""What the doctor finds out about a desk: whether the bot is there, may do what it has to, and the group has topics."""

from typing import Any

from channels.telegram.dialect import Dialect
from channels.telegram.line import Line
from channels.telegram.request import Refused
from channels.telegram.said import Said
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding

CHECK = "bot.check.desk"
RIGHTS = ("can_manage_topics", "can_pin_messages")


async def desk(calling: Line, dialect: Dialect, bot: Said, chat: str) -> Finding:
    """The first thing that is wrong with the group of a desk. Asks, and changes nothing."""
    try:
        group = await _asked(calling, "getChat", {"chat_id": int(chat)})
        member = await _asked(calling, "getChatMember", {"chat_id": int(chat), "user_id": bot.number("id")})
    except Refused as refused:
        return Finding(CHECK, "fail", Problem("desk.no_chat", chat=chat, words=refused.text), chat)
    except Problem as problem:
        return Finding(CHECK, "unknown", problem, chat)
    if member.text("status") not in ("administrator", "creator"):
        return Finding(CHECK, "fail", Problem("desk.no_admin", chat=chat), chat)
    if dialect.topics and not group.true("is_forum"):
        return Finding(CHECK, "fail", Problem("desk.no_topics", chat=chat), chat)
    lacking = [right for right in RIGHTS if not member.true(right)] if dialect.topics else []
    if lacking:
        return Finding(CHECK, "fail", Problem("desk.lacks_rights", chat=chat, rights=", ".join(lacking)), chat)
    return Finding(CHECK, "pass", observed=f"{group.text('title')} {chat}".strip())


async def _asked(calling: Line, method: str, said: dict[str, Any]) -> Said:
    found = await calling.ask(method, said)
    return Said(found if isinstance(found, dict) else {})
