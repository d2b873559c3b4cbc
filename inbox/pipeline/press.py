"""A button of ours was pressed: the customer's choice becomes a fact of the conversation, and rules run on it. A score under a survey is a rating."""

from dataclasses import replace
from datetime import datetime

from inbox.domain.arrivals import Judged, Toast, Verdict
from inbox.domain.choices import Choice, Option, choice
from inbox.domain.conversations import State
from inbox.domain.events import Actor, Chosen
from inbox.domain.happenings import Button
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact, Identity
from inbox.domain.ratings import press as rating
from inbox.pipeline.menus import hand_to_team
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.rate import by_button
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import conversations, messages, people
from inbox.store.unit import Unit

UNKNOWN = Judged(Verdict.IGNORED, "ignored.button_unknown")
OF_NOTHING = Judged(Verdict.IGNORED, "ignored.button_of_nothing")
TOO_LATE = Judged(Verdict.IGNORED, "ignored.button_too_late")
KNOWN = Judged(Verdict.DUPLICATE, "duplicate.choice")
CHOSEN = Judged(Verdict.ACCEPTED, "choice")
OVERRULED = Judged(Verdict.ACCEPTED, "choice_overruled")
"""The choice is on record, and the field stays as a person of ours has set it."""
_TOASTS = {CHOSEN: "toast.chosen", KNOWN: "toast.chosen_before", OVERRULED: "toast.overruled"}


def press(unit: Unit, said: Button, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """Kept where the one who pressed takes part in what the button stands in. It is no message: nothing opens, nothing is
    answered; only a toast tells them what came of it, where the network has such."""
    score = rating(said.data)
    if score is not None:
        return by_button(unit, said, score, speaker, playbook, now)
    known = people.known(unit, speaker.kind, said.sender.address)
    chosen = choice(said.data)
    option = speaker.menu.option(chosen) if chosen is not None and speaker.menu is not None else None
    if chosen is None or option is None:
        return _toasted(UNKNOWN, said, known, None, playbook)
    judged = OF_NOTHING if known is None else _chosen(unit, said, chosen, known, speaker, playbook, now)
    return _toasted(judged, said, known, option, playbook)


def _chosen(
    unit: Unit,
    said: Button,
    chosen: Choice,
    known: tuple[Contact, Identity],
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged:
    contact, identity = known
    id = _where(unit, said, speaker)
    if id is None or not conversations.takes_part(unit, id, identity.id):
        return OF_NOTHING
    turn = Turn.of(unit, id, speaker.name, playbook.terms, now)
    if turn.conversation.state in (State.DONE, State.SPAM):
        return TOO_LATE
    if dict(turn.conversation.fields).get(chosen.name) == chosen.value:
        return KNOWN
    turn.tell(Chosen("chosen", chosen.name, chosen.value), Actor("contact", contact.id, contact.name))
    hand_to_team(turn, speaker)
    changed = turn.conversation.fields != turn.before.fields
    react(turn, playbook)
    turn.close()
    return CHOSEN if changed else OVERRULED


def _where(unit: Unit, said: Button, speaker: Speaker) -> ConversationId | None:
    """The conversation of the message under which the button stands or, where nobody knows that message, of the chat."""
    about = messages.look_up(unit, speaker.kind, (said.about,) if said.about else ())
    id = about[0].conversation if about else conversations.of_thread(unit, speaker.name, said.thread)
    return None if id is None else conversations.present(unit, id).id


def _toasted(
    judged: Judged, said: Button, known: tuple[Contact, Identity] | None, option: Option | None, playbook: Playbook
) -> Judged:
    if not said.query:
        return judged
    language = playbook.speaks(known[0].language if known else None)
    key = _TOASTS.get(judged, "toast.not_open")
    return replace(judged, toast=Toast(said.query, key, language, option.labels[language] if option else ""))
