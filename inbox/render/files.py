"""The template files under some `templates/` folders as they were at one moment: which there are, and what stands in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from inbox.domain.problems import Misconfigured

SIZE_CAP = 64 * 1024
"""Bytes of one template file."""
MESSAGES = "messages"
SUFFIX = ".j2"
NAMED = "templates/"
"""What the names of files begin with, wherever their place is."""


class Files:
    """Everything below the `messages/` of the places, the site's own first, the shipped one last; read at building.

    What is saved later changes nothing here: what was checked is what is used. `given`: texts by name
    (`templates/messages/...`) that stand in for all files of the first place, which is then not read.
    """

    def __init__(self, places: Sequence[Path], given: Mapping[str, str] | None = None) -> None:
        self.places = tuple(places)
        self._raw: dict[Path, bytes | OSError] = {}
        for place in self.places:
            if given is not None and place == self.places[0]:
                self._raw |= {place / name.removeprefix(NAMED): text.encode() for name, text in given.items()}
            else:
                self._raw |= {file: _read(file) for file in sorted((place / MESSAGES).rglob("*")) if _counts(file)}
        paths = (file.relative_to(place).parts for place in self.places for file in self._raw if _in(file, place))
        self.folders = tuple(sorted({path[1] for path in paths if len(path) > 2}))
        """The names below `messages/`, sorted: templates, their variants, and parts."""
        self._below: dict[Path, list[Path]] = {}
        for file in self._raw:
            for folder in file.parents:
                self._below.setdefault(folder, []).append(file)

    def all(self) -> list[Path]:
        """Every file, those of the site first, whether or not a message is made from it."""
        return list(self._raw)

    def within(self, folder: Path) -> list[Path]:
        """The files below a folder."""
        return self._below.get(folder, [])

    def has(self, file: Path) -> bool:
        """Whether the file was there."""
        return file in self._raw

    def named(self, file: Path) -> str:
        """A file as people are told of it: `templates/messages/...`."""
        return f"{NAMED}{file.relative_to(self._place(file)).as_posix()}"

    def own(self, file: Path) -> bool:
        """Whether it lies in the first place: the site's own."""
        return _in(file, self.places[0])

    def as_shipped(self, file: Path) -> bool:
        """Whether the same stands in the last of several places, which is the shipped one."""
        raw, shipped = self._raw[file], self.places[-1] / file.relative_to(self._place(file))
        return len(self.places) > 1 and isinstance(raw, bytes) and raw == self._raw.get(shipped)

    def _place(self, file: Path) -> Path:
        return next(place for place in self.places if _in(file, place))

    def text(self, file: Path) -> str:
        """What stands in it. Raises Misconfigured where it could not be read, is no UTF-8, or too large."""
        raw = self._raw[file]
        try:
            if isinstance(raw, OSError):
                raise raw
            text = raw.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured("template.unreadable", where=self.named(file), reason=str(error)) from error
        if len(raw) > SIZE_CAP:
            raise Misconfigured("template.too_large", where=self.named(file), limit=SIZE_CAP // 1024)
        return text

    def kept(self) -> dict[str, str]:
        """The texts of the site's own templates by name, as `given` takes them; what is no text is left out."""
        found = {}
        for file in self._raw:
            if self.own(file) and file.name.endswith(SUFFIX):
                try:
                    found[self.named(file)] = self.text(file)
                except Misconfigured:
                    continue
        return found


def _in(file: Path, place: Path) -> bool:
    return file.is_relative_to(place)


def _counts(file: Path) -> bool:
    """Not what editors and systems leave beside a file."""
    name = file.name
    return file.is_file() and not name.startswith((".", "#")) and not name.endswith("~")


def _read(file: Path) -> bytes | OSError:
    if not file.name.endswith(SUFFIX):
        return b""
    try:
        with file.open("rb") as opened:
            return opened.read(SIZE_CAP + 1)
    except OSError as error:
        return error
