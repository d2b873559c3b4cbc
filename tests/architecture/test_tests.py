"""The tests themselves: all are collected, and nothing is skipped in CI."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.house import ROOT, sources

FOLDERS = (
    "unit",
    "store",
    "channels",
    "corpus",
    "path",
    "cli",
    "daemon",
    "chaos",
    "simulation",
    "web",
    "architecture",
    "rigtest",
)


def pytest_says(*words: str, cwd: Path = ROOT, **env: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False).stdout


def test_every_test_file_is_collected() -> None:
    written = {source.name for source in sources("tests") if Path(source.name).name.startswith("test_")}
    listed = {line.partition("::")[0] for line in pytest_says("--collect-only").splitlines() if "::" in line}
    assert written - listed == set()


def test_every_folder_that_exists_holds_tests() -> None:
    existing = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("**/*.py"))}
    assert existing - {"rig"} <= set(FOLDERS), "a folder of tests that the design does not know"
    assert [folder for folder in existing - {"rig"} if not any((ROOT / "tests" / folder).glob("**/test_*.py"))] == []


def test_a_function_that_looks_like_a_test_stands_in_a_file_that_is_collected() -> None:
    others = [source for source in sources("tests") if not Path(source.name).name.startswith("test_")]
    assert [
        source.name for source in others if "\ndef test_" in source.text or "\nasync def test_" in source.text
    ] == []


def test_a_skip_fails_in_ci_and_only_there(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "skips.py").read_bytes())
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_a(): pytest." + "skip('why')\n"
        "@pytest.mark." + "skipif(True, reason='why')\ndef test_b(): pass\n"
        "@pytest.mark.x" + "fail\ndef test_c(): assert False\n"
        "def test_d(): pass\n"
    )
    assert "1 passed, 2 skipped, 1 xf" + "ailed" in pytest_says(cwd=tmp_path)
    for workers in "02":
        assert "2 failed, 1 passed, 1 error" in pytest_says("-n", workers, cwd=tmp_path, CI="true")
    (tmp_path / "test_it.py").write_text("import pytest\npytest." + "skip('why', allow_module_level=True)\n")
    for workers in "02":
        assert "1 error" in pytest_says("-n", workers, cwd=tmp_path, CI="true")
