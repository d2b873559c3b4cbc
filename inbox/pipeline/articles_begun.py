"""An article begun from a conversation: what was asked as its title, what we answered as its text, without the people in them.

It only fills the form of a new article: nothing is kept before an agent has read it and says so.
"""

from inbox.domain.articles import LANGUAGES, Words
from inbox.domain.ids import ConversationId
from inbox.domain.messages import Direction, Message
from inbox.knowledge import canonical
from inbox.store import conversations, edits, messages, people
from inbox.store.unit import Unit
from inbox.text.impersonal import impersonal
from inbox.text.subjects import plain_subject

LONGEST_TITLE = 120


def begun(unit: Unit, matter: ConversationId, language: str) -> tuple[str, Words]:
    """The language in which it was answered, else that one, and the words: the longest answer that one of us wrote in it."""
    said, now = messages.of(unit, matter, notes=False), conversations.peek(unit, matter)
    asked = next((one for one in said if one.direction is Direction.INBOUND), None)
    answers = [one for one in said if one.direction is Direction.OUTBOUND and one.agent is not None]
    names = [people.contact(unit, now.contact).name, *_senders(said), *_agents(unit)]
    title = plain_subject(now.subject) or (_said(unit, asked).partition("\n")[0] if asked is not None else "")
    longest = max(answers, key=lambda one: len(_said(unit, one)), default=None)
    body = impersonal(_said(unit, longest), names) if longest is not None else ""
    spoken = next((one for one in (now.language, language) if one in LANGUAGES), LANGUAGES[0])
    return spoken, Words(canonical.line(impersonal(title, names))[:LONGEST_TITLE], body)


def _said(unit: Unit, message: Message) -> str:
    standing = edits.standing(unit, message)
    return (standing.reply_text or standing.text).strip()


def _senders(said: list[Message]) -> list[str]:
    return [one.sender.name for one in said if one.sender.name and one.direction is Direction.INBOUND]


def _agents(unit: Unit) -> list[str]:
    return [agent.name for agent in people.roster(unit).agents if agent.name]
