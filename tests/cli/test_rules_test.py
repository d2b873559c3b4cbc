"""`inbox rules test`: cases that pass, cases that fail with their reasons, and rules that none exercises."""

from pathlib import Path

import pytest

from tests.cli.talk import Talk

CASE = """
[[case]]
name = "a question about a bill"
given.text = "صورت‌وضعیت را نفرستادید"
expect = { tag = "billing", priority = "high", rules = ["billing", "default"] }
never = { policy = "standard" }
"""


@pytest.fixture
def failing(site: Path) -> Path:
    file = site / "mine.toml"
    file.write_text(CASE, "utf-8")
    return file


def test_the_shipped_cases_pass_and_exercise_every_rule(inbox: Talk, site: Path) -> None:
    said = inbox("rules", "test", "--strict")
    assert said.code == 0
    *passed, last = said.out.splitlines()
    assert all(line.startswith("✓ ") for line in passed)
    assert last == f"{len(passed)} cases · {len(passed)} passed · 0 failed · 8 of 8 rules exercised"
    assert inbox("rules", "test", "--quiet").out == ""
    assert not (site / "data" / "inbox.db").exists()


def test_a_failure_says_what_came_out_and_why(inbox: Talk, failing: Path) -> None:
    said = inbox("rules", "test", str(failing))
    assert said.code == 1
    lines = said.out.splitlines()
    assert lines[0] == "✗ a question about a bill (mine.toml:2)"
    assert "    tag: expected billing, got -" in lines
    assert "    priority: expected high, got normal (set by “default”)" in lines
    assert "    policy: never standard, and got standard (set by “default”)" in lines
    because = [line for line in lines if line.startswith("    “billing” did not match: ")]
    assert len(because) == 2, "once for the tag and once for the rules"
    assert lines[-2] == "1 case · 0 passed · 1 failed · 1 of 8 rules exercised"
    assert lines[-1].startswith("No case exercises: machine mail, ")


def test_the_words_that_were_looked_at_are_shown(inbox: Talk, failing: Path) -> None:
    failing.write_text('[[case]]\nname = "c"\ngiven.text = "a question"\nexpect = { tag = "complaint" }\n')
    assert "(the words were: a question)" in inbox("rules", "test", str(failing)).out


def test_a_rule_below_a_final_one_was_not_looked_at(inbox: Talk, site: Path, failing: Path) -> None:
    (site / "rules" / "11-stop.toml").write_text('[[rule]]\nname = "stop"\nfinal = true\n')
    failing.write_text('[[case]]\nname = "c"\ngiven.text = "refund"\nexpect = { tag = "billing" }\n')
    assert "“billing” was not looked at: a rule above is final" in inbox("rules", "test", str(failing)).out


def test_a_failure_is_told_in_persian(inbox: Talk, failing: Path) -> None:
    said = inbox("rules", "test", str(failing), "--lang", "fa")
    assert said.code == 1
    assert "انتظار" in said.out
    assert "۱ نمونه · ۰ درست · ۱ نادرست · ۱ قاعده از ۸ قاعده آزموده شد" in said.out


def test_programs_get_everything(inbox: Talk, failing: Path) -> None:
    said = inbox("rules", "test", str(failing), "--format", "json")
    told = said.json()
    assert (said.code, told["cases"], told["passed"], told["rules"]) == (1, 1, 0, 8)
    (only,) = told["trials"]
    assert only["rules"] == ["default"]
    assert {one["key"]: one["author"] for one in only["differences"]} == {
        "tag": "",
        "priority": "default",
        "rules": "",
        "policy": "default",
    }
    assert next(one["missed"] for one in only["differences"] if one["key"] == "tag") == ["billing"]


def test_a_rule_that_no_case_exercises_is_a_finding_only_when_asked(inbox: Talk, site: Path) -> None:
    (site / "rules" / "50-mine.toml").write_text('[[rule]]\nname = "mine"\nwhen.tag = "x"\nthen.note = "n"\n')
    assert inbox("rules", "test").code == 0
    said = inbox("rules", "test", "--strict")
    assert (said.code, said.out.splitlines()[-1]) == (1, "No case exercises: mine")


def test_what_cannot_be_read_is_no_failure_but_a_mistake(inbox: Talk, site: Path, failing: Path) -> None:
    assert inbox("rules", "test", "nowhere.toml").code == 2
    failing.write_text("[[case]]\nnmae = 1\n")
    said = inbox("rules", "test", str(failing))
    assert (said.code, said.out) == (2, "")
    assert "mine.toml" in said.err
