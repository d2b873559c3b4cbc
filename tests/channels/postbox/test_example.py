"""The example of a channel is built as a third party would build it, found by its entry point, and works in the house."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.house import ROOT
from tests.rig.daemon import Daemon, Outcome, environment
from tests.rig.daemon import run as run_inbox
from tests.rig.loopback import free_port
from tests.rig.wait import until

EXAMPLE = ROOT / "docs" / "examples" / "postbox"
CHANNEL = '[channel.box]\nkind = "postbox"\naddress = "support"\nlook_every = 0.05\n'


def run(*words: str, cwd: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Run Python on words, with the packages of a folder installed besides our own."""
    env = environment({"PYTHONPATH": str(path)})
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's wheel unpacked, which is all that installing one does."""
    folder = tmp_path_factory.mktemp("postbox")
    shutil.copytree(EXAMPLE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    built = run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=folder / "source", path=folder)
    assert built.returncode == 0, built.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def checked(folder: Path, table: str, path: Path) -> Outcome:
    """What `inbox check` says of a site with this config."""
    (folder / "config.toml").write_text(table, encoding="utf-8")
    return run_inbox("check", "--site", str(folder), cwd=folder, env={"PYTHONPATH": str(path)})


def test_it_passes_the_suite_that_every_channel_must_pass(installed: Path, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "test_postbox.py", tmp_path)
    shutil.copy(EXAMPLE / "pyproject.toml", tmp_path)
    said = run("-m", "pytest", "-p", "no:cacheprovider", str(tmp_path), cwd=tmp_path, path=installed)
    assert said.returncode == 0, said.stdout + said.stderr
    assert " passed" in said.stdout


def test_a_site_may_name_it_once_it_is_installed(installed: Path, tmp_path: Path) -> None:
    said = checked(tmp_path, CHANNEL, installed)
    assert said.code == 0, said.out + said.err


def test_a_site_that_names_it_is_told_where_it_is_not_installed(tmp_path: Path) -> None:
    said = checked(tmp_path, CHANNEL, tmp_path)
    assert (said.code, "postbox" in said.out) == (1, True), said.err


def test_a_misspelt_key_of_its_own_is_told_with_the_right_one(installed: Path, tmp_path: Path) -> None:
    said = checked(tmp_path, CHANNEL.replace("look_every", "look_evry"), installed)
    assert (said.code, "look_every" in said.out) == (1, True), said.err


def test_a_letter_is_acknowledged_and_answered_by_the_whole_house(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "config.toml").write_text(f'[web]\nlisten = "127.0.0.1:{port}"\n{CHANNEL}', encoding="utf-8")
    for one in ("support", "ali"):
        (tmp_path / "data" / "postbox" / one).mkdir(parents=True)
    daemon = Daemon(tmp_path, port, {"PYTHONPATH": str(installed)}).start()
    try:
        write(tmp_path, {"id": "l1", "sender": "ali", "to": ["support"], "subject": "سفارش", "text": "سفارشم نرسید."})
        [told] = until(lambda: letters(tmp_path), what="the acknowledgement is in Ali's folder")
        assert (told["answers"], told["automatic"]) == (["l1"], True)
        assert daemon.cli("agents", "add", "sara").code == 0
        [row] = daemon.cli("list", "--format", "json").json()
        assert daemon.cli("reply", row["reference"], "--as", "sara", "امروز می‌رسد.").code == 0
        until(lambda: len(letters(tmp_path)) == 2, what="the answer is there too")
        answer = next(one for one in letters(tmp_path) if not one["automatic"])
        assert "امروز می‌رسد." in answer["text"]
        assert answer["answers"][0] == "l1"
    finally:
        daemon.close()


def write(site: Path, letter: dict[str, object]) -> None:
    """Ali lays a letter into our folder."""
    draft = site / "data" / "postbox" / "support" / "l1.draft"
    draft.write_text(json.dumps(letter, ensure_ascii=False), encoding="utf-8")
    draft.rename(draft.with_suffix(".json"))


def letters(site: Path) -> list[dict[str, Any]]:
    """What lies in Ali's folder."""
    return [json.loads(path.read_bytes()) for path in (site / "data" / "postbox" / "ali").glob("*.json")]
