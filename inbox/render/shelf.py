"""The template files: read once, compiled once in the sandbox, and run with a cap on what they may say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes

from inbox.domain.problems import Misconfigured
from inbox.render import filters
from inbox.render.sandbox import LOOP_CAP, OUTPUT_CAP, TURNS, NotAllowed, Sandbox

SIZE_CAP = 64 * 1024
"""Bytes of one template file."""
RTL = frozenset({"fa"})


class Shelf:
    """The template files under some `templates/` folders, the site's own first, the shipped one last."""

    def __init__(self, places: Sequence[Path]) -> None:
        self.places = tuple(places)
        self._text = Sandbox(filters.TEXT, autoescape=False)
        self._html = Sandbox(filters.HTML, autoescape=True)
        self._trees: dict[Path, nodes.Template] = {}  # of files that were looked at, and are not compiled yet
        self._compiled: dict[Path, Template] = {}
        self._there = frozenset(file for place in self.places for file in place.glob("messages/*/*/*.j2"))

    def path(self, file: Path) -> str:
        """A file's name for people: `templates/messages/...`."""
        place = next(place for place in self.places if file.is_relative_to(place))
        return f"templates/{file.relative_to(place).as_posix()}"

    def has(self, file: Path) -> bool:
        """Whether the file was there at the beginning: what is laid beside it later was not checked, and waits for a reload."""
        return file in self._there

    def compiled(self, file: Path) -> Template:
        """One file, compiled. Raises Misconfigured where it cannot be read, or uses what message templates may not."""
        if file not in self._compiled:
            self._compiled[file] = self._compile(file)
        return self._compiled[file]

    def parsed(self, file: Path) -> nodes.Template:
        """One file as a tree, for those who look at what it uses. Raises as `compiled` does."""
        if file not in self._trees:
            self._trees[file] = self._parse(file)
        return self._trees[file]

    def run(self, template: Template, values: Mapping[str, Any]) -> str:
        """The words of one file. Raises Misconfigured with file and line; more than 256 KB of them are an error."""
        direction = "rtl" if values["language"] in RTL else "ltr"
        context = template.new_context({**values, "direction": direction, TURNS: [LOOP_CAP]})
        chunks: list[str] = []
        size = 0
        try:
            for chunk in template.root_render_func(context):
                chunks.append(chunk)
                size += len(chunk)
                if size > OUTPUT_CAP:
                    raise Misconfigured("template.too_long", where=str(template.filename), limit=OUTPUT_CAP // 1024)
        except (TemplateError, TypeError, ValueError, AttributeError) as error:
            raise _failed(template, error) from error
        return "".join(chunks)

    def _parse(self, file: Path) -> nodes.Template:
        source = self._source(file)
        try:
            return self._sandbox(file).parse(source)
        except TemplateSyntaxError as error:
            raise _misspelt(error, self.path(file)) from error

    def _compile(self, file: Path) -> Template:
        tree, sandbox = self.parsed(file), self._sandbox(file)
        del self._trees[file]
        try:
            code = sandbox.compile(tree, None, self.path(file))
        except TemplateSyntaxError as error:
            raise _misspelt(error, self.path(file)) from error
        except (RecursionError, SyntaxError) as error:  # Python's own limits, reached by what Jinja made of the file
            raise Misconfigured("template.syntax", where=self.path(file), reason="nested too deeply") from error
        return sandbox.template_class.from_code(sandbox, code, sandbox.globals)

    def _sandbox(self, file: Path) -> Sandbox:
        return self._html if file.name.endswith(".html.j2") else self._text

    def _source(self, file: Path) -> str:
        try:
            raw = file.read_bytes()
            text = raw.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured("template.unreadable", where=self.path(file), reason=str(error)) from error
        if len(raw) > SIZE_CAP:
            raise Misconfigured("template.too_large", where=self.path(file), limit=SIZE_CAP // 1024)
        return text


def _misspelt(error: TemplateSyntaxError, path: str) -> Misconfigured:
    key = "template.not_allowed" if isinstance(error, NotAllowed) else "template.syntax"
    return Misconfigured(key, where=f"{path}:{error.lineno}", reason=error.message or "")


def _failed(template: Template, error: Exception) -> Misconfigured:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return Misconfigured("template.failed", where=f"{template.filename}:{line}", reason=str(error))
