"""A site: the folder with config.toml, templates and rules; what it lacks comes from the defaults that we ship."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import inbox
from inbox.domain.problems import Problem

SECRET_BYTES = 32


def shipped_defaults() -> Path:
    """The folder of the shipped config.toml, templates and rules: inside the wheel, or the checkout it runs from."""
    package = Path(inbox.__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def catalogues() -> Path:
    """The folder of the gettext catalogues: part of the program, not of a site."""
    return Path(inbox.__file__).resolve().parent / "locale"


@dataclass(frozen=True, slots=True)
class Site:
    """Finds files, the site's own first. A relative `root` counts from the current folder; nothing is read at building."""

    root: Path
    shipped: Path = field(default_factory=shipped_defaults)
    rules_from: Path | None = None
    """A folder that is looked at as if it were the site's rules: a draft that is tried on the real history."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(os.path.abspath(self.root)))

    @property
    def config(self) -> Path:
        """The site's own config.toml. The shipped one never stands in: a channel exists only if the site names it."""
        return self.root / "config.toml"

    @property
    def templates(self) -> tuple[Path, ...]:
        """Where templates are looked for, file by file, in this order."""
        return self._places("templates")

    @property
    def macros(self) -> tuple[Path, ...]:
        """Where macros are looked for, file by file, in this order."""
        return self._places("rules/macros")

    @property
    def rules(self) -> Path:
        """The folder of rules, hours and policies: the site's own as a whole, or the shipped one as a whole.

        Rules of two origins in one order would be rules that nobody has read together.
        """
        if self.rules_from is not None:
            return self.rules_from
        own = self.root / "rules"
        return own if own.is_dir() else self.shipped / "rules"

    def _places(self, folder: str) -> tuple[Path, ...]:
        return tuple(dict.fromkeys((self.root / folder, self.shipped / folder)))

    def named(self, path: Path) -> str:
        """A file as people are told of it: from the site's folder on where it lies in it."""
        for folder in (self.root, self.shipped):
            if path.is_relative_to(folder):
                return str(path.relative_to(folder))
        return str(path)

    @property
    def data(self) -> Path:
        """The folder of everything that is stored, for its owner alone. Made on demand; Problem where that cannot be."""
        path = self.root / "data"
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Problem("site.not_writable", path=path, reason=error.strerror or type(error).__name__) from error
        return path

    def secret(self) -> bytes:
        """32 bytes that only this site knows, drawn at the first call and the same ever after, in every process.

        Raises Problem where the file can be neither read nor made.
        """
        path = self.data / "secret"
        try:
            if not path.exists():
                _made_once(path, secrets.token_bytes(SECRET_BYTES))
            found = path.read_bytes()
        except OSError as error:
            raise Problem("site.not_writable", path=path, reason=error.strerror or type(error).__name__) from error
        if len(found) != SECRET_BYTES:
            raise Problem("site.secret_damaged", path=path, size=len(found))
        return found


def _made_once(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read. Of two processes that try at once, the first one's content stays whole."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, fails where the name is taken already.
        os.link(draft, path)
        _durable(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
