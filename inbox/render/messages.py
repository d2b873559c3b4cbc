"""Message templates: the right files for a reader, rendered with the facts of one message.

A template is a folder `messages/<name>[@<variant>]/<language>/` with `body.txt.j2`, and beside it `subject.txt.j2`,
`body.html.j2` and `chat.txt.j2` as far as it has them. The first folder with a body decides, looked for in this order: the
language of the reader, then the site's; in it the variants as they are handed in, then the plain name; for each the site's
own file, then the shipped one. A subject may come from farther down that line, HTML and chat may not: whoever writes a body
of their own must not find the shipped words beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import Template

from inbox.domain.facts import Facts, facts_of
from inbox.domain.problems import Misconfigured
from inbox.render.checking import findings
from inbox.render.shelf import Shelf
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
class _Chosen:
    """The compiled files of one message, and the names that they may be given."""

    language: str
    known: tuple[str, ...]
    subject: Template | None
    text: Template
    html: Template | None
    chat: Template | None


class Templates:
    """The message templates of a site. `places` are `templates/` folders, the site's own first, the shipped one last.

    `default` is the site's language. Which files there are is seen at building, and `check` reads them all: a reload makes
    new Templates, and puts them to use when their `check` finds nothing.
    """

    def __init__(self, places: Sequence[Path], *, default: str = "en") -> None:
        self._shelf = Shelf(places)
        self._default = default
        self._chosen: dict[tuple[str, str, tuple[str, ...]], _Chosen] = {}

    def names(self) -> tuple[str, ...]:
        """The templates that there are, variants (`acknowledgement@billing`) included."""
        folders = (folder for place in self._shelf.places for folder in place.glob("messages/*") if folder.is_dir())
        return tuple(sorted({folder.name for folder in folders}))

    def check(self) -> list[Misconfigured]:
        """Every template in every language, rendered against examples: all that is wrong, each with file and line."""
        return findings(self._shelf, self.names(), self._default)

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
        key = (name, language, tuple(variants))
        chosen = self._chosen.get(key)
        if chosen is None:
            chosen = self._chosen[key] = self._choose(*key)
        values = {field: getattr(facts, field) for field in chosen.known}
        values["language"] = chosen.language
        run = self._shelf.run
        text = _tidy(run(chosen.text, values))
        return Rendered(
            language=chosen.language,
            subject=clean_header(run(chosen.subject, values)) if chosen.subject else "",
            text=text,
            html=run(chosen.html, values) if html and chosen.html else None,
            chat=_tidy(run(chosen.chat, values)) if chat and chosen.chat else text,
        )

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
            line = [place / "messages" / folder / spoken for folder in folders for place in self._shelf.places]
            body = next((at for at, folder in enumerate(line) if self._shelf.has(folder / "body.txt.j2")), None)
            if body is not None:
                return self._complete(name, spoken, line, body)
        return None

    def _complete(self, name: str, language: str, line: Sequence[Path], body: int) -> _Chosen:
        def find(file: str, among: Sequence[Path]) -> Template | None:
            found = next((folder / file for folder in among if self._shelf.has(folder / file)), None)
            return None if found is None else self._shelf.compiled(found)

        return _Chosen(
            language=language,
            known=tuple(field.name for field in fields(facts_of(name))),
            subject=find("subject.txt.j2", line),
            text=self._shelf.compiled(line[body] / "body.txt.j2"),
            html=find("body.html.j2", line[: body + 1]),
            chat=find("chat.txt.j2", line[: body + 1]),
        )


def _tidy(text: str) -> str:
    """No empty lines at the ends, never two of them together: conditions leave gaps behind."""
    return _GAPS.sub("\n\n", text).strip()
