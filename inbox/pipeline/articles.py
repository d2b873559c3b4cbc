"""Articles: whoever is an agent writes and asks for a review; those who lead publish, roll back, withdraw and delete.

Words that were written are a version for ever. What readers see changes only where somebody who leads says so; that stands in the
history of the article, with the number of the version, and in the audit log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.articles import (
    LANGUAGES,
    About,
    Article,
    Audience,
    Deed,
    File,
    Folder,
    Standing,
    Text,
    Version,
    Words,
)
from inbox.domain.ids import AgentId, ArticleId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.knowledge import canonical
from inbox.knowledge.addresses import is_folder, is_slug, slug_of
from inbox.knowledge.files import stored_name
from inbox.knowledge.markup import OF_ARTICLE, OF_FILE, Mentioned, markup
from inbox.pipeline.articles_told import tell_of_publishing, tell_of_review
from inbox.store import articles, articles_counted, articles_enclosed, articles_found, articles_links, audit
from inbox.store.unit import Unit

LARGEST_FILE = 10_000_000
"""Bytes."""
MOST_FILES = 50
"""Of one article."""
LONGEST_ORGANIZATION = 300


@dataclass(frozen=True, slots=True)
class Editor:
    """Who writes, and whether they may publish."""

    by: By
    leads: bool

    @classmethod
    def of(cls, agent: Agent | None, by: By) -> "Editor":
        """An agent, or the owner of the site's files."""
        return cls(by, agent is None or agent.leads)

    @property
    def id(self) -> AgentId | None:
        """The agent; None for the owner."""
        return self.by.agent

    def must_lead(self) -> None:
        """Raises Problem for whoever does not."""
        if not self.leads:
            raise Problem("kb.leads_only")


# -- written -----------------------------------------------------------------------------------------------------------
def create(unit: Unit, editor: Editor, about: About, language: str, words: Words, now: datetime) -> Article:
    """A new article with its first version. Without an address it gets one of its title. Raises Problem."""
    clean = checked(words)
    new = sound(replace(about, slug=about.slug or free(unit, slug_of(clean.title))))
    if articles.slugs(unit, [new.slug]):
        raise Problem("kb.slug_taken", slug=new.slug)
    id = articles.add(unit, new, now)
    articles.write(unit, id, _language(language), clean, editor.id, now)
    audit.record(unit, Act.ARTICLE_ADDED, editor.by, now, name=new.slug, detail=[language])
    return articles.one(unit, id)


def save(
    unit: Unit, editor: Editor, id: ArticleId, language: str, words: Words, now: datetime, seen: int | None = None
) -> int | None:
    """The next version of a language; its number, None where it says nothing new. `seen`: the version that was worked on (0: there
    was none): whoever saved meanwhile is not written over. Raises Problem."""
    clean, text = checked(words), articles.one(unit, id).text(_language(language))
    _nobody_else(text, seen)
    if text is not None:
        before = articles.version(unit, id, language, text.latest)
        if before is not None and before.words == clean:
            return None
    return articles.write(unit, id, language, clean, editor.id, now)


def change(unit: Unit, editor: Editor, id: ArticleId, about: About, now: datetime) -> Article:
    """What its languages share. Who reads it, and where, is changed by those who lead once anything of it is published. Raises
    Problem."""
    was, new = articles.one(unit, id), sound(about)
    if new == was.about:
        return was
    if _published(was) and _place(new) != _place(was.about):
        editor.must_lead()
    if new.slug != was.slug and new.slug not in was.former and articles.slugs(unit, [new.slug]):
        raise Problem("kb.slug_taken", slug=new.slug)
    articles.change(unit, was, new, now)
    names = ("slug", "folder", "audience", "organization", "tags", "owner", "review_on")
    changed = [name for name in names if getattr(new, name) != getattr(was.about, name)]
    audit.record(unit, Act.ARTICLE_CHANGED, editor.by, now, name=new.slug, detail=changed)
    return articles.one(unit, id)


# -- read by others ----------------------------------------------------------------------------------------------------
def ask(unit: Unit, editor: Editor, id: ArticleId, language: str, now: datetime) -> None:
    """Somebody who leads should look at the newest version, and is told so. Raises Problem where there is nothing to look at."""
    text = _text(unit, id, language)
    if text.standing is Standing.PUBLISHED:
        raise Problem("kb.nothing_new", language=language)
    if text.standing is not Standing.REVIEW:
        articles.mark(unit, id, language, text.latest, "asked", editor.id, now)
        tell_of_review(unit, id, language, editor.id, now)


