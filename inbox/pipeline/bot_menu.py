"""A bot's menu: what somebody asks of it by a command or a press, and the screen that is shown for it. It is no conversation: nobody
is woken, nothing opens, no clock starts.

The laws: what is no command and no press is a message to us, as ever; words are taken for a search only right after they were asked
for, and can still go to a person without being typed again; a menu is shown in private chats alone.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.choices import Choice
from inbox.domain.happenings import Button, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.menu_steps import Step, step
from inbox.domain.people import Contact, Identity
from inbox.pipeline import menu_articles, menu_matters
from inbox.pipeline.choose import CHOSEN, KNOWN, OVERRULED, choose
from inbox.pipeline.entrance import ASKED
from inbox.pipeline.menu_guest import Guest, Screen, show, too_often
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import blocking, people, screens
from inbox.store.unit import Unit
from inbox.text.fold import squeeze
from inbox.text.languages import language

SHOWN = Judged(Verdict.ACCEPTED, "menu")
SOUGHT = Judged(Verdict.ACCEPTED, "menu-search")
TOO_OFTEN = Judged(Verdict.IGNORED, "ignored.menu_too_often")
NOT_HERE = Judged(Verdict.IGNORED, "ignored.button_unknown")
BLOCKED = Judged(Verdict.IGNORED, "ignored.blocked")
OPENING = frozenset(
    map(squeeze, ("/start", "/menu", "/help", "/منو", "/راهنما", "/شروع", "menu", "help", "منو", "راهنما"))
)
"""What shows the menu."""
SEARCHING = ("/search", "/find", "/جستجو", "/جست‌وجو")
WAITS = timedelta(minutes=10)
"""How long words are waited for that were asked for."""
LONGEST, MOST = 80, 10
"""Characters and words of what is taken for a search; longer than that, people tell what is the matter."""


def asked(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    known: tuple[Contact, Identity] | None,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged | None:
    """A command, or words that the menu asked for: a screen is shown, and it is no message. None for anything else."""
    if not speaker.self_service or said.thread != said.sender.address or said.attachments or said.automatic:
        return None
    guest = Guest(unit, said.thread, known, _speaks(said, known, playbook), speaker, playbook, now)
    typed = said.reply_text or said.text
    screen, at = _wanted(guest, said, typed, arrival)
    if screen is None or at is None:
        return None
    if too_often(guest):
        return None if at.verb == "found" else TOO_OFTEN  # words that cannot be looked for are a message
    show(guest, screen, at, said.fingerprint)
    return SOUGHT if at.verb == "found" else SHOWN


def walk(unit: Unit, said: Button, to: Step, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """A button of the menu was pressed: the screen changes to where it leads."""
    known = people.known(unit, speaker.kind, said.sender.address)
    guest = Guest(unit, said.thread, known, to.language, speaker, playbook, now)
    if known is not None and blocking.is_blocked(unit, known[1].id):
        return BLOCKED.toasted(said.query, "toast.not_open", guest.language)
    if not speaker.self_service or said.thread != said.sender.address or to.verb in ("found", "pass"):
        return NOT_HERE.toasted(said.query, "toast.not_open", guest.language)
    if too_often(guest):
        return TOO_OFTEN.toasted(said.query, "toast.too_often", guest.language)
    show(guest, _screen(guest, to, said), to, said.fingerprint, said.about)
    return SHOWN.toasted(said.query, "", guest.language)


# -- words -------------------------------------------------------------------------------------------------------------
def _wanted(guest: Guest, said: InboundMessage, typed: str, arrival: Arrival) -> tuple[Screen | None, Step | None]:
    """The screen that these words ask for, and where in the menu it is."""
    command, _, words = typed.strip().partition(" ")
    command = command.partition("@")[0]
    bare = squeeze(command if command.startswith("/") and not words else typed)
    if bare in OPENING and not _is_choice(guest, bare):
        return _top(guest), guest.start
    if bare in ASKED:
        return menu_matters.mine(guest), guest.start.to("mine")
    if squeeze(command) in map(squeeze, SEARCHING):
        if words.strip():
            return menu_articles.found(guest, words.strip(), arrival.id), guest.start.to("found")
        return menu_articles.asks(guest), guest.start.to("find")
    if _waited_for(guest, said, typed):
        return menu_articles.found(guest, typed.strip(), arrival.id), guest.start.to("found")
    return None, None


def _is_choice(guest: Guest, bare: str) -> bool:
    menu = guest.speaker.menu
    labels = [label for one in menu.options for label in one.labels.values()] if menu is not None else []
    return bare in map(squeeze, labels)


def _waited_for(guest: Guest, said: InboundMessage, typed: str) -> bool:
    """Whether the last thing that was shown here asked for words, nothing was written since, and these could be such."""
    line = typed.strip()
    if not line or "\n" in line or len(line) > LONGEST or len(line.split()) > MOST or line.startswith("/"):
        return False
    last = next(iter(screens.lately(guest.unit, guest.speaker.name, guest.chat, guest.now - WAITS, 1)), None)
    at = step(last.data) if last is not None else None
    if last is None or at is None or at.verb != "find" or not set(said.references) <= {last.key}:
        return False
    return not screens.written_since(guest.unit, guest.speaker.name, guest.chat, last.at, guest.now)


def _speaks(said: InboundMessage, known: tuple[Contact, Identity] | None, playbook: Playbook) -> str:
    """That of the words, else theirs, else that of their program. A command in Latin letters is of no language."""
    words, theirs = said.reply_text or said.text, known[0].language if known is not None else None
    spoken = None if words.startswith("/") and words.isascii() else language(words)
    return playbook.speaks(spoken or theirs or said.language)


# -- screens -----------------------------------------------------------------------------------------------------------
def _screen(guest: Guest, to: Step, said: Button) -> Screen:
    match to.verb:
        case "articles":
            return menu_articles.shelf(guest, to)
        case "article":
            return menu_articles.article(guest, to)
        case "solved":
            return menu_articles.solved(guest, to)
        case "find":
            return menu_articles.asks(guest)
        case "mine":
            return menu_matters.mine(guest)
        case "person":
            menu_articles.left(guest, to)
            return menu_matters.person(guest)
        case "topics":
            return menu_matters.topics(guest, to)
        case "topic":
            return _topic(guest, to, said)
    return _top(guest)


def _top(guest: Guest) -> Screen:
    """The beginning: all that can be done here."""
    start, say = guest.start, guest.say
    offers = []
    if guest.speaker.menu is not None:
        offers.append(start.to("topics").offer(say("button.topics")))
    if menu_articles.any_readable(guest):
        offers.append(start.to("articles").offer(say("button.articles")))
        offers.append(start.to("find").offer(say("button.find")))
    offers += [start.to("mine").offer(say("button.mine")), start.to("person").offer(say("button.person"))]
    other = "en" if guest.language == "fa" else "fa"
    offers.append(replace(start, language=other).offer(guest.playbook.wording.say(other, "menu.language")))
    return Screen(say("top", brand=guest.speaker.brand.name), tuple(offers))


def _topic(guest: Guest, to: Step, said: Button) -> Screen:
    menu = guest.speaker.menu
    chosen = Choice(menu.name, to.word(0)) if menu is not None else None
    option = menu.option(chosen) if menu is not None and chosen is not None else None
    if chosen is None or option is None:
        return menu_articles.missing(guest)
    noted = False
    if guest.known is not None and guest.matter() is not None:
        here = replace(said, about=NetworkKey(""))  # the menu is no message: the chat tells which conversation it is
        done = choose(guest.unit, here, chosen, guest.known, guest.speaker, guest.playbook, guest.now)
        noted = done in (CHOSEN, KNOWN, OVERRULED)
    return menu_matters.topic(guest, option.labels[guest.language], noted=noted)
