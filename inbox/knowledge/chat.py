"""An article as a chat shows it: plain text with marks for what is bold or leads somewhere, cut between two passages where it is too long.

Where a network shows no marks, links are written out behind their words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from inbox.domain.outgoing import Mark
from inbox.knowledge.markup import KINDS, Places, leads, markup
from inbox.text.excerpts import cut as cut_letters
from inbox.text.fold import persian_digits

if TYPE_CHECKING:
    from inbox.knowledge.markup import Token

SIGNS = {"note": "ℹ️", "warning": "⚠️"}
BULLETS = ("•", "◦", "▪")
BAR = "│ "
_MARKED = {"strong": "bold", "em": "italic"}


@dataclass(frozen=True, slots=True)
class Said:
    """A text and its marks."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def units(self) -> int:
        """How long it is as networks count: in units of UTF-16."""
        return len(self.text) + sum(letter > "\uffff" for letter in self.text)

    def bold(self) -> "Said":
        """All of it bold."""
        return Said(self.text, (Mark("bold", 0, len(self.text)), *self.marks)) if self.text else self

    def then(self, more: "Said", between: str = "") -> "Said":
        """With another one behind it."""
        at = len(self.text) + len(between)
        moved = tuple(replace(one, start=one.start + at) for one in more.marks)
        return Said(f"{self.text}{between}{more.text}", (*self.marks, *moved))

    def behind(self, first: str, others: str) -> "Said":
        """Each line behind the same letters; the first one behind its own."""
        made = Said("")
        for number, line in enumerate(self._lines()):
            made = made.then(Said(first if number == 0 else others).then(line), "\n" if number else "")
        return made

    def _lines(self) -> Iterator["Said"]:
        at = 0
        for line in self.text.split("\n"):
            end = at + len(line)
            cut = [(max(one.start, at), min(one.start + one.length, end), one) for one in self.marks]
            yield Said(line, tuple(replace(one, start=a - at, length=b - a) for a, b, one in cut if a < b))
            at = end + 1


