"""The points of the house: found in its code, and the orders of a sweep over all of them."""

import ast
import random
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.chaos.faulty import KINDS, Order

ROOT = Path(__file__).parents[2]
DATABASES = ("sqlite", "postgresql")
STAGES = ("handed",)
"""What a channel may tell while it hands over; a point before and behind each."""
ELSEWHERE = ("memory.",)
"""Points of the network that tests are played on: no daemon comes there."""


BUCKETED = "_upload"
"""How points end to which only a site comes whose large mails lie in a bucket."""


def named() -> dict[str, str]:
    """Every point and the file in which it stands."""
    found: dict[str, str] = {}
    for folder in ("inbox", "channels"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name in _points(ast.parse(path.read_text("utf-8"))):
                found.setdefault(name, str(path.relative_to(ROOT)))
    return found


def reached() -> tuple[str, ...]:
    """Those to which a daemon comes."""
    return tuple(name for name in sorted(named()) if not name.startswith(ELSEWHERE))


def orders() -> list[tuple[Order, str]]:
    """All of a sweep: each point, in each way, on each database."""
    return [(Order(point, 1, KINDS[kind]), database) for point, kind, database in product(reached(), KINDS, DATABASES)]


def some(seed: int, share: int) -> list[tuple[Order, str]]:
    """A share of them, drawn by a seed."""
    return random.Random(seed).sample(orders(), share)


def changed(seed: int, since: str) -> list[tuple[Order, str]]:
    """The points in files that a commit changed, each once in each way; on which database, the seed says."""
    asked = ["git", "diff", "--name-only", since, "HEAD"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    files, drawn = set(told.stdout.split()), random.Random(seed)
    points = [name for name, file in named().items() if file in files and name in reached()]
    return [(Order(point, 1, kind), drawn.choice(DATABASES)) for point, kind in product(points, KINDS.values())]


def _points(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and is_probe(node.func) and node.args:
            yield from _names(node.args[0])


def is_probe(called: ast.expr) -> bool:
    """Whether a call is one of a point."""
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in ("probe", "_probe")


def _names(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.JoinedStr):
        begin = "".join(str(part.value) for part in argument.values if isinstance(part, ast.Constant))
        yield from (f"{begin}{stage}" for stage in STAGES)
