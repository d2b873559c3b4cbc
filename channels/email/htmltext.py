"""Clean HTML to plain text that reads well: links, lists and tables stay readable, quotes become `> ` lines.

Its input is what the sanitizer wrote: well-formed, attributes quoted, nothing unknown. So one pass over the tags is
enough, and the depth of the document does not matter.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from channels.email.html import (
    QUOTE_CLASSES,
    REPLY_CLASSES,
    REPLY_IDS,
    SIGNATURE_CLASSES,
    SIGNATURE_IDS,
    SIGNATURE_NAMES,
)
from channels.email.lines import plain
from channels.email.quotepatterns import EVIDENCE, MACHINE, WROTE

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-z-]+=\"[^\"]*\")*)\s*/?>|([^<]+)|<")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_ANY_TAG = re.compile(r"<[^<>]*>")
_SKIPPED = re.compile(r"<(script|style|title)\b[^<]*", re.IGNORECASE)

_SPACED = "p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table dl figure hr"
_OWN_LINE = "div li tr dt dd address center article section header footer main aside figcaption caption summary"
_PARAGRAPHS = frozenset(_SPACED.split())
_LINES = frozenset(_OWN_LINE.split())
_IN_CELLS = frozenset({"p", "div"})  # Word and editors wrap the words of a cell in these; alone in it they end no line
_QUOTE_DEPTH = 20
_SEPARATOR = "_" * 32
_HR = "—" * 8
_MOST_LINES = 50_000
# The thin line that Outlook draws over the header of what it quotes, as Word spells it (in points, colour before or after the
# style) and as the telephones do. Shops draw lines too, but in pixels.
_BORDER = re.compile(
    r"border-top: ?(?:solid #(?:e1e1e1|b5c4df) 1(?:\.0)?pt|1(?:\.0)?pt solid #(?:e1e1e1|b5c4df)|#b5c4df 1(?:\.0)?pt solid)"
    r"|border-color: ?(?:rgb\(181, ?196, ?223\)|#b5c4df) ",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Writer:
    """The lines so far and the line being written."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    last_quotes: int = 0
    blank: bool = False
    dashes: bool = False
    """Whether the next line begins a signature, which the mail may have put under dashes of its own."""

    held: bool | None = None
    """A line end that counts if more is said, with a blank line or without; the last paragraph of a cell ends no line."""

    def say(self, text: str) -> None:
        if self.held is not None:
            self.end_line()
        self.line.append(text)

    def end_line(self, blank: bool = False) -> None:
        """End the line if it says something; with `blank` an empty one follows before the next text."""
        told = "".join(self.line).rstrip(" ")
        self.line.clear()
        blank, self.held = blank or bool(self.held), None
        if told:
            quotes = min(self.quotes, _QUOTE_DEPTH)
            if self.blank and self.lines:
                self.lines.append(("> " * min(quotes, self.last_quotes)).rstrip())
            if self.dashes and told != "--" and self.lines[-1:] != ["--"]:
                self.lines.append("> " * quotes + "--")
            self.lines.append("> " * quotes + told)
            self.last_quotes, self.blank, self.dashes = quotes, False, False
        self.blank = self.blank or blank

    def break_line(self) -> None:
        """A <br>: ends the line; on an empty line it makes a blank one."""
        empty = not "".join(self.line).strip(" ")
        self.end_line(blank=empty and bool(self.lines))


def text_of(clean: str) -> str:
    """The plain text of sanitised HTML."""
    return _Reader().read(clean)


def rough_text(html: str) -> str:
    """The text between the tags of any HTML, for documents that are too large or too deep to be sanitised. Linear."""
    lines = unescape(_ANY_TAG.sub("\n", _SKIPPED.sub("", html))).split("\n")
    return "\n".join(line for line in map(str.strip, lines) if line)


def _first(attributes: str) -> int:
    """The number of an ordered list's first item."""
    start = dict(_ATTRIBUTE.findall(attributes)).get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and 0 < len(start) < 7 and int(start) else 1


def _signs(classes: set[str], told: dict[str, str]) -> bool:
    named = told.get("id") in SIGNATURE_IDS or told.get("name") in SIGNATURE_NAMES
    return named or not classes.isdisjoint(SIGNATURE_CLASSES)


