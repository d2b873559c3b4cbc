"""The floors hold, and each contract really breaks when somebody walks through the ceiling."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, sources

PURE = (
    "inbox/domain",
    "inbox/text",
    "inbox/rulebook",
    "inbox/sla",
    "inbox/knowledge",
    "inbox/sheets",
    "inbox/pipeline",
)
OUTSIDE = {"asyncio", "socket", "ssl", "select", "selectors", "subprocess", "threading", "multiprocessing", "http"}
ROOMS = ("domain", "text", "ports", "sla", "knowledge", "sheets", "store", "render", "web", "runtime")

# One breach for every contract of pyproject.toml: file below the root, import that stands in it.
BREACHES = {
    "The floors of the house": ("inbox/domain/planted.py", "import inbox.store"),
    "The core never imports an adapter": ("inbox/web/planted.py", "import channels.email"),
    "Adapters do not know one another": ("channels/email/planted.py", "import channels.memory"),
    "Adapters see ports, domain and text": ("channels/email/planted.py", "from inbox.store import rows"),
    "Only the store knows SQL": ("inbox/web/planted.py", "from sqlalchemy import select"),
    "Only runtime.timers knows APScheduler": ("inbox/runtime/planted.py", "import apscheduler.triggers"),
    "Only blobs.bucket knows obstore": ("inbox/web/planted.py", "import obstore.store"),
    "Only runtime.files knows watchfiles": ("inbox/runtime/planted.py", "import watchfiles"),
    "Only sla.feed knows icalendar": ("inbox/sla/planted.py", "import icalendar"),
    "Only knowledge.markup knows Markdown": ("inbox/web/planted.py", "import markdown_it"),
    "Only sheets knows how spreadsheets and paper are written": ("inbox/web/planted.py", "import xlsxwriter"),
    "Only render knows Jinja2": ("inbox/web/planted.py", "import jinja2"),
    "Only elsewhere.rows knows ijson": ("inbox/web/planted.py", "import ijson"),
    "Only the mail adapter knows the mail libraries": ("channels/memory/planted.py", "import aiosmtplib"),
    "Only web.accounts knows how people prove who they are": ("inbox/web/planted.py", "import argon2"),
    "Only adapters know bots and HTTP clients": ("inbox/runtime/planted.py", "import httpx"),
}

# Imports that are right, so that a contract which forbids everything shows too.
ALLOWED = {
    "inbox/store/rows.py": "import sqlalchemy, sqlite3\nimport inbox.domain",
    "inbox/render.py": "import jinja2",
    "inbox/runtime/timers.py": "import apscheduler",
    "inbox/blobs/bucket.py": "import obstore",
    "inbox/runtime/files.py": "import watchfiles",
    "inbox/sla/feed.py": "import icalendar",
    "inbox/knowledge/markup.py": "import markdown_it",
    "inbox/sheets/spreadsheet.py": "import xlsxwriter",
    "inbox/sheets/pen.py": "import fpdf",
    "inbox/elsewhere/rows.py": "import ijson",
    "inbox/web/accounts/provider.py": "import httpx, joserfc\nimport authlib.oauth2",
    "inbox/runtime/posting.py": "import httpx",
    "channels/email/fetch.py": "import aioimaplib\nimport inbox.ports, inbox.text, inbox.domain",
}


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of empty rooms under the contracts of this one."""
    root = tmp_path_factory.mktemp("house")
    (root / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for room in ("channels/email", "channels/memory", *(f"inbox/{name}" for name in ROOMS if name != "render")):
        write(root, f"{room}/__init__.py", "")
    for package in ("inbox", "channels"):
        write(root, f"{package}/__init__.py", "")
    for name, text in ALLOWED.items():
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def lint(root: Path) -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False).stdout


def verdicts(said: str, verdict: str) -> set[str]:
    return {line.partition(f" {verdict}")[0] for line in said.splitlines() if f" {verdict}" in line}


def test_the_house_keeps_every_contract() -> None:
    said = lint(ROOT)
    assert verdicts(said, "KEPT") == set(contracts()), said


def test_imports_that_are_allowed_break_nothing(house: Path) -> None:
    assert verdicts(lint(house), "BROKEN") == set()


def test_every_contract_breaks_when_it_is_breached(house: Path) -> None:
    assert set(BREACHES) == set(contracts())
    for name, text in BREACHES.values():
        write(house, name, text)
    assert verdicts(lint(house), "BROKEN") == set(contracts())


@pytest.mark.parametrize("folder", PURE)
def test_pure_rooms_reach_for_nothing_outside(folder: str) -> None:
    for source in sources(folder):
        reached = {name.partition(".")[0] for name in source.imports()} & OUTSIDE
        assert not reached, f"{source.name} is pure but imports {', '.join(sorted(reached))}"
