"""Articles out and in as files: all that a site has, and a folder taken in whole or not at all.

An article of the folder is found by its address. What differs becomes a version; what a site has and the folder lacks, stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.acts import Act
from inbox.domain.articles import Article, File, Folder, Text, Words
from inbox.domain.ids import ArticleId
from inbox.domain.problems import Problem
from inbox.knowledge.files import ARTICLE, Fault, Filed, FiledText, Tree
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.store import articles, articles_enclosed, articles_found, audit
from inbox.store.unit import Unit

AT_ONCE = 400

What = Literal["new", "changed", "same"]
Contents = Mapping[tuple[str, str], tuple[str, int]]
"""Digest and size of each file, by the place of its article and its name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article, or would."""

    place: str
    what: What


class Rehearsed(Exception):
    """What would have become of a folder: nothing of it is stored."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__("rehearsed")
        self.outcomes = tuple(outcomes)


class NotTaken(Exception):
    """What is wrong with a folder: nothing of it is stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("not taken")
        self.faults = tuple(faults)


# -- out ---------------------------------------------------------------------------------------------------------------
def out(unit: Unit) -> tuple[list[Filed], list[Folder], dict[str, tuple[File, ...]]]:
    """All articles as files hold them, the folders, and the files of each article by its place."""
    found: list[Filed] = []
    files: dict[str, tuple[File, ...]] = {}
    every = articles.every(unit)
    for at in range(0, len(every), AT_ONCE):
        some = every[at : at + AT_ONCE]
        seen = articles_found.published(unit, [one.id for one in some])
        theirs = articles_enclosed.of_several(unit, [one.id for one in some])
        for article in some:
            enclosed = theirs.get(article.id, ())
            texts = {text.language: _text(unit, article, text.language, seen) for text in article.texts}
            filed = Filed(article.about, texts, article.former, tuple(file.name for file in enclosed))
            files[filed.place] = enclosed
            found.append(filed)
    return found, articles_enclosed.folders(unit), files


def _text(unit: Unit, article: Article, language: str, seen: Mapping[tuple[int, str], Words]) -> FiledText:
    text = article.text(language)
    assert text is not None
    published = seen.get((article.id, language))
    if text.published == text.latest:
        return FiledText(published)
    newest = articles.version(unit, article.id, language, text.latest)
    assert newest is not None
    if newest.words == published:  # written back to what readers see
        return FiledText(published)
    return FiledText(published, newest.words, asked=text.asked_at is not None)


# -- in ----------------------------------------------------------------------------------------------------------------
def take(
    unit: Unit, editor: Editor, tree: Tree, contents: Contents, now: datetime, *, rehearse: bool = False
) -> list[Outcome]:
    """What became of each article; `contents`: what is durable already. Raises NotTaken with all that is wrong, Rehearsed where it
    was only tried, Problem for whoever may not publish."""
    editor.must_lead()
    faults, outcomes = list(tree.faults), list[Outcome]()
    for filed in tree.articles if not faults else ():
        try:
            outcomes.append(Outcome(filed.place, _one(unit, editor, filed, contents, now)))
        except Problem as problem:
            faults.append(Fault(f"{filed.place}/{ARTICLE}", 0, problem))
    if faults:
        raise NotTaken(faults)
    known = {one.path: one for one in articles_enclosed.folders(unit)}
    for folder in tree.folders:
        if known.get(folder.path) != folder:
            articles_enclosed.set_folder(unit, folder)
    if rehearse:
        raise Rehearsed(outcomes)
    articles_found.settle(unit)
    counted = [f"{what} {sum(one.what == what for one in outcomes)}" for what in ("new", "changed")]
    audit.record(unit, Act.ARTICLES_WRITTEN, editor.by, now, detail=counted)
    return outcomes


def _one(unit: Unit, editor: Editor, filed: Filed, contents: Contents, now: datetime) -> What:
    about = verbs.sound(filed.about)
    known = next((one for slug in (about.slug, *filed.former) if (one := articles.find(unit, slug))), None)
    if known is not None and known.slug != about.slug and known.slug not in filed.former:
        raise Problem("kb.slug_taken", slug=about.slug)
    changed = known is not None and known.about != about
    if known is None:
        id = articles.add(unit, about, now)
    else:
        id = known.id
        if changed:
            articles.change(unit, known, about, now)
    changed |= _former(unit, filed, id, known.former if known is not None else (), about.slug)
    there = {one.name: one.digest for one in articles_enclosed.files(unit, id)} if filed.files else {}
    for name in filed.files:
        digest, size = contents[filed.place, name]
        if there.get(name) != digest:
            verbs.put_file(unit, editor, id, name, digest, size, now)
            changed = True
    for language, text in sorted(filed.texts.items()):
        before = known.text(language) if known is not None else None
        changed |= _words(unit, editor, id, before, language, text, now)
    return "new" if known is None else "changed" if changed else "same"


def _former(unit: Unit, filed: Filed, id: ArticleId, known: tuple[str, ...], slug: str) -> bool:
    """Whether it has addresses that are news."""
    fresh = [one for one in filed.former if one not in known]
    taken = articles.slugs(unit, fresh)
    for one in fresh:
        if taken.get(one, slug) != slug:
            raise Problem("kb.slug_taken", slug=one)
    articles.lead_from(unit, id, fresh)
    return bool(fresh)


def _words(
    unit: Unit, editor: Editor, id: ArticleId, before: Text | None, language: str, filed: FiledText, now: datetime
) -> bool:
    """Whether the file of a language says what the site does not say yet. Each publishing stands in the article's history; the
    audit log tells of the folder as one thing."""
    changed, newest, seen = False, _said(unit, id, language, before, "latest"), None
    number, asked = (before.latest, before.asked_at is not None) if before is not None else (0, False)
    if before is not None and before.published is not None:
        seen = newest if before.published == before.latest else _said(unit, id, language, before, "published")
    if filed.published is not None and seen != filed.published:
        if newest != filed.published:
            number = articles.write(unit, id, language, verbs.checked(filed.published), editor.id, now)
        verbs.show(unit, editor, id, language, number, filed.published, "published", now)
        changed, newest, asked, seen = True, filed.published, False, filed.published
    if filed.draft is not None and newest != filed.draft:
        number = articles.write(unit, id, language, verbs.checked(filed.draft), editor.id, now)
        changed, newest, asked = True, filed.draft, False
    if filed.asked and not asked and newest != seen:
        articles.mark(unit, id, language, number, "asked", editor.id, now)
        changed = True
    return changed


def _said(
    unit: Unit, id: ArticleId, language: str, text: Text | None, which: Literal["latest", "published"]
) -> Words | None:
    number = getattr(text, which, None)
    found = articles.version(unit, id, language, number) if number is not None else None
    return found.words if found is not None else None
