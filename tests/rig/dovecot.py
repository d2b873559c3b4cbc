"""A private Dovecot on loopback: IMAP, IMAPS and LMTP for any user name with the password "secret"."""

import grp
import itertools
import os
import pwd
import re
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from string import Template

from tests.rig import unprivileged
from tests.rig.authority import Authority
from tests.rig.loopback import HOST, free_ports, listens
from tests.rig.wait import until

PASSWORD = "secret"
_CAPABILITIES = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT THREAD=REFERENCES MULTIAPPEND UNSELECT CHILDREN NAMESPACE "
    "UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS "
    "BINARY MOVE SPECIAL-USE LITERAL+ NOTIFY"
)


class Dovecot:
    """One running server. Mailboxes appear when mail is put into them or somebody logs in.

    `without` names IMAP capabilities that are not announced, such as "IDLE"; `settings` are further lines of
    dovecot.conf. Users are whole addresses in lower case; mail over LMTP finds them without their `+detail`.
    """

    def __init__(self, authority: Authority, *, without: Sequence[str] = (), settings: str = "") -> None:
        self.host = HOST
        self.imap_port = self.imaps_port = self.lmtp_port = 0
        self.folder = unprivileged.folder("dovecot")
        self.log = self.folder / "dovecot.log"
        self._certificate = authority.issue()
        self._capability = " ".join(name for name in _CAPABILITIES.split() if name not in without)
        self._settings = settings
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Dovecot":
        """Start and wait until all three ports answer; a port lost to another process costs one more try."""
        for _ in range(5):
            self.imap_port, self.imaps_port, self.lmtp_port = self._ports()
            self._process = self._spawn()
            until(lambda: self._answers() or self._ended(), within=60, what=f"Dovecot answers, see {self.log}")
            if not self._ended():
                return self
            self.imap_port = 0
        raise RuntimeError(f"Dovecot does not start: {self.log.read_text()}")

    def stop(self) -> None:
        """End the server; the mail stays, so `start` brings it back on the same ports."""
        if self._process:
            unprivileged.end(self._process)
            self._process = None

    def close(self) -> None:
        """End the server and throw its mail away."""
        self.stop()
        unprivileged.remove(self.folder)

    def deliver(self, user: str, raw: bytes, mailbox: str = "INBOX", *, at: datetime | None = None) -> Path:
        """Put one mail straight into the Maildir, the way a local delivery agent does: write to tmp, rename to new.

        `at` becomes its INTERNALDATE; without it that is the present.
        """
        box = self.maildir(user, mailbox)
        name = f"1.M{next(self._numbers):09d}P{os.getpid()}.rig"
        written = box / "tmp" / name
        written.write_bytes(raw)
        unprivileged.give(written)
        if at:
            os.utime(written, (at.timestamp(), at.timestamp()))
        return written.rename(box / "new" / name)

    def append_many(self, user: str, raws: Iterable[bytes], mailbox: str = "INBOX") -> int:
        """Put many mails into the Maildir; their UIDs follow the order given. Returns how many.

        A delivery over LMTP that comes before anybody opens the mailbox takes a lower UID than they do.
        """
        return len([self.deliver(user, raw, mailbox) for raw in raws])

    def deliver_lmtp(self, recipient: str, raw: bytes, sender: str = "rig@example.org") -> None:
        """Hand one mail over by LMTP; raises `smtplib.SMTPException` when it is refused."""
        with smtplib.LMTP(self.host, self.lmtp_port, local_hostname="rig.example.org") as client:
            client.sendmail(sender, [recipient], raw)

    def mails(self, user: str, mailbox: str = "INBOX") -> list[bytes]:
        """All mails of one mailbox, read from disk, seen or not."""
        box = self.maildir(user, mailbox)
        found = [path for part in ("cur", "new") for path in (box / part).iterdir()]
        return [path.read_bytes() for path in sorted(found, key=lambda path: path.name)]

    def maildir(self, user: str, mailbox: str = "INBOX") -> Path:
        """The Maildir of a mailbox, created when it is missing."""
        root = self.folder / "mail" / user.lower() / "Maildir"
        box = root if mailbox == "INBOX" else root / f".{mailbox}"
        for part in ("tmp", "new", "cur"):
            unprivileged.make(box / part)
        return box

    def kick(self, user: str) -> None:
        """Cut every connection of a user, as an administrator would, and wait until they are gone."""
        who = user.lower()
        if self._connected(who):
            self._doveadm("kick", who)
            until(lambda: not self._connected(who), what=f"the connections of {who} end")

    def reset_uidvalidity(self, user: str, mailbox: str = "INBOX") -> None:
        """Make Dovecot forget the UIDs of a mailbox: a new UIDVALIDITY, the UIDs counted from 1 again."""
        self.kick(user)
        box = self.maildir(user, mailbox)
        forgotten = _uidvalidity(box)
        for path in (*box.glob("dovecot-uidlist*"), *box.glob("dovecot.index*")):
            path.unlink(missing_ok=True)
        until(lambda: time.time() >= forgotten + 1, what="the second, which the new UIDVALIDITY is made of, changes")

    def throw_away(self, user: str) -> None:
        """Delete a mailbox with all its folders, as an administrator would; an empty one appears in its place."""
        self.kick(user)
        box = self.maildir(user)
        forgotten = _uidvalidity(box)
        unprivileged.remove(box.parent)
        until(lambda: time.time() >= forgotten + 1, what="the second, which the new UIDVALIDITY is made of, changes")
        self.maildir(user)

    def _connected(self, user: str) -> bool:
        return any(line.split("\t")[0] == user for line in self._doveadm("-f", "tab", "who").splitlines())

    def _doveadm(self, *words: str) -> str:
        return unprivileged.run(["doveadm", "-c", str(self.folder / "dovecot.conf"), *words], self.folder)

    def _ports(self) -> list[int]:
        return [self.imap_port, self.imaps_port, self.lmtp_port] if self.imap_port else free_ports(3)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        uid, gid = unprivileged.ids()
        config = self.folder / "dovecot.conf"
        config.write_text(
            Template(Path(__file__).with_name("dovecot.conf").read_text()).substitute(
                folder=self.folder,
                uid=uid,
                gid=gid,
                user=_name_of_user(uid),
                group=_name_of_group(gid),
                cert=self._certificate.cert,
                key=self._certificate.key,
                imap=self.imap_port,
                imaps=self.imaps_port,
                lmtp=self.lmtp_port,
                capability=self._capability,
                password=PASSWORD,
                settings=self._settings,
            )
        )
        unprivileged.give(config)
        for name in ("run", "mail"):
            unprivileged.make(self.folder / name)
        with (self.folder / "words.log").open("ab") as words:
            return unprivileged.spawn(["dovecot", "-F", "-c", str(config)], words, self.folder)

    def _answers(self) -> bool:
        return listens(self.lmtp_port) and listens(self.imaps_port) and self._greets()

    def _greets(self) -> bool:
        try:
            with socket.create_connection((self.host, self.imap_port), timeout=5) as sock:
                return sock.recv(64).startswith(b"* OK")
        except OSError:
            return False

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


def _uidvalidity(maildir: Path) -> int:
    """The number that Dovecot made from the second in which it first saw the mailbox, or 0."""
    listed = maildir / "dovecot-uidlist"
    found = re.match(r"3 V(\d+)", listed.read_text()) if listed.exists() else None
    return int(found[1]) if found else 0


def _name_of_user(uid: int) -> str:
    return pwd.getpwuid(uid).pw_name


def _name_of_group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name
