"""The unit and the container as they are shipped: what they name exists, and the health check tells ill from well."""

import ast
import re
import signal
import subprocess
import sys
from pathlib import Path

from bench.workload import Kind, build
from inbox.cli.app import command as command_line
from inbox.site import catalogues
from inbox.text.wording import load
from tests.daemon.sites import ENVIRONMENT, MailChannel, Shed, imap, smtp
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.smtp_sink import SmtpSink

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "operations" / "systemd" / "inbox.service"
CONTAINER = ROOT / "docs" / "operations" / "container" / "Containerfile"
HARDENED = {
    "DynamicUser": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "ProtectProc": "invisible",
    "ProtectControlGroups": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
}
"""What the unit takes from whoever gets in."""
WIDER = {
    "ReadWritePaths",
    "BindPaths",
    "Group",
    "SupplementaryGroups",
    "PermissionsStartOnly",
    "RootDirectory",
    "ExecPaths",
}
LISTENER = """
import os, sys
CHANGES = ("os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.chown", "os.truncate", "sqlite3.connect")
told = os.open({ledger!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def hear(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        names = args[:1] if args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) else ()
    else:
        names = [one for one in args[:2] if isinstance(one, (str, bytes))] if event in CHANGES else ()
    for name in names:
        os.write(told, os.path.abspath(os.fsencode(name)) + b"\\n")
sys.addaudithook(hear)
"""
"""Runs in every Python that the daemon starts, before anything else: writes down the path of each file that is to be changed."""


def healthcheck() -> str:
    """The program that the container asks with."""
    [words] = re.findall(r"^  CMD (\[.*\])$", CONTAINER.read_text("utf-8"), re.MULTILINE)
    python, option, program = ast.literal_eval(words)
    assert (python, option) == ("python", "-c")
    return str(program)


def service() -> dict[str, list[str]]:
    """What the unit says of the service, each key as often as it stands there."""
    said: dict[str, list[str]] = {}
    for line in UNIT.read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", "[")):
            said.setdefault(key, []).append(value)
    return said


def test_the_unit_starts_what_there_is() -> None:
    said = {key: values[-1] for key, values in service().items()}
    known = command_line(load(catalogues()), "en").commands
    for key in ("ExecStart", "ExecStartPre"):
        program, word, *_ = said[key].split()
        assert program.endswith("/bin/inbox")
        assert word in known
    assert said["Type"] == "notify-reload"
    assert int(said["TimeoutStopSec"]) > 20, "the daemon takes up to 20 s to end"


def test_s42_the_unit_runs_as_nobody_in_particular_who_may_change_no_code() -> None:
    """systemd.exec(5): the whole tree may only be read, but for one folder of its own, in which no code lies."""
    said = service()
    assert said.keys().isdisjoint(WIDER), "nothing gives back what is taken below"
    assert {key: said.get(key) for key in HARDENED} == {key: [value] for key, value in HARDENED.items()}
    assert said["User"] not in (["root"], ["0"])
    [folder], [place] = said["StateDirectory"], said["WorkingDirectory"]
    assert (place, said["StateDirectoryMode"]) == (f"/var/lib/{folder}", ["0700"])
    for line in said["ExecStart"] + said["ExecStartPre"]:
        program = line.split()[0]
        assert program.startswith("/usr/"), "and no sign before it, with which it would run as root"
        assert f"--site {place}" in line
    assert said["SystemCallFilter"] == ["@system-service", "~@privileged"]


def test_the_container_is_made_of_what_there_is() -> None:
    text = CONTAINER.read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    known = command_line(load(catalogues()), "en").commands
    assert 'ENTRYPOINT ["inbox"]' in text
    assert re.findall(r'^CMD \["(\w+)"', text, re.MULTILINE)[0] in known


def test_s42_the_container_runs_as_nobody_in_particular_and_its_code_is_roots() -> None:
    """What is copied belongs to root and stays so; the one folder that is given away is the site's, where no code lies."""
    text = CONTAINER.read_text("utf-8")
    last = text.rpartition("\nFROM ")[2].replace("\\\n", " ").splitlines()
    assert [line for line in last if line.startswith("USER ")] == ["USER 10001:10001"]
    assert [line for line in last if line.startswith(("COPY", "ADD"))] == [
        "COPY --from=build /usr/local/lib/inbox /usr/local/lib/inbox"
    ]
    given = re.findall(r"install -d -o 10001 -g 10001 -m 0700 (\S+)", text)
    assert given == ["/site"] == re.findall(r"^VOLUME (.+)$", text, re.MULTILINE)
    assert not re.search(r"chown|chmod|sudo|setuid|setcap", text)


def test_s42_a_daemon_changes_nothing_outside_its_site(
    sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    """So that it can run where it may not: a mail comes in and is answered, rules are read anew, it starts, stops and starts again."""
    ledger, temporary = tmp_path / "ledger", tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "hear").mkdir()
    (tmp_path / "hear" / "sitecustomize.py").write_text(LISTENER.format(ledger=str(ledger)))
    way_in, way_out = imap(dovecot.imap_port, mailbox), smtp(smtp_sink.port)
    made = sites.site(MailChannel(intake=way_in, outgoing=way_out))
    heard = {"PYTHONPATH": str(tmp_path / "hear"), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(temporary)}
    daemon = Daemon(made.site, made.web, {**ENVIRONMENT, **heard})
    try:
        daemon.start()
        dovecot.deliver(mailbox, next(mail for mail in build(40, 5) if mail.kind is Kind.NEW).raw)
        smtp_sink.wait_for(1)
        assert daemon.get("/")[0] == 403
        daemon.signal(signal.SIGHUP)
        assert daemon.stop() == 0
        assert daemon.start().stop() == 0
    finally:
        daemon.close()
    changed = {Path(line) for line in ledger.read_text().splitlines()}
    assert any(path.is_relative_to(made.site / "data") for path in changed), "it was listened to"
    ours = (made.site, temporary, Path("/dev"), Path("/proc"))
    elsewhere = [path for path in changed if not any(path.is_relative_to(one) for one in ours)]
    assert [path for path in elsewhere if not path.name.startswith(".coverage")] == []


def test_the_health_check_of_the_container_tells_ill_from_well(sites: Shed) -> None:
    made = sites.site(MailChannel()).start()

    def asked(port: int) -> int:
        program = healthcheck().replace(":8025", f":{port}")
        return subprocess.run([sys.executable, "-c", program], check=False, stderr=subprocess.DEVNULL).returncode

    assert asked(made.web) == 0
    assert made.stop() == 0
    assert asked(made.web) != 0
