"""Articles with their languages: what they share, which versions they have and which of them readers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from inbox.domain.articles import About, Article, Audience, Deed, Happened, Reader, Standing, Text, Version, Words
from inbox.domain.ids import AgentId, ArticleId
from inbox.store.persons import organization_of
from inbox.store.tables import (
    article,
    article_count,
    article_deed,
    article_file,
    article_file_past,
    article_former,
    article_link,
    article_notice,
    article_part,
    article_text,
    article_version,
    organization,
)
from inbox.store.unit import Unit

_A, _T, _V, _F = article.c, article_text.c, article_version.c, article_former.c
_COLUMNS = (
    _A.id,
    _A.slug,
    _A.folder,
    _A.audience,
    sa.func.coalesce(organization.c.name, "").label("organization"),
    _A.tags,
    _A.owner,
    _A.review_on,
    _A.created_at,
    _A.changed_at,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which articles of a list: in a folder and those below it; with a language that stands so, or lacks; whose review is overdue."""

    folder: str = ""
    standing: Standing | None = None
    language: str = ""
    lacking: str = ""
    overdue: date | None = None
    tag: str = ""


# -- who may read ------------------------------------------------------------------------------------------------------
def readable(reader: Reader) -> tuple[sa.ColumnElement[bool], ...]:
    """Which articles a reader may know of."""
    if reader.agent:
        return ()
    public = _A.audience == Audience.PUBLIC.value
    if reader.organization is None:
        return (public,)
    theirs = sa.and_(_A.audience == Audience.ORGANIZATION.value, _A.organization_id == reader.organization)
    return (sa.or_(public, theirs),)


# -- read --------------------------------------------------------------------------------------------------------------
def find(unit: Unit, slug: str) -> Article | None:
    """The article of an address, of one that it had as well: `slug` of what is found is where it is now."""
    if "\0" in slug:  # no article has such an address, and PostgreSQL no such text
        return None
    known = unit.execute(sa.select(_A.id).where(_A.slug == slug)).scalar_one_or_none()
    if known is None:
        known = unit.execute(sa.select(_F.article_id).where(_F.slug == slug)).scalar_one_or_none()
    return None if known is None else one(unit, ArticleId(known))


def one(unit: Unit, id: ArticleId) -> Article:
    """An article that is there."""
    return several(unit, [id])[0]


def several(unit: Unit, ids: Sequence[int]) -> list[Article]:
    """Articles by their numbers, in that order."""
    if not ids:
        return []
    query = sa.select(*_COLUMNS).join_from(article, organization, isouter=True).where(_A.id.in_(list(ids)))
    rows = {row.id: row for row in unit.execute(query)}
    texts, former = _texts(unit, ids), _former(unit, ids)
    return [_made(rows[id], texts.get(id, ()), former.get(id, ())) for id in ids if id in rows]


def listing(unit: Unit, asked: Asked, after: str = "", most: int = 100) -> list[Article]:
    """Articles by folder and address, those behind the address `after` of the one that the page before ended with."""
    query = sa.select(_A.id).where(*_wanted(asked)).order_by(_A.folder, _A.slug).limit(most)
    if after:
        last = unit.execute(sa.select(_A.folder).where(_A.slug == after)).scalar_one_or_none()
        if last is not None:
            query = query.where(sa.or_(_A.folder > last, sa.and_(_A.folder == last, _A.slug > after)))
    return several(unit, [row[0] for row in unit.execute(query)])


def every(unit: Unit) -> list[Article]:
    """All of them, by folder and address."""
    return several(unit, [row[0] for row in unit.execute(sa.select(_A.id).order_by(_A.folder, _A.slug))])


def count(unit: Unit, asked: Asked) -> int:
    """How many there are of these."""
    query = sa.select(sa.func.count()).select_from(article).where(*_wanted(asked))
    return int(unit.execute(query).scalar_one())


def inside(folder: str) -> tuple[sa.ColumnElement[bool], ...]:
    """In a folder or below it."""
    if not folder:
        return ()
    return (sa.or_(_A.folder == folder, _A.folder.startswith(f"{folder}/", autoescape=True)),)


def _wanted(asked: Asked) -> list[sa.ColumnElement[bool]]:
    among = [*inside(asked.folder)]
    of = [_T.article_id == _A.id, *([_T.language == asked.language] if asked.language else [])]
    if asked.standing is not None or asked.language:
        among.append(sa.exists().where(*of, *_standing(asked.standing)))
    if asked.lacking:
        among.append(~sa.exists().where(_T.article_id == _A.id, _T.language == asked.lacking))
    if asked.overdue is not None:
        among.append(_A.review_on < asked.overdue.isoformat())
    if asked.tag:
        among.append(_tagged(asked.tag))
    return among


