"""Files that change while it runs: taken over by themselves, whole or not at all; and the last good ones outlive a restart."""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inbox.site import Site
from inbox.store import live
from inbox.store.store import Store
from tests.daemon.sites import Shed
from tests.rig.daemon import Daemon
from tests.rig.wait import until

RULE = 'format = 1\n[[rule]]\nname = "{name}"\nthen.tag = "{name}"\n'
BROKEN = 'format = 1\n[[rule]]\nname = "mine"\nthen.tags = ["x"]\n'


@pytest.fixture
def daemon(sites: Shed) -> Daemon:
    """It runs, without any channel."""
    return sites.site(more="").start()


def state(daemon: Daemon) -> live.State:
    """What the database says, as another process reads it."""
    with closing(Store("sqlite:///data/inbox.db", Site(daemon.site).root)) as store:
        return store.read_now(live.state)


def came(daemon: Daemon) -> list[str]:
    with closing(Store("sqlite:///data/inbox.db", Site(daemon.site).root)) as store:
        return [one.how for one in store.read_now(live.came)][::-1]


def count(daemon: Daemon, word: str) -> int:
    return daemon.words().count(f'"event": "{word}"')


def after(daemon: Daemon, word: str, act: Callable[[], object]) -> None:
    """Do it, and wait until the log says that word once more."""
    before = count(daemon, word)
    act()
    until(lambda: count(daemon, word) > before, within=15, what=f"the log says {word}")


def mine(daemon: Daemon) -> Path:
    return daemon.site / "rules" / "15-mine.toml"


def renamed_over(path: Path, text: str) -> None:
    """As careful editors save: beside it, and then over it."""
    draft = path.with_name(f".{path.name}.swp")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)


def moved_away(path: Path, text: str) -> None:
    """As others do: the old file is the backup, and the new one is new."""
    if path.exists():
        os.replace(path, path.with_name(f"{path.name}~"))
    path.write_text(text, "utf-8")


