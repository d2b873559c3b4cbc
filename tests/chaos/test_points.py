"""Whatever is made durable or handed over has a point beside it, at which the sweep can end the daemon."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.points import ROOT, is_probe, named

DURABLE = {"fsync", "fsync_folder", "commit", "rename"}
HANDED = {"send", "confirm", "collect", "post"}
"""What the shell asks of a channel, where it reaches the network."""
COVERED = {
    "inbox/blobs/__init__.py:_write": "blob.before_rename stands behind its fsync",
    "inbox/blobs/__init__.py:fsync_folder": "blob.after_rename stands before it, and the commit of a row behind it",
    "inbox/blobs/__init__.py:remove": "bytes that no row refers to: the sweep of blobs looks for them again",
    "channels/email/maildir.py:_write": "out.data_sent stands behind its fsync",
    "inbox/blobs/bucket.py:_fetch": "a copy of what the bucket keeps: it is fetched again",
    "inbox/cli/backing_up.py": "a backup that was ended has no manifest, which is written last, and is none",
    "inbox/cli/manifest.py": "it is there whole or not at all",
    "inbox/cli/restoring.py": "a site that is made of a backup where none was: ended, it is made again",
    "inbox/store/snapshot.py": "the database of a backup, before its manifest",
    "inbox/site.py:_made_once": "the secret, made before anything is sealed with it; of two starts the first one's stays whole",
    "inbox/site.py:_durable": "of the secret's folder",
    "inbox/cli/export.py:_fresh": "a file for somebody else: begun again, it is written anew",
    "inbox/cli/rulefolder.py": "rules that are saved or rolled back by hand: a folder is whole, or the one beside it is",
}
"""Where none stands, and why none is needed."""


def sites() -> Iterator[tuple[str, str, bool]]:
    """File and function of each such call, and whether a point stands in the same function."""
    for path in sorted([*(ROOT / "inbox").rglob("*.py"), *(ROOT / "channels").rglob("*.py")]):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                if any(_matters(call, path) for call in calls):
                    yield str(path.relative_to(ROOT)), function.name, any(is_probe(call.func) for call in calls)


def _matters(call: ast.Call, path: Path) -> bool:
    named = call.func
    name = named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""
    if name == "rename":
        return len(call.args) == 1 and isinstance(named, ast.Attribute) and not call.keywords
    if name in DURABLE:
        return True
    return name in HANDED and path.parent == ROOT / "inbox" / "runtime" and "channel" in ast.unparse(named).lower()


def test_nothing_is_made_durable_or_handed_over_without_a_point() -> None:
    bare = [f"{file}:{name}" for file, name, pointed in sites() if not pointed]
    unknown = [one for one in bare if one not in COVERED and one.partition(":")[0] not in COVERED]
    assert unknown == []


def test_each_excuse_is_needed() -> None:
    bare = {f"{file}:{name}" for file, name, pointed in sites() if not pointed}
    files = {one.partition(":")[0] for one in bare}
    assert [one for one in COVERED if one not in bare and one not in files] == []


def test_points_are_called_by_the_room_they_are_in() -> None:
    rooms = {name.partition(".")[0] for name in named()}
    assert rooms == {
        "blob",
        "collect",
        "desk",
        "imap",
        "intake",
        "listen",
        "memory",
        "out",
        "receive",
        "store",
        "telegram",
    }