def _standing(standing: Standing | None) -> tuple[sa.ColumnElement[bool], ...]:
    """The same as `Text.standing`."""
    seen = sa.and_(_T.asked_at.is_(None), _T.published.is_not(None), _T.published == _T.latest)
    return {
        None: (),
        Standing.REVIEW: (_T.asked_at.is_not(None),),
        Standing.PUBLISHED: (seen,),
        Standing.DRAFT: (_T.asked_at.is_(None), sa.or_(_T.published.is_(None), _T.published != _T.latest)),
    }[standing]


def _tagged(tag: str) -> sa.ColumnElement[bool]:
    """Tags are few and short, so a look through their JSON will do."""
    return sa.cast(_A.tags, sa.Text).contains(f'"{tag}"', autoescape=True)


def _texts(unit: Unit, ids: Sequence[int]) -> dict[int, list[Text]]:
    query = (
        sa.select(_T.article_id, _T.language, _V.title, _T.latest, _T.published, _T.published_at, _T.asked_at)
        .join_from(article_text, article_version, sa.and_(_V.text_id == _T.id, _V.number == _T.latest))
        .where(_T.article_id.in_(list(ids)))
        .order_by(_T.article_id, _T.language)
    )
    found: dict[int, list[Text]] = {}
    for id, *values in unit.execute(query):
        found.setdefault(id, []).append(Text(*values))
    return found


