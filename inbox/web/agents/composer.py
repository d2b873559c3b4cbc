"""The composer of a conversation: what stands in it when the page is shown, before anything is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from inbox.domain import events as ev
from inbox.domain.conversations import Conversation
from inbox.domain.ids import MessageId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import macros
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.routes import Route
from inbox.rulebook.macros import said
from inbox.store import drafts, events, messages
from inbox.store.drafts import Draft
from inbox.store.unit import Unit
from inbox.web.agents.suggested import insertion

OFFERED = 12
"""Macros that are listed at once; a word finds the others."""
COPIES = 20
"""People of the customer's own mail who are offered a copy."""
_BETWEEN = re.compile(r"[,;،؛\r\n]+")
_BRACKETED = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for: a macro with answers to its questions, or a word to find one by; an article."""

    macro: str = ""
    values: Mapping[str, str] | None = None
    find: str | None = None
    """None: nobody looks for one, and none is listed: each would have to be put into words."""
    note: bool = False
    article: str = ""
    """The address of an article that is put behind what is written."""
    words: bool = False
    """All that it says, not where it is read."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A macro that was chosen: what it asks, and what it does besides. `missing`: what its text still lacks."""

    name: str
    title: str
    asks: Sequence[tuple[str, str, str]]
    """Name, question, answer."""
    effects: Sequence[tuple[str, str]]
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A macro in the picker."""

    name: str
    title: str
    text: str
    effects: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A route that can be taken. `limit`: bytes of files that it carries together; None: no limit of its own."""

    route: Route
    copies: bool
    limit: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was sent and not done, with the sentence about it. `newer`: it was written without having seen what came since; nothing
    of that is lost."""

    draft: Draft
    wrong: str
    by: str = ""
    macro: str = ""
    newer: bool = False
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Composer:
    """All that stands in it."""

    draft: Draft
    ways: Sequence[Way]
    copies: Sequence[tuple[str, bool]]
    """Addresses, and whether they get a copy."""
    offers: Sequence[Offer] = ()
    find: str | None = None
    picked: Picked | None = None
    by: str = ""
    wrong: str = ""
    problem: Problem | None = None
    """Why the macro that was asked for cannot be used."""
    newer: Sequence[MessageId] = ()

    @property
    def limits(self) -> Sequence[tuple[str, int | None]]:
        """How large the files of one answer may be together, by channel."""
        return tuple(dict.fromkeys((str(one.route.channel), one.limit) for one in self.ways))

    @property
    def way(self) -> Way | None:
        """The one that the answer takes as it stands."""
        over = self.draft.over
        exact = (one for one in self.ways if over and one.route.name == over)
        named = chain(exact, (one for one in self.ways if over and one.route.known_as(over)))
        return next(named, None) or next((one for one in self.ways if one.route.default), None)


def composer(
    unit: Unit,
    matter: Conversation,
    agent: Agent,
    book: Playbook,
    found: Sequence[Route],
    asked: Asked,
    attempt: Attempt | None,
    language: str,
    now: datetime,
) -> Composer:
    """As it is shown: what was just refused, else the draft, with what was asked for put into it."""
    kept = attempt.draft if attempt else drafts.of(unit, agent.id, matter.id) or Draft()
    draft = replace(kept, how="note") if asked.note else kept
    name, values = (attempt.macro, {}) if attempt else (asked.macro, asked.values or {})
    made = Composer(draft, tuple(_way(one, book) for one in found if not one.barred and one.channel), ())
    made = replace(made, copies=_copies(unit, matter, made, book))
    if name:
        made = _with_macro(unit, matter, agent, book, made, name, values, language, fill=attempt is None)
    if asked.article and attempt is None:
        made = replace(made, draft=_behind(made.draft, insertion(unit, matter, asked.article, book, words=asked.words)))
    newer = _newer(unit, matter, agent, attempt.seen) if attempt and attempt.newer else ()
    return replace(
        made,
        offers=_offers(unit, matter, agent, book, asked.find, language, now),
        find=asked.find,
        by=attempt.by if attempt else "",
        wrong=attempt.wrong if attempt else "",
        newer=newer,
    )


def addresses(typed: Sequence[str]) -> tuple[str, ...]:
    """The addresses in what was typed into the fields of the copies, each once, without the names before them. What is none stays
    as it is, to be refused where people see it."""
    pieces = [piece.strip() for one in typed for piece in _BETWEEN.split(one)]
    found = [address for piece in pieces if piece for address in _within(piece) if address]
    return tuple(dict.fromkeys(found))


def _within(piece: str) -> list[str]:
    bracketed = _BRACKETED.findall(piece)
    if bracketed:
        return [one.strip() for one in bracketed]
    words = piece.split()
    return words if all("@" in word for word in words) else [piece]


def _way(route: Route, book: Playbook) -> Way:
    assert route.channel is not None
    traits = book.channels[route.channel].codec.traits
    return Way(route, traits.subject, traits.file_limit)


def _copies(unit: Unit, matter: Conversation, made: Composer, book: Playbook) -> list[tuple[str, bool]]:
    """Those that were chosen; else whom the customer wrote to besides us, as mail goes on among the same people."""
    question = messages.last_inbound(unit, matter.id)
    way = made.way
    if question is None or way is None or not way.copies:
        return [(one, True) for one in made.draft.cc or ()]
    theirs = [one.address for one in (*question.to, *question.cc)] if way.route.answers else []
    ours = {way.route.to.address, question.sender.address, *(a for s in book.channels.values() for a in s.addresses)}
    there = [one for one in dict.fromkeys(theirs) if one and one not in ours][:COPIES]
    chosen = made.draft.cc
    if chosen is None:
        return [(one, True) for one in there]
    return [(one, one in chosen) for one in dict.fromkeys((*there, *chosen))]


def _with_macro(
    unit: Unit,
    matter: Conversation,
    agent: Agent,
    book: Playbook,
    made: Composer,
    name: str,
    values: Mapping[str, str],
    language: str,
    *,
    fill: bool,
) -> Composer:
    """The text of the macro behind what is written already; and why not, where it cannot be used."""
    try:
        macro = macros.chosen(unit, name, agent, book)
        known = {one: value for one, value in values.items() if one in macro.asks and value}
        text = macros.filled(unit, macro, matter, agent, book, values=known) if macro.texts else None
    except Problem as problem:
        return replace(made, problem=problem)
    asks = [(one, said(words, language), values.get(one, "")) for one, words in macro.asks.items()]
    missing = text.missing if text else ()
    picked = Picked(macro.name, said(macro.title, language), asks, _effects(macro.effects), missing)
    draft = made.draft
    if fill and text is not None:
        begun = "" if draft.text.lstrip().startswith("/") or values else draft.text
        draft = _behind(replace(draft, text=begun), text.text)
    return replace(made, draft=draft, picked=picked)


def _behind(draft: Draft, text: str) -> Draft:
    """With this behind what is written already, as an answer."""
    begun = draft.text.rstrip()
    return replace(draft, text=f"{begun}\n\n{text}" if begun and text else begun or text, how="reply")


def _offers(
    unit: Unit, matter: Conversation, agent: Agent, book: Playbook, word: str | None, language: str, now: datetime
) -> list[Offer]:
    if word is None:
        return []
    found = macros.offered(unit, agent, book, now, word=word, language=language)[:OFFERED]
    return [_offer(one, _preview(unit, one, matter, agent, book)) for one in found]


def _preview(unit: Unit, one: macros.Offered, matter: Conversation, agent: Agent, book: Playbook) -> str:
    """What it says here; nothing where its text is wrong, which whoever chooses it is told."""
    try:
        return macros.filled(unit, one.macro, matter, agent, book).text if one.macro.texts else ""
    except Problem:
        return ""


def _offer(one: macros.Offered, text: str) -> Offer:
    return Offer(one.macro.name, one.title, text, _effects(one.macro.effects))


def _effects(effects: Sequence[object]) -> list[tuple[str, str]]:
    return [(str(getattr(one, "name", "")), _value(getattr(one, "value", ""))) for one in effects]


def _value(value: object) -> str:
    agent, team = getattr(value, "agent", None), getattr(value, "team", None)
    return str(agent or team or value)


def _newer(unit: Unit, matter: Conversation, agent: Agent, seen: int) -> list[MessageId]:
    """What was said since, by anybody else, oldest first."""
    told = [
        one for one in events.of(unit, matter.id, after=seen) if one.actor != ev.Actor("agent", agent.id, agent.name)
    ]
    said_since = [one.payload for one in told if isinstance(one.payload, ev.Received | ev.Edited | ev.Replied)]
    return list(dict.fromkeys(one.message for one in said_since if not one.history))
