"""Names and remarks that the house does not use."""

import ast
import re

import pytest

from tests.architecture.house import ROOT, Source, sources

SHIPPED = ("inbox", "channels")
EVERYTHING = (*SHIPPED, "bench", "tests")
EMPTY_NAMES = re.compile(r"(manager|service|helper|util|utils|common|base|misc)s?", re.IGNORECASE)
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")

# Written in pieces, so that this file does not find itself.
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error"]
HUSHED = ["no" + "qa", "pytest.mark." + "skip", "pytest." + "skip", "x" + "fail", "importor" + "skip"]
ELSEWHERE = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "py" + "pi", "python" + "hosted", "/op" + "t/"]


def names(source: Source) -> list[str]:
    """The file's own name and those of its folders and classes."""
    classes = [node.name for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]
    return [*source.name.removesuffix(".py").split("/"), *classes]


def is_empty(name: str) -> bool:
    """Whether a name is, or ends in, a word that tells nothing."""
    words = WORDS.findall(name.strip("_"))
    return bool(words) and EMPTY_NAMES.fullmatch(words[-1]) is not None


@pytest.mark.parametrize("folder", EVERYTHING)
def test_no_file_or_class_has_a_name_that_tells_nothing(folder: str) -> None:
    assert [(source.name, name) for source in sources(folder) for name in names(source) if is_empty(name)] == []


def test_names_that_tell_nothing_are_found() -> None:
    assert all(map(is_empty, ["ChannelManager", "MailService", "helpers", "utils", "text_util", "BASE", "common"]))
    assert not any(map(is_empty, ["ServiceLevel", "database", "commonplace", "BaseWord", "utility"]))


@pytest.mark.parametrize("folder", EVERYTHING)
@pytest.mark.parametrize("word", [*UNFINISHED, *HUSHED])
def test_nothing_is_unfinished_or_hushed_up(folder: str, word: str) -> None:
    assert [source.name for source in sources(folder) if re.search(rf"\b{re.escape(word)}", source.text)] == []


@pytest.mark.parametrize("folder", EVERYTHING)
def test_types_are_ignored_with_a_reason_only(folder: str) -> None:
    bare = re.compile(r"# type: " + r"ignore(\[[\w,-]+\])?\s*$", re.MULTILINE)
    assert [source.name for source in sources(folder) if bare.search(source.text)] == []


def test_nothing_mentions_another_place() -> None:
    files = [
        path for folder in (*EVERYTHING, "tools", "docs", "templates", "rules") for path in (ROOT / folder).rglob("*")
    ]
    files += [
        ROOT / name for name in ("Makefile", "pyproject.toml", "config.toml", "README.md", ".ci/run", ".gitignore")
    ]
    texts = {path: path.read_bytes() for path in files if path.is_file() and "__pycache__" not in path.parts}
    found = [
        (path.relative_to(ROOT), place) for path, text in texts.items() for place in ELSEWHERE if place.encode() in text
    ]
    assert found == []
