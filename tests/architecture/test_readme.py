"""The first mail of the README does what the README says, typed as it stands there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.rig.daemon import Daemon, environment
from tests.rig.daemon import run as run_inbox
from tests.rig.loopback import free_port
from tests.rig.wait import until

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
[MAIL] = [block for block in BLOCKS if "cat > mail.txt" in block]
[ANSWERS] = [block for block in BLOCKS if "inbox reply" in block]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Daemon, int]]:
    """The shipped site on ports of its own, running; and the port that takes mail."""
    web, mail = free_port(), free_port()
    run_inbox("init", str(tmp_path / "site"), "--yes", cwd=tmp_path)
    config = tmp_path / "site" / "config.toml"
    config.write_text(config.read_text("utf-8").replace(":8025", f":{web}").replace(":2525", f":{mail}"), "utf-8")
    daemon = Daemon(tmp_path / "site", web).start()
    yield daemon, mail
    daemon.close()


def typed(lines: str, site: Path) -> None:
    """Type lines into a shell in the site's folder, with the installed command at hand."""
    path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", lines],
        cwd=site,
        env=environment({"PATH": path}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def laid_out(site: Path) -> list[str]:
    """The mails that lie in the folder for answers."""
    return [path.read_text("utf-8") for path in sorted((site / "data" / "outgoing" / "new").glob("*"))]


def test_a_first_mail_is_acknowledged_and_answered(house: tuple[Daemon, int]) -> None:
    daemon, port = house
    typed(MAIL.replace(":2525", f":{port}").replace("cat data/outgoing/new/*\n", ""), daemon.site)
    [acknowledgement] = until(lambda: laid_out(daemon.site), what="the acknowledgement lies there")
    assert "Auto-Submitted: auto-replied" in acknowledgement
    [row] = daemon.cli("list", "--format", "json").json()
    assert row["reference"] in acknowledgement
    typed(ANSWERS.replace("K7Q2", row["reference"]).replace(". .venv/bin/activate\n", ""), daemon.site)
    until(lambda: len(laid_out(daemon.site)) == 2, what="the answer lies there too")
    assert any("it left our warehouse today" in mail for mail in laid_out(daemon.site))
