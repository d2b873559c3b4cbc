"""The shelf: template files compiled once in the sandbox, and run with what they may use."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes

from inbox.domain.problems import Misconfigured
from inbox.render import filters, running
from inbox.render.files import Files
from inbox.render.running import LOOP_CAP, PARTS, TURNS, Part
from inbox.render.sandbox import NotAllowed, Sandbox, size

RTL = frozenset({"fa"})
PARTS_FOLDER = "_parts"


class Shelf:
    """The compiled templates of some files. Nothing is compiled before it is asked for."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._compiled: dict[Path, Template] = {}
        self._parsed: dict[Path, nodes.Template] = {}
        self._sandboxes = {
            (html, lines): Sandbox(filters.HTML if html else filters.TEXT, autoescape=html, lines=lines)
            for html in (False, True)
            for lines in (False, True)
        }

    def compiled(self, file: Path) -> Template:
        """One file, compiled. Raises Misconfigured where it cannot be read, or uses what message templates may not."""
        if file not in self._compiled:
            self._compiled[file] = self._compile(file)
        return self._compiled[file]

    def parsed(self, file: Path) -> nodes.Template:
        """One file as a tree, for those who look at what it uses. Raises as `compiled` does."""
        if file not in self._parsed:
            source = self.files.text(file)
            try:
                self._parsed[file] = self._sandbox(file).parse(source)
            except TemplateSyntaxError as error:
                raise _misspelt(error, self.files.named(file)) from error
        return self._parsed[file]

    def part(self, file: Path) -> Part:
        """One file as a part of others. Raises as `compiled` does."""
        return Part(self.compiled(file), running.weight(size(self.parsed(file))))

    def run(self, template: Template, values: Mapping[str, Any], parts: Mapping[str, Part]) -> str:
        """The words of one file. Raises Misconfigured with file and line; more than 256 KB of them are an error."""
        direction = "rtl" if values["language"] in RTL else "ltr"
        return running.run(template, {**values, "direction": direction, TURNS: [LOOP_CAP], PARTS: parts})

    def _compile(self, file: Path) -> Template:
        tree, sandbox, path = self.parsed(file), self._sandbox(file), self.files.named(file)
        try:
            code = sandbox.compile(tree, None, path)
        except (RecursionError, SyntaxError) as error:  # Python's own limits, reached by what Jinja made of the file
            raise Misconfigured("template.syntax", where=path, reason="nested too deeply") from error
        return sandbox.template_class.from_code(sandbox, code, sandbox.globals)

    def _sandbox(self, file: Path) -> Sandbox:
        return self._sandboxes[file.name.endswith(".html.j2"), in_parts(file)]


def in_parts(file: Path) -> bool:
    """Whether a file is a part of others: it lies in `_parts/<language>/` or in `_parts@<variant>/<language>/`."""
    return is_parts(file.parent.parent.name)


def is_parts(folder: str) -> bool:
    """Whether a folder below `messages/` holds parts."""
    return folder.partition("@")[0] == PARTS_FOLDER


def _misspelt(error: TemplateSyntaxError, path: str) -> Misconfigured:
    key = "template.not_allowed" if isinstance(error, NotAllowed) else "template.syntax"
    return Misconfigured(key, where=f"{path}:{error.lineno}", reason=error.message or "")