@dataclass(slots=True)
class _Writer:
    """Goes through the tokens of a text once."""

    places: Places
    marks: bool
    language: str
    tokens: list["Token"] = field(default_factory=list)

    def passages(self, until: str = "", depth: int = 0) -> Iterator[Said]:
        """Up to the token that closes this."""
        while self.tokens:
            token = self.tokens.pop(0)
            if token.type == until:
                return
            yield from self._one(token, depth)

    def _one(self, token: "Token", depth: int) -> Iterator[Said]:
        match token.type:
            case "heading_open":
                yield join(list(self.passages("heading_close")), " ").bold()
            case "inline":
                yield self._line(token.children or ())
            case "bullet_list_open" | "ordered_list_open":
                yield self._list(token, depth)
            case "blockquote_open":
                yield join(list(self.passages("blockquote_close", depth)), "\n").behind(BAR, BAR)
            case "fence" | "code_block":
                said = token.content.rstrip("\n")
                yield Said(said, (Mark("pre", 0, len(said)),) if said else ())
            case "hr":
                yield Said("———")
            case "table_open":
                yield self._table()
            case opened if opened.startswith("container_") and token.nesting == 1:
                yield self._set_off(token, depth)

    def _list(self, token: "Token", depth: int) -> Said:
        ordered = token.type == "ordered_list_open"
        number, items, end = int(token.attrs.get("start", 1)), list[Said](), token.type.replace("open", "close")
        while self.tokens:
            inner = self.tokens.pop(0)
            if inner.type == end:
                break
            if inner.type == "list_item_open":
                sign = self._number(number) if ordered else BULLETS[min(depth, len(BULLETS) - 1)]
                said = join(list(self.passages("list_item_close", depth + 1)), "\n")
                items.append(said.behind(f"{sign} ", "   "))
                number += 1
        return join(items, "\n")

    def _number(self, number: int) -> str:
        return f"{persian_digits(str(number)) if self.language == 'fa' else number}."

    def _set_off(self, token: "Token", depth: int) -> Said:
        kind = next((one for one in KINDS if token.type == f"container_{one}_open"), KINDS[0])
        title = token.info.strip().removeprefix(kind).strip() or self.places.labels.get(kind, kind)
        inside = join(list(self.passages(f"container_{kind}_close", depth)), "\n").behind(BAR, BAR)
        return Said(f"{SIGNS[kind]} ").then(Said(title).bold()).then(inside, "\n")

    def _table(self) -> Said:
        rows, cells, head = list[Said](), list[Said](), False
        while self.tokens:
            token = self.tokens.pop(0)
            if token.type == "table_close":
                break
            if token.type == "inline":
                cells.append(self._line(token.children or ()))
            elif token.type in ("th_open", "td_open"):
                head = token.type == "th_open"
            elif token.type == "tr_close":
                row, cells = join(cells, " · "), []
                rows.append(row.bold() if head else row)
        return join(rows, "\n")

    def _line(self, tokens: Sequence["Token"]) -> Said:
        """The words of a line. What opens in one is closed in it."""
        made, opened = Said(""), list[tuple[int, str]]()
        for token in tokens:
            name, _, way = token.type.rpartition("_")
            if way == "open" and (name in _MARKED or name in ("link", "s")):
                opened.append((len(made.text), (leads(token, self.places) or "") if name == "link" else ""))
            elif way == "close" and opened:
                start, url = opened.pop()
                made = self._closed(made, name, start, url)
            else:
                made = made.then(self._word(token))
        return made

    def _closed(self, made: Said, name: str, start: int, url: str) -> Said:
        length = len(made.text) - start
        if not length or name == "s" or (name == "link" and not url):
            return made
        if name == "link" and (not self.marks or url.startswith("#")):
            shown = made.text[start:]
            return made if url.startswith("#") or shown == url else made.then(Said(f" ({url})"))
        mark = Mark("link", start, length, url) if name == "link" else _mark(name, start, length)
        return Said(made.text, (*made.marks, mark))

    def _word(self, token: "Token") -> Said:
        match token.type:
            case "softbreak":
                return Said(" ")
            case "hardbreak":
                return Said("\n")
            case "image":
                return Said(f"[{token.content}]" if token.content else "")
            case "code_inline":
                return Said(token.content, (Mark("code", 0, len(token.content)),))
        return Said(token.content)


def _mark(name: str, start: int, length: int) -> Mark:
    return Mark("bold" if _MARKED[name] == "bold" else "italic", start, length)


def join(said: Sequence[Said], between: str) -> Said:
    """One behind the other, what says nothing left out."""
    made = Said("")
    for one in said:
        if one.text.strip():
            made = made.then(one, between) if made.text else one
    return made


def passages(body: str, places: Places, language: str, *, marks: bool) -> list[Said]:
    """The passages of an article: paragraphs, lists, what is set off."""
    writer = _Writer(places, marks, language, list(markup().tokens(body)))
    return [one for one in writer.passages() if one.text.strip()]


def cut(head: Said, said: Sequence[Said], limit: int) -> tuple[Said, bool]:
    """As many whole passages behind a head as fit into `limit` units of UTF-16, and whether that is all of them. Of a first one that
    is longer than that, its beginning."""
    made = head
    for number, one in enumerate(said):
        longer = made.then(one, "\n\n")
        if longer.units > limit:
            return (made if number else _begun(longer, limit)), False
        made = longer
    return made, True


def _begun(said: Said, limit: int) -> Said:
    """Its beginning, to the end of a word, with nothing marked in it."""
    end = cut_letters(said.text, limit * 2 // 3 - 1)
    blank = said.text.rfind(" ", 0, end)
    return Said(f"{said.text[: blank if blank > 0 else end].rstrip()}…")
