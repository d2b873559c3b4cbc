"""A day-old backup, taken beside a running daemon: restored, it sends nothing that was sent before, and fetches what came since."""

import json
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.workload import Kind, Mail, build
from tests.daemon.books import books
from tests.daemon.commands import Commands
from tests.daemon.post import answer, read
from tests.daemon.sites import MailChannel, Shed, imap, smtp
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

EARLY, LATE = 6, 8
"""Customers before the backup, and after it."""


@dataclass
class Scene:
    """A site that has run on after its backup: a mailbox, a server that keeps what it took, two folders."""

    sites: Shed
    dovecot: Dovecot
    mailbox: str
    sink: SmtpSink
    mails: list[Mail]
    daemon: Daemon
    backup: Path

    def deliver(self, raw: bytes, at: datetime | None = None) -> None:
        self.dovecot.deliver(self.mailbox, raw, at=at)

    def restored(self, *words: str) -> Daemon:
        """A site made of the backup, its daemon not started."""
        root = self.sites.folder / "again"
        done = self.daemon.cli("restore", str(self.backup), "--to", str(root), *words)
        assert done.code == 0, done
        web = free_port()
        config = (root / "config.toml").read_text("utf-8").replace(f":{self.daemon.web}", f":{web}")
        (root / "config.toml").write_text(config, "utf-8")
        return self.sites.daemon(root, web)


@pytest.fixture
def scene(sites: Shed, dovecot: Dovecot, mailbox: str, smtp_sink: SmtpSink, tmp_path: Path) -> Scene:
    mails = [mail for mail in build(60, 7) if mail.kind is Kind.NEW][: EARLY + LATE + 2]
    daemon = sites.site(MailChannel(intake=imap(dovecot.imap_port, mailbox), outgoing=smtp(smtp_sink.port))).start()
    return Scene(sites, dovecot, mailbox, smtp_sink, mails, daemon, tmp_path / "backup")


def settled(daemon: Daemon, arrivals: int) -> None:
    with books(daemon.site) as store:
        until(lambda: store.judged() >= arrivals and not store.busy(), what=f"{arrivals} arrivals are seen to")


def backed_up(scene: Scene) -> None:
    done = scene.daemon.cli("backup", str(scene.backup))
    assert done.code == 0, done


def test_a_restored_site_sends_nothing_twice_and_has_everything_again(scene: Scene) -> None:
    for mail in scene.mails[:EARLY]:
        scene.deliver(mail.raw)
    scene.sink.wait_for(EARLY)
    settled(scene.daemon, EARLY)

    # One hand-over is under way at the instant of the backup: it goes out after it.
    hanging = scene.sink.hangs_at("DATA")
    scene.deliver(scene.mails[EARLY].raw)
    with books(scene.daemon.site) as store:
        until(lambda: store.busy() == 1, what="one acknowledgement waits to go")
    backed_up(scene)
    hanging.release()
    scene.sink.wait_for(EARLY + 1)

    # A day goes on: more customers, and answers to what the house said.
    for mail in scene.mails[EARLY + 1 : EARLY + LATE]:
        scene.deliver(mail.raw)
    scene.sink.wait_for(EARLY + LATE, within=180)
    rng = random.Random(3)
    answered = scene.sink.accepted[EARLY + 1]
    scene.deliver(answer(rng, answered, 1))
    settled(scene.daemon, EARLY + LATE + 1)
    sent = len(scene.sink.accepted)
    assert scene.daemon.stop() == 0
    with books(scene.daemon.site) as store:
        before = store.inbound()
        conversations = store.count("SELECT count(*) FROM conversation")

    again = scene.restored()
    again.start()
    settled(again, EARLY + LATE + 1)
    with books(again.site) as store:
        until(
            lambda: store.count("SELECT count(*) FROM message WHERE direction = 'inbound'") == len(before),
            what="synced",
        )
        assert set(store.inbound()) == set(before), "what came since the backup is here, once"
        assert store.count("SELECT count(*) FROM conversation") == conversations
        held = store.deliveries()
        assert (held["sent"], held["parked"], held["queued"]) == (EARLY + 1, LATE - 1, 0), held
        told = store.count("SELECT count(*) FROM delivery WHERE error LIKE '%delivery.restored_told%'")
        assert told == 1, "somebody had answered an acknowledgement that the backup does not know"
    assert len(scene.sink.accepted) == sent, "nothing was sent a second time"

    waiting = again.cli("outbox", "--state", "parked", "--format", "json").json()
    assert len(waiting) == LATE - 1
    assert all("restored" in one["error"] for one in waiting)

    # From here on it is a site like any other: who writes now is acknowledged, and what people decide is done.
    scene.deliver(scene.mails[EARLY + LATE].raw)
    scene.sink.wait_for(sent + 1)
    assert again.cli("outbox", "retry", str(waiting[0]["id"])).code == 0
    scene.sink.wait_for(sent + 2)
    settled(again, EARLY + LATE + 2)
    assert again.stop() == 0
    assert len(scene.sink.accepted) == sent + 2
    assert Commands(again.site)("verify").code == 0


