"""`inbox rules check`: what is wrong with rules, and what is surely not meant."""

from pathlib import Path

from tests.cli.talk import Talk

SHADOWED = """
[[rule]]
name = "money"
when.text.mentions = ["invoice", "refund"]
then.field.topic = "money"

[[rule]]
name = "late billing"
when.subject.mentions = "Refund"
then.field.topic = "late money"
"""


def mine(site: Path, text: str, name: str = "50-mine.toml") -> None:
    (site / "rules" / name).write_text(text, "utf-8")


def test_the_shipped_rules_are_well(inbox: Talk, site: Path) -> None:
    said = inbox("rules", "check", "--strict")
    assert (said.code, said.out) == (0, "8 rules in 4 files · 0 errors · 0 warnings\n")
    assert inbox("rules", "check", "--quiet").out == ""
    assert inbox("rules", "check", "--lang", "fa").out == "۸ قاعده در ۴ پرونده · ۰ خطا · ۰ هشدار\n"
    assert not (site / "data" / "inbox.db").exists(), "looking makes no database"


def test_a_rule_that_another_always_forestalls_is_a_warning(inbox: Talk, site: Path) -> None:
    mine(site, SHADOWED)
    said = inbox("rules", "check")
    assert (said.code, said.out) == (
        0,
        "warning: rules/50-mine.toml:7: the rule “late billing” never decides anything: “money” (rules/50-mine.toml:2) "
        "always sets the same before it. Move it above that one, or take it out.\n"
        "10 rules in 5 files · 0 errors · 1 warning\n",
    )
    assert inbox("rules", "check", "--strict").code == 1
    said = inbox("rules", "check", "--lang", "fa")
    assert said.out.startswith("هشدار: ")
    assert said.out.endswith("۱۰ قاعده در ۵ پرونده · ۰ خطا · ۱ هشدار\n")


def test_a_wrong_name_is_an_error_with_file_line_and_a_suggestion(inbox: Talk, site: Path) -> None:
    assert inbox("teams", "add", "finance").code == 0
    mine(site, '[[rule]]\nname = "it"\nthen.team = "finanse"\n')
    said = inbox("rules", "check", "--format", "json")
    assert said.code == 1
    told = said.json()
    assert [(one["level"], one["where"], one["problem"]) for one in told["findings"]] == [
        ("error", "rules/50-mine.toml:3", "rules.unknown_team_near")
    ]
    assert "finance" in told["findings"][0]["told"]


def test_test_cases_are_read_too(inbox: Talk, site: Path) -> None:
    (site / "rules" / "tests" / "broken.toml").write_text('[[case]]\nname = "x"\nexpect.prioritty = "high"\n')
    said = inbox("rules", "check")
    assert said.code == 1
    assert said.out.startswith("error: rules/tests/broken.toml:3: ")


def test_a_draft_folder_is_looked_at_in_place_of_the_rules(inbox: Talk, site: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    (site / "rules").rename(draft)
    (draft / "50-mine.toml").write_text("nonsense")
    said = inbox("rules", "check", "--with", str(draft))
    assert (said.code, said.out.split(":")[1].strip()) == (1, f"{draft}/50-mine.toml")
    missing = inbox("rules", "check", "--with", str(tmp_path / "nowhere"))
    assert (missing.code, missing.out) == (2, "")
    assert "nowhere" in missing.err


def test_a_config_that_cannot_be_read_is_told_alone(inbox: Talk, site: Path) -> None:
    (site / "config.toml").write_text("[wbe]\n")
    said = inbox("rules", "check")
    assert (said.code, said.out.count("\n")) == (1, 2)
    assert "wbe" in said.out
