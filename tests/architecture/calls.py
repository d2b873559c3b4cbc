"""Which verbs a function of the path calls, in the order in which its text names them: what docs/message-path.md tells."""

import ast
from collections.abc import Iterator

from tests.architecture.house import ROOT

PIPELINE = ROOT / "inbox" / "pipeline"
ROOMS = ("inbox.pipeline", "inbox.store")


def verbs(file: str, function: str) -> list[str]:
    """The calls of one function in `inbox/pipeline/<file>`: own functions, verbs of the pipeline, the store, and turns.

    Values that are built and what other rooms are asked are left out. An event that is told stands as `tell Opened`.
    """
    tree = ast.parse((PIPELINE / file).read_text("utf-8"))
    known = own(tree) | imported(tree)
    [body] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    calls = sorted((n for n in ast.walk(body) if isinstance(n, ast.Call)), key=lambda n: (n.lineno, n.col_offset))
    return [name for call in calls if (name := named(call, known))]


def own(tree: ast.Module) -> set[str]:
    """The functions of the file itself."""
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def imported(tree: ast.Module) -> set[str]:
    """What it takes from the pipeline and the store."""
    nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROOMS)]
    return {alias.asname or alias.name for node in nodes for alias in node.names}


def named(call: ast.Call, known: set[str]) -> str:
    """How the page names a call; empty where it does not."""
    parts = dotted(call.func)
    match parts:
        case ["turn", "tell"]:
            return f"tell {told(call)}"
        case ["turn", "close"] | ["Turn", "of"]:
            return ".".join(parts)
        case [name] | [name, _] if name in known and not name.lstrip("_")[0].isupper():
            return ".".join(parts)
        case [_, "codec", "compose"] | [_, _, "codec", "compose"]:
            return "codec.compose"
        case _:
            return ""


def told(call: ast.Call) -> str:
    """The event in `turn.tell(Opened(...))`."""
    event = call.args[0]
    return dotted(event.func)[-1] if isinstance(event, ast.Call) else "?"


def dotted(node: ast.expr) -> list[str]:
    """The parts of `a.b.c`; those behind something that is no name are left out."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [*([node.id] if isinstance(node, ast.Name) else []), *reversed(parts)]


def tables(page: str) -> Iterator[tuple[str, str, list[str]]]:
    """The tables of a page under headings such as "### receive.py: judge": file, function, and the calls of the first column."""
    file = function = ""
    rows: list[str] = []
    for line in [*page.splitlines(), "### end"]:
        if line.startswith("#"):
            if file:
                yield file, function, rows
            head = line.lstrip("# ").replace("`", "").split(": ")
            file, function, rows = (
                (head[0], head[1], []) if len(head) == 2 and head[0].endswith(".py") else ("", "", [])
            )
        elif line.startswith("| `") and file:
            rows.append(line.split("`")[1])
