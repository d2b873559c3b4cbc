"""The files and folders of the knowledge base; a file's bytes are a blob, durable before its row."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.articles import File, Folder
from inbox.domain.ids import AgentId, ArticleId
from inbox.store.tables import article_file, article_folder, blob
from inbox.store.unit import Unit

_F, _O = article_file.c, article_folder.c


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
    take(unit, id, file.name)
    row = {"article_id": id, "name": file.name, "digest": file.digest, "size": file.size}
    unit.add(article_file, {**row, "at": now, "by_id": by})


def take(unit: Unit, id: ArticleId, name: str) -> bool:
    """The article has no file of that name any more; False where it had none."""
    return unit.execute(sa.delete(article_file).where(_F.article_id == id, _F.name == name)).rowcount > 0


def folders(unit: Unit) -> list[Folder]:
    """Those that have titles or a position, in their order."""
    query = sa.select(_O.path, _O.titles, _O.position).order_by(_O.position, _O.path)
    return [Folder(*row) for row in unit.execute(query)]


def set_folder(unit: Unit, folder: Folder) -> None:
    """What it is called and where it stands."""
    unit.execute(sa.delete(article_folder).where(_O.path == folder.path))
    if folder.titles or folder.position:
        unit.add(article_folder, {"path": folder.path, "titles": dict(folder.titles), "position": folder.position})
