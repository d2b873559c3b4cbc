"""`inbox rules rollback`: earlier rules are put back as a whole, or nothing happens."""

from pathlib import Path

import pytest

from bench.past_site import with_past
from inbox.cli import rulefolder
from inbox.domain.problems import Problem
from inbox.site import Site
from tests.cli.talk import Talk, at_terminal


@pytest.fixture
def site(site: Path) -> Path:
    """A site whose live rules somebody has just edited, and added to."""
    with_past(site, rules=5, decisions=3)
    rules = site / "rules"
    (rules / "20-new.toml").write_text('[[rule]]\nname = "new"\nthen.tag = "n"\n')
    made = (rules / "10-made.toml").read_text("utf-8")
    (rules / "10-made.toml").write_text(made.replace('"high"', '"low"'), "utf-8")
    (rules / "tests" / "mine.toml").write_text("")
    return site


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("[0-9]*.toml")}


def test_the_files_of_the_live_revision_are_back_and_the_others_kept_beside(inbox: Talk, site: Path) -> None:
    live = inbox("rules", "diff", "--format", "json").json()["before"]
    said = inbox("rules", "rollback", live[:8], "--yes")
    assert said.code == 0
    lines = said.out.splitlines()
    assert "− “new” (it was at rules/20-new.toml:1)" in lines
    assert "    then priority low → high" in lines
    assert lines[-2].startswith(f"The files are those of {live} now; what was there is in {site}/rules.before-")
    assert lines[-1].startswith("No daemon runs here. The files are right: rules ")
    assert names(site / "rules") == {"10-made.toml"}
    assert '"high"' in (site / "rules" / "10-made.toml").read_text("utf-8")
    assert (site / "rules" / "tests" / "mine.toml").exists(), "hours, policies and tests stay"
    (saved,) = site.glob("rules.before-*")
    assert names(saved) == {"10-made.toml", "20-new.toml"}
    assert '"low"' in (saved / "10-made.toml").read_text("utf-8")
    assert inbox("rules", "rollback", live, "--yes").out == f"The files are those of {live} already.\n"


def test_broken_files_are_no_obstacle(inbox: Talk, site: Path) -> None:
    live = inbox("rules", "diff", "--format", "json").json()["before"]
    (site / "rules" / "20-new.toml").write_text("nonsense")
    (site / "rules" / "21-new.toml").write_bytes(b"\xff")
    assert inbox("rules", "rollback", live, "--yes", "--format", "json").json()["done"] == "cli.rules.rollback.done"
    assert inbox("rules", "check").code == 0


def test_what_would_be_refused_now_is_not_put_back(inbox: Talk, site: Path) -> None:
    policies = site / "rules" / "policies.toml"
    policies.write_text(policies.read_text("utf-8").replace("policy.vip", "policy.gold"), "utf-8")
    said = inbox("rules", "rollback", "~0", "--yes")
    assert (said.code, said.out) == (2, "")
    assert "vip" in said.err
    assert names(site / "rules") == {"10-made.toml", "20-new.toml"}


def test_nobody_is_there_to_say_yes(inbox: Talk, site: Path) -> None:
    said = inbox("rules", "rollback", "~0")
    assert said.code == 2
    assert "--yes" in said.err
    assert not list(site.glob("rules.before-*"))


@pytest.mark.parametrize(("answer", "after"), [("y", {"10-made.toml"}), ("n", {"10-made.toml", "20-new.toml"})])
def test_somebody_is_asked(site: Path, answer: str, after: set[str]) -> None:
    code, screen = at_terminal(["rules", "rollback", "~0"], [("back?", answer)], site)
    assert (code, names(site / "rules")) == (0 if answer == "y" else 1, after), screen


def test_a_site_without_rules_of_its_own_gets_a_folder(inbox: Talk, site: Path, tmp_path: Path) -> None:
    (site / "rules").rename(tmp_path / "away")
    said = inbox("rules", "rollback", "~0", "--yes", "--lang", "fa")
    assert said.code == 0, said.err
    assert names(site / "rules") == {"10-made.toml"}
    assert (site / "rules" / "hours.toml").exists()


def test_a_link_stays_a_link(inbox: Talk, site: Path, tmp_path: Path) -> None:
    (site / "rules").rename(tmp_path / "elsewhere")
    (site / "rules").symlink_to(tmp_path / "elsewhere")
    assert inbox("rules", "rollback", "~0", "--yes").code == 0
    assert (site / "rules").is_symlink()
    assert names(tmp_path / "elsewhere") == {"10-made.toml"}
    assert len(list(tmp_path.glob("elsewhere.before-*"))) == 1


def test_where_nothing_can_be_written_nothing_changes(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_one: Path, _other: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rulefolder, "_exchange", full)
    with pytest.raises(Problem, match=r"not_replaced: .*No space left on device"):
        rulefolder.replaced(Site(site), {"rules/10-made.toml": ""}, "before-x")
    assert names(site / "rules") == {"10-made.toml", "20-new.toml"}
    assert [path.name for path in site.glob("rules*")] == ["rules"]


def test_a_system_that_cannot_exchange_takes_two_steps_and_takes_the_first_back(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_args: object, **_more: object) -> object:
        return object()

    monkeypatch.setattr("ctypes.CDLL", nothing)
    saved = rulefolder.replaced(Site(site), {"rules/30-other.toml": ""}, "before-x")
    assert saved is not None
    assert (names(site / "rules"), names(saved)) == ({"30-other.toml"}, {"10-made.toml", "20-new.toml"})
    lone = tmp_path / "lone"
    lone.mkdir()
    with pytest.raises(OSError):
        rulefolder._exchange(tmp_path / "missing", lone)
    assert lone.is_dir()
