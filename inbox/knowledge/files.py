"""Articles as a folder of files, so that they can live in git: a folder an article, a file of Markdown a language, its files beside.

    billing/_folder.toml                 what the folder is called in each language
    billing/refunds/article.toml         what the languages of the article `refunds` share
    billing/refunds/en.md                what readers see, its title between two lines of `+++`
    billing/refunds/en.draft.md          a newer version that nobody has published
    billing/refunds/files/form.pdf       a file of the article

There is one way to write an article, and reading what was written gives the same article.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from inbox.domain.articles import LANGUAGES, About, Audience, Folder, Words
from inbox.domain.problems import Problem
from inbox.knowledge import canonical
from inbox.knowledge.addresses import is_folder, is_slug
from inbox.settings.lines import places
from inbox.text.filenames import safe_filename

ARTICLE, FOLDER, FILES = "article.toml", "_folder.toml", "files"
FENCE = "+++"
LONGEST_HEAD = 100_000
"""Characters of TOML: more than we write, and few enough to be read at once whatever they say."""
_TEXT = re.compile(r"([a-z]{2})(\.draft)?\.md")
_AT_LINE = re.compile(r"\(at line (\d+)|at end of document")


@dataclass(frozen=True, slots=True)
class FiledText:
    """A language as it lies in files: what readers see, and what is newer than that; `asked`: it waits for a review."""

    published: Words | None = None
    draft: Words | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """An article as it lies in files. `files`: their names; what is in them is not this room's concern."""

    about: About
    texts: Mapping[str, FiledText] = field(default_factory=dict)
    former: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The folder in which it lies."""
        return f"{self.about.folder}/{self.about.slug}".lstrip("/")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file; `line` 0: with all of it."""

    path: str
    line: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Tree:
    """What a folder holds."""

    articles: tuple[Filed, ...]
    folders: tuple[Folder, ...]
    faults: tuple[Fault, ...]


# -- written -----------------------------------------------------------------------------------------------------------
def written(articles: Sequence[Filed], folders: Sequence[Folder]) -> Iterator[tuple[str, bytes]]:
    """The paths of all files but those of the articles' own, and what stands in them."""
    for folder in sorted(folders, key=lambda one: one.path):
        yield f"{folder.path}/{FOLDER}", _folder(folder).encode()
    for article in sorted(articles, key=lambda one: one.place):
        yield f"{article.place}/{ARTICLE}", _about(article).encode()
        for language, text in sorted(article.texts.items()):
            if text.published is not None:
                yield f"{article.place}/{language}.md", _text(text.published).encode()
            if text.draft is not None:
                yield f"{article.place}/{language}.draft.md", _text(text.draft, asked=text.asked).encode()


def _folder(folder: Folder) -> str:
    head = f"position = {folder.position}\n\n" if folder.position else ""
    return f"{head}[title]\n" + "".join(f"{name} = {_quoted(title)}\n" for name, title in sorted(folder.titles.items()))


def _about(article: Filed) -> str:
    about = article.about
    lines = [f"audience = {_quoted(about.audience.value)}"]
    lines += [f"organization = {_quoted(about.organization)}"] if about.organization else []
    lines += [f"tags = {_list(about.tags)}"] if about.tags else []
    lines += [f"owner = {_quoted(about.owner)}"] if about.owner else []
    lines += [f"review_on = {about.review_on.isoformat()}"] if about.review_on else []
    lines += [f"former = {_list(sorted(article.former))}"] if article.former else []
    return "\n".join(lines) + "\n"


