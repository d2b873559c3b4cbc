"""The one reader of what agents type to act: `#done`, `/take`, «گرفتم». Mail has its words at the top, a line each; a chat has one.

Both languages are understood everywhere, in any case, with or without a half-space. What is not understood is never
taken for words to the customer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inbox.actions.action import Action, Surface
from inbox.actions.phrases import NOTHING
from inbox.domain.problems import Problem
from inbox.text.fold import fold
from inbox.text.notemarks import bare, unmarked
from inbox.text.wording import FALLBACK, Wording

NO_REPLY = "noreply"
"""The word that keeps the text below it from going anywhere; no action."""
HELP = "help"
"""The word that asks which words there are; no action."""
SPEAKING = ("reply", "note", "promise", "macro", "forward", "follow_up", "contact_note")
"""Actions to which the words below belong; without one of them they are a reply."""
_STATES = {"done": "done", "open": "open"}
_SIGNS = "#＃﹟"
_STROKES = "/／"
# A word for us: a sign, the word, and what is typed behind it on the same line.
_WORD = re.compile(
    rf"(?P<sign>[{_SIGNS}{_STROKES}])(?P<gap>[^\S\n]*)(?P<word>[^\s@{_SIGNS}{_STROKES}]+)(?:@\w+)?(?P<rest>[^\n]*)"
)
_NEXT = re.compile(rf"(?<=\s)(?=[{_SIGNS}])")
_STOPS = ":,;.!"
_MAIL = (_SIGNS + _STROKES, _SIGNS)
"""What may stand before a word for us, and what means one whatever stands behind it."""
_CHAT = (_STROKES, _STROKES)
"""In chats a hash makes a hashtag."""


class NotUnderstood(Problem):
    """What was typed cannot be done as it stands; nothing was."""


@dataclass(frozen=True, slots=True)
class Order:
    """An action by its name, and what was typed as its arguments."""

    action: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plain:
    """Words of which nothing says whom they are for."""

    text: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one surface: which action each means, and which values have words of their own."""

    actions: Mapping[str, Action]
    words: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    told: Mapping[str, str]
    """By language, the one word of each action that people are told of."""
    unknown: str
    """The sentence about a word that there is not."""

    @classmethod
    def of(cls, actions: Mapping[str, Action], surface: Surface, wording: Wording) -> "Vocabulary":
        """The words of what a surface offers, in all languages."""
        offered = {name: one for name, one in actions.items() if surface in one.surfaces and one.typed is not None}
        spoken = {name: tuple(_spoken(wording, name)) for name in (*offered, NO_REPLY, HELP)}
        words = {fold(word): name for name, found in spoken.items() for word in found}
        values = {name: _values(wording, one) for name, one in offered.items()}
        told = {language: _told(wording, language, offered) for language in wording.languages}
        return cls(offered, words, values, told, f"words.unknown_{surface.value}")

    def knows(self, word: str) -> bool:
        """Whether it is a word of this surface."""
        return _plain(word) in self.words

    def order(self, word: str, rest: str) -> Order:
        """What a word and the rest of its line mean. Raises NotUnderstood."""
        name = self.words.get(_plain(word))
        if name is None:
            raise NotUnderstood(self.unknown, word=word)
        if name in (NO_REPLY, HELP):
            return Order(name)
        typed = self.actions[name].typed
        assert typed is not None
        if typed.needed and not rest:
            raise NotUnderstood("words.lacking", word=word)
        if rest and typed is NOTHING:
            raise NotUnderstood("words.too_much", word=word, rest=rest)
        return Order(name, typed.read(self.values[name].get(_plain(rest), rest)))


def read_mail(text: str, vocabulary: Vocabulary) -> tuple[Order, ...]:
    """What a mail says: words with `#` at its top, then what is said. `##` begins a line with a plain `#`. Raises NotUnderstood."""
    lines, orders = bare(text).splitlines(), []
    while lines and (typed := _typed(lines[0], _MAIL, vocabulary)):
        orders += typed
        lines.pop(0)
        while lines and not bare(lines[0]):
            lines.pop(0)
    said = _said(lines, _MAIL, vocabulary)
    said = said[1:] if said.startswith("##") else said
    marked = unmarked(said)
    return _joined(orders, said) if marked is None else _joined([*orders, Order("note", {"text": marked})], "")


def read_chat(text: str, vocabulary: Vocabulary) -> tuple[Order, ...] | Plain:
    """What a message says: a note in whatever way it is marked, a word with `/` in front or a Persian one alone, else plain words.
    Raises NotUnderstood."""
    marked = unmarked(text)
    if marked is not None:
        return _joined([Order("note", {"text": marked})], "")
    lines = bare(text).splitlines()
    orders = _typed(lines[0], _CHAT, vocabulary) if lines else []
    if orders:
        return _joined(orders, _said(lines[1:], _CHAT, vocabulary))
    return _alone(_said(lines, _CHAT, vocabulary), vocabulary)


