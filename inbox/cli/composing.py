"""What an agent says from the command line, written in their editor with the conversation before them; refused, no word is lost."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import typer

from inbox.actions.action import Done
from inbox.cli.context import FINDINGS, Context
from inbox.cli.conversations import found
from inbox.cli.editor import Sheet, below, chosen, environment
from inbox.domain.ids import ConversationId
from inbox.domain.messages import Direction
from inbox.domain.problems import Problem
from inbox.pipeline.reply import Stale
from inbox.store import drafts
from inbox.store.drafts import Draft, How
from inbox.store.shown import Shown, ShownMessage
from inbox.text.dates import table
from inbox.text.references import normalise

Act = Callable[[Mapping[str, object]], Done]
SHOWN, LINES = 8, 30
"""Messages that stand below the line, the newest first, and lines of each."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said. `how`: whom the words are for, None where they are for neither customer nor colleagues of this
    conversation, so that no draft belongs to them. `guarded`: it is asked what its author has seen."""

    name: str
    wanted: Mapping[str, object]
    how: How | None = None
    guarded: bool = False


def said(text: str | None, *, needed: bool = True) -> str | None:
    """The words of an argument; those of standard input where it is `-`, or left out and nobody types. None: they are to be
    written. With `needed` False what is left out where nobody types is nothing to be said. Raises Problem."""
    if text is not None and text != "-":
        return text
    if text is None and sys.stdin.isatty():
        if sys.stdout.isatty() and chosen(environment()):
            return None
        if needed:
            raise Problem("cli.no_text")
    return sys.stdin.read() if needed or text == "-" else ""


def composed(context: Context, reference: str, saying: Saying, act: Act) -> Done:
    """Write it, and do it. Ends the command with 1 where nothing was written."""
    whole = found(context, reference)
    if whole.conversation.reference != (normalise(reference) or reference):
        raise Problem("reply.merged", reference=reference)
    begun = context.store.read_now(drafts.of, context.acting().id, whole.conversation.id) if saying.how else None
    begun = begun if begun is not None and begun.how == saying.how else None
    sheet = Sheet.made(whole.conversation.reference, begun.text if begun else "", _context(context, whole, begun))
    words = _written(context, sheet, begun.text if begun else "")
    seen = {"seen": whole.conversation.version} if saying.guarded and saying.wanted.get("seen") is None else {}
    try:
        done = _acted(context, whole, {**saying.wanted, **seen, "text": words}, act)
    except (Problem, ExceptionGroup):
        _kept(context, sheet, whole.conversation.id, saying, words)
        raise
    if begun is not None:
        context.store.write_now(drafts.clear, context.acting().id, whole.conversation.id)
    sheet.throw_away()
    return done


def begun_anew(context: Context, to: str, subject: str, act: Act) -> Done:
    """The same for a letter that belongs to no conversation yet."""
    sheet = Sheet.made("letter", "", [context.say("cli.editor.line"), f"{to}  {subject}".rstrip()])
    words = _written(context, sheet, "")
    try:
        done = act({"text": words})
    except (Problem, ExceptionGroup):
        _tell(context, "cli.editor.kept_file", path=sheet.path)
        raise
    sheet.throw_away()
    return done


def _written(context: Context, sheet: Sheet, begun: str) -> str:
    """What was written. Whoever leaves the editor without a change did not say that what was begun is to be sent."""
    words = sheet.edit(chosen(environment()))
    unchanged = bool(words) and words == begun.strip()
    if not words or (unchanged and not _asked(context, "cli.editor.ask_unchanged")):
        sheet.throw_away()
        _tell(context, "cli.editor.cancelled")
        raise typer.Exit(FINDINGS)
    return words


def _acted(context: Context, whole: Shown, wanted: Mapping[str, object], act: Act) -> Done:
    """Where something newer was said they see it, and are asked."""
    try:
        return act(wanted)
    except Stale as stale:
        _tell_text(context.told(stale))
        had = {one.message.id for one in whole.messages}
        for one in found(context, whole.conversation.reference).messages:
            if one.message.id not in had:
                _tell_text("\n".join(("", *_message(context, one))))
        if not _asked(context, "cli.editor.ask_anyway"):
            raise
        return act({**wanted, "anyway": True})


def _kept(context: Context, sheet: Sheet, matter: ConversationId, saying: Saying, words: str) -> None:
    """What was refused is the draft of its author on the page too, unless something else of theirs stands there."""
    agent, now = context.acting().id, context.now()
    old = context.store.read_now(drafts.of, agent, matter)
    if saying.how is None or (old is not None and old.how != saying.how):
        _tell(context, "cli.editor.kept_file", path=sheet.path)
        return
    draft = replace(old or Draft(how=saying.how), text=words, at=now)
    context.store.write_now(drafts.put, agent, matter, draft, now)
    _tell(context, "cli.editor.kept", path=sheet.path)


# -- what stands below the line ----------------------------------------------------------------------------------------
def _context(context: Context, whole: Shown, begun: Draft | None) -> Iterator[str]:
    c = whole.conversation
    yield context.say("cli.editor.line")
    if begun is not None and begun.at is not None:
        yield context.say("cli.editor.begun", at=table(begun.at, context.language, context.zone))
    yield ""
    who = whole.contact.name or next((one.address for one in whole.identities), "-")
    yield "  ".join(below(f"#{c.reference}  {c.subject} · {who} · {c.channel}", 1)).strip()
    for one in reversed(whole.messages[-SHOWN:]):
        yield ""
        yield from _message(context, one)


def _message(context: Context, one: ShownMessage) -> Iterator[str]:
    said = one.message
    author = one.author or context.say("nameless" if said.direction is Direction.INBOUND else "cli.show.house")
    at = table(said.at, context.language, context.zone)
    yield f"{context.say(f'cli.show.{said.direction.value}')} · {' '.join(below(author, 1)).strip()} · {at}"
    yield from below(said.text if said.direction is Direction.NOTE else one.words, LINES)


# -- the other side of the terminal ------------------------------------------------------------------------------------
def _asked(context: Context, key: str) -> bool:
    return typer.confirm(context.say(key), default=False, err=True)


def _tell(context: Context, key: str, **facts: object) -> None:
    _tell_text(context.say(key, **facts))


def _tell_text(text: str) -> None:
    print(text, file=sys.stderr)
