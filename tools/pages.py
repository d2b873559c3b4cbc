"""The parts of the docs that come from the code: state diagrams, the page of commands, the description of the API, what templates may use, keys. `make docs` writes them.

`python -m tools.pages` writes every page that differs; with `--check` it only names those, and exits 1.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import typer

from inbox.cli.app import command
from inbox.domain.conversations import MOVES as CONVERSATION_MOVES
from inbox.domain.conversations import State
from inbox.domain.deliveries import MOVES as DELIVERY_MOVES
from inbox.domain.deliveries import DeliveryState
from inbox.domain.promises import PROMISE_MOVES, PromiseState
from inbox.site import catalogues
from inbox.text.wording import load
from inbox.web.api.description import described
from inbox.web.api.routes import operations
from tools.reference import with_tables
from tools.working import with_lists

S = TypeVar("S", bound=StrEnum)
VALUES = {"int": "NUMBER", "int range": "NUMBER", "str": "TEXT"}
DOCS = Path(__file__).resolve().parents[1] / "docs"
LANGUAGE = "en"

COMMANDS = """# Commands

This page is written by `make docs` from the command line itself. Every command also takes the options of `inbox`, before or
after its own words; `inbox COMMAND --help` says the same as this page, in Persian with `--lang fa`.
"""


def pages() -> dict[Path, str]:
    """Every page that holds something generated, as it should be."""
    path, templates, working = DOCS / "message-path.md", DOCS / "templates.md", DOCS / "working.md"
    return {
        path: with_diagrams(path.read_text("utf-8")),
        DOCS / "commands.md": commands(),
        DOCS / "openapi.json": api(),
        templates: with_tables(templates.read_text("utf-8")),
        working: with_lists(working.read_text("utf-8")),
    }


def api() -> str:
    """The description of the API, as a site serves it at /api/v1/openapi.json."""
    whole = described(operations(load(catalogues())), "https://inbox.example.org")
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def diagrams() -> dict[str, str]:
    """The state diagrams by name, as mermaid."""
    return {
        "conversation": diagram(CONVERSATION_MOVES, State.OPEN),
        "delivery": diagram(DELIVERY_MOVES, DeliveryState.QUEUED),
        "promise": diagram(PROMISE_MOVES, PromiseState.OPEN),
    }


def diagram(moves: Mapping[S, frozenset[S]], first: S) -> str:
    """One table of moves: where it begins, each move once, and an end where no move leads on. Both ways make one line."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {one} --> {other}" for one in moves for other in type(one) if other in moves[one]]
    lines += [f"    {one} --> [*]" for one in moves if not moves[one]]
    return "\n".join([*lines, "```"])


def with_diagrams(page: str) -> str:
    """The page with what stands between `<!-- diagram: NAME -->` and `<!-- end -->` as it should be.

    Raises KeyError for a name that nobody draws.
    """
    made = diagrams()
    marked = re.compile(r"(<!-- diagram: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{made[found[2]]}\n{found[3]}", page)


def commands() -> str:
    """The page of all commands with their arguments and options, worded as `--help` words them."""
    whole = command(load(catalogues()), LANGUAGE)
    return "\n".join([COMMANDS, *parameters("inbox", whole), *told("inbox", whole, 2)]) + "\n"


def told(name: str, group: Any, level: int) -> Iterator[str]:
    """The commands of a group, each under a heading that shows how it is called; those of a group within it below."""
    for word, inner in group.commands.items():
        full = f"{name} {word}"
        yield f"\n{'#' * level} `{' '.join([full, *arguments(full, inner)])}`\n\n{cell(inner.help)}"
        if lines := list(parameters(full, inner)):
            yield "\n" + "\n".join(lines)
        if getattr(inner, "commands", None):
            yield from told(full, inner, level + 1)


def arguments(full: str, one: Any) -> Iterator[str]:
    """The arguments of a command as they stand in its call; one that may be left out stands in brackets."""
    for parameter, spelling, _ in records(full, one):
        if parameter.param_type_name == "argument":
            yield spelling if parameter.required or spelling.startswith("[") else f"[{spelling}]"


def parameters(full: str, one: Any) -> Iterator[str]:
    """The arguments and options of a command as a table; none where it has none."""
    rows = [f"| `{cell(spelling)}` | {cell(text)} |" for _, spelling, text in records(full, one) if text]
    if rows:
        yield from ("| | |", "| --- | --- |", *rows)


def records(full: str, one: Any) -> Iterator[tuple[Any, str, str]]:
    """Every parameter, how it is written, and what it means."""
    context = typer.Context(one, info_name=full)
    for parameter in one.params:
        record = parameter.get_help_record(context)
        if record is not None:
            yield parameter, spelt(record[0], argument=parameter.param_type_name == "argument"), bare(record[1])


def spelt(text: str, *, argument: bool) -> str:
    """`--state <list[open|done]>` as `--state open|done`, `REF <str>` as `REF`."""
    name, _, kind = text.partition(" <")
    kind = re.sub(r"^list\[(.*)\]$", r"\1", kind.removesuffix(">"))
    if argument or not kind:
        return name
    return f"{name} {kind if '|' in kind else VALUES.get(kind, kind.upper())}"


def bare(text: str) -> str:
    """Without what the spelling says already."""
    return re.sub(r" *\[required\]$", "", text)


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Write, or with `--check` only tell; the exit code."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(
            f"docs/{path.name} is not what the code says: run `make docs`" if "--check" in sys.argv else f"wrote {path}"
        )
    if "--check" in sys.argv:
        return int(bool(stale))
    for path in stale:
        path.write_text(pages()[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
