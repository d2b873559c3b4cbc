"""Articles for whoever begins to write on a channel's own pages: those that may be the answer, while nothing of theirs runs there."""

from collections.abc import Collection
from datetime import date

from inbox.domain.articles import STRANGER
from inbox.domain.conversations import State
from inbox.domain.ids import ArticleId, ChannelName
from inbox.knowledge.addresses import page
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.suggest import Suggestion, suggest
from inbox.ports.face import Suggested
from inbox.store import articles_counted, articles_read, conversations
from inbox.store.unit import Unit
from inbox.web.portal.suggesting import LIKELY, MOST


def begins(unit: Unit, channel: ChannelName, visitor: str, playbook: Playbook) -> bool:
    """Whether what they write now begins something that an article could answer: one that everybody can open, and nothing of
    theirs runs on the channel."""
    if playbook.portal is None or not playbook.public_url:
        return False
    return not _runs(unit, channel, visitor) and bool(articles_read.entries(unit, STRANGER, most=1))


def found(
    unit: Unit, channel: ChannelName, visitor: str, asked: str, language: str, sure: bool, playbook: Playbook
) -> list[Suggestion]:
    """Those that may be the answer. `sure`: as sure as the site wants them where they stand in somebody's way."""
    if not begins(unit, channel, visitor, playbook):
        return []
    return suggest(unit, STRANGER, asked, language, MOST, playbook.suggesting.above if sure else LIKELY)


def told(one: Suggestion, playbook: Playbook) -> Suggested:
    """One of them as a face has it."""
    entry = one.entry
    address = f"{playbook.public_url}{page(entry.language, entry.slug)}"
    return Suggested(entry.slug, entry.language, entry.title, address, one.words, one.solved)


def shown(unit: Unit, ones: Collection[ArticleId], day: date) -> None:
    """They were shown to somebody."""
    articles_counted.counted(unit, list(ones), "shown", day)


def solved(unit: Unit, slug: str, playbook: Playbook, day: date) -> bool:
    """One was the answer, its reader says; False where everybody can read none of that address."""
    seen = None if playbook.portal is None else articles_read.find(unit, STRANGER, slug)
    if seen is not None:
        articles_counted.counted(unit, [seen.article.id], "solved", day)
    return seen is not None


def _runs(unit: Unit, channel: ChannelName, visitor: str) -> bool:
    id = conversations.of_thread(unit, channel, visitor)
    while id is not None:
        matter = conversations.peek(unit, id)
        if matter.merged_into is None:
            return matter.state not in (State.DONE, State.SPAM)
        id = matter.merged_into
    return False
