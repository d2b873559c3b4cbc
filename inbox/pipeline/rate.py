"""Rating: what a customer answers to a survey becomes a fact of the conversation, and rules run on it. It is no message: no clock
stops, nobody's wait ends, and nothing opens unless a rule says so."""

from dataclasses import replace
from datetime import datetime

from inbox.domain.arrivals import Judged, Toast, Verdict
from inbox.domain.conversations import State
from inbox.domain.events import Actor
from inbox.domain.happenings import Button
from inbox.domain.ids import ConversationId
from inbox.domain.ratings import How, Press, Rated, Survey
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people, surveys
from inbox.store.surveys import Asked
from inbox.store.unit import Unit

LONGEST = 2_000
"""Letters of a comment."""
RATED = Judged(Verdict.ACCEPTED, "rating")
NOT_THEIRS = Judged(Verdict.IGNORED, "ignored.rating_of_another")
OVER = Judged(Verdict.IGNORED, "ignored.rating_too_late")


def rate(
    unit: Unit, asked: Asked, score: int, comment: str | None, how: How, via: str, playbook: Playbook, now: datetime
) -> bool:
    """The answer to a survey, as long as one is taken; False where it is none any more, or no such score. The same once more
    changes nothing. `comment` None: whatever was said before stands."""
    turn = Turn(unit, conversations.present(unit, asked.conversation), via, playbook.terms, now)
    # Read anew behind the lock of the conversation: two answers at once come one after the other.
    known = surveys.one(unit, asked.id)
    if known is None or not known.takes(now) or score not in known.kind.scores:
        return False
    words = known.comment if comment is None else comment.strip()[:LONGEST]
    if turn.conversation.state is State.SPAM:
        return False
    if (known.score, known.comment) == (score, words) and known.rated_at is not None:
        return True
    surveys.rate(unit, known.id, score, words, how, now)
    who = people.contact(unit, known.contact)
    turn.tell(Rated("rated", known.kind, score, known.kind.scale, words, how), Actor("contact", who.id, who.name))
    react(turn, playbook)
    turn.close()
    return True


def by_button(unit: Unit, said: Button, pressed: Press, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """A score was pressed under the question in a chat: it counts where it was they who were asked."""
    known, asked = people.known(unit, speaker.kind, said.sender.address), surveys.one(unit, pressed.survey)
    judged = NOT_THEIRS
    if known is not None and asked is not None and asked.contact == known[0].id:
        taken = rate(unit, asked, pressed.score, None, "button", speaker.name, playbook, now)
        judged = RATED if taken else OVER
    if not said.query:
        return judged
    language = playbook.speaks(known[0].language if known else None)
    key = "toast.rated" if judged is RATED else "toast.not_open"
    return replace(judged, toast=Toast(said.query, key, language, str(pressed.score)))


def unasked(unit: Unit, matter: ConversationId, playbook: Playbook, now: datetime) -> Asked | None:
    """The survey with which a customer tells how a matter went that is done, whether we asked or not; None while it is not done, or
    once the time for an answer is over."""
    conversation = conversations.load(unit, matter)
    known = surveys.of(unit, Survey.CSAT, matter)
    if conversation.state is not State.DONE or conversation.history:
        return None
    if known is not None and known.answered_by_another(conversation.contact):
        return None
    if known is None:
        surveys.add(unit, Survey.CSAT, conversation, "survey.unasked")
        known = surveys.of(unit, Survey.CSAT, matter)
    if known is not None:
        ends = known.ends_at or now + playbook.surveys.expires
        surveys.put(unit, known.id, ends_at=ends, contact_id=conversation.contact)
        known = surveys.one(unit, known.id)
    return known if known is not None and known.takes(now) else None
