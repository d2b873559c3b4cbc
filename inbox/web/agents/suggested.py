"""Articles beside a conversation: those that may be its answer, with why, and those that had a part in it already."""

from dataclasses import dataclass

from inbox.domain.articles import AGENT, Part, Reader
from inbox.domain.conversations import Conversation, State
from inbox.knowledge.addresses import page
from inbox.knowledge.markup import markup
from inbox.pipeline.articles_offered import question
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.suggest import suggest
from inbox.store import articles_parts, articles_read
from inbox.store.articles_read import Entry
from inbox.store.unit import Unit

MOST = 3
LIKELY = 0.2
"""How sure an article has to be to stand there: whoever reads it knows better."""
PARTS = 6


@dataclass(frozen=True, slots=True)
class Beside:
    """An article. `words` and `solved`: why it stands there; `parts`: what it had to do with the conversation already; `theirs`: whether
    the customer may read it, so that it can be put into an answer."""

    entry: Entry
    words: tuple[str, ...]
    solved: int
    parts: tuple[Part, ...]
    theirs: bool


def suggested(unit: Unit, matter: Conversation, language: str) -> tuple[Beside, ...]:
    """Those that had a part first; once it is done, these alone."""
    parts = articles_parts.parts(unit, matter.id)
    known = articles_read.of(unit, AGENT, list(parts)[:PARTS], language)
    over = matter.state in (State.DONE, State.SPAM)
    spoken = matter.language or language
    found = [] if over else suggest(unit, AGENT, question(unit, matter.id), spoken, MOST + len(known), LIKELY)
    new = [one for one in found if one.entry.id not in parts][:MOST]
    reader, ids = Reader(organization=matter.organization), [*(one.id for one in known), *(one.entry.id for one in new)]
    theirs = {one.id for one in articles_read.of(unit, reader, ids, language)}
    why = {one.entry.id: one for one in found}
    met = [(one, why.get(one.id), parts[one.id]) for one in known]
    every = [*met, *((one.entry, one, ()) for one in new)]
    return tuple(
        Beside(entry, one.words if one else (), one.solved if one else 0, part, entry.id in theirs)
        for entry, one, part in every
    )


def insertion(unit: Unit, matter: Conversation, slug: str, book: Playbook, *, words: bool) -> str:
    """What an article puts into an answer: its title and the page on which the customer reads it, or with `words` all that it says.
    Empty where it is not there for the customer."""
    found = articles_read.find(unit, Reader(organization=matter.organization), slug)
    if found is None:
        return ""
    spoken = matter.language or ""
    language = spoken if spoken in found.words else found.languages[0]
    said = found.words[language]
    if words:
        return markup().plain(said.body).strip()
    readable = book.portal is not None and book.public_url
    return f"{said.title}\n{book.public_url}{page(language, found.article.slug)}" if readable else ""