def written(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def whole_folder(path: Path, text: str) -> None:
    """As a deployment does: another folder takes the place of this one."""
    fresh = path.parent.with_name("rules.new")
    shutil.copytree(path.parent, fresh)
    (fresh / path.name).write_text(text, "utf-8")
    os.rename(path.parent, path.parent.with_name("rules.old"))
    os.rename(fresh, path.parent)


def test_a_rule_is_live_once_it_is_saved_in_whichever_way(daemon: Daemon) -> None:
    names = [f"rule {number}" for number in range(1, 6)]
    for name, save in zip(names, (written, renamed_over, moved_away, whole_folder, written), strict=True):
        save(mine(daemon), RULE.format(name=name))
        until(lambda name=name: kept(daemon)[-1] == [name], within=15, what=f"{name} is live")  # type: ignore[misc]  # bound now
    assert set(came(daemon)[1:]) == {"files"}
    # A slow editor may be caught with the old file moved away and the new one not there yet: that is a revision too.
    assert [found for found in kept(daemon) if found] == [[name] for name in names], "and each can be had again"


def kept(daemon: Daemon) -> list[list[str]]:
    """Of every revision in the database, the rules that this test wrote."""
    with closing(sqlite3.connect(daemon.site / "data" / "inbox.db")) as books:
        files = [row[0] for row in books.execute("SELECT files FROM revision ORDER BY live_at")]
    return [re.findall(r'name = \\"(rule \d)\\"', text) for text in files]


def test_a_broken_file_is_refused_and_told_and_a_mended_one_taken(daemon: Daemon) -> None:
    good = state(daemon)
    after(daemon, "reload-refused", lambda: written(mine(daemon), BROKEN))
    refused = state(daemon)
    assert refused.live == good.live
    assert [problem.key for problem in refused.problems] == ["rules.unknown_key_near"]
    assert daemon.running
    doctor = daemon.cli("doctor")
    assert doctor.code == 1
    assert "goes on with revision" in doctor.out
    after(daemon, "reloaded", lambda: mine(daemon).unlink())
    assert (state(daemon).problems, state(daemon).refused_at) == ((), None)


def test_the_last_good_ones_outlive_a_restart_with_broken_files(daemon: Daemon) -> None:
    files = [daemon.site / "rules" / name for name in ("90-default.toml", "hours.toml", "policies.toml")]
    good = [path.read_text("utf-8").replace("format = 1", "format = 1\n# ours", 1) for path in files]

    def mended() -> None:
        for path, text in zip(files, good, strict=True):
            written(path, text)

    def broken() -> None:
        for path in files:
            written(path, "format = 1\n[[rule\n")

    after(daemon, "reloaded", mended)
    live_now = state(daemon).live
    after(daemon, "reload-refused", broken)
    assert daemon.stop() == 0
    daemon.start()
    assert "were in force last" in daemon.words()
    (line,) = [line for line in daemon.words().splitlines() if "running-on-last-good" in line]
    assert all(f"rules/{path.name}" in line for path in files)
    now = state(daemon)
    assert (now.live, now.refused_at is not None) == (live_now, True)
    assert {str(one.facts["where"]).partition(":")[0] for one in now.problems} == {f"rules/{p.name}" for p in files}
    assert daemon.cli("verify").code == 0, "and what people do goes on"
    after(daemon, "reloaded", mended)
    assert state(daemon).problems == ()


def test_the_last_good_templates_outlive_a_restart_with_a_broken_one(daemon: Daemon) -> None:
    template = daemon.site / "templates" / "messages" / "acknowledgement" / "en" / "body.txt.j2"
    template.parent.mkdir(parents=True, exist_ok=True)
    after(daemon, "reloaded", lambda: written(template, "Our own words, {{ reference }}."))
    live_now = state(daemon).live
    after(daemon, "reload-refused", lambda: written(template, "{{ nobody }}"))
    assert daemon.stop() == 0
    daemon.start()
    assert "were in force last" in daemon.words()
    now = state(daemon)
    assert (now.live, [problem.key for problem in now.problems]) == (live_now, ["template.unknown_variable"])
    with closing(Store("sqlite:///data/inbox.db", Site(daemon.site).root)) as store:
        assert now.live is not None
        kept = store.read_now(live.templates, now.live.templates) or {}
    assert kept["templates/messages/acknowledgement/en/body.txt.j2"] == "Our own words, {{ reference }}."
    assert "templates" in daemon.cli("rules", "history").out
    after(daemon, "reloaded", lambda: written(template, "Mended, {{ reference }}."))
    assert state(daemon).problems == ()


def test_a_command_asks_for_it_and_learns_what_came_of_it(daemon: Daemon) -> None:
    with closing(Store("sqlite:///data/inbox.db", daemon.site)) as store:
        number = store.write_now(live.ask)
        until(lambda: state(daemon).answered >= number, what="it has read again")
        assert state(daemon).problems == ()
        after(daemon, "reload-refused", lambda: written(mine(daemon), BROKEN))
        number = store.write_now(live.ask)
        until(lambda: state(daemon).answered >= number, what="it has read again")
        assert len(state(daemon).problems) == 1
    assert '"how": "command"' in daemon.words()


def test_another_config_is_told_to_need_a_restart(daemon: Daemon) -> None:
    config = daemon.site / "config.toml"
    text = config.read_text("utf-8")
    after(daemon, "config-changed", lambda: config.write_text(text + "\n# another\n", "utf-8"))
    until(lambda: state(daemon).restart, what="it says so")
    assert "Restart it" in daemon.cli("doctor").out
    config.write_text(text, "utf-8")
    until(lambda: not state(daemon).restart, within=15, what="it is the same again")
    assert count(daemon, "reloaded") == 0


def test_saving_without_a_change_and_other_files_reload_nothing(daemon: Daemon) -> None:
    default = daemon.site / "rules" / "90-default.toml"
    default.write_text(default.read_text("utf-8"), "utf-8")
    (daemon.site / "rules" / "notes.txt").write_text("mine\n", "utf-8")
    after(daemon, "reloaded", lambda: written(mine(daemon), RULE.format(name="one")))
    assert (count(daemon, "reloaded"), count(daemon, "reload-refused")) == (1, 0)
