"""Telling of articles by bot: what an agent has not read on the page is told them in their private chat, with the way to it."""

from datetime import datetime
from urllib.parse import quote

from inbox.domain.desks import Button
from inbox.domain.ids import ChannelName, NetworkKey
from inbox.pipeline.bot_notices import AGAIN, address_on, rests
from inbox.pipeline.desk_feedback import word
from inbox.pipeline.playbook import Playbook
from inbox.store import article_notices, desks, people
from inbox.store.article_notices import ArticleNotice
from inbox.store.unit import Unit


def tell_of_articles(unit: Unit, channel: ChannelName, playbook: Playbook, now: datetime) -> int:
    """What is due, to those whom this channel's network knows; how many notices were looked at."""
    plan = next((one for one in playbook.desks if one.channel == channel), None)
    kind = playbook.channels[channel].kind
    due = article_notices.by_bot(unit, kind, now) if plan is not None else []
    if plan is None or not due:
        return 0
    desk, roster = desks.of_plan(unit, plan), people.roster(unit)
    for one in due:
        agent, again = roster.agent_by_id(one.agent), None
        there = address_on(unit, one.agent, kind)
        if agent is not None and not agent.disabled and there is not None:
            again = now + AGAIN if rests(unit, agent, now) else None
            if again is None:
                facts = {"happened": one.kind, "title": one.title, "count": one.count}
                word(unit, desk, (NetworkKey(""), there), "desk.article", now, facts=facts, buttons=_way(one, playbook))
        article_notices.told_by_bot(unit, one.id, again)
    return len(due)


def _way(one: ArticleNotice, playbook: Playbook) -> list[Button]:
    if not playbook.public_url.startswith("https://"):
        return []
    to = "/articles/freshness" if one.count > 1 else f"/articles/{quote(one.slug, safe='')}"
    return [Button("desk.button.open", url=f"{playbook.public_url}{to}")]
