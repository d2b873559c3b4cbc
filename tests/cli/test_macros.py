"""`inbox macros` and `inbox macro`, and docs/macros.md: what stands there is done as it stands there."""

import re
import shlex
from pathlib import Path

import pytest

from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.architecture.house import ROOT
from tests.cli.talk import Talk
from tests.web.sites import contact, conversation, message

PAGE = (ROOT / "docs" / "macros.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(toml|console)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
FILES = [block for kind, block in BLOCKS if kind == "toml"]


@pytest.fixture
def asked(inbox: Talk, site: Path) -> Talk:
    """A question is here, and Sara of the team that answers."""

    def question(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "lena@example.com"))
        message(unit, matter, "inbound", "Where is my money?")

    (site / "rules" / "macros").mkdir(exist_ok=True)
    (site / "rules" / "macros" / "refund-partial.toml").write_text(FILES[0], encoding="utf-8")
    assert inbox("agents", "add", "sara").code == 0
    assert inbox("teams", "add", "support", "--member", "sara").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(question)
    store.close()
    return inbox


def plain(text: str) -> str:
    """Without the marks that turn a direction, and without blanks at an end."""
    return "\n".join(line.rstrip() for line in re.sub("[\u2066-\u2069]", "", text).strip("\n").splitlines())


def test_every_command_says_what_the_page_says(asked: Talk) -> None:
    [block] = [block for kind, block in BLOCKS if kind == "console"]
    commands = [*re.finditer(r"^\$ inbox (.+)$", block, re.MULTILINE)]
    ends = [*(found.start() for found in commands[1:]), len(block)]
    for found, end in zip(commands, ends, strict=True):
        done = asked(*shlex.split(found[1]))
        assert done.code == 0, done.err
        shown = block[found.end() : end].strip("\n")
        as_shown = ".*".join(re.escape(part) for part in shown.split("…"))
        assert re.fullmatch(as_shown, plain(done.out), re.DOTALL), (found[1], done.out)


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_every_file_of_the_page_is_well(inbox: Talk, site: Path, text: str) -> None:
    (site / "rules" / "macros").mkdir(exist_ok=True)
    (site / "rules" / "macros" / "one.toml").write_text(text, encoding="utf-8")
    assert inbox("teams", "add", "support").code == 0
    assert inbox("check").code == 0


def test_every_shipped_macro_stands_on_the_page() -> None:
    shipped = sorted(path.stem for path in (ROOT / "rules" / "macros").glob("*.toml"))
    listed = PAGE[PAGE.index("Eight are shipped") :].partition(". ")[0]
    assert sorted(re.findall(r"`([a-z-]+)`", listed)) == shipped


def test_a_new_site_has_them_all_and_copies_of_none(inbox: Talk, site: Path) -> None:
    assert not (site / "rules" / "macros").exists()
    assert len(inbox("macros", "list", "--format", "json").json()) == 8


def test_what_is_missing_is_said_and_the_text_comes_back(asked: Talk, site: Path) -> None:
    blocked = asked("macro", "Z9ZZ", "refund-partial", "amount=20 EUR", "--as", "sara")
    assert (blocked.code, "we have returned 20 EUR for order ⟦field.order⟧" in blocked.out) == (2, True)
    assert "Nothing was sent to Z9ZZ: the macro “Partial refund” lacks field.order." in plain(blocked.err).replace(
        "refund-partial", "Partial refund"
    )
    told = asked("macro", "Z9ZZ", "refund-partial", "--as", "sara", "--format", "json").json()
    assert told["missing"] == "ask.amount (Amount), field.order"
    assert asked("outbox", "--format", "json").json() == []
    done = asked("macro", "Z9ZZ", "refund-partial", "--text", "It is yours.", "--as", "sara", "--format", "json")
    assert done.json()["done"] == "done.macro"


def test_programs_are_told_who_used_what_and_what_it_says(asked: Talk) -> None:
    assert asked("macro", "Z9ZZ", "advertising", "--as", "sara").code == 0
    [row] = asked("macros", "list", "advert", "--format", "json").json()
    assert (row["name"], row["month"], row["agents"]["sara"]["total"]) == ("advertising", 1, 1)
    shown = asked("macros", "show", "refund-done", "--ref", "Z9ZZ", "--language", "fa", "--format", "json").json()
    assert (shown["said"]["language"], shown["said"]["missing"]) == ("fa", ["ask.amount"])
    assert shown["does"] == ["tag = refund", "state = done"]
    assert asked("macros", "list", "nothing-of-that-name").out == "No macro is found.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("macro", "Z9ZZ", "refund-done", "20"), "NAME=VALUE"),
        (("macro", "Z9ZZ", "refund-done", "amout=20"), "does not ask for “amout”"),
        (("macro", "Z9ZZ", "refund"), "There is no macro “refund”"),
        (("macro", "ZZZZ", "refund-done", "amount=20"), "ZZZZ"),
        (("macros", "show", "refund-done", "--ref", "ZZZZ"), "ZZZZ"),
        (("macros", "show", "refund-done", "--language", "de"), "de"),
        (("snooze", "Z9ZZ", "2020-01-01"), "has passed"),
    ],
)
def test_what_cannot_be_done_is_said(asked: Talk, words: tuple[str, ...], told: str) -> None:
    said = asked(*words, "--as", "sara")
    assert said.code == 2
    assert told in plain(said.err)


def test_a_broken_macro_hinders_whoever_would_use_it_and_nobody_else(asked: Talk, site: Path) -> None:
    (site / "rules" / "macros" / "broken.toml").write_text('title = "B"\nthen.tags = "x"\n', encoding="utf-8")
    (site / "rules" / "macros" / "gap.toml").write_text('title = "G"\ntext.en = "{{ nobody }}"\n', encoding="utf-8")
    for name in ("broken", "gap"):
        refused = asked("macro", "Z9ZZ", name, "--as", "sara")
        assert (refused.code, f"rules/macros/{name}.toml:2" in refused.err) == (2, True)
    assert asked("macro", "Z9ZZ", "advertising", "--as", "sara").code == 0
    assert "Did you mean “tag”?" in asked("check").out


def test_a_conversation_is_out_of_sight_until_a_time(asked: Talk) -> None:
    assert "snoozed until" in asked("snooze", "Z9ZZ", "2 working days", "--as", "sara").out
    assert asked("list", "--state", "snoozed", "--format", "json").json()[0]["reference"] == "Z9ZZ"
