"""What people install: locks without addresses, and a wheel that holds everything the daemon reads."""

import re
import subprocess
import sys
import tomllib
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-fuzz.lock")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Package to version, as a lock file lists them."""
    return dict(_PIN.findall((ROOT / lock).read_text("utf-8")))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"https?:|file:|index-url|find-links", text)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text.strip()))


def test_each_lock_holds_the_one_before_it() -> None:
    for smaller, larger in pairwise(LOCKS):
        assert pins(smaller).items() <= pins(larger).items(), "run `make lock`: all targets share one .venv"


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    assert {name_of(entry) for entry in asked} <= {name_of(name) for name in pins(LOCKS[0])}
    for group, lock in (("dev", LOCKS[1]), ("fuzz", LOCKS[2])):
        wanted = {name_of(entry) for entry in project["dependency-groups"][group]}
        assert wanted <= {name_of(name) for name in pins(lock)}


def name_of(entry: str) -> str:
    """The normal form of a package's name (PEP 503), without extras and versions."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", entry)[0]).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel that was just built, without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def files(folder: str, pattern: str) -> set[str]:
    """Files of the checkout that the wheel must hold, below `folder`."""
    found = {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob(pattern) if path.is_file()}
    return {name for name in found if "__pycache__" not in name}


def test_the_wheel_holds_every_template_rule_and_catalogue(wheel: list[str]) -> None:
    for folder, pattern, place in (
        ("templates", "*.j2", "inbox/_data/templates"),
        ("rules", "*.toml", "inbox/_data/rules"),
        ("inbox/locale", "*.mo", "inbox/locale"),
        ("inbox", "*.py", "inbox"),
        ("channels", "*.py", "channels"),
        ("channels", "*.j2", "channels"),
    ):
        wanted = files(folder, pattern)
        assert wanted, f"{folder} holds no {pattern}"
        assert {f"{place}/{name}" for name in wanted} <= set(wheel)
    assert "inbox/_data/config.toml" in wheel
    assert "inbox/py.typed" in wheel


def test_the_wheel_holds_nothing_else(wheel: list[str]) -> None:
    assert {Path(name).parts[0] for name in wheel if ".dist-info" not in name} == {"inbox", "channels"}
