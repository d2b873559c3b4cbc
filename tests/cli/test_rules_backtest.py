"""`inbox rules backtest`: what other rules would have made of the real history."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from bench.past_site import SINCE, UNTIL, with_past
from inbox.cli import rules_backtest
from inbox.pipeline.backtest import Backtest
from tests.cli.talk import Talk

ALL = ("--since", SINCE, "--until", UNTIL)


@pytest.fixture
def site(site: Path) -> Path:
    """A site with a past of 300 decisions."""
    with_past(site)
    return site


@pytest.fixture
def draft(site: Path, tmp_path: Path) -> Path:
    """The rules of the site as a draft in which what was high is urgent, and finance is oncall's."""
    folder = tmp_path / "draft"
    shutil.copytree(site / "rules", folder)
    file = folder / "10-made.toml"
    text = file.read_text("utf-8").replace('priority = "high" }', 'priority = "urgent" }')
    file.write_text(text.replace('team = "finance"', 'team = "oncall"'), "utf-8")
    return folder


def test_the_live_rules_give_what_they_gave(inbox: Talk) -> None:
    said = inbox("rules", "backtest", *ALL, "--fail-if-changed", "0%")
    assert said.code == 0
    head, *rest = said.out.splitlines()
    assert head.endswith(" s · 0 would change (0.0%)")
    assert " conversations with 300 decisions replayed in " in head
    assert rest[1].split() == [
        "reply",
        "clocks",
        "as",
        "it",
        "was",
        "rehearsed",
        "as",
        "decided",
        "rehearsed",
        "with",
        "these",
        "rules",
    ]
    assert all(line.count(" met (") == 3 for line in rest[2:4])
    assert "What this assumes:" in rest


def test_a_draft_shows_what_it_would_change(inbox: Talk, draft: Path) -> None:
    said = inbox("rules", "backtest", *ALL, "--with", str(draft), "--show", "3")
    assert said.code == 0
    lines = said.out.splitlines()
    assert any(line.endswith("  priority high → urgent") for line in lines)
    assert any(line.endswith("  team finance → oncall") for line in lines)
    assert len([line for line in lines if line.startswith("  #")]) == 3
    assert any("more conversations: --show " in line for line in lines)
    assert any(line.split()[:2] == ["priority", "urgent"] for line in lines), "who would have how much"
    assert any("missed instead of met: #" in line for line in lines)


def test_too_many_changes_are_a_finding(inbox: Talk, draft: Path) -> None:
    said = inbox("rules", "backtest", *ALL, "--with", str(draft), "--no-clocks", "--fail-if-changed", "5%")
    assert said.code == 1
    assert said.out.splitlines()[-1].endswith("of the conversations would change; 5.0% are allowed.")
    assert inbox("rules", "backtest", *ALL, "--with", str(draft), "--fail-if-changed", "۱۰۰٪").code == 0


def test_programs_get_every_conversation(inbox: Talk, draft: Path) -> None:
    told = inbox("rules", "backtest", *ALL, "--with", str(draft), "--format", "json").json()
    assert told["decisions"] == 300
    assert told["changed"] == len(told["examples"]) > 20
    assert told["share"] == pytest.approx(told["changed"] / told["conversations"], abs=1e-6)
    urgent = told["stands"]["priority"]["urgent"]
    assert urgent["before"] == 0 < urgent["after"]
    assert sum(one["after"] for one in told["stands"]["team"].values()) == told["conversations"]
    assert told["rules"]["default"]["before"] == told["rules"]["default"]["after"] == told["conversations"]
    judged = told["clocks"]["before"]["first_reply"]
    assert sum(judged.values()) == told["conversations"]
    assert inbox("rules", "backtest", *ALL, "--no-clocks", "--format", "json").json()["clocks"] is None


def test_only_what_lies_in_the_window_and_came_on_the_channel(inbox: Talk) -> None:
    def seen(*words: str) -> int:
        return int(inbox("rules", "backtest", "--no-clocks", "--format", "json", *words).json()["decisions"])

    half = seen("--since", "2026-04-10", "--until", UNTIL)
    assert 0 < half < 300
    assert half + seen("--since", SINCE, "--until", "۱۴۰۵/۱/۲۱") == 300
    assert 0 < seen(*ALL, "--channel", "support") < 300
    assert seen("--since", "1h") == 0


def test_it_is_told_in_persian(inbox: Talk, draft: Path) -> None:
    said = inbox("rules", "backtest", *ALL, "--with", str(draft), "--lang", "fa")
    assert "تصمیم در" in said.out.splitlines()[0]
    assert "بازسازی با این قاعده‌ها" in said.out
    assert "فرض‌های این برآورد:" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "soon"), "“soon” is no time"),
        (("--fail-if-changed", "many"), "“many” is no share"),
        (("--fail-if-changed", "500%"), "“500%” is no share"),
        (("--channel", "nowhere"), "There is no channel “nowhere”"),
        (("--with", "nowhere"), "nowhere"),
    ],
)
def test_words_that_are_wrong(inbox: Talk, words: tuple[str, ...], told: str) -> None:
    said = inbox("rules", "backtest", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_a_draft_that_is_wrong_is_refused(inbox: Talk, draft: Path) -> None:
    (draft / "20-more.toml").write_text("[[rule]]\nnmae = 1\n")
    said = inbox("rules", "backtest", *ALL, "--with", str(draft))
    assert said.code == 2
    assert "20-more.toml:2" in said.err


def test_several_processes_print_what_one_prints(inbox: Talk, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("rules", "backtest", *ALL, "--with", str(draft), "--format", "json")
    once = inbox(*words).out
    monkeypatch.setattr(rules_backtest, "Backtest", partial(Backtest, size=16))
    monkeypatch.setattr(rules_backtest, "ALONE", 20)
    for count in (1, 2):
        monkeypatch.setattr(rules_backtest, "processes", lambda count=count: count)
        assert inbox(*words).out == once
