"""Articles in a bot's menu: folders, titles, one of them to read, what says some words, and whether one was enough."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from inbox.domain.articles import Folder
from inbox.domain.choices import LABEL, Offer
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ArrivalId, ConversationId
from inbox.domain.menu_steps import Step
from inbox.domain.menu_steps import step as step_of
from inbox.knowledge.chat import Said, cut, passages
from inbox.knowledge.markup import KINDS, Places, file_url
from inbox.pipeline.articles_solved import solved as articles_solved
from inbox.pipeline.menu_guest import Guest, Screen
from inbox.pipeline.playbook import Speaker
from inbox.store import articles, articles_counted, articles_enclosed, articles_found, articles_read, screens
from inbox.store.articles_read import Entry, Seen
from inbox.store.unit import Unit
from inbox.text.excerpts import excerpt

AT_ONCE = 8
"""Titles, or folders, of one screen."""
FOUND = 5
LIMIT, REST = 4000, 200
"""Units of UTF-16 of a screen where the network tells no limit; room for what stands behind an article."""
READ = timedelta(hours=1)
"""So long before a message an article that was read has something to do with it."""
ONCE = timedelta(days=1)
"""So long an article that was enough is not counted again in the same chat."""


def any_readable(guest: Guest) -> bool:
    """Whether there is anything to read."""
    return bool(articles_read.entries(guest.unit, guest.reader, most=1))


def shelf(guest: Guest, step: Step) -> Screen:
    """What lies in a folder: the folders in it and its articles, a handful at a time."""
    path = _path(guest, step.word(0))
    if path is None:
        return missing(guest)
    below = _below(guest, path)
    entries = articles_read.one_each(articles_read.entries(guest.unit, guest.reader, folder=path), guest.language)
    every = [*(step.to("articles", mark(one)).offer(f"📁 {title}") for one, title in below), *_titles(step, entries)]
    first = min(step.number(1), max(0, len(every) - 1)) // AT_ONCE * AT_ONCE
    shown = every[first : first + AT_ONCE]
    if first + AT_ONCE < len(every):
        shown.append(step.to("articles", mark(path), first + AT_ONCE).offer(guest.say("button.more")))
    if path:
        shown.append(step.to("articles", mark(path.rpartition("/")[0])).offer(guest.say("button.up")))
    title = guest.say("articles", folder=_called(guest, path)) if path else guest.say("articles_all")
    find = step.to("find").offer(guest.say("button.find"))
    return Screen(title if every else guest.say("articles_none"), guest.back(*shown, find))


def article(guest: Guest, step: Step) -> Screen:
    """One to read, with a button for those whom it was enough for; counted."""
    seen = find(guest, step.number(0))
    if seen is None:
        return missing(guest)
    articles_counted.counted(guest.unit, [seen.article.id], "opened", guest.today)
    text = said(guest, seen)
    rest = (seen.article.id, step.number(1)) if step.number(1) else (seen.article.id,)
    solved = step.to("solved", *rest).offer(guest.say("button.solved"))
    person = step.to("person", *rest).offer(guest.say("button.still"))
    up = step.to("articles", mark(seen.article.about.folder)).offer(guest.say("button.up"))
    return Screen(text.text, (solved, person, up, guest.start.offer(guest.say("button.top"))), text.marks)


def said(guest: Guest, seen: Seen) -> Said:
    """What a chat is told of an article; a longer one ends with where the rest can be read."""
    language = guest.language if guest.language in seen.words else seen.languages[0]
    words, traits = seen.words[language], guest.speaker.codec.traits
    parts = passages(words.body, _places(guest, seen, language), language, marks=traits.marks)
    page = _page(guest, seen.article.slug, language)
    text, whole = cut(Said(words.title).bold(), parts, (traits.text_limit or LIMIT) - REST - len(page))
    if not whole:
        text = text.then(Said(guest.say("more_at", page=page) if page else guest.say("shortened")), "\n\n")
    return text


def solved(guest: Guest, step: Step) -> Screen:
    """It was enough: counted once; and the matter that it was offered for is done, because its customer says so, unless one of us has
    answered it."""
    seen = find(guest, step.number(0))
    if seen is None:
        return missing(guest)
    over = (guest.start.offer(guest.say("button.top")),)
    matter = guest.matter(ConversationId(step.number(1))) if step.number(1) else None
    if matter is not None and matter.replied_at is None:
        if articles_solved(guest.unit, matter.id, seen.article.id, guest.playbook, guest.now, over=guest.speaker):
            return Screen(guest.say("solved_closed", reference=matter.reference), over)
    elif not _before(guest, step):
        articles_counted.counted(guest.unit, [seen.article.id], "solved", guest.today)
    return Screen(guest.say("solved"), over)


def left(guest: Guest, step: Step) -> None:
    """It was not enough: counted once."""
    seen = find(guest, step.number(0)) if step.number(0) else None
    if seen is not None and not _before(guest, step):
        articles_counted.counted(guest.unit, [seen.article.id], "left", guest.today)


def _before(guest: Guest, step: Step) -> bool:
    """Whether the same was pressed in this chat lately."""
    shown = screens.lately(guest.unit, guest.speaker.name, guest.chat, guest.now - ONCE)
    return any(one.data == step.data for one in shown)


def asks(guest: Guest) -> Screen:
    """Asks for the words to look for."""
    return Screen(guest.say("find"), guest.back())


def found(guest: Guest, typed: str, words: ArrivalId) -> Screen:
    """What says these words; they can still go to a person without being typed again."""
    hits = articles_found.search(guest.unit, guest.reader, typed, guest.language, FOUND)
    if hits:
        articles_counted.counted(guest.unit, [one.article.id for one in hits], "shown", guest.today)
    else:
        articles_counted.missed(guest.unit, typed, guest.language, guest.now)
    shown = [guest.start.to("article", one.article.id).offer(_label(one.words.title)) for one in hits]
    passed = guest.start.to("pass", words).offer(guest.say("button.pass"))
    text = guest.say("found" if hits else "found_nothing", words=excerpt(typed, 80))
    return Screen(text, (*shown, passed, guest.start.offer(guest.say("button.top"))))


def missing(guest: Guest) -> Screen:
    """What a button led to is not there, or not for them."""
    return Screen(guest.say("missing"), guest.back(guest.start.to("articles").offer(guest.say("button.articles"))))


def find(guest: Guest, number: int) -> Seen | None:
    """An article that they may read."""
    known = articles.several(guest.unit, [number])
    return articles_read.find(guest.unit, guest.reader, known[0].slug) if known else None


def read_lately(unit: Unit, said: InboundMessage, speaker: Speaker, now: datetime) -> tuple[str, ...]:
    """The addresses of articles that were read in this chat since it last brought a message: these were not enough."""
    if not speaker.self_service or said.thread != said.sender.address:
        return ()
    found: dict[int, None] = {}
    for shown in screens.lately(unit, speaker.name, said.thread, now - READ):
        at = step_of(shown.data)
        if at is not None and at.verb == "article":
            if screens.written_since(unit, speaker.name, said.thread, shown.at, now):
                break
            found[at.number(0)] = None
    return tuple(one.slug for one in articles.several(unit, list(found)))


# -- folders -----------------------------------------------------------------------------------------------------------
def mark(path: str) -> str:
    """What stands for a folder in a button, whose data is too short for its path; nothing for the outermost."""
    return hashlib.sha256(path.encode()).hexdigest()[:10] if path else "-"


def _path(guest: Guest, marked: str) -> str | None:
    """The folder; None where nothing that they may read is in it."""
    if marked in ("", "-"):
        return ""
    return next((path for path in _paths(guest) if mark(path) == marked), None)


def _paths(guest: Guest) -> list[str]:
    """All folders that hold something for them, and those around these."""
    used = articles.folders_in_use(guest.unit, guest.reader)
    parts = [path.split("/") for path in used if path]
    return sorted({"/".join(one[: n + 1]) for one in parts for n in range(len(one))})


def _below(guest: Guest, path: str) -> list[tuple[str, str]]:
    """The folders in a folder, in their order, with what they are called."""
    order = {one.path: (number, one) for number, one in enumerate(articles_enclosed.folders(guest.unit))}
    here = [one for one in _paths(guest) if one.rpartition("/")[0] == path]
    here.sort(key=lambda one: (order[one][0] if one in order else len(order), one))
    return [(one, (order[one][1] if one in order else Folder(one)).called(guest.language)) for one in here]


def _called(guest: Guest, path: str) -> str:
    known = {one.path: one for one in articles_enclosed.folders(guest.unit)}
    return known.get(path, Folder(path)).called(guest.language)


def _titles(step: Step, entries: Sequence[Entry]) -> list[Offer]:
    return [step.to("article", one.id).offer(_label(one.title)) for one in entries]


def _label(title: str) -> str:
    return excerpt(title, LABEL)


# -- addresses ---------------------------------------------------------------------------------------------------------
def _places(guest: Guest, seen: Seen, language: str) -> Places:
    """Links lead to the help pages, where somebody can find them."""
    names = {one.name for one in seen.files}
    home = _home(guest)

    def article(slug: str) -> str | None:
        there = articles_read.places(guest.unit, guest.reader, [slug]) if home else {}
        led = there.get(slug)
        if led is None:
            return None
        return _page(guest, led[0], language if language in led[1] else led[1][0]) or None

    def file(name: str) -> str | None:
        return file_url(f"{home}/files/{seen.article.slug}", name) if home and name in names else None

    return Places(article, file, {kind: guest.say(f"callout.{kind}") for kind in KINDS})


def _page(guest: Guest, slug: str, language: str) -> str:
    """The page of an article; empty on a site without help pages, or whose pages nobody can find."""
    home = _home(guest)
    return f"{home}/{language}/{quote(slug, safe='')}" if home else ""


def _home(guest: Guest) -> str:
    playbook = guest.playbook
    return f"{playbook.public_url}/help" if playbook.public_url and playbook.portal is not None else ""