def test_what_came_after_the_old_site_had_ended_is_acknowledged_as_always(scene: Scene) -> None:
    scene.deliver(scene.mails[0].raw)
    scene.sink.wait_for(1)
    settled(scene.daemon, 1)
    backed_up(scene)
    assert scene.daemon.stop() == 0
    ended = datetime.now(UTC)
    scene.deliver(scene.mails[1].raw, at=ended - timedelta(minutes=5))
    scene.deliver(scene.mails[2].raw, at=ended + timedelta(seconds=2))
    again = scene.restored("--until", ended.isoformat()).start()
    settled(again, 3)
    scene.sink.wait_for(2)
    with books(again.site) as store:
        assert store.deliveries() == {"sent": 2, "parked": 1}
    to = read(scene.sink.accepted[1].raw)["To"]
    assert str(to) == str(read(scene.mails[2].raw)["From"]) or to.addresses[0].addr_spec in str(scene.mails[2].raw)


def test_a_backup_that_is_not_whole_is_told_and_not_restored(scene: Scene, tmp_path: Path) -> None:
    big = scene.mails[0].raw + b"x" * 200_000
    scene.deliver(big)
    settled(scene.daemon, 1)
    backed_up(scene)
    cli = scene.daemon.cli
    assert cli("restore", str(scene.backup), "--check").code == 0
    manifest = json.loads((scene.backup / "manifest.json").read_text("utf-8"))
    [digest] = manifest["blobs"]
    assert manifest["left_out"] == ["channel.support.imap.password: env:MAIL_PASSWORD"]
    assert {one["path"].partition("/")[2] for one in manifest["files"]} >= {"config.toml", "data/secret"}

    # The same folder again: only what is new is copied, and the older one is whole until the new one is.
    kept = (scene.backup / "blobs" / digest[:2] / digest[2:]).stat()
    scene.deliver(scene.mails[1].raw)
    settled(scene.daemon, 2)
    backed_up(scene)
    assert (scene.backup / "blobs" / digest[:2] / digest[2:]).stat().st_ino == kept.st_ino
    assert len(list(scene.backup.glob("database-*"))) == len(list(scene.backup.glob("site-*"))) == 1

    def spoilt(path: str, content: bytes | None) -> None:
        folder = tmp_path / "spoilt"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(scene.backup, folder)
        (folder / path).unlink()
        if content is not None:
            (folder / path).write_bytes(content)
        done = cli("restore", str(folder), "--check")
        assert done.code != 0, path
        told = cli("restore", str(folder), "--to", str(tmp_path / "never"))
        assert told.code != 0, path
        assert not (tmp_path / "never" / "config.toml").exists()

    manifest = json.loads((scene.backup / "manifest.json").read_text("utf-8"))
    database, blob = manifest["database"], f"blobs/{digest[:2]}/{digest[2:]}"
    whole = (scene.backup / database).read_bytes()
    spoilt(blob, None)
    spoilt(blob, b"other bytes")
    spoilt(database, whole[:-4096])
    spoilt(database, whole[: len(whole) // 2] + b"\0" * 4096 + whole[len(whole) // 2 + 4096 :])
    spoilt(f"{manifest['site']}/data/secret", b"1" * 32)
    spoilt("manifest.json", None)
    spoilt("manifest.json", b"{}")


def test_nothing_is_written_over(scene: Scene) -> None:
    backed_up(scene)
    done = scene.daemon.cli("restore", str(scene.backup), "--to", str(scene.daemon.site))
    assert done.code != 0
    assert "nothing is overwritten" in done.err
    assert scene.daemon.running
