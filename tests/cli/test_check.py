"""`inbox check` tells everything that is wrong, with file and line."""

from pathlib import Path
from typing import Any

from tests.cli.talk import Talk


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def findings(inbox: Talk) -> dict[str, dict[str, Any]]:
    """The findings by where they are."""
    said = inbox("check", "--format", "json")
    found = {finding["where"]: finding for finding in said.json()}
    assert said.code == (1 if any(finding["level"] == "error" for finding in found.values()) else 0)
    return found


def test_the_shipped_defaults_are_well(inbox: Talk, site: Path) -> None:
    said = inbox("check")
    assert said.code == 0
    assert said.out.startswith("All is well: 3 channels, ")
    assert inbox("check", "--quiet").out == ""
    assert findings(inbox) == {}
    assert not (site / "data" / "inbox.db").exists(), "looking makes no database"


def test_config_rules_hours_policies_and_templates_are_told_together(inbox: Talk, site: Path) -> None:
    edit(site / "config.toml", 'policy = ""', 'policy = "stnadard"')
    edit(site / "rules" / "hours.toml", 'zone = "Asia/Tehran"', 'zone = "Asia/Teheran"')
    (site / "rules" / "50-mine.toml").write_text(
        'format = 1\n\n[[rule]]\nname = "mine"\nwhne = 1\n[rule.then]\ntag = "x"\n'
    )
    template = site / "templates" / "messages" / "acknowledgement" / "fa" / "body.txt.j2"
    template.parent.mkdir(parents=True)
    template.write_text("سلام\n{{ contcat_name }}\n")
    found = findings(inbox)
    assert found["rules/50-mine.toml:5"]["level"] == "error"
    assert "contact_name" in found["templates/messages/acknowledgement/fa/body.txt.j2:2"]["told"]
    assert any(where.startswith("rules/hours.toml") for where in found)
    line = (site / "config.toml").read_text("utf-8").splitlines().index('policy = "stnadard"') + 1
    assert found[f"config.toml:{line}: channel.support"]["problem"] == "config.unknown_name"


def test_a_menu_that_is_not_there_is_named_with_its_line(inbox: Talk, site: Path) -> None:
    edit(site / "config.toml", 'menu = ""', 'menu = "departmnet"')
    line = (site / "config.toml").read_text("utf-8").splitlines().index('menu = "departmnet"') + 1
    told = findings(inbox)[f"config.toml:{line}: channel.support"]
    assert (told["problem"], told["level"]) == ("config.unknown_name", "error")
    assert "departmnet" in told["told"]


FORM = """
[menus.about]
ask = { fa = "چه؟", en = "What?" }
choices = [{ value = "order", fa = "سفارش", en = "Order", team = "nobody" }]

[fields.order]
label = { fa = "شماره", en = "Number" }
pattern = "(["
only_for = ["ordr"]
"""


def test_what_is_wrong_with_a_form_is_named_with_its_line(inbox: Talk, site: Path) -> None:
    config = site / "config.toml"
    edit(config, "fields = []", 'fields = ["order", "lost"]')
    config.write_text(config.read_text("utf-8") + '\nmenu = "about"\nfields = ["order"]\n' + FORM, encoding="utf-8")
    lines = config.read_text("utf-8").splitlines()
    found = [(one["where"], one["problem"]) for one in inbox("check", "--format", "json").json()]

    def at(line: str, table: str, problem: str) -> tuple[str, str]:
        return f"config.toml:{lines.index(line) + 1}: {table}", problem

    assert at('fields = ["order", "lost"]', "channel.support", "config.no_form") in found
    assert at('fields = ["order", "lost"]', "channel.support", "config.unknown_name") in found
    assert at('pattern = "(["', "fields.order", "config.bad_pattern") in found
    assert at('only_for = ["ordr"]', "fields.order", "config.only_for_nothing") in found
    assert any("menus.about" in where and problem == "config.unknown_name" for where, problem in found)


def test_a_broken_config_is_a_finding_like_any_other(inbox: Talk, site: Path) -> None:
    (site / "config.toml").write_text("[wbe]\n")
    said = inbox("check")
    assert said.code == 1
    assert (
        said.out
        == "error: config.toml:1: there is no key “wbe” here. Perhaps you meant: web. Correct the name or take the line out.\n"
    )


def test_warnings_alone_are_no_failure(inbox: Talk, site: Path) -> None:
    for file in (site / "rules").glob("9*.toml"):
        file.unlink()
    found = findings(inbox)
    assert [finding["level"] for finding in found.values()] == ["warning"]


def test_rules_may_name_the_people_of_the_store(inbox: Talk, site: Path) -> None:
    rule = 'format = 1\n\n[[rule]]\nname = "mine"\n[rule.then]\nassign = "agent:sara"\nfinal = false\n'
    (site / "rules" / "50-mine.toml").write_text(rule.replace("final = false\n", ""))
    assert [where for where, finding in findings(inbox).items() if finding["level"] == "error"]
    assert inbox("agents", "add", "sara").code == 0
    assert not [where for where, finding in findings(inbox).items() if finding["level"] == "error"]


def test_findings_are_told_in_persian_too(inbox: Talk, site: Path) -> None:
    (site / "config.toml").write_text("[wbe]\n")
    assert inbox("check", "--lang", "fa").out.startswith("خطا: ")


def test_a_rule_file_that_cannot_be_read_is_told(inbox: Talk, site: Path) -> None:
    (site / "rules" / "50-latin.toml").write_bytes(b"# \xe9\n")
    (site / "rules" / "51-gone.toml").symlink_to("nowhere")
    found = findings(inbox)
    assert {where: one["problem"] for where, one in found.items()} == {
        "rules/50-latin.toml": "config.unreadable",
        "rules/51-gone.toml": "config.unreadable",
    }


def test_a_broken_file_is_told_of_once_and_not_by_all_that_name_what_is_in_it(inbox: Talk, site: Path) -> None:
    hours = site / "rules" / "hours.toml"
    whole = hours.read_text("utf-8")
    hours.write_text("[hours\n")
    assert {one["problem"] for one in findings(inbox).values()} == {"config.not_toml"}
    hours.write_text(whole.replace("Asia/Tehran", "Asia/Teheran", 1))
    (only,) = findings(inbox)
    assert only.startswith("rules/hours.toml")
    hours.unlink()
    (only,) = findings(inbox)
    assert only == "rules/hours.toml"


def test_a_channel_goes_on_by_a_mail_channel_that_is_there(inbox: Talk, site: Path) -> None:
    edit(site / "config.toml", 'continues_on = ""', 'continues_on = "suport"')
    (unknown,) = findings(inbox).values()
    assert (unknown["problem"], "suport" in unknown["told"]) == ("config.unknown_name", True)
    edit(site / "config.toml", 'continues_on = "suport"', 'continues_on = "support"')
    (itself,) = findings(inbox).values()
    assert itself["problem"] == "config.cannot_continue"
    assert "support" in itself["told"]
