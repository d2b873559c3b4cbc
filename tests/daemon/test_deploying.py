"""The unit and the container as they are shipped: what they name exists, and the daemon runs as somebody who may write to its site alone."""

import ast
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from inbox.cli.app import command as command_line
from inbox.site import catalogues
from inbox.text.wording import load
from tests.daemon.sites import MailChannel, Shed
from tests.rig import unprivileged
from tests.rig.daemon import command
from tests.rig.wait import until

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "operations" / "systemd" / "inbox.service"
CONTAINER = ROOT / "docs" / "operations" / "container" / "Containerfile"
MOST_EXPOSED = 2.0
"""As systemd-analyze counts it, 0 being the best of 10."""


def healthcheck() -> str:
    """The program that the container asks with."""
    [words] = re.findall(r"^  CMD (\[.*\])$", CONTAINER.read_text("utf-8"), re.MULTILINE)
    python, option, program = ast.literal_eval(words)
    assert (python, option) == ("python", "-c")
    return str(program)


def test_the_unit_starts_what_there_is() -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    known = command_line(load(catalogues()), "en").commands
    service = unit["Service"]
    for key in ("ExecStart", "ExecStartPre"):
        program, word, *_ = service[key].split()
        assert program.endswith("/bin/inbox")
        assert word in known
    assert service["Type"] == "notify-reload"
    assert int(service["TimeoutStopSec"]) > 20, "the daemon takes up to 20 s to end"
    for key, value in {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "DynamicUser": "yes"}.items():
        assert service[key] == value, "S42: whoever gets in can change no code"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_hardened() -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(UNIT)], capture_output=True, text=True, check=False
    ).stdout
    [exposed] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert float(exposed) <= MOST_EXPOSED


def test_the_container_is_made_of_what_there_is() -> None:
    text = CONTAINER.read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    known = command_line(load(catalogues()), "en").commands
    assert 'ENTRYPOINT ["inbox"]' in text
    assert re.findall(r'^CMD \["(\w+)"', text, re.MULTILINE)[0] in known
    assert re.search(r"^USER 10001", text, re.MULTILINE), "S42: no root in it"


def test_the_health_check_of_the_container_tells_ill_from_well(sites: Shed) -> None:
    made = sites.site(MailChannel()).start()

    def asked(port: int) -> int:
        program = healthcheck().replace(":8025", f":{port}")
        return subprocess.run([sys.executable, "-c", program], check=False, stderr=subprocess.DEVNULL).returncode

    assert asked(made.web) == 0
    assert made.stop() == 0
    assert asked(made.web) != 0


def reachable() -> bool:
    """Whether somebody else may run the very Python that runs the tests."""
    return os.geteuid() == 0 and all(
        path.stat().st_mode & 0o001 for path in Path(os.path.realpath(sys.executable)).parents
    )


@pytest.mark.skipif(not reachable(), reason="nobody else may run this Python, or we are not root")
def test_it_runs_as_somebody_who_may_write_to_its_site_alone(sites: Shed) -> None:
    made = sites.site(MailChannel())
    folder = unprivileged.folder("site")
    site = folder / "site"
    shutil.copytree(made.site, site)
    for path in [site, *site.rglob("*")]:
        unprivileged.give(path)
    log = folder / "log"
    with log.open("wb") as words:
        process = unprivileged.spawn([command(), "run", "--site", str(site)], words, site)
    try:
        until(lambda: made.ready() or process.poll() is not None, within=90, what="it is ready")
        assert process.poll() is None, log.read_text("utf-8")
        assert "Running as root" not in log.read_text("utf-8")
    finally:
        unprivileged.end(process, within=25)
        unprivileged.remove(folder)
    assert process.returncode == 0
