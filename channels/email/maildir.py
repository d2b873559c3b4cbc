"""Hands mail over by laying it into a Maildir on this machine: nobody sees it before it is whole and durable."""

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Temporary
from inbox.ports.channel import HANDED, StageLog
from inbox.ports.probe import Probe

FOLDERS = ("tmp", "new", "cur")


class MaildirSender:
    """One Maildir. A mail's file name follows from its key and bytes, so handing the same one over twice leaves one file."""

    def __init__(self, path: Path, probe: Probe) -> None:
        self._path = path
        self._probe = probe

    async def open(self) -> None:
        """Make the folders. Raises Temporary where the disk does not let us."""
        await self._on_disk(self._make)

    async def close(self) -> None:
        """Nothing is held between two mails."""

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """Write to tmp, fsync, HANDED, rename to new, fsync the folder. Raises Temporary: what failed here is not there."""
        name = file_name(part)
        if await asyncio.to_thread(self._there, name):
            return Receipt((part.key,), note="already there")
        await self._on_disk(self._write, name, part.body)
        self._probe("out.data_sent")
        await stage(HANDED)
        self._probe("out.stage_dot_committed")
        await self._on_disk(self._show, name)
        self._probe("out.got_250")
        return Receipt((part.key,), note=name)

    async def _on_disk(self, work: Callable[..., None], *args: object) -> None:
        try:
            await asyncio.to_thread(work, *args)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Temporary("maildir.unwritable", path=str(self._path), reason=reason) from error

    def _make(self) -> None:
        for folder in FOLDERS:
            (self._path / folder).mkdir(parents=True, exist_ok=True, mode=0o700)

    def _there(self, name: str) -> bool:
        """In new, or in cur, where a reader has put it under the same name and its flags."""
        return (self._path / "new" / name).exists() or any((self._path / "cur").glob(f"{name}*"))

    def _write(self, name: str, body: bytes) -> None:
        self._make()
        with (self._path / "tmp" / name).open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())

    def _show(self, name: str) -> None:
        (self._path / "tmp" / name).rename(self._path / "new" / name)
        self._probe("out.server_accepted")
        folder = os.open(self._path / "new", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def file_name(part: FrozenPart) -> str:
    """A name that is unique in the Maildir: made of what is sent, and of nothing that differs at a second try."""
    digest = hashlib.sha256(f"{part.key}\n{part.number}\n".encode() + part.body).hexdigest()
    return f"{digest[:40]}.inbox"
