"""What browsers load of ours: how much that is, and that what others made is what they made."""

import gzip
import hashlib
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

import inbox.sheets
from inbox.web.statics import STATIC, Statics

ALL = 60 * 1024
"""Bytes of all scripts together, packed."""
OWN = 12 * 1024
OTHERS = (".min.js", ".woff2", ".ttf")
SHEETS = Path(inbox.sheets.__file__).parent


def packed(name: str) -> int:
    """How many bytes of a file travel."""
    return len(gzip.compress(Statics.read(STATIC).files[name].content, 9))


def test_scripts_are_few() -> None:
    scripts = [name for name in Statics.read(STATIC).files if name.endswith(".js")]
    assert packed("inbox.js") <= OWN
    assert sum(map(packed, scripts)) <= ALL


def test_a_bare_class_is_styled_in_one_file() -> None:
    """Two files that mean different things by one name once centred every tick box of the settings."""
    where = defaultdict[str, set[str]](set)
    for sheet in sorted((STATIC / "style.css").iterdir()):
        plain = re.sub(r"/\*.*?\*/|@media[^{]*{", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+){", plain):
            for one in map(str.strip, selectors.split(",")):
                if re.fullmatch(r"\.[\w-]+", one):
                    where[one].add(sheet.name)
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


@pytest.mark.parametrize("place", [STATIC, SHEETS])
def test_what_others_made_is_unchanged_and_its_licence_lies_beside_it(place: Path) -> None:
    told = tomllib.loads((place / "vendored.toml").read_text("utf-8"))["file"]
    there = {path.name for path in place.iterdir() if path.name.endswith(OTHERS)}
    assert {one["name"] for one in told} == there
    for one in told:
        assert set(one) == {"name", "of", "version", "licence", "text", "origin", "sha256"}
        assert hashlib.sha256((place / one["name"]).read_bytes()).hexdigest() == one["sha256"], one["name"]
        assert (place / one["text"]).read_text("utf-8")