def publish(unit: Unit, editor: Editor, id: ArticleId, language: str, now: datetime, seen: int | None = None) -> int:
    """Readers see the newest version, which is the one that the editor has `seen`, and its writer is told so; its number. Raises
    Problem."""
    editor.must_lead()
    text = _text(unit, id, language)
    _nobody_else(text, seen)
    newest = articles.version(unit, id, language, text.latest)
    if newest is None or text.published == text.latest:
        raise Problem("kb.nothing_new", language=language)
    show(unit, editor, id, language, text.latest, newest.words, "published", now)
    for said in (newest.words.title, *newest.words.keywords):
        articles_counted.found_now(unit, said, language)
    _told(unit, Act.ARTICLE_PUBLISHED, editor, id, language, text.latest, now)
    tell_of_publishing(unit, id, language, text.latest, editor.id, now)
    return text.latest


def roll_back(unit: Unit, editor: Editor, id: ArticleId, language: str, number: int, now: datetime) -> int:
    """Readers see again what an older version said, with the files that it names as they were: it is said once more, as the newest
    version; its number. Raises Problem."""
    editor.must_lead()
    text, old = _text(unit, id, language), articles.version(unit, id, language, number)
    if old is None or number == text.published:
        raise Problem("kb.no_version", number=number, language=language)
    _files_back(unit, editor, id, old, now)
    again = articles.write(unit, id, language, old.words, editor.id, now, as_number=number)
    show(unit, editor, id, language, again, old.words, "rolled_back", now)
    _told(unit, Act.ARTICLE_ROLLED_BACK, editor, id, language, again, now)
    return again


def withdraw(unit: Unit, editor: Editor, id: ArticleId, language: str, now: datetime) -> None:
    """Readers see this language no more; its versions stay. Raises Problem."""
    editor.must_lead()
    text = _text(unit, id, language)
    if text.published is None:
        raise Problem("kb.not_published", language=language)
    key = articles.mark(unit, id, language, text.published, "withdrawn", editor.id, now)
    articles_found.take(unit, key)
    articles_links.take(unit, key)
    _told(unit, Act.ARTICLE_WITHDRAWN, editor, id, language, text.published, now)


def remove(unit: Unit, editor: Editor, id: ArticleId, now: datetime) -> None:
    """The article is gone with all its versions. Raises Problem."""
    editor.must_lead()
    was = articles.one(unit, id)
    for key in articles.remove(unit, id):
        articles_found.take(unit, key)
    titles = [one.title for one in was.texts]
    audit.record(unit, Act.ARTICLE_REMOVED, editor.by, now, name=was.slug, detail=titles)


def show(
    unit: Unit, editor: Editor, id: ArticleId, language: str, number: int, words: Words, deed: Deed, now: datetime
) -> None:
    """Readers see and find a version that says these words; it stands in the article's history."""
    key = articles.mark(unit, id, language, number, deed, editor.id, now)
    articles_found.put(unit, key, language, words, markup().plain(words.body))
    leads = markup().mentioned(words.body) if OF_ARTICLE in words.body or OF_FILE in words.body else Mentioned((), ())
    articles_links.put(unit, key, leads.articles, leads.files)


def _told(unit: Unit, act: Act, editor: Editor, id: ArticleId, language: str, number: int, now: datetime) -> None:
    slug = articles.one(unit, id).slug
    audit.record(unit, act, editor.by, now, name=slug, detail=[language, str(number)])


# -- files and folders -------------------------------------------------------------------------------------------------
def put_file(unit: Unit, editor: Editor, id: ArticleId, name: str, digest: str, size: int, now: datetime) -> str:
    """A file whose bytes are durable already; the name under which it is kept. One that readers see is replaced by those who lead.
    Raises Problem."""
    kept, was = stored_name(name), articles.one(unit, id)
    there = {one.name: one for one in articles_enclosed.files(unit, id)}
    if size > LARGEST_FILE:
        raise Problem("kb.file_too_large", name=kept, most=LARGEST_FILE)
    if kept in there and there[kept].digest == digest:
        return kept
    if kept in there and _published(was):
        editor.must_lead()
    if kept not in there and len(there) >= MOST_FILES:
        raise Problem("kb.too_many_files", most=MOST_FILES)
    articles_enclosed.put(unit, id, File(kept, digest, size), editor.id, now)
    audit.record(unit, Act.ARTICLE_FILE_PUT, editor.by, now, name=was.slug, detail=[kept])
    return kept


