"""Other rule files put into a site's rules folder: all of them at once, what was there kept beside it."""

import ctypes
import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePath

from inbox.daemon.written import RULES
from inbox.domain.problems import Problem
from inbox.site import Site

HERE, EXCHANGE = -100, 2
"""renameat2(2): AT_FDCWD, and RENAME_EXCHANGE."""


def replaced(site: Site, files: Mapping[str, str], stamp: str) -> Path | None:
    """Put these rule files in place of the present ones; hours, policies, macros and tests stay. Where the old folder is now.

    The folder is made beside the present one and the two change places in one step of the kernel: whoever looks sees the old
    rules or the new ones. A site without rules of its own gets a folder; then None. Raises Problem, and nothing has changed.
    """
    own = site.root / "rules"
    there = own.is_dir()
    target = own.resolve() if there else own
    draft, saved = (target.with_name(f"{target.name}.{stamp}{end}") for end in (".new", ""))
    try:
        _write(site.rules, draft, files)
        if there:
            _exchange(draft, target)
            draft.rename(saved)
        else:
            draft.rename(target)
        _durable(target.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        reason = error.strerror or type(error).__name__
        raise Problem("cli.rules.not_replaced", path=target, reason=reason) from error
    return saved if there else None


def _write(present: Path, draft: Path, files: Mapping[str, str]) -> None:
    """The present folder once more, with other rules in it."""
    shutil.copytree(present, draft, symlinks=True)
    for path in draft.glob("*.toml"):
        if RULES.fullmatch(path.name):
            path.unlink()
    for name, text in files.items():
        with (draft / PurePath(name).name).open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    _durable(draft)


def _exchange(one: Path, other: Path) -> None:
    """The two change places. Where the system cannot do that in one step it takes two, the first taken back if the second fails."""
    with suppress(AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
            return
        number = ctypes.get_errno()
        if number not in (errno.ENOSYS, errno.EINVAL):
            raise OSError(number, os.strerror(number))
    aside = one.with_name(f"{one.name}.old")
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise
    aside.rename(one)


def _durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
