"""Opening a database so that it keeps the house's promises: durable commits, immediate write locks, serializable units."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from inbox.domain.problems import Misconfigured
from inbox.store.types import compact

READING = "inbox_reading"
LOG_LIMIT = 64 * 1024 * 1024
"""Bytes that the write-ahead log of a file takes on the disk when all is well: it is written over from its beginning as soon as
no reader needs it, and cut to this. A larger one has a reader in it that does not end."""
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit that was reported survives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-4096",  # KiB for each connection: a few of them are open
    f"PRAGMA journal_size_limit={LOG_LIMIT}",
    "PRAGMA temp_store=MEMORY",
)

MOUNTS = Path("/proc/self/mountinfo")
SHARED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph")
"""File systems of other machines: the write-ahead log needs memory that all its readers share (sqlite.org/wal.html)."""


LINE: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How a line to PostgreSQL is kept (seconds, the last one milliseconds): a server that is gone without a farewell is noticed
within half a minute, whether we were asking or listening."""
STOPPED = 10
"""Seconds after which the server ends a writing transaction whose process does nothing: one that is stopped in the midst of
it would keep its locks from those who take over."""


def open_engine(url: str, root: Path, *, writing: bool = False) -> Engine:
    """An engine for `sqlite:///relative/or/absolute.db` or `postgresql://...`; relative paths start at `root`.

    `writing`: no transaction on it may stand still for long. Raises Misconfigured where the address names no database that
    we know, or a file that lies on another machine.
    """
    if url.startswith("sqlite:"):
        return _sqlite(url, root)
    if re.match(r"postgresql(\+psycopg)?://", url):
        return sa.create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            isolation_level="SERIALIZABLE",
            pool_size=8,
            pool_pre_ping=True,
            connect_args={
                **LINE,
                **({"options": f"-c idle_in_transaction_session_timeout={STOPPED}s"} if writing else {}),
            },
            json_serializer=compact,
            hide_parameters=True,
        )
    raise Misconfigured("config.database_unknown", where="config.toml: store.url", value=url.split("://")[0])


def _sqlite(url: str, root: Path) -> Engine:
    path = root / url.removeprefix("sqlite:///")
    path.parent.mkdir(parents=True, exist_ok=True)
    if (kind := file_system(path.parent.resolve())) in SHARED:
        raise Misconfigured("store.network_folder", where="config.toml: store.url", path=path.parent, kind=kind)
    engine = sa.create_engine(
        f"sqlite:///{path}",
        json_serializer=compact,
        hide_parameters=True,  # an error's text goes to the log, and what people wrote does not belong there
        poolclass=sa.pool.QueuePool,
        pool_size=6,
        pool_use_lifo=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


def file_system(folder: Path) -> str:
    """The kind of file system that a folder lies on, by the kernel's table of mounts; empty where it tells none (proc(5))."""
    try:
        lines = MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    found = [
        (fields[4], line.partition(" - ")[2].split(" ")[0]) for line in lines if len(fields := line.split(" ")) > 4
    ]
    holding = [(len(point), kind) for point, kind in found if folder.is_relative_to(point)]
    return max(holding, key=lambda one: one[0], default=(0, ""))[1]


def log_size(url: sa.URL) -> int:
    """Bytes of the write-ahead log beside the file; 0 where there is none, as on a server."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return 0
    try:
        return Path(f"{url.database}-wal").stat().st_size
    except OSError:
        return 0


def _connected(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        for pragma in PRAGMAS:
            connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another writer came between, whatever the
    # busy timeout says: whoever means to write takes the lock first.
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