def _typed(line: str, signs: tuple[str, str], vocabulary: Vocabulary) -> list[Order]:
    """The words for us that a line is made of; none where it is made of others. Raises NotUnderstood."""
    orders: list[Order] = []
    for part in _apart(bare(line), signs, vocabulary):
        found = _WORD.fullmatch(bare(part))
        if found is None or not _meant(found, signs, vocabulary):
            return []
        orders.append(vocabulary.order(found["word"], bare(found["rest"])))
    return orders


def _apart(line: str, signs: tuple[str, str], vocabulary: Vocabulary) -> list[str]:
    """`#done #priority high` is two words; what only looks like one, `#tag #billing`, belongs to the one before."""
    first, *others = _NEXT.split(line)
    parts = [first]
    for one in others:
        if _glued(one, signs, vocabulary):
            parts.append(one)
        else:
            parts[-1] += one
    return parts


def _meant(found: re.Match[str], signs: tuple[str, str], vocabulary: Vocabulary) -> bool:
    """Whether it is a word for us. Behind a stroke and a space stands a note, whatever it begins with."""
    possible, certain = signs
    if found["sign"] not in possible or (found["gap"] and found["sign"] in _STROKES):
        return False
    return vocabulary.knows(found["word"]) or (found["sign"] in certain and not found["gap"])


def _glued(line: str, signs: tuple[str, str], vocabulary: Vocabulary) -> str:
    """The word for us that a line begins with, right behind its sign; empty where it begins with none that there is."""
    found = _WORD.match(bare(line))
    if found is None or found["gap"] or found["sign"] not in signs[0]:
        return ""
    return found["word"] if vocabulary.knows(found["word"]) else ""


def _said(lines: Sequence[str], signs: tuple[str, str], vocabulary: Vocabulary) -> str:
    """The words for people. Raises NotUnderstood where a word for us stands among them: the customer would read it."""
    kept: list[str] = []
    for line in lines:
        if word := _glued(line, signs, vocabulary):
            raise NotUnderstood("words.in_the_text", word=word)
        plain = bare(line)
        escaped = plain.startswith("##") and _glued(plain[1:], signs, vocabulary)
        kept.append(plain[1:] if escaped else line)
    return bare("\n".join(kept))


def _alone(said: str, vocabulary: Vocabulary) -> tuple[Order, ...] | Plain:
    """A Persian word that is all of a message is meant: nobody types a stroke on that keyboard. A Latin one may be an answer."""
    name = None if said.isascii() else vocabulary.words.get(_plain(said))
    action = None if name is None else vocabulary.actions.get(name)
    if action is None or action.typed is None or action.typed.needed or name in SPEAKING:
        return Plain(said)
    return (Order(action.name, action.typed.read("")),)


def _joined(orders: list[Order], said: str) -> tuple[Order, ...]:
    """The words belong to the one order that speaks, and are a reply where none does; what speaks is done first."""
    silent = [one for one in orders if one.action not in SPEAKING and one.action != NO_REPLY]
    voices = [one for one in orders if one.action in SPEAKING]
    muted = any(one.action == NO_REPLY for one in orders)
    if len(voices) > 1 or (voices and muted):
        raise NotUnderstood("words.two_voices", words=", ".join(one.action for one in voices))
    if not voices and said and not muted:
        voices = [Order("reply")]
    for voice in voices:
        text = "\n\n".join(part for part in (str(voice.arguments.get("text", "")), said) if part)
        given = {**voice.arguments, "text": text}
        if voice.action == "reply" and (then := [one for one in silent if one.action in _STATES]):
            given["then"] = _STATES[then[-1].action]
            silent = [one for one in silent if one.action not in _STATES]
        return (replace(voice, arguments=given), *silent)
    return tuple(silent)


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "", fold(word)).rstrip(_STOPS)


def _told(wording: Wording, language: str, offered: Iterable[str]) -> str:
    """In English the names themselves; elsewhere the first word of that language."""
    named = {name: wording.say(language, f"word.{name}").split(",")[0] for name in offered}
    return ", ".join(sorted(offered if language == FALLBACK else named.values()))


def _spoken(wording: Wording, name: str) -> Iterator[str]:
    """The name itself, and the words of each language, which the catalogue parts by commas."""
    yield _plain(name)
    for language in wording.languages:
        for word in re.split(r"[,،]", wording.say(language, f"word.{name}")):
            yield _plain(word)


def _values(wording: Wording, action: Action) -> Mapping[str, str]:
    named = action.typed.named if action.typed else ()
    return {
        _plain(wording.say(language, key)): key.rpartition(".")[2] for key in named for language in wording.languages
    }
