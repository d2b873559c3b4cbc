"""What the pages of articles share: who may do what, the folders beside them, and a text as readers see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.articles import Article, File, Folder, Reader, Version, Words
from inbox.knowledge.markup import Places, Rendered, file_url, markup
from inbox.pipeline.articles import Editor
from inbox.store import articles, articles_enclosed
from inbox.store.unit import Unit
from inbox.web.door import by
from inbox.web.frame import Frame, House, frame

PATH = "/articles"
WAS = 20
"""Characters of a digest by which a file is named that an article had."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder in the list of them: how deep it lies, what it is called, how many articles are in it and below it."""

    path: str
    depth: int
    title: str
    count: int


async def opened(house: House, request: Request) -> tuple[Frame, Response | None]:
    """The frame of a page of articles, and the answer for those who may not come in."""
    made = await frame(house, request)
    return made, None if made.visitor is not None else made.page("sign_in", 403)


def editor(made: Frame) -> Editor:
    """Who acts: an agent, or the owner of the site."""
    return Editor(by(made), made.visitor is not None and made.visitor.ops)


def shelves(unit: Unit, reader: Reader, language: str) -> list[Shelf]:
    """The folders in their order, each behind the one in which it lies."""
    counts = articles.folders_in_use(unit, reader)
    known = {folder.path: folder for folder in articles_enclosed.folders(unit)}
    paths = {above for path in {*counts, *(known if reader.agent else ())} for above in _above(path)}
    ordered = sorted(paths, key=lambda path: [_rank(known, above) for above in _above(path)])
    return [
        Shelf(path, path.count("/"), known.get(path, Folder(path)).called(language), _within(counts, path))
        for path in ordered
    ]


def called(unit: Unit, path: str, language: str) -> list[tuple[str, str]]:
    """The way to a folder: the path and the title of each one on it."""
    known = {folder.path: folder for folder in articles_enclosed.folders(unit)}
    return [(above, known.get(above, Folder(above)).called(language)) for above in _above(path)]


def _above(path: str) -> list[str]:
    parts = path.split("/") if path else []
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def _rank(known: Mapping[str, Folder], path: str) -> tuple[int, str]:
    return (known[path].position if path in known else 0, path)


def _within(counts: Mapping[str, int], path: str) -> int:
    return sum(n for folder, n in counts.items() if folder == path or folder.startswith(f"{path}/"))


# -- a text ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Beside:
    """What a text may lead to: the files of its article, and the articles that there are; `past`: the files are those of an older
    version."""

    files: tuple[File, ...]
    there: Mapping[str, str]
    past: bool = False


def beside(unit: Unit, article: Article | None, *bodies: str) -> Beside:
    """For these texts of an article; None: it is not kept yet."""
    wanted = sorted({slug for body in bodies for slug in markup().mentioned(body).articles})
    files = articles_enclosed.files(unit, article.id) if article is not None else []
    return Beside(tuple(files), articles.slugs(unit, wanted))


def beside_version(unit: Unit, article: Article, version: Version) -> Beside:
    """For one version, with the files that it had."""
    files = articles_enclosed.as_of(unit, article.id, version)
    there = articles.slugs(unit, markup().mentioned(version.words.body).articles)
    text = article.text(version.language)
    return Beside(tuple(files), there, past=text is not None and version.number != text.latest)


def rendered(made: Frame, slug: str, language: str, words: Words, known: Beside) -> Rendered:
    """A text as agents see it; what it leads to is found among the pages of agents."""
    digests = {file.name: file.digest for file in known.files}
    at = f"{PATH}/{quote(slug, safe='')}/files"
    return markup().html(
        words.body,
        Places(
            lambda one: f"{PATH}/{quote(known.there[one], safe='')}" if one in known.there else None,
            lambda name: file_at(at, name, digests[name] if known.past else "") if name in digests else None,
            labels(made, language),
        ),
    )


def file_at(at: str, name: str, digest: str = "") -> str:
    """Where a file of an article is; with a digest as it was."""
    return f"{file_url(at, name)}?was={digest[:WAS]}" if digest else file_url(at, name)


def labels(made: Frame, language: str) -> Mapping[str, str]:
    """What notes and warnings are called in a language."""
    say = made.house.wording.say
    return {kind: say(language, f"kb.label.{kind}") for kind in ("note", "warning")}


def today(made: Frame) -> date:
    """The day where we are."""
    return made.now.astimezone(ZoneInfo(made.house.site.zone)).date()
