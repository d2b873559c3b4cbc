"""What browsers load of ours: how much that is, and that what others made is what they made."""

import gzip
import hashlib
import tomllib

from inbox.web.assets import STATIC, Assets

ALL = 60 * 1024
"""Bytes of all scripts together, packed."""
OWN = 12 * 1024
OTHERS = (".min.js", ".woff2")


def packed(name: str) -> int:
    """How many bytes of a file travel."""
    return len(gzip.compress(Assets.read(STATIC).files[name].content, 9))


def test_scripts_are_few() -> None:
    scripts = [name for name in Assets.read(STATIC).files if name.endswith(".js")]
    assert packed("inbox.js") <= OWN
    assert sum(map(packed, scripts)) <= ALL


def test_what_others_made_is_unchanged_and_its_licence_lies_beside_it() -> None:
    told = tomllib.loads((STATIC / "vendored.toml").read_text("utf-8"))["file"]
    there = {path.name for path in STATIC.iterdir() if path.name.endswith(OTHERS)}
    assert {one["name"] for one in told} == there
    for one in told:
        assert set(one) == {"name", "of", "version", "licence", "text", "origin", "sha256"}
        assert hashlib.sha256((STATIC / one["name"]).read_bytes()).hexdigest() == one["sha256"], one["name"]
        assert (STATIC / one["text"]).read_text("utf-8")
