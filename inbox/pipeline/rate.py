"""Rating: what a customer answers to a survey becomes a fact of the conversation, and rules run on it. It is no message: no clock
stops, nobody's wait ends, and nothing opens unless a rule says so."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.choices import Offer
from inbox.domain.conversations import State
from inbox.domain.events import Actor
from inbox.domain.happenings import Button
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact, Identity
from inbox.domain.ratings import Change, How, Press, Rated, Survey, offers
from inbox.pipeline.menu_guest import Guest, Screen, put, too_often
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import conversations, messages, people, surveys
from inbox.store.surveys import Asked
from inbox.store.unit import Unit
from inbox.text.fold import persian_digits

LONGEST = 2_000
"""Letters of a comment."""
RATED = Judged(Verdict.ACCEPTED, "rating")
ANEW = Judged(Verdict.ACCEPTED, "rating-anew")
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
        guest = _guest(unit, said, known, speaker, playbook, now)
        if guest is not None:
            _under(guest, said, _answered(guest, asked, pressed) if taken else ())
    language = playbook.speaks(known[0].language if known else None)
    key = "toast.rated" if judged is RATED else "toast.not_open"
    return judged.toasted(said.query, key, language, str(pressed.score))


def asked_anew(unit: Unit, said: Button, to: Change, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """Whoever was asked wants to answer otherwise: the scores stand under the question once more, as long as an answer is taken."""
    known, asked = people.known(unit, speaker.kind, said.sender.address), surveys.one(unit, to.survey)
    if known is None or asked is None or asked.contact != known[0].id:
        judged, key = NOT_THEIRS, "toast.not_open"
    else:
        taken = asked.takes(now)
        judged, key = (ANEW, "") if taken else (OVER, "toast.not_open")
        guest = _guest(unit, said, known, speaker, playbook, now)
        if guest is not None:
            shown = written(asked.kind, guest.language)
            _under(guest, said, offers(asked.kind, asked.id, shown) if taken else ())
    language = playbook.speaks(known[0].language if known else None)
    return judged.toasted(said.query, key, language)


def written(survey: Survey, language: str) -> dict[int, str]:
    """Each score as people of a language write it."""
    return {score: persian_digits(str(score)) if language == "fa" else str(score) for score in survey.scores}


def _guest(
    unit: Unit, said: Button, known: tuple[Contact, Identity], speaker: Speaker, playbook: Playbook, now: datetime
) -> Guest | None:
    """Whoever pressed it in their private chat, in the language of the question; None where nothing that stands there can change."""
    traits = speaker.codec.traits
    under = messages.look_up(unit, speaker.kind, (said.about,) if said.about else ())
    if not under or not under[0].ours or not traits.edits or traits.live or said.thread != said.sender.address:
        return None
    spoke = messages.one(unit, under[0].message).language
    return Guest(unit, said.thread, known, playbook.speaks(spoke or known[0].language), speaker, playbook, now)


def _answered(guest: Guest, asked: Asked, pressed: Press) -> tuple[Offer, ...]:
    """The score that counts, and the way to another one."""
    every = offers(asked.kind, asked.id, written(asked.kind, guest.language))
    given = next(one for one in every if one.data == pressed.data)
    return Offer(f"✓ {given.label}", given.data), Offer(guest.say("change_rating"), Change(asked.id).data)


def _under(guest: Guest, said: Button, shown: tuple[Offer, ...]) -> None:
    """These buttons stand under the question from now on, unless too much was shown lately."""
    if too_often(guest):
        return
    put(guest, Screen("", shown), said.data, said.fingerprint, said.about)


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