class _Reader:
    """One pass over the tags of one document."""

    def __init__(self) -> None:
        self._out = _Writer()
        self._lists: list[int] = []  # the number of the next item; 0 for a list without numbers
        self._links: list[tuple[str, int]] = []
        self._quoting: list[tuple[str, bool]] = []  # open div and blockquote elements: do they quote?
        self._signed = 0  # how many elements were open within the signature; 0 outside of one
        self._pre = 0
        self._cells = 0
        self._cell = False  # within a cell?
        self._fresh = False  # and nothing said in it yet?

    def read(self, clean: str) -> str:
        for closing, tag, attributes, text in _TOKEN.findall(clean):
            if text:
                self._text(text)
            elif closing:
                self._close(tag)
            elif tag:
                self._open(tag, attributes)
            if len(self._out.lines) > _MOST_LINES:
                break
        self._out.end_line()
        return "\n".join(self._out.lines)

    def _text(self, text: str) -> None:
        said = unescape(text) if "&" in text else text
        if self._pre:
            first, *more = said.split("\n")
            self._out.say(first)
            for line in more:
                self._out.break_line()
                self._out.say(line)
            return
        told = _SPACES.sub(" ", said).replace("\xa0", " ")
        told = told if self._out.line else told.lstrip(" ")
        if told and not (told == " " and (self._fresh or self._out.held is not None)):
            self._out.say(told)
            self._fresh = False
        elif "\xa0" in said:
            self._out.blank = True  # a line of nothing but a hard space is how editors write an empty one

    def _open(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self._out.break_line()
        elif tag in ("td", "th"):
            self._begin_cell()
        elif tag == "img":
            self._image(attributes)
        elif tag == "a":
            self._links.append((dict(_ATTRIBUTE.findall(attributes)).get("href", ""), len(self._out.line)))
        elif tag in _PARAGRAPHS or tag in _LINES:
            self._block(tag, attributes)

    def _block(self, tag: str, attributes: str) -> None:
        if tag == "hr" and not self._out.line and self._out.lines[-1:] == [_SEPARATOR]:
            return  # one line is enough
        if not (self._fresh and tag in _IN_CELLS):
            self._fresh = False
            self._cell = self._cell and tag != "table"
            self._out.end_line(blank=tag in _PARAGRAPHS and not self._lists)
        if tag in ("div", "blockquote"):
            self._quote(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
        elif tag in ("ul", "ol"):
            self._lists.append(_first(attributes) if tag == "ol" else 0)
        elif tag == "li":
            self._out.say(self._bullet())
        elif tag == "pre":
            self._pre += 1
        elif tag == "tr":
            self._cells = 0
        elif tag == "hr":
            self._out.say(_HR)
            self._out.end_line(blank=True)

    def _quote(self, tag: str, told: dict[str, str]) -> None:
        classes = set(told.get("class", "").split())
        if not self._signed and _signs(classes, told):
            self._signed, self._out.dashes = len(self._quoting) + 1, True
        if told.get("id") in REPLY_IDS or classes & REPLY_CLASSES or _BORDER.search(told.get("style", "")):
            self._separate()
        # Gmail's div of that class holds the attribution, or a forwarded mail; only its blockquote is a quote. Yahoo has no other.
        quotes = bool(
            "yahoo_quoted" in classes
            or (
                tag == "blockquote"
                and (classes & QUOTE_CLASSES or "type" in told or "id" in told or self._attributed())
            )
        )
        self._quoting.append((tag, quotes))
        self._out.quotes += quotes

    def _separate(self) -> None:
        """The line over the header of an earlier mail; a rule that stands there already gives way to it."""
        lines = self._out.lines
        if lines and lines[-1] == _HR:
            del lines[-2 if len(lines) > 1 and not lines[-2] else -1 :]
            self._out.blank = bool(lines) and lines[-1] != _SEPARATOR
        if lines and lines[-1] != _SEPARATOR:
            self._out.say(_SEPARATOR)
            self._out.end_line()

    def _attributed(self) -> bool:
        """Whether the last line introduces an earlier mail; a poem or a law that a person cites has no such line."""
        last = plain(self._out.lines[-1]) if self._out.lines else ""
        return last.endswith((":", "：", ">")) and (
            MACHINE.search(last) is not None or (WROTE.search(last) is not None and EVIDENCE.search(last) is not None)
        )

    def _close(self, tag: str) -> None:
        if tag == "a":
            self._link()
        elif tag in ("td", "th"):
            self._cell, self._out.held = False, None
        elif self._cell and tag in _IN_CELLS and not (self._quoting and self._quoting[-1][1]):
            self._out.held = self._out.held or tag == "p"
            self._unquote(tag)
        elif tag in _PARAGRAPHS or tag in _LINES:
            self._out.end_line(blank=tag in _PARAGRAPHS and len(self._lists) < 2)
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            elif tag == "pre":
                self._pre = max(0, self._pre - 1)
            elif tag in ("div", "blockquote"):
                self._unquote(tag)

    def _unquote(self, tag: str) -> None:
        if self._quoting and self._quoting[-1][0] == tag:
            if len(self._quoting) == self._signed:
                self._signed, self._out.dashes = 0, False
            self._out.quotes -= self._quoting.pop()[1]

    def _begin_cell(self) -> None:
        if self._cells and "".join(self._out.line).strip():
            self._out.say(" | ")
        self._cells += 1
        self._cell = self._fresh = True

    def _image(self, attributes: str) -> None:
        alt = unescape(dict(_ATTRIBUTE.findall(attributes)).get("alt", "")).strip()
        if alt:
            self._out.say(f"[{alt}]")
            self._fresh = False

    def _link(self) -> None:
        if not self._links:
            return
        href, start = self._links.pop()
        shown = "".join(self._out.line[start:]).strip()
        target = unescape(href).removeprefix("tel:")
        if target.startswith("mailto:"):
            target = target[len("mailto:") :].partition("?")[0]
        bare = target.removeprefix("https://").removeprefix("http://").rstrip("/")
        if shown and target and shown.rstrip("/") not in (target.rstrip("/"), bare):
            self._out.say(f" ({target})")

    def _bullet(self) -> str:
        indent = "  " * min(len(self._lists) - 1, 10)
        if not self._lists or not self._lists[-1]:
            return f"{indent}- "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1] - 1}. "
