"""A private PostgreSQL on loopback that hands out fresh, empty databases."""

import itertools
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from tests.rig import unprivileged
from tests.rig.loopback import HOST, free_port
from tests.rig.wait import until

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_ALWAYS = (
    f"listen_addresses={HOST}",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=32MB",
    "autovacuum=off",
    "timezone=UTC",
)


class Postgres:
    """One running server; the user is `app`, without a password.

    `durable` turns fsync on, for tests and measurements in which the disk matters.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.host = HOST
        self.port = 0
        self.folder = unprivileged.folder("postgres")
        self.log = self.folder / "postgres.log"
        self._settings = (*_ALWAYS, *(() if durable else _FAST))
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._binaries = _binaries()
        initdb = [str(self._binaries / "initdb"), "-D", "data", "-U", "app", "-A", "trust"]
        unprivileged.run([*initdb, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"], self.folder)

    def start(self) -> "Postgres":
        """Start and wait until it takes connections; a port lost to another process costs one more try."""
        for _ in range(5):
            self.port = self.port or free_port()
            self._process = self._spawn()
            until(lambda: self._answers() or self._ended(), within=60, what=f"PostgreSQL answers, see {self.log}")
            if not self._ended():
                return self
            self.port = 0
        raise RuntimeError(f"PostgreSQL does not start: {self.log.read_text()}")

    def stop(self) -> None:
        """End the server and every connection to it; the data stays for the next `start`, on the same port."""
        if self._process:
            unprivileged.end(self._process, signal.SIGINT)
            self._process = None

    def crash(self) -> None:
        """Make the server go without any farewell; the next `start` recovers what was committed."""
        if self._process:
            unprivileged.end(self._process, signal.SIGQUIT)
            self._process = None

    def close(self) -> None:
        """End the server and throw its databases away."""
        self.stop()
        unprivileged.remove(self.folder)

    def database(self) -> str:
        """Create an empty database and hand back its URL for SQLAlchemy."""
        name = f"inbox_{next(self._numbers)}"
        with psycopg.connect(self._connection("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return f"postgresql+psycopg://app@{self.host}:{self.port}/{name}"

    def _spawn(self) -> "subprocess.Popen[bytes]":
        settings = [word for setting in self._settings for word in ("-c", setting)]
        command = [str(self._binaries / "postgres"), "-D", "data", "-p", str(self.port), *settings]
        with self.log.open("ab") as log:
            return unprivileged.spawn(command, log, self.folder)

    def _connection(self, database: str) -> str:
        return f"host={self.host} port={self.port} user=app dbname={database} connect_timeout=5"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._connection("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


def _binaries() -> Path:
    """The newest installed server; Debian keeps its programs out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: run `make setup-test`")
    return found[-1].parent
