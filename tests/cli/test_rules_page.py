"""docs/rules.md: the walk from a draft to a roll-back is done as it stands there, and says what the page says."""

import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from bench import past
from bench.past_site import LIVE
from inbox.__main__ import main
from inbox.cli.context import Chosen, Context
from inbox.cli.rulebooks import laid
from inbox.daemon import playbooks
from inbox.site import catalogues
from inbox.store.store import Store
from inbox.text.wording import load
from tests.architecture.house import ROOT
from tests.cli.talk import Talk

PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
WALK = PAGE[PAGE.index("\n## Try it before it counts") :]
BLOCK = re.compile(r"^```(toml|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILES = re.findall(r"`(rules\.next/[^`]+\.toml)`", WALK)
COMMAND = re.compile(r"^\$ (.+)$", re.MULTILINE)
REVISION = r"\b[0-9a-f]{7}(?:[0-9a-f]{9})?\b"
SUPPORT = '[[rule]]\nname = "everything else"\nthen.assign = { team = "support", by = "least-busy" }\n'


@pytest.fixture
def site(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped rules with one more, live since before the first of 60 made-up decisions; commands run in its folder."""
    monkeypatch.chdir(site)
    assert main(["list", "--quiet"]) == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(past.people)
    (site / "rules" / "80-support.toml").write_text(SUPPORT)
    context = Context(Chosen(site), load(catalogues()), "en")
    book = laid(context, None).book
    context.close()
    store.write_now(playbooks.keep, book, "start", LIVE)
    past.fill(store, book.rulebook, book.terms, 60)
    store.close()
    return site


def done(command: str, inbox: Talk, site: Path) -> str:
    """What a command of the page says; of programs that are not ours, the page uses two."""
    program, *words = shlex.split(command)
    if program == "inbox":
        said = inbox(*words)
        assert said.code == 0, said.err
        return said.out
    assert program in ("cp", "mv"), command
    source, target = site / words[-2], site / words[-1]
    if program == "cp":
        shutil.copytree(source, target)
    else:
        source.rename(target)
    return ""


def steps(block: str) -> list[tuple[str, str]]:
    """(command, what the page says that it says) of a block."""
    borders = [*(found.span() for found in COMMAND.finditer(block)), (len(block), len(block))]
    return [(block[start + 2 : end], block[end + 1 : after]) for (start, end), (after, _) in pairwise(borders)]


def as_shown(shown: str) -> re.Pattern[str]:
    """Exactly what is shown; `…` stands for what is another each time, and revisions change with every shipped file."""
    parts = re.split(f"…|{REVISION}", shown.rstrip("\n"))
    return re.compile(".*".join(map(re.escape, parts)))


def plain(text: str) -> str:
    """As a page can show it: without the marks that turn a direction, and without blanks at an end."""
    return "\n".join(line.rstrip() for line in re.sub("[\u2066-\u2069]", "", text).strip("\n").splitlines())


def test_every_command_says_what_the_page_says(inbox: Talk, site: Path) -> None:
    files = iter(FILES)
    for kind, block in BLOCK.findall(WALK):
        if kind == "toml":
            (site / next(files)).write_text(block, "utf-8")
            continue
        for command, shown in steps(block):
            assert as_shown(shown).fullmatch(plain(done(command, inbox, site))), command
    assert next(files, None) is None


def test_the_walk_uses_every_command_that_a_change_needs() -> None:
    used = set(re.findall(r"^\$ inbox rules (\w+)", WALK, re.MULTILINE))
    assert used == {"check", "test", "diff", "backtest", "reload", "explain", "history", "rollback"}