def _former(unit: Unit, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = sa.select(_F.article_id, _F.slug).where(_F.article_id.in_(list(ids))).order_by(_F.slug)
    for id, slug in unit.execute(query):
        found.setdefault(id, []).append(slug)
    return found


def _made(row: sa.Row[tuple[object, ...]], texts: Sequence[Text], former: Sequence[str]) -> Article:
    about = About(
        row.slug,
        row.folder,
        Audience(row.audience),
        row.organization,
        tuple(row.tags),
        row.owner,
        date.fromisoformat(row.review_on) if row.review_on else None,
    )
    return Article(ArticleId(row.id), about, row.created_at, row.changed_at, tuple(texts), tuple(former))


def slugs(unit: Unit, wanted: Sequence[str]) -> dict[str, str]:
    """Of these addresses those that lead somewhere, and to which one they lead."""
    wanted = [
        slug for slug in wanted if "\0" not in slug
    ]  # no article has such an address, and PostgreSQL no such text
    if not wanted:
        return {}
    moved = sa.select(_F.slug, _A.slug).join_from(article_former, article).where(_F.slug.in_(wanted))
    there = sa.select(_A.slug, _A.slug).where(_A.slug.in_(wanted))
    return {was: now for query in (moved, there) for was, now in unit.execute(query)}


def folders_in_use(unit: Unit, reader: Reader) -> dict[str, int]:
    """How many articles a reader may know of in each folder; for all but agents those with a published text."""
    seen = sa.exists().where(_T.article_id == _A.id, _T.published.is_not(None))
    among = readable(reader) if reader.agent else (*readable(reader), seen)
    query = sa.select(_A.folder, sa.func.count()).where(*among).group_by(_A.folder)
    return {folder: int(n) for folder, n in unit.execute(query)}


def organizations(unit: Unit, most: int = 500) -> list[str]:
    """The names of those that an article can be for."""
    return [row[0] for row in unit.execute(sa.select(organization.c.name).order_by(organization.c.name).limit(most))]


def is_organization(unit: Unit, name: str) -> bool:
    """Whether there is one of that name."""
    return unit.execute(sa.select(organization.c.id).where(organization.c.name == name)).first() is not None


# -- versions ----------------------------------------------------------------------------------------------------------
def version(unit: Unit, id: ArticleId, language: str, number: int) -> Version | None:
    """One version with its words."""
    found = _versions(unit, id, language, (_V.number == number,))
    return found[0] if found else None


def versions(unit: Unit, id: ArticleId, language: str, most: int = 200) -> list[Version]:
    """The newest first."""
    return _versions(unit, id, language, (), most)


def happened(unit: Unit, id: ArticleId, most: int = 200) -> list[Happened]:
    """What was done with its versions, the latest first."""
    d = article_deed.c
    query = (
        sa.select(_T.language, d.number, d.deed, d.at, d.by_id)
        .join_from(article_deed, article_text)
        .where(_T.article_id == id)
        .order_by(d.id.desc())
        .limit(most)
    )
    return [Happened(*row) for row in unit.execute(query)]


def _versions(
    unit: Unit, id: ArticleId, language: str, among: Sequence[sa.ColumnElement[bool]], most: int = 1
) -> list[Version]:
    query = (
        sa.select(_V.number, _V.title, _V.body, _V.keywords, _V.at, _V.by_id, _V.as_number)
        .join_from(article_version, article_text)
        .where(_T.article_id == id, _T.language == language, *among)
        .order_by(_V.number.desc())
        .limit(most)
    )
    return [
        Version(language, row.number, Words(row.title, row.body, tuple(row.keywords)), row.at, row.by_id, row.as_number)
        for row in unit.execute(query)
    ]


# -- written -----------------------------------------------------------------------------------------------------------
def add(unit: Unit, about: About, now: datetime) -> ArticleId:
    """A new article without words. Its address is free."""
    return ArticleId(unit.insert(article, **_row(unit, about), created_at=now, changed_at=now))


def change(unit: Unit, was: Article, about: About, now: datetime) -> None:
    """What its languages share. An address that it leaves goes on leading to it."""
    if about.slug != was.slug:
        unit.execute(sa.delete(article_former).where(_F.slug == about.slug, _F.article_id == was.id))
        unit.add(article_former, {"slug": was.slug, "article_id": was.id})
    unit.execute(sa.update(article).where(_A.id == was.id).values(**_row(unit, about), changed_at=now))


def lead_from(unit: Unit, id: ArticleId, former: Sequence[str]) -> None:
    """More addresses that lead to it; they are free, or lead to it already."""
    for slug in former:
        unit.insert_new(article_former, slug=slug, article_id=id)


def write(
    unit: Unit,
    id: ArticleId,
    language: str,
    words: Words,
    by: AgentId | None,
    now: datetime,
    as_number: int | None = None,
) -> int:
    """The next version of a language; its number. It waits for no review any more."""
    found = unit.execute(sa.select(_T.id, _T.latest).where(_T.article_id == id, _T.language == language)).first()
    if found is None:
        text, number = unit.insert(article_text, article_id=id, language=language, latest=1), 1
    else:
        text, number = int(found[0]), int(found[1]) + 1
        unit.execute(sa.update(article_text).where(_T.id == text).values(latest=number, asked_at=None))
    row = {"text_id": text, "number": number, "title": words.title, "keywords": list(words.keywords)}
    unit.add(article_version, {**row, "body": words.body, "at": now, "by_id": by, "as_number": as_number})
    _touched(unit, id, now)
    return number


def mark(unit: Unit, id: ArticleId, language: str, number: int, deed: Deed, by: AgentId | None, now: datetime) -> int:
    """What was done with a version stands in its language and in its history; the number of the language's words in the index."""
    text = int(unit.execute(sa.select(_T.id).where(_T.article_id == id, _T.language == language)).scalar_one())
    values: dict[str, object] = {"asked_at": now if deed == "asked" else None}
    if deed in ("published", "rolled_back"):
        values |= {"published": number, "published_at": now}
    elif deed == "withdrawn":
        values |= {"published": None, "published_at": None}
    unit.execute(sa.update(article_text).where(_T.id == text).values(values))
    unit.add(article_deed, {"text_id": text, "number": number, "deed": deed, "at": now, "by_id": by})
    _touched(unit, id, now)
    return text


def remove(unit: Unit, id: ArticleId) -> list[int]:
    """The article and all that belongs to it; the numbers of its words in the index."""
    texts = [int(row[0]) for row in unit.execute(sa.select(_T.id).where(_T.article_id == id))]
    unit.execute(sa.delete(article_deed).where(article_deed.c.text_id.in_(texts)))
    for table in (article_version, article_link):
        unit.execute(sa.delete(table).where(table.c.text_id.in_(texts)))
    theirs = (article_former, article_file, article_file_past, article_count, article_notice, article_part)
    for table in (article_text, *theirs):
        unit.execute(sa.delete(table).where(table.c.article_id == id))
    unit.execute(sa.delete(article).where(_A.id == id))
    return texts


def _touched(unit: Unit, id: ArticleId, now: datetime) -> None:
    unit.execute(sa.update(article).where(_A.id == id).values(changed_at=now))


def _row(unit: Unit, about: About) -> dict[str, object]:
    whose = organization_of(unit, about.organization) if about.organization else None
    return {
        "slug": about.slug,
        "folder": about.folder,
        "audience": about.audience.value,
        "organization_id": whose,
        "tags": list(about.tags),
        "owner": about.owner,
        "review_on": about.review_on.isoformat() if about.review_on else None,
        "nudge_at": _over(about.review_on) if about.review_on else None,
    }


def _over(day: date) -> datetime:
    """When a day is over everywhere on earth."""
    return datetime.combine(day + timedelta(days=1), time(12), UTC)