def _text(words: Words, *, asked: bool = False) -> str:
    lines = [FENCE, f"title = {_quoted(words.title)}"]
    lines += [f"keywords = {_list(words.keywords)}"] if words.keywords else []
    lines += ["review = true"] if asked else []
    return "\n".join([*lines, FENCE, ""]) + (f"\n{words.body}" if words.body else "")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(value: str) -> str:
    """A basic string of TOML."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in plain) + '"'


# -- read --------------------------------------------------------------------------------------------------------------
def read(entries: Mapping[str, bytes], names: Sequence[str] = ()) -> Tree:
    """What lies in a folder: `entries` are its files of text by their paths with `/` between, `names` the paths of the others.
    All that is wrong is told, in the order of the paths."""
    return _Reading(entries, names).tree()


class _Wrong(Exception):
    def __init__(self, key: str, line: int = 0, /, **facts: object) -> None:
        super().__init__(key)
        self.line = line
        self.problem = Problem(key, **facts)


class _Reading:
    def __init__(self, entries: Mapping[str, bytes], names: Sequence[str]) -> None:
        self._entries, self._names = entries, names
        self._faults: list[Fault] = []
        self._homes = {path.rpartition("/")[0] for path in entries if path.rpartition("/")[2] == ARTICLE}

    def tree(self) -> Tree:
        """All of it."""
        about: dict[str, Filed] = {}
        texts: dict[str, dict[str, FiledText]] = {}
        folders: list[Folder] = []
        for path in sorted(self._entries):
            try:
                self._one(path, about, texts, folders)
            except _Wrong as wrong:
                self._faults.append(Fault(path, wrong.line, wrong.problem))
        files = self._files()
        articles = [
            Filed(one.about, texts.get(home, {}), one.former, tuple(sorted(files.get(home, ()))))
            for home, one in sorted(about.items())
        ]
        self._hold_together(articles)
        self._faults.sort(key=lambda one: (one.path, one.line))
        return Tree(tuple(articles), tuple(folders), tuple(self._faults))

    def _one(
        self, path: str, about: dict[str, Filed], texts: dict[str, dict[str, FiledText]], folders: list[Folder]
    ) -> None:
        place, _, name = path.rpartition("/")
        if name == FOLDER:
            folders.append(_read_folder(place, _decoded(self._entries[path])))
        elif name == ARTICLE:
            about[place] = _read_about(place, _decoded(self._entries[path]))
        elif found := _TEXT.fullmatch(name):
            self._text(place, found[1], bool(found[2]), path, texts)
        else:
            raise _Wrong("kb.file.strange", name=name[:80])

    def _text(self, place: str, language: str, draft: bool, path: str, texts: dict[str, dict[str, FiledText]]) -> None:
        if place not in self._homes:
            raise _Wrong("kb.file.no_article", name=ARTICLE)
        if language not in LANGUAGES:
            raise _Wrong("kb.file.language", language=language, known=", ".join(LANGUAGES))
        words, asked = _read_text(_decoded(self._entries[path]))
        if asked and not draft:
            raise _Wrong("kb.file.review", 2)
        known = texts.setdefault(place, {}).get(language, FiledText())
        texts[place][language] = (
            FiledText(known.published, words, asked) if draft else FiledText(words, known.draft, known.asked)
        )

    def _files(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self._names):
            home, _, name = path.rpartition("/")
            article, _, folder = home.rpartition("/")
            if folder != FILES or article not in self._homes:
                self._faults.append(Fault(path, 0, Problem("kb.file.strange", name=name[:80])))
            elif name != stored_name(name):
                wanted = stored_name(name)
                self._faults.append(Fault(path, 0, Problem("kb.file.name", name=name[:80], wanted=wanted)))
            else:
                found.setdefault(article, []).append(name)
        return found

    def _hold_together(self, articles: Sequence[Filed]) -> None:
        """No two articles have one address, and every article has words."""
        taken: dict[str, str] = {}
        for article in articles:
            path = f"{article.place}/{ARTICLE}"
            if not article.texts and not any(one.path.startswith(f"{article.place}/") for one in self._faults):
                self._faults.append(Fault(path, 0, Problem("kb.file.no_words")))
            for slug in (article.about.slug, *article.former):
                if slug in taken:
                    self._faults.append(Fault(path, 0, Problem("kb.file.twice", slug=slug, other=taken[slug])))
                taken.setdefault(slug, article.place)


def stored_name(name: str) -> str:
    """The name under which a file is kept: safe everywhere, and without spaces, which end an address in Markdown."""
    plain = "-".join(safe_filename(name).split())
    return safe_filename(re.sub(r"[\[\]()`%#]", "_", plain))


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _Wrong("kb.file.encoding", line) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(text: str, after: int = 0) -> dict[str, Any]:
    if len(text) > LONGEST_HEAD:
        raise _Wrong("kb.too_long", after + 1, most=LONGEST_HEAD)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        raise _Wrong("kb.file.toml", line + after, detail=str(error).partition(" (at ")[0]) from error
    except (ValueError, RecursionError) as error:  # numbers and lists that Python itself does not take
        raise _Wrong("kb.file.toml", after + 1, detail=type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of TOML whose keys are taken one after the other; what is left over is nothing that we know."""

    values: dict[str, Any]
    text: str
    after: int = 0

    @classmethod
    def of(cls, text: str, after: int = 0) -> "_Table":
        return cls(_parsed(text, after), text, after)

    def wrong(self, key: str, name: str, /, **facts: object) -> _Wrong:
        return _Wrong(key, places(self.text).get((name,), 1) + self.after, name=name, **facts)

    def string(self, name: str, most: int) -> str:
        value = self.values.pop(name, "")
        if not isinstance(value, str) or len(value) > most or value != canonical.line(value):
            raise self.wrong("kb.file.line", name, most=most)
        return value

    def strings(self, name: str, most: int) -> tuple[str, ...]:
        value = self.values.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong("kb.file.list", name, most=most)
        if canonical.several(tuple(value), most) != tuple(value):
            raise self.wrong("kb.file.list", name, most=most)
        return tuple(value)

    def end(self) -> None:
        for name in self.values:
            raise self.wrong("kb.file.unknown", name)


