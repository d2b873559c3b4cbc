"""Folders and processes that belong to nobody, because Dovecot and PostgreSQL refuse to run as root."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

_NOBODY = 65534  # uid of nobody and gid of nogroup on Debian and most others


def ids() -> tuple[int, int]:
    """The uid and gid that private servers run under: nobody when we are root, otherwise our own."""
    return (_NOBODY, _NOBODY) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def folder(name: str) -> Path:
    """A new folder that private servers may write to.

    It lies directly under the temporary folder: pytest's own folders are closed to other users, and the paths of
    Unix sockets may not exceed 107 bytes.
    """
    path = Path(tempfile.mkdtemp(prefix=f"inbox-{name}-"))
    give(path)
    return path


def give(path: Path) -> None:
    """Make nobody (or us) the owner of one file or folder."""
    os.chown(path, *ids())


def make(path: Path) -> None:
    """Create a folder that private servers own, its parents included where they lack."""
    if not path.is_dir():
        make(path.parent)
        path.mkdir(exist_ok=True)
        give(path)


def remove(path: Path) -> None:
    """Delete a folder; what a dying server still takes away from under us is no error."""
    shutil.rmtree(path, ignore_errors=True)


def spawn(command: Sequence[str], log: IO[bytes], cwd: Path) -> subprocess.Popen[bytes]:
    """Start a server in the foreground as nobody, its words going to `log`."""
    user, group, groups = _become()
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=cwd,
        env=_environment(cwd),
        user=user,
        group=group,
        extra_groups=groups,
    )


def run(command: Sequence[str], cwd: Path) -> str:
    """Run a command to its end as nobody and hand back what it said; raises with its words when it fails."""
    user, group, groups = _become()
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=_environment(cwd),
        timeout=60,
        check=False,
        user=user,
        group=group,
        extra_groups=groups,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, within: float = 10.0) -> None:
    """End one server by its id; one that does not go in time is killed."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _become() -> tuple[int | None, int | None, Sequence[int] | None]:
    return (*ids(), []) if os.geteuid() == 0 else (None, None, None)


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
