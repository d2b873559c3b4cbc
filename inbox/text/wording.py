"""Every sentence that people read, looked up by its key in the catalogue of their language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import NoReturn, Protocol

from inbox.text.bidi import isolate_foreign
from inbox.text.fold import persian_digits

FALLBACK = "en"


class Told(Protocol):
    """What a problem brings along: the key of its sentence and the facts for the placeholders."""

    @property
    def key(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, object]: ...


class _Refusing(NullTranslations):
    """Stands behind each catalogue, because gettext answers an unknown key with the key and hides the gap."""

    def gettext(self, message: str) -> NoReturn:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> NoReturn:
        raise KeyError(msgid1 if n == 1 else msgid2)


@dataclass(frozen=True, slots=True)
class Wording:
    """The loaded catalogues. A language that has none is answered in English; a tag such as "fa-IR" is understood."""

    catalogues: Mapping[str, NullTranslations]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a catalogue, sorted."""
        return tuple(sorted(self.catalogues))

    def say(self, language: str, key: str, /, **facts: object) -> str:
        """The sentence of `key` with its facts. KeyError for an unknown key or a missing fact.

        In Persian, numbers are written in Persian digits and Latin values (references, addresses, paths) are isolated;
        the same for right-to-left values in English. A number that people copy (a port, an id) is handed over as `str`.
        """
        chosen = self._chosen(language)
        return self.catalogues[chosen].gettext(key).format_map(_spoken(chosen, facts))

    def plural(self, language: str, key: str, n: int, /, **facts: object) -> str:
        """Like `say`, in the form that the count `n` asks for; `n` is also the fact `{n}`."""
        chosen = self._chosen(language)
        return self.catalogues[chosen].ngettext(key, key, n).format_map(_spoken(chosen, {**facts, "n": n}))

    def problem(self, language: str, problem: Told) -> str:
        """The sentence of a problem. Never raises: where the catalogue has a gap, the short form must do."""
        try:
            return self.say(language, problem.key, **problem.facts)
        except KeyError:
            return str(problem)

    def _chosen(self, language: str) -> str:
        plain = language.lower().replace("_", "-").split("-")[0]
        return plain if plain in self.catalogues else FALLBACK


@cache
def load(directory: Path) -> Wording:
    """The catalogues under `directory` (`<language>/LC_MESSAGES/inbox.mo`), read once by a process. FileNotFoundError where there is no English one."""
    found = {path.parent.parent.name: _catalogue(path) for path in directory.glob("*/LC_MESSAGES/inbox.mo")}
    if FALLBACK not in found:
        raise FileNotFoundError(f"no compiled catalogue {directory / FALLBACK / 'LC_MESSAGES' / 'inbox.mo'}")
    return Wording(found)


def _catalogue(path: Path) -> GNUTranslations:
    with path.open("rb") as file:
        catalogue = GNUTranslations(file)
    catalogue.add_fallback(_Refusing())
    return catalogue


def _spoken(language: str, facts: Mapping[str, object]) -> dict[str, str]:
    return {name: _value(language, value) for name, value in facts.items()}


def _value(language: str, value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return persian_digits(str(value).replace(".", "٫")) if language == "fa" else str(value)
    return isolate_foreign(str(value), "rtl" if language == "fa" else "ltr")