def _read_folder(place: str, text: str) -> Folder:
    if not place or not is_folder(place):
        raise _Wrong("kb.bad_folder", name=place[:80])
    table = _Table.of(text)
    titles, position = table.values.pop("title", {}), table.values.pop("position", 0)
    if not isinstance(titles, dict) or not all(
        language in LANGUAGES and isinstance(title, str) and title and title == canonical.line(title)
        for language, title in titles.items()
    ):
        raise table.wrong("kb.file.titles", "title", known=", ".join(LANGUAGES))
    if not isinstance(position, int) or isinstance(position, bool) or abs(position) > 9999:
        raise table.wrong("kb.file.position", "position")
    table.end()
    return Folder(place, titles, position)


def _read_about(place: str, text: str) -> Filed:
    folder, _, slug = place.rpartition("/")
    if not is_slug(slug):
        raise _Wrong("kb.bad_slug", slug=slug[:80])
    if not is_folder(folder):
        raise _Wrong("kb.bad_folder", name=folder[:80])
    table = _Table.of(text)
    audience, organization = table.values.pop("audience", "public"), table.string("organization", 300)
    if audience not in tuple(Audience):
        raise table.wrong("kb.file.audience", "audience", known=", ".join(Audience))
    if (audience == Audience.ORGANIZATION) != bool(organization):
        raise table.wrong("kb.file.organization", "organization" if organization else "audience")
    review_on = table.values.pop("review_on", None)
    if review_on is not None and (not isinstance(review_on, date) or isinstance(review_on, datetime)):
        raise table.wrong("kb.file.date", "review_on")
    former = table.strings("former", 1000)
    if not all(map(is_slug, former)) or slug in former:
        raise table.wrong("kb.bad_slug", "former", slug=", ".join(former)[:80])
    tags, owner = table.strings("tags", canonical.MOST_TAGS), table.string("owner", 64)
    table.end()
    about = About(slug, folder, Audience(audience), organization, tags, owner, review_on)
    return Filed(about, {}, tuple(sorted(former)))


def _read_text(text: str) -> tuple[Words, bool]:
    head, body, after = _parts(text)
    table = _Table.of(head, after)
    title, keywords = (
        table.string("title", canonical.LONGEST_TITLE),
        table.strings("keywords", canonical.MOST_KEYWORDS),
    )
    if not title:
        raise _Wrong("kb.file.no_title", after)
    asked = table.values.pop("review", False)
    if not isinstance(asked, bool):
        raise table.wrong("kb.file.flag", "review")
    table.end()
    whole = canonical.body(body)
    if len(whole) > canonical.LONGEST_BODY:
        raise _Wrong("kb.too_long", most=canonical.LONGEST_BODY)
    return Words(title, whole, keywords), asked


def _parts(text: str) -> tuple[str, str, int]:
    """What stands between the first two fences, what stands behind them, and the line of the first."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if lines[first].rstrip() != FENCE:
        raise _Wrong("kb.file.no_head", first + 1, fence=FENCE)
    second = next((at for at in range(first + 1, len(lines)) if lines[at].rstrip() == FENCE), None)
    if second is None:
        raise _Wrong("kb.file.open_head", first + 1, fence=FENCE)
    return "\n".join(lines[first + 1 : second]), "\n".join(lines[second + 1 :]), first + 1
