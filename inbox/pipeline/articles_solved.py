"""An article was the answer, its reader says: they need nobody any more."""

from datetime import datetime

from inbox.domain.conversations import State
from inbox.domain.ids import ArticleId, ConversationId
from inbox.pipeline import customers
from inbox.pipeline.articles_offered import learn
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import articles_counted, articles_parts, conversations, people
from inbox.store.unit import Unit


def solved(
    unit: Unit,
    matter: ConversationId,
    article: ArticleId,
    playbook: Playbook,
    now: datetime,
    over: Speaker | None = None,
) -> bool:
    """The conversation is done by its customer's word, and the article is learnt from; False where that was known, and for an article
    that was not offered in it: whoever has the link may say yes to what we asked, and nothing else. `over`: the channel on which they say
    so; None: our pages."""
    over, parts = over or playbook.portal, articles_parts.parts(unit, matter).get(article, ())
    if over is None or "offered" not in parts or "solved" in parts:
        return False
    now_is = conversations.peek(unit, matter)
    moved = customers.move(unit, people.contact(unit, now_is.contact), matter, State.DONE, over, playbook, now)
    if not moved and now_is.state is not State.DONE:
        return False
    articles_parts.played(unit, matter, [article], "solved", now)
    learn(unit, matter)
    articles_counted.counted(unit, [article], "solved", playbook.day(now))
    return True
