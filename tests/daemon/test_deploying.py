"""The unit and the container as they are shipped: what they name exists, and the health check tells ill from well."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from inbox.cli.app import command as command_line
from inbox.site import catalogues
from inbox.text.wording import load
from tests.daemon.sites import MailChannel, Shed

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "operations" / "systemd" / "inbox.service"
CONTAINER = ROOT / "docs" / "operations" / "container" / "Containerfile"


def healthcheck() -> str:
    """The program that the container asks with."""
    [words] = re.findall(r"^  CMD (\[.*\])$", CONTAINER.read_text("utf-8"), re.MULTILINE)
    python, option, program = ast.literal_eval(words)
    assert (python, option) == ("python", "-c")
    return str(program)


def test_the_unit_starts_what_there_is() -> None:
    lines = [line.partition("=") for line in UNIT.read_text("utf-8").splitlines() if not line.startswith(("#", "["))]
    service = {key: value for key, _, value in lines}
    known = command_line(load(catalogues()), "en").commands
    for key in ("ExecStart", "ExecStartPre"):
        program, word, *_ = service[key].split()
        assert program.endswith("/bin/inbox")
        assert word in known
    assert service["Type"] == "notify-reload"
    assert int(service["TimeoutStopSec"]) > 20, "the daemon takes up to 20 s to end"
    for key, value in {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "DynamicUser": "yes"}.items():
        assert service[key] == value, "S42: whoever gets in can change no code"


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