def remove_file(unit: Unit, editor: Editor, id: ArticleId, name: str, now: datetime) -> None:
    """A file is gone from an article. Raises Problem."""
    was = articles.one(unit, id)
    if _published(was):
        editor.must_lead()
    if not articles_enclosed.take(unit, id, name, now):
        raise Problem("kb.no_file", name=name[:80])
    audit.record(unit, Act.ARTICLE_FILE_REMOVED, editor.by, now, name=was.slug, detail=[name])


def _files_back(unit: Unit, editor: Editor, id: ArticleId, old: Version, now: datetime) -> None:
    """The files that an older version names are the article's again. They are shared by its languages."""
    named = set(markup().mentioned(old.words.body).files)
    for file in articles_enclosed.as_of(unit, id, old):
        if file.name in named:
            put_file(unit, editor, id, file.name, file.digest, file.size, now)


def set_folder(
    unit: Unit, editor: Editor, path: str, titles: Mapping[str, str], position: int, now: datetime
) -> Folder:
    """What a folder is called, and where it stands among the others. Raises Problem."""
    editor.must_lead()
    if not path or not is_folder(path):
        raise Problem("kb.bad_folder", name=path[:80])
    clean = {code: short for code in LANGUAGES if (short := canonical.line(titles.get(code, ""))[:200])}
    folder = Folder(path, clean, max(-9999, min(position, 9999)))
    articles_enclosed.set_folder(unit, folder)
    audit.record(unit, Act.FOLDER_CHANGED, editor.by, now, name=path)
    return folder


# -- what has to hold --------------------------------------------------------------------------------------------------
def checked(words: Words) -> Words:
    """Words in their canonical form. Raises Problem where there is no title, or too much of anything."""
    clean = canonical.words(words)
    if not clean.title:
        raise Problem("kb.no_title")
    if len(clean.title) > canonical.LONGEST_TITLE:
        raise Problem("kb.title_too_long", most=canonical.LONGEST_TITLE)
    if len(clean.body) > canonical.LONGEST_BODY:
        raise Problem("kb.too_long", most=canonical.LONGEST_BODY)
    return clean


def sound(about: About) -> About:
    """The same in its canonical form. Raises Problem."""
    if not is_slug(about.slug):
        raise Problem("kb.bad_slug", slug=about.slug[:80])
    if not is_folder(about.folder):
        raise Problem("kb.bad_folder", name=about.folder[:80])
    named = canonical.line(about.organization)[:LONGEST_ORGANIZATION]
    organization = named if about.audience is Audience.ORGANIZATION else ""
    if about.audience is Audience.ORGANIZATION and not organization:
        raise Problem("kb.no_organization")
    return replace(
        about,
        organization=organization,
        tags=canonical.several(about.tags, canonical.MOST_TAGS),
        owner=canonical.line(about.owner)[:64],
    )


def free(unit: Unit, slug: str) -> str:
    """That address, or with a number behind it the first that nothing has."""
    for at in range(1, 1000):
        wanted = slug if at == 1 else f"{slug[:74]}-{at}"
        if not articles.slugs(unit, [wanted]):
            return wanted
    raise Problem("kb.slug_taken", slug=slug)


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Problem("kb.bad_language", language=language[:20], known=", ".join(LANGUAGES))
    return language


def _text(unit: Unit, id: ArticleId, language: str) -> Text:
    found = articles.one(unit, id).text(_language(language))
    if found is None:
        raise Problem("kb.no_text", language=language)
    return found


def _nobody_else(text: Text | None, seen: int | None) -> None:
    if seen is not None and seen != (0 if text is None else text.latest):
        raise Problem("kb.changed_meanwhile")


def _published(one: Article) -> bool:
    return any(text.published is not None for text in one.texts)


def _place(about: About) -> tuple[object, ...]:
    """What decides who reads it, and under which address."""
    return about.slug, about.audience, about.organization
