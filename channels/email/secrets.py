"""Reads a secret from where its reference says, anew each time, so that a changed password needs no restart."""

import asyncio
from pathlib import Path

from inbox.domain.problems import Credentials, Temporary
from inbox.domain.secrets import SecretReference
from inbox.ports.secrets import written

COMMAND_SECONDS = 30.0
"""A command that fetches a token asks a server over the network; more patience would hide that it hangs."""


async def read(reference: SecretReference, site: Path) -> str:
    """The secret without a closing line break. Relative paths count from the site folder.

    Raises Credentials where nothing is there to read, Temporary where a command fails.
    """
    if reference.source == "command":
        secret = await _said(reference, site)
    else:
        secret = await asyncio.to_thread(written, reference, site)
    if not secret.rstrip("\r\n"):
        raise Credentials("secrets.empty", source=str(reference))
    return secret.rstrip("\r\n")


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
