"""The files and folders of the knowledge base; a file's bytes are a blob, durable before its row."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.articles import File, Folder, Version
from inbox.domain.ids import AgentId, ArticleId
from inbox.store.tables import article_file, article_file_past, article_folder, article_text, article_version, blob
from inbox.store.unit import Unit

_F, _P, _O = article_file.c, article_file_past.c, article_folder.c


def files(unit: Unit, id: ArticleId) -> list[File]:
    """Of an article, by name."""
    query = sa.select(_F.name, _F.digest, _F.size).where(_F.article_id == id).order_by(_F.name)
    return [File(*row) for row in unit.execute(query)]


def of_several(unit: Unit, ids: Sequence[ArticleId]) -> Mapping[int, tuple[File, ...]]:
    """Of several articles."""
    found: dict[int, tuple[File, ...]] = {}
    query = sa.select(_F.article_id, _F.name, _F.digest, _F.size).where(_F.article_id.in_(list(ids)))
    for id, *values in unit.execute(query.order_by(_F.name)):
        found[id] = (*found.get(id, ()), File(*values))
    return found


def put(unit: Unit, id: ArticleId, file: File, by: AgentId | None, now: datetime) -> None:
    """A file under its name, in place of one that had it."""
    unit.insert_new(blob, digest=file.digest, size=file.size, stored_at=now)
    take(unit, id, file.name, now)
    row = {"article_id": id, "name": file.name, "digest": file.digest, "size": file.size}
    unit.add(article_file, {**row, "at": now, "by_id": by})


def take(unit: Unit, id: ArticleId, name: str, now: datetime) -> bool:
    """The article has no file of that name any more, but for its older versions; False where it had none."""
    here = (_F.article_id == id, _F.name == name)
    found = unit.execute(sa.select(_F.digest, _F.size, _F.at).where(*here)).first()
    if found is None:
        return False
    was = {"article_id": id, "name": name, "digest": found.digest, "size": found.size, "at": found.at}
    unit.add(article_file_past, {**was, "gone_at": now})
    unit.execute(sa.delete(article_file).where(*here))
    return True


def as_of(unit: Unit, id: ArticleId, version: Version) -> list[File]:
    """What a version of the article shows: under each name the first file that was there while it was the newest of its language. What
    it lost or got in exchange later belongs to those that came later."""
    later = sa.select(sa.func.min(article_version.c.at)).join_from(article_version, article_text)
    until: datetime | None = unit.execute(
        later.where(
            article_text.c.article_id == id,
            article_text.c.language == version.language,
            article_version.c.number > version.number,
        )
    ).scalar_one()
    if until is None:
        return files(unit, id)
    here = sa.select(_F.name, _F.digest, _F.size, _F.at).where(_F.article_id == id)
    gone = sa.select(_P.name, _P.digest, _P.size, _P.at).where(_P.article_id == id, _P.gone_at > version.at)
    there = sa.union_all(here, gone).subquery()
    query = sa.select(there.c.name, there.c.digest, there.c.size).where(there.c.at < until)
    found: dict[str, File] = {}
    for row in unit.execute(query.order_by(there.c.name, there.c.at)):
        found.setdefault(row.name, File(*row))
    return list(found.values())


def ever(unit: Unit, id: ArticleId, name: str, digest: str) -> File | None:
    """A file that the article has or had under a name, by the beginning of its digest."""
    for c in (_F, _P):
        query = sa.select(c.name, c.digest, c.size).where(c.article_id == id, c.name == name)
        row = unit.execute(query.where(c.digest.startswith(digest, autoescape=True)).limit(1)).first()
        if row is not None:
            return File(*row)
    return None


def folders(unit: Unit) -> list[Folder]:
    """Those that have titles or a position, in their order."""
    query = sa.select(_O.path, _O.titles, _O.position).order_by(_O.position, _O.path)
    return [Folder(*row) for row in unit.execute(query)]


def set_folder(unit: Unit, folder: Folder) -> None:
    """What it is called and where it stands."""
    unit.execute(sa.delete(article_folder).where(_O.path == folder.path))
    if folder.titles or folder.position:
        unit.add(article_folder, {"path": folder.path, "titles": dict(folder.titles), "position": folder.position})
