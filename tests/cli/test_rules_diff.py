"""`inbox rules diff`: a stored rulebook beside the files, in words and in what the latest decisions would have been."""

from pathlib import Path

import pytest

from bench.past_site import with_past
from tests.cli.talk import Talk


@pytest.fixture
def site(site: Path) -> Path:
    """A site with a past."""
    with_past(site, decisions=60)
    return site


@pytest.fixture
def edited(site: Path) -> Path:
    """The site after somebody edited its rules: one changed, one new, one gone."""
    file = site / "rules" / "10-made.toml"
    text = file.read_text("utf-8")
    first, second, *rest = text.split("\n[[rule]]\n")
    changed = second.replace('"invoice"', '"فاکتور"').replace('"high"', '"urgent"')
    new = 'name = "new one"\nwhen.language = "fa"\nthen.tag = "persian"\nfinal = true\n'
    file.write_text("\n[[rule]]\n".join([first, changed, new, *rest[1:]]), "utf-8")
    return site


def test_nothing_differs_before_anybody_edits(inbox: Talk) -> None:
    said = inbox("rules", "diff", "--exit-code")
    assert said.code == 0
    assert said.out.endswith(" say the same.\n")


def test_what_differs_is_told_in_words_with_a_sample(inbox: Talk, edited: Path) -> None:
    said = inbox("rules", "diff")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith("rules ")
    assert "− “made 1” (it was at rules/10-made.toml:8)" in lines
    assert "+ “new one” (rules/10-made.toml:8)" in lines
    assert "    when language + fa" in lines
    assert "    then tag + persian" in lines
    assert "    final false → true" in lines
    assert "~ “made 0” (rules/10-made.toml:3)" in lines
    assert "    then priority high → urgent" in lines
    assert "    when text.mentions invoice → فاکتور".replace("فاکتور", "\u2068فاکتور\u2069") in lines
    (sample,) = [line for line in lines if line.startswith("of the latest 60 decisions, ")]
    assert any(line.endswith("  tag + persian") for line in lines[lines.index(sample) :])
    assert inbox("rules", "diff", "--exit-code", "--sample", "0").code == 1


def test_programs_get_everything(inbox: Talk, edited: Path) -> None:
    told = inbox("rules", "diff", "--format", "json").json()
    assert {(one["kind"], one["rule"]) for one in told["differences"]} == {
        ("removed", "made 1"),
        ("changed", "made 0"),
        ("added", "new one"),
    }
    assert told["sample"]["decisions"] == 60
    assert inbox("rules", "diff", "--sample", "0", "--format", "json").json()["sample"] is None


def test_a_revision_is_named_by_its_beginning(inbox: Talk, edited: Path) -> None:
    live = inbox("rules", "diff", "--format", "json").json()["before"]
    assert inbox("rules", "diff", live[:6].upper()).out == inbox("rules", "diff").out
    for wrong in ("ffff", "~1", "%", "zz"):
        said = inbox("rules", "diff", wrong)
        assert (said.code, said.out) == (2, "")
        assert f"“{wrong}”" in said.err


def test_old_rules_that_cannot_run_any_more_are_still_compared(inbox: Talk, site: Path) -> None:
    policies = site / "rules" / "policies.toml"
    policies.write_text(policies.read_text("utf-8").replace("policy.vip", "policy.gold"), "utf-8")
    file = site / "rules" / "10-made.toml"
    file.write_text(file.read_text("utf-8").replace('policy = "vip"', 'policy = "gold"'), "utf-8")
    tiers = site / "rules" / "tiers.toml"
    tiers.write_text(tiers.read_text("utf-8").replace('policy = "vip"', 'policy = "gold"'), "utf-8")
    said = inbox("rules", "diff")
    assert "    then policy vip → gold" in said.out.splitlines()
    assert said.out.splitlines()[-1].startswith("The old rules name what is not there any more")


def test_it_is_told_in_persian(inbox: Talk, edited: Path) -> None:
    said = inbox("rules", "diff", "--lang", "fa")
    assert "از آخرین ۶۰ تصمیم، " in said.out
    assert "پیش‌تر" not in said.out.splitlines()[0]
