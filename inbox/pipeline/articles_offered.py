"""What articles have to do with a conversation: offered in our first answer, met before it was written, linked to by one of us."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote

from inbox.domain.articles import AGENT, STRANGER, Part, Reader
from inbox.domain.choices import LABEL, Offer
from inbox.domain.facts import ArticleLink
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ArticleId, ConversationId
from inbox.domain.menu_steps import Step
from inbox.knowledge.addresses import HELP, page
from inbox.pipeline import one_matter
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.suggest import ASKED, Suggestion, suggest
from inbox.pipeline.turn import Turn
from inbox.store import articles, articles_counted, articles_parts, articles_read, conversations, messages
from inbox.store.unit import Unit
from inbox.text.excerpts import excerpt
from inbox.text.telling import telling

MOST_MET = 50
"""Articles of one form, or of one answer, that are looked at."""
_LINK = re.compile(rf"(?<!\S)(\S*){re.escape(HELP)}/(?:fa|en)/((?:[\w-]|%[0-9A-Fa-f]{{2}})+)")


# -- our first answer --------------------------------------------------------------------------------------------------
def offer(
    turn: Turn, said: InboundMessage, language: str, over: Speaker, playbook: Playbook
) -> tuple[tuple[ArticleLink, ...], tuple[Offer, ...]]:
    """What our first answer offers: public articles that are sure enough to be it, and that were not offered or read before it was
    written; and where a bot has a menu, the buttons that show them there. None where nobody could open them."""
    wanted, pages = playbook.suggesting, playbook.portal is not None and bool(playbook.public_url)
    here = over.self_service and said.thread == said.sender.address
    if not wanted.acknowledgement or not (pages or here):
        return (), ()
    met = {*articles.slugs(turn.unit, [*said.offered, *said.read]).values()}
    asked = f"{said.subject}\n{said.reply_text or said.text}"
    found = suggest(turn.unit, STRANGER, asked, language, wanted.most + len(met), wanted.above)
    new = [one for one in found if one.entry.slug not in met][: wanted.most]
    if not new:
        return (), ()
    _part(turn.unit, turn.conversation.id, [one.entry.id for one in new], "offered", turn.now)
    articles_counted.counted(turn.unit, [one.entry.id for one in new], "shown", playbook.day(turn.now))
    if here:
        matter = turn.conversation.id
        shown = [Step(language, "article", (str(one.entry.id), str(matter))).offer(_label(one)) for one in new]
        return tuple(ArticleLink(title=one.entry.title, link="") for one in new), tuple(shown)
    seal = one_matter.token(turn.conversation.id, turn.conversation.contact, playbook, turn.now)
    return tuple(_link(one, playbook, seal) for one in new), ()


def _label(one: Suggestion) -> str:
    return f"📄 {excerpt(one.entry.title, LABEL)}"


def _link(one: Suggestion, playbook: Playbook, seal: str) -> ArticleLink:
    address = f"{playbook.public_url}{page(one.entry.language, one.entry.slug)}?{one_matter.FOR}={seal}"
    return ArticleLink(title=one.entry.title, link=address)


# -- before they wrote -------------------------------------------------------------------------------------------------
def met(turn: Turn, said: InboundMessage, playbook: Playbook) -> None:
    """Which articles they were offered as they wrote, and which they had read: these were not enough."""
    parts: tuple[tuple[Part, Sequence[str]], ...] = (("offered", said.offered), ("read", said.read))
    for part, slugs in parts:
        ids = _ids(turn.unit, Reader(organization=turn.conversation.organization), slugs)
        _part(turn.unit, turn.conversation.id, ids, part, turn.now)
        if part == "read":
            articles_counted.counted(turn.unit, ids, "left", playbook.day(turn.now))


# -- an answer of ours -------------------------------------------------------------------------------------------------
def linked(turn: Turn, text: str, playbook: Playbook) -> None:
    """The articles of ours that an agent's words lead to are the answer, once the conversation is done."""
    if HELP not in text:
        return
    ours = [unquote(slug) for before, slug in _LINK.findall(text) if before.endswith(playbook.public_url)]
    ids = _ids(turn.unit, AGENT, ours)
    if ids:
        _part(turn.unit, turn.conversation.id, ids, "linked", turn.now)
        learn(turn.unit, turn.conversation.id)


def question(unit: Unit, matter: ConversationId) -> str:
    """What its customer asked: the subject, and the first thing that they wrote."""
    first = messages.first_inbound(unit, matter)
    subject = conversations.peek(unit, matter).subject
    return subject if first is None else f"{subject}\n{first.reply_text or first.text}"


def learn(unit: Unit, matter: ConversationId) -> None:
    """An article was the answer here: it is found for who asks alike."""
    articles_parts.asked(unit, matter, telling(question(unit, matter), ASKED))


def _part(unit: Unit, matter: ConversationId, ids: Sequence[ArticleId], part: Part, now: datetime) -> None:
    articles_parts.played(unit, matter, ids, part, now)


def _ids(unit: Unit, reader: Reader, slugs: Sequence[str]) -> list[ArticleId]:
    there = articles_read.places(unit, reader, list(slugs)[:MOST_MET])
    found = (articles.find(unit, slug) for slug, _ in there.values())
    return [one.id for one in found if one is not None]
