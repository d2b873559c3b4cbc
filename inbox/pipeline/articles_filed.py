"""Articles out and in as files: all that a site has, and a folder taken in whole or not at all.

An article of the folder is found by its address. What differs becomes a version; what a site has and the folder lacks, stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.acts import Act
from inbox.domain.articles import Article, File, Folder, Words
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
    changed |= _former(unit, filed, articles.one(unit, id))
    for name in filed.files:
        digest, size = contents[filed.place, name]
        there = {one.name: one.digest for one in articles_enclosed.files(unit, id)}
        verbs.put_file(unit, editor, id, name, digest, size, now)
        changed |= there.get(name) != digest
    for language, text in sorted(filed.texts.items()):
        changed |= _words(unit, editor, articles.one(unit, id), language, text, now)
    return "new" if known is None else "changed" if changed else "same"


def _former(unit: Unit, filed: Filed, now_is: Article) -> bool:
    """Whether it has addresses that are news."""
    fresh = [slug for slug in filed.former if slug not in now_is.former]
    taken = articles.slugs(unit, fresh)
    for slug in fresh:
        if slug in taken and taken[slug] != now_is.slug:
            raise Problem("kb.slug_taken", slug=slug)
    articles.lead_from(unit, now_is.id, fresh)
    return bool(fresh)


def _words(unit: Unit, editor: Editor, now_is: Article, language: str, filed: FiledText, now: datetime) -> bool:
    """What the file of a language says that the site does not say yet."""
    changed, id = False, now_is.id
    if filed.published is not None:
        seen = articles_found.published(unit, [id]).get((id, language))
        if seen != filed.published:
            verbs.save(unit, editor, id, language, filed.published, now)
            verbs.publish(unit, editor, id, language, now)
            changed = True
    if filed.draft is not None:
        changed |= verbs.save(unit, editor, id, language, filed.draft, now) is not None
    text = articles.one(unit, id).text(language)
    if filed.asked and text is not None and text.asked_at is None and text.published != text.latest:
        articles.mark(unit, id, language, text.latest, "asked", editor.id, now)
        changed = True
    return changed
