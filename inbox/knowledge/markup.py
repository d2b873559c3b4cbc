"""Markdown made into HTML that cannot do anything: no markup of the writer's own, pictures of the article alone, links as they are.

What stands between `::: note` or `::: warning` and `:::` is set off from the text. `article:ADDRESS` leads to another article,
`files/NAME` to a file of this one. The result goes through nh3 with a list of what is allowed, whatever came before it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from inbox.knowledge.addresses import is_slug, slug_of
from inbox.text.bidi import direction
from inbox.text.fold import latin_digits

if TYPE_CHECKING:
    from markdown_it.token import Token as Token

KINDS = ("note", "warning")
DEEPEST = 20
"""Lists and quotes in one another; what is deeper is text."""
OF_ARTICLE, OF_FILE = "article:", "files/"
_TAGS = "p h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a img table thead tbody tr th td hr br div"
_ATTRIBUTES = {
    **{tag: {"dir"} for tag in ("p", "ul", "ol", "li", "blockquote", "th", "td", "pre", "code")},
    **{f"h{level}": {"dir", "id"} for level in range(2, 7)},
    "a": {"href"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"dir", "start"},
    "div": {"role", "dir", "tabindex"},
}
_CLASSES = {
    "div": {"scrolls", "callout", *(f"callout-{kind}" for kind in KINDS)},
    "p": {"callout-title"},
}
_OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.IGNORECASE)
_NUMBER = re.compile(r"^([\s>]*)([۰-۹٠-٩]{1,9})(?=[.)]\s)")
_AROUND = frozenset({"blockquote_open", "bullet_list_open", "ordered_list_open"})
_SPOKEN = _AROUND | {"paragraph_open", "th_open", "td_open"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are found: the page of an article by its address, a file by its name; None for what is not there. `labels`:
    what a note and a warning are called where the writer gives them no title."""

    article: Callable[[str], str | None]
    file: Callable[[str], str | None]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as a list of contents shows it: 2 is the highest level, below the article's title."""

    level: int
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article's body: HTML that may stand in a page as it is, and its headings."""

    html: str
    headings: tuple[Heading, ...]

    def __html__(self) -> str:
        """As pages take what need not be escaped."""
        return self.html


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a body leads to: addresses of articles, names of files."""

    articles: tuple[str, ...]
    files: tuple[str, ...]


class Markup:
    """Reads and renders articles. Holds no state between two of them."""

    def __init__(self) -> None:
        import nh3  # these here, for a start waits for no article
        from markdown_it import MarkdownIt
        from mdit_py_plugins.container import container_plugin

        self._read = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": DEEPEST})
        self._read.enable(["table", "strikethrough"])
        for kind in KINDS:
            self._read.use(container_plugin, kind)
        self._clean = nh3.Cleaner(
            tags=set(_TAGS.split()),
            clean_content_tags={"script", "style"},
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
            attribute_filter=_kept,
            url_schemes={"http", "https", "mailto", "tel"},
            url_relative="pass_through",
            link_rel="noopener noreferrer",
        )

    def html(self, body: str, places: Places) -> Rendered:
        """A body in its canonical form."""
        tokens = self._parsed(body)
        headings = tuple(_headings(tokens))
        _directed(tokens)
        tokens = list(_set_off(tokens, places.labels))
        for token in tokens:
            token.children = list(_led(token.children or (), places)) if token.children is not None else None
        made = self._read.renderer.render(tokens, self._read.options, {})
        return Rendered(self._clean.clean(made), headings)

    def tokens(self, body: str) -> Sequence["Token"]:
        """What it is made of, for whoever renders it otherwise; links and pictures are as their writer put them."""
        return self._parsed(body)

    def plain(self, body: str) -> str:
        """What a body says, without its marks: for the index of words and for excerpts."""
        return "\n".join(_spoken(self._parsed(body)))

    def mentioned(self, body: str) -> Mentioned:
        """What it leads to."""
        articles, files = list[str](), list[str]()
        for token in self._parsed(body):
            for child in token.children or ():
                target = _target(child)
                if target.startswith(OF_ARTICLE):
                    articles.append(target.removeprefix(OF_ARTICLE).partition("#")[0])
                elif target.startswith(OF_FILE):
                    files.append(target.removeprefix(OF_FILE))
        return Mentioned(tuple(dict.fromkeys(articles)), tuple(dict.fromkeys(files)))

    def _parsed(self, body: str) -> list["Token"]:
        return self._read.parse("\n".join(_numbered(body.split("\n"))))


def _numbered(lines: Sequence[str]) -> Iterator[str]:
    """Lists that are numbered as Persian writers number them, in the digits that Markdown knows; what is typed as code stays."""
    fenced = False
    for line in lines:
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        yield line if fenced else _NUMBER.sub(lambda found: found[1] + latin_digits(found[2]), line)


def file_url(path: str, name: str) -> str:
    """The address of a file below a path."""
    return f"{path}/{quote(name, safe='')}"


def _kept(_tag: str, name: str, value: str) -> str | None:
    """Addresses of ours, or of a network by name; a picture from here alone."""
    here = value.startswith("/") and not value.startswith(("//", "/\\"))
    if name == "src":
        return value if here else None
    if name == "href":
        return value if here or value.startswith("#") or _OUTSIDE.fullmatch(value) else None
    return value


# -- headings and directions -------------------------------------------------------------------------------------------
def _headings(tokens: Sequence["Token"]) -> Iterator[Heading]:
    """Each one level lower than it is written, for the title stands above all of them, and with a name that stays."""
    taken: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = min(int(token.tag[1:]) + 1, 6)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            words = _words(tokens[at + 1].children or ())
            name = slug_of(words)
            taken[name] = taken.get(name, 0) + 1
            id = f"s-{name}" if taken[name] == 1 else f"s-{name}-{taken[name]}"
            token.attrs = {"id": id, "dir": "auto"}
            yield Heading(level, id, words)


def _directed(tokens: Sequence["Token"]) -> None:
    """Each passage runs as its own words do, a list and a quote as all of theirs: a browser that finds it out by itself would leave
    out what has a direction of its own. What has no words runs as the article."""
    for at, token in enumerate(tokens):
        if token.type not in _SPOKEN:
            continue
        said = "\n".join(_spoken(tokens[at : _end(tokens, at)], pictures=False))
        way = {"dir": direction(said) if token.type in _AROUND else "auto"} if any(map(str.isalpha, said)) else {}
        token.attrs = {**({"start": token.attrs["start"]} if "start" in token.attrs else {}), **way}


def _end(tokens: Sequence["Token"], at: int) -> int:
    """Where what opens there is closed."""
    depth = 0
    for number in range(at, len(tokens)):
        depth += tokens[number].nesting
        if depth == 0:
            return number
    return len(tokens)


# -- what is set off ---------------------------------------------------------------------------------------------------
def _set_off(tokens: Sequence["Token"], labels: Mapping[str, str]) -> Iterator["Token"]:
    for token in tokens:
        kind = token.type.removeprefix("container_").removesuffix("_open")
        if token.type.startswith("container_"):
            if token.nesting == 1:
                title = token.info.strip().removeprefix(kind).strip() or labels.get(kind, kind)
                head = f'<div class="callout callout-{kind}" role="note"><p class="callout-title" dir="auto">'
                yield _raw(f"{head}{escape(title)}</p>\n")
            else:
                yield _raw("</div>\n")
        elif token.type == "table_open":
            yield _raw('<div class="scrolls" tabindex="0">')
            yield token
        elif token.type == "table_close":
            yield token
            yield _raw("</div>\n")
        elif token.type in ("fence", "code_block"):
            yield _raw(f'<pre dir="ltr"><code>{escape(token.content)}</code></pre>\n')
        else:
            yield token


def _raw(html: str) -> "Token":
    from markdown_it.token import Token

    return Token("html_block", "", 0, content=html)


# -- what it leads to --------------------------------------------------------------------------------------------------
def _target(token: "Token") -> str:
    """Where a link or a picture leads, as its writer put it."""
    name = {"link_open": "href", "image": "src"}.get(token.type)
    return unquote(str(token.attrs.get(name, ""))) if name else ""


def _led(tokens: Sequence["Token"], places: Places) -> Iterator["Token"]:
    """Links and pictures with the addresses of this place; what leads nowhere is left as its words."""
    from markdown_it.token import Token

    for token in tokens:
        target = _target(token)
        if token.type == "image":
            source = _file(target, places) if target.startswith(OF_FILE) else None
            if source is None:
                yield Token("text", "", 0, content=token.content)
                continue
            token.attrs = {"src": source, "alt": "", "loading": "lazy"}
        elif token.type == "link_open":
            href = _href(target, str(token.attrs.get("href", "")), places)
            token.attrs = {} if href is None else {"href": href}
        yield token


def leads(token: "Token", places: Places) -> str | None:
    """Where a link leads from here; None where it leads nowhere."""
    return _href(_target(token), str(token.attrs.get("href", "")), places)


def _href(target: str, written: str, places: Places) -> str | None:
    if target.startswith(OF_ARTICLE):
        slug, mark, part = target.removeprefix(OF_ARTICLE).partition("#")
        page = places.article(slug) if is_slug(slug) else None
        return None if page is None else f"{page}{mark}{quote(part)}"
    if target.startswith(OF_FILE):
        return _file(target, places)
    return written if written.startswith("#") or _OUTSIDE.fullmatch(written) else None


def _file(target: str, places: Places) -> str | None:
    name = target.removeprefix(OF_FILE)
    return None if "/" in name else places.file(name)


# -- plain words -------------------------------------------------------------------------------------------------------
def _spoken(tokens: Sequence["Token"], *, pictures: bool = True) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield _words([one for one in token.children or () if pictures or one.type != "image"])
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.type.startswith("container_") and token.nesting == 1:
            title = token.info.strip().partition(" ")[2].strip()
            if title:
                yield title


def _words(tokens: Sequence["Token"]) -> str:
    """The words of a line, those of its pictures too."""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        breaks.get(one.type) or (_words(one.children or ()) if one.type == "image" else one.content) for one in tokens
    )


@cache
def markup() -> Markup:
    """The one that everybody shares: it keeps nothing of what it reads."""
    return Markup()
