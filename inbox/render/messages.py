"""Message templates: the right files for a reader, rendered with the facts of one message.

A template is a folder `messages/<name>[@<variant>]/<language>/` with `body.txt.j2`, and beside it `subject.txt.j2`,
`body.html.j2` and `chat.txt.j2` as far as it has them. The first folder with a body decides, looked for in this order: the
language of the reader, then the site's; in it the variants as they are handed in, then the plain name; for each the site's
own file, then the shipped one. A subject may come from farther down that line, HTML and chat may not: whoever writes a body
of their own must not find the shipped words beside it. Parts are found by the same order, in the language of that body.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import Template

from inbox.domain.facts import Facts, facts_of
from inbox.domain.problems import Misconfigured
from inbox.render import comparing, parts
from inbox.render.checking import FILES, findings
from inbox.render.files import Files
from inbox.render.running import Part
from inbox.render.shelf import Shelf, is_parts
from inbox.text.cleaning import clean_header

_GAPS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in all its forms: one line of subject, plain text, HTML where there is some, and the words for a chat."""

    language: str
    subject: str
    text: str
    html: str | None
    chat: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that has a part in a message: `what` it is there for (a file name of templates, or the name of a part), its
    name for people, whether it is the site's own, its variant (empty: the plain one), and its language."""

    what: str
    file: str
    own: bool
    variant: str
    language: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One compiled file with its parts."""

    file: Path
    template: Template
    parts: Mapping[str, Part]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The compiled files of one message, and the names that they may be given."""

    language: str
    known: tuple[str, ...]
    subject: _Form | None
    text: _Form
    html: _Form | None
    chat: _Form | None


class Templates:
    """The message templates of a site. `places` are `templates/` folders, the site's own first, the shipped one last;
    `given` are texts in place of the site's own files, as `Files` takes them.

    `default` is the site's language. The files are read at building, and `check` looks at them all: a reload makes new
    Templates, and puts them to use when their `check` finds nothing.
    """

    def __init__(self, places: Sequence[Path], *, default: str = "en", given: Mapping[str, str] | None = None) -> None:
        self.files = Files(places, given)
        self._shelf = Shelf(self.files)
        self._default = default
        self._chosen: dict[tuple[str, str, tuple[str, ...]], _Chosen] = {}

    def names(self) -> tuple[str, ...]:
        """The templates that there are, variants (`acknowledgement@billing`) included."""
        return tuple(name for name in self.files.folders if not is_parts(name))

    def languages(self, name: str) -> frozenset[str]:
        """The languages that a template has, in the site's own folder or the shipped one."""
        folders = [place / "messages" / name for place in self.files.places]
        return frozenset(f.parent.name for folder in folders for f in self.files.within(folder) if f.name in FILES)

    def check(self) -> list[Misconfigured]:
        """Every template in every language, rendered against examples: all that is wrong, each with file and line."""
        return findings(self._shelf, self.names(), self._default)

    def faults(self, name: str) -> list[Misconfigured]:
        """What is wrong with one template and its variants, and with parts."""
        meant = [one for one in self.names() if one.partition("@")[0] == name]
        return findings(self._shelf, meant, self._default)

    def warnings(self) -> list[Misconfigured]:
        """What is surely not meant, though it works: languages of one template that do not say the same facts."""
        return comparing.differing(self._shelf, self.names())

    def message(
        self,
        name: str,
        language: str,
        facts: Facts,
        *,
        variants: Sequence[str] = (),
        html: bool = True,
        chat: bool = True,
    ) -> Rendered:
        """The message in the reader's language, or in the site's. `variants`: the names of channel, team and policy.
        `html` and `chat`: whether these forms are wanted at all.

        A template is given only what belongs to its kind: a neutral one never sees a name, whatever is handed in.
        Where there is no `<name>-neutral` of its own, the plain neutral acknowledgement speaks. Raises Misconfigured, which names file and line.
        """
        chosen = self._of(name, language, variants)
        values = {field: getattr(facts, field) for field in chosen.known}
        values["language"] = chosen.language

        def run(form: _Form) -> str:
            return self._shelf.run(form.template, values, form.parts)

        text = _tidy(run(chosen.text))
        return Rendered(
            language=chosen.language,
            subject=clean_header(run(chosen.subject)) if chosen.subject else "",
            text=text,
            html=run(chosen.html) if html and chosen.html else None,
            chat=_tidy(run(chosen.chat)) if chat and chosen.chat else text,
        )

    def origins(self, name: str, language: str, variants: Sequence[str] = ()) -> tuple[Origin, ...]:
        """The files that `message` would make it from, and then their parts. Raises as `message` does."""
        chosen = self._of(name, language, variants)
        forms = [one for one in (chosen.subject, chosen.text, chosen.html, chosen.chat) if one is not None]
        pieces = dict.fromkeys(path for one in forms for path in one.paths)
        return tuple(self._origin(path) for path in (*(one.file for one in forms), *pieces))

    def _origin(self, file: Path) -> Origin:
        _, _, variant = file.parent.parent.name.partition("@")
        named = self.files.named(file)
        return Origin(file.name.removesuffix(".j2"), named, self.files.own(file), variant, file.parent.name)

    def _of(self, name: str, language: str, variants: Sequence[str]) -> _Chosen:
        key = (name, language, tuple(variants))
        chosen = self._chosen.get(key)
        if chosen is None:
            chosen = self._chosen[key] = self._choose(*key)
        return chosen

    def _choose(self, name: str, language: str, variants: tuple[str, ...]) -> _Chosen:
        found = self._find(name, language, variants)
        if found is None and name.endswith("-neutral"):
            found = self._find("acknowledgement-neutral", language, variants)
        if found is None:
            raise Misconfigured("template.missing", where=f"templates/messages/{name}", name=name, language=language)
        return found

    def _find(self, name: str, language: str, variants: tuple[str, ...]) -> _Chosen | None:
        folders = (*(f"{name}@{variant}" for variant in variants if variant), name)
        for spoken in dict.fromkeys((language, self._default)):
            line = [place / "messages" / folder / spoken for folder in folders for place in self.files.places]
            body = next((at for at, folder in enumerate(line) if self.files.has(folder / "body.txt.j2")), None)
            if body is not None:
                return self._complete(name, spoken, line, body, variants)
        return None

    def _complete(
        self, name: str, language: str, line: Sequence[Path], body: int, variants: tuple[str, ...]
    ) -> _Chosen:
        def find(file: str, among: Sequence[Path]) -> _Form | None:
            found = next((folder / file for folder in among if self.files.has(folder / file)), None)
            return None if found is None else self._form(found, language, variants)

        return _Chosen(
            language=language,
            known=tuple(field.name for field in fields(facts_of(name))),
            subject=find("subject.txt.j2", line),
            text=self._form(line[body] / "body.txt.j2", language, variants),
            html=find("body.html.j2", line[: body + 1]),
            chat=find("chat.txt.j2", line[: body + 1]),
        )

    def _form(self, file: Path, language: str, variants: tuple[str, ...]) -> _Form:
        paths = parts.chosen(self._shelf, file, language, variants)
        made = parts.compiled(self._shelf, paths)
        return _Form(file, self._shelf.compiled(file), made, tuple(paths.values()))


def _tidy(text: str) -> str:
    """No empty lines at the ends, never two of them together: conditions leave gaps behind."""
    return _GAPS.sub("\n\n", text).strip()
