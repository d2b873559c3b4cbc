"""Public holidays as a site has reckoned them before: the same library makes the same of a country, and is large to load."""

import json
import os
import re
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path

from inbox.site import Site
from inbox.sla.hours import Holiday
from inbox.sla.suggested import YEARS, suggested

FOLDER = "holidays"
_PLACE = re.compile(r"[A-Z]{2,3}(?:-[A-Z0-9]{1,4})?")


class Reckoned:
    """The suggestions that a site's hours ask for. They are kept in its `data/holidays/`, where it has a `data/` already; what
    another version of the library or of the house made is made anew."""

    def __init__(self, site: Site) -> None:
        self._data = site.root / "data"

    def __call__(self, place: str, where: str) -> dict[date, Holiday]:
        """As `suggested`. Raises Misconfigured."""
        if not _PLACE.fullmatch(place):
            return suggested(place, where)
        file, made_by = self._data / FOLDER / f"{place}.json", _made_by()
        kept = _read(file, made_by)
        if kept is None:
            kept = suggested(place, where)
            if self._data.is_dir():
                _write(file, made_by, kept)
        return kept


def _made_by() -> str:
    return f"holidays {version('holidays')}, inboxd {version('inboxd')}, {YEARS.start} to {YEARS.stop - 1}"


def _read(file: Path, made_by: str) -> dict[date, Holiday] | None:
    """None where nothing is kept, or nothing that can be used."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["made by"] != made_by:
            return None
        return {date.fromisoformat(day): Holiday(str(name), bool(moves)) for day, (name, moves) in kept["days"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(file: Path, made_by: str, days: dict[date, Holiday]) -> None:
    """In one go: another process may read. Where nothing can be kept, it is reckoned again."""
    told = {"made by": made_by, "days": {str(day): (one.name, one.estimated) for day, one in days.items()}}
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        draft.replace(file)
