"""A button of ours was pressed: the customer's choice becomes a fact of the conversation, and rules run on it. A score under a survey is
a rating, and a step of a bot's menu shows where it leads."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.choices import Option, choice
from inbox.domain.happenings import Button
from inbox.domain.menu_steps import step
from inbox.domain.people import Contact, Identity
from inbox.domain.ratings import change
from inbox.domain.ratings import press as rating
from inbox.pipeline.bot_menu import walk
from inbox.pipeline.choose import CHOSEN, KNOWN, OF_NOTHING, OVERRULED, choose
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.rate import asked_anew, by_button
from inbox.store import people
from inbox.store.unit import Unit

UNKNOWN = Judged(Verdict.IGNORED, "ignored.button_unknown")
_TOASTS = {CHOSEN: "toast.chosen", KNOWN: "toast.chosen_before", OVERRULED: "toast.overruled"}


def press(unit: Unit, said: Button, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """Kept where the one who pressed takes part in what the button stands in. It is no message: nothing opens, nothing is
    answered; only a toast tells them what came of it, where the network has such."""
    score = rating(said.data)
    if score is not None:
        return by_button(unit, said, score, speaker, playbook, now)
    changed = change(said.data)
    if changed is not None:
        return asked_anew(unit, said, changed, speaker, playbook, now)
    walked = step(said.data)
    if walked is not None:
        return walk(unit, said, walked, speaker, playbook, now)
    known = people.known(unit, speaker.kind, said.sender.address)
    chosen = choice(said.data)
    option = speaker.menu.option(chosen) if chosen is not None and speaker.menu is not None else None
    if chosen is None or option is None:
        return _toasted(UNKNOWN, said, known, None, playbook)
    judged = OF_NOTHING if known is None else choose(unit, said, chosen, known, speaker, playbook, now)
    return _toasted(judged, said, known, option, playbook)


def _toasted(
    judged: Judged, said: Button, known: tuple[Contact, Identity] | None, option: Option | None, playbook: Playbook
) -> Judged:
    language = playbook.speaks(known[0].language if known else None)
    key = _TOASTS.get(judged, "toast.not_open")
    return judged.toasted(said.query, key, language, option.labels[language] if option else "")
