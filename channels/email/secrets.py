"""Reads a secret from where its reference says, anew each time, so that a changed password needs no restart."""

import asyncio
import contextlib
import os
import stat
from pathlib import Path

from inbox.domain.problems import Credentials, Problem, Temporary
from inbox.domain.secrets import SecretReference

COMMAND_SECONDS = 30.0
"""A command that fetches a token asks a server over the network; more patience would hide that it hangs."""
CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what `LoadCredential=` names."""


async def read(reference: SecretReference, site: Path) -> str:
    """The secret without a closing line break. Relative paths count from the site folder.

    Raises Credentials where nothing is there to read, Temporary where a command fails.
    """
    if reference.source == "command":
        secret = await _said(reference, site)
    elif reference.source == "env":
        secret = os.environ.get(reference.words[0], "")
    else:
        secret = await asyncio.to_thread(_written, reference, site)
    if not secret.rstrip("\r\n"):
        raise Credentials("secrets.empty", source=str(reference))
    return secret.rstrip("\r\n")


def exposed(reference: SecretReference, site: Path) -> Problem | None:
    """What the doctor says of a secret file that every user of the machine may read."""
    if reference.source != "file":
        return None
    with contextlib.suppress(OSError):
        path = site / reference.words[0]
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            return Problem("secrets.exposed", path=str(path))
    return None


def _written(reference: SecretReference, site: Path) -> str:
    folder = site if reference.source == "file" else Path(os.environ.get(CREDENTIALS, ""))
    try:
        return (folder / reference.words[0]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Credentials("secrets.unreadable", source=str(reference), reason=type(error).__name__) from error


async def _said(reference: SecretReference, site: Path) -> str:
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            *reference.words, stdin=nothing, stdout=pipe, stderr=nothing, cwd=site
        )
    except OSError as error:
        raise Credentials("secrets.unreadable", source=str(reference), reason=type(error).__name__) from error
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            answer, _ = await process.communicate()
    except TimeoutError as error:
        raise Temporary("secrets.command_failed", source=str(reference), code="timeout") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise Temporary("secrets.command_failed", source=str(reference), code=process.returncode)
    return answer.decode("utf-8", "replace")
