"""The manifest of a backup: what is in it, with sizes and digests. It is written last, so that a backup without one is none."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from inbox.blobs import CHUNK, fsync_folder
from inbox.domain.problems import Problem

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: where it lies in the backup, its bytes, its SHA-256 (hex)."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`database` and each of `files` are named from the backup's folder on; `site` is the folder of the site's own files.

    `left_out`: references to secrets of the config whose values are not in the backup. `missing`: blobs whose bytes were gone,
    or no longer what their name says, when it was made.
    """

    made_at: datetime
    version: str
    kind: str
    revision: str
    database: str
    site: str
    counts: dict[str, int]
    files: tuple[Kept, ...]
    blobs: dict[str, int]
    """Their bytes by digest, which is their SHA-256 and their name."""
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    format: int = field(default=FORMAT)

    @property
    def size(self) -> int:
        """Bytes of everything that is in it."""
        return sum(kept.size for kept in self.files) + sum(self.blobs.values())


def write(folder: Path, manifest: Manifest) -> None:
    """Durable, and in one step in the place of the one before."""
    draft = folder / f".{NAME}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1, default=str)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / NAME)
    fsync_folder(folder)


def read(folder: Path) -> Manifest:
    """Raises Problem where there is none, or none that this version can read."""
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
        if found["format"] != FORMAT:
            raise Problem("backup.other_format", folder=folder, format=found["format"])
        found["made_at"] = datetime.fromisoformat(found["made_at"])
        found["files"] = tuple(Kept(**one) for one in found["files"])
        return Manifest(**{**found, **{name: tuple(found[name]) for name in ("left_out", "missing")}})
    except OSError as error:
        raise Problem("backup.none", folder=folder) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("backup.unreadable", folder=folder) from error


def kept(folder: Path, path: Path) -> Kept:
    """A file of the backup as it is now. Raises FileNotFoundError."""
    total, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
            size += len(chunk)
    return Kept(path.relative_to(folder).as_posix(), size, total.hexdigest())
