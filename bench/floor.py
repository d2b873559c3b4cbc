"""The floor: how fast one hand-written process parses mails and commits each in a transaction of its own.

    python -m bench.floor FOLDER_OF_EML [--repeat 3]

It does what any support inbox must do for a mail and nothing else: parse it with the standard library, look for an
earlier delivery and for the conversation it follows, and store contact, conversation, message, attachments and the
acknowledgement that is due, with SQLite in WAL mode and `synchronous=FULL`. No rules, no clocks, no network.
"""

import argparse
import email
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE contact(id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, name TEXT, seen_at REAL);
CREATE TABLE conversation(id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL, subject TEXT, state TEXT NOT NULL,
  created_at REAL, updated_at REAL, due_at REAL, messages INTEGER NOT NULL DEFAULT 0);
CREATE INDEX conversation_open ON conversation(state, updated_at);
CREATE TABLE message(id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, contact_id INTEGER,
  message_id TEXT NOT NULL UNIQUE, in_reply_to TEXT, subject TEXT, text TEXT, html TEXT, sent_at REAL);
CREATE INDEX message_conversation ON message(conversation_id, id);
CREATE TABLE attachment(id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, name TEXT, type TEXT, size INTEGER,
  data BLOB);
CREATE TABLE delivery(id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, message_id INTEGER, state TEXT NOT NULL)
"""
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
ACKNOWLEDGE_WITHIN = 3600.0  # seconds; the floor's only policy


@dataclass(frozen=True, slots=True)
class Floor:
    """What one process managed: mails a second of wall time, CPU seconds for 1,000 mails, peak memory in MB."""

    mails_per_second: float
    cpu_seconds_per_1000: float
    peak_mb: float
    messages: int
    acknowledgements: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is not its text."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that is stored of one mail; `ancestors` are the ids it answers, the nearest first."""

    message_id: str
    ancestors: tuple[str, ...]
    address: str
    name: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    automatic: bool
    sent_at: float


def parse(raw: bytes) -> Parsed:
    """One mail taken apart with the old, fast policy of the standard library."""
    mail = email.message_from_bytes(raw)
    name, address = parseaddr(_header(mail, "From"))
    text, html, attachments = _bodies(mail)
    parents = MESSAGE_ID.findall(str(mail["In-Reply-To"] or ""))
    earlier = parents + MESSAGE_ID.findall(str(mail["References"] or ""))[::-1]
    return Parsed(
        message_id=str(mail["Message-ID"]).strip(),
        ancestors=tuple(dict.fromkeys(earlier))[:10],
        address=address.lower(),
        name=name,
        subject=_header(mail, "Subject"),
        text=text,
        html=html,
        attachments=attachments,
        automatic=_automatic(mail),
        sent_at=parsedate_to_datetime(str(mail["Date"])).timestamp(),
    )


def _header(mail: Message, name: str) -> str:
    value = str(mail[name] or "")
    if "=?" in value:
        try:
            value = str(make_header(decode_header(value)))
        except (HeaderParseError, LookupError, UnicodeError):
            return value
    return value.replace("\r", "").replace("\n", " ").strip()


def _bodies(mail: Message) -> tuple[str, str, tuple[Attachment, ...]]:
    """The first text, the first HTML, and everything else."""
    found: dict[str, str] = {}
    attachments = []
    for part in mail.walk():
        if part.is_multipart():
            continue
        payload, kind, name = part.get_payload(decode=True), part.get_content_type(), part.get_filename()
        data = payload if isinstance(payload, bytes) else b""
        if name or kind not in ("text/plain", "text/html"):
            attachments.append(Attachment(name or kind, kind, data))
        elif kind not in found:
            found[kind] = data.decode(part.get_content_charset() or "utf-8", "replace")
    return found.get("text/plain", ""), found.get("text/html", ""), tuple(attachments)


def _automatic(mail: Message) -> bool:
    return (
        str(mail["Auto-Submitted"] or "no").lower() != "no"
        or mail["X-Autoreply"] is not None
        or str(mail["Precedence"] or "").lower() in ("bulk", "junk", "list")
        or mail.get_content_type() == "multipart/report"
    )


class Store:
    """One SQLite file with the durability that the daemon's store has."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)

    def commit(self, mail: Parsed) -> None:
        """Everything about one mail in one transaction; a mail seen before changes nothing."""
        self._run("BEGIN IMMEDIATE")
        if not self._one("SELECT 1 FROM message WHERE message_id=?", mail.message_id):
            self._add(mail)
        self._run("COMMIT")

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _add(self, mail: Parsed) -> None:
        conversation, contact = self._followed(mail.ancestors), self._contact(mail)
        due = conversation is None and not mail.automatic
        if conversation is None:
            conversation = self._insert(
                "INSERT INTO conversation(contact_id, subject, state, created_at, updated_at, due_at, messages)"
                " VALUES(?,?,'open',?,?,?,1)",
                *(contact, mail.subject, mail.sent_at, mail.sent_at, mail.sent_at + ACKNOWLEDGE_WITHIN),
            )
        else:
            self._run(
                "UPDATE conversation SET state='open', updated_at=?, messages=messages+1 WHERE id=?",
                *(mail.sent_at, conversation),
            )
        message = self._message(mail, conversation, contact)
        if due:
            self._run(
                "INSERT INTO delivery(conversation_id,message_id,state) VALUES(?,?,'queued')", conversation, message
            )

    def _message(self, mail: Parsed, conversation: int, contact: int) -> int:
        parent = mail.ancestors[0] if mail.ancestors else None
        message = self._insert(
            "INSERT INTO message(conversation_id, contact_id, message_id, in_reply_to, subject, text, html, sent_at)"
            " VALUES(?,?,?,?,?,?,?,?)",
            *(conversation, contact, mail.message_id, parent, mail.subject, mail.text, mail.html, mail.sent_at),
        )
        for one in mail.attachments:
            self._run(
                "INSERT INTO attachment(message_id, name, type, size, data) VALUES(?,?,?,?,?)",
                *(message, one.name, one.type, len(one.data), one.data),
            )
        return message

    def _followed(self, ancestors: Sequence[str]) -> int | None:
        marks = ",".join("?" * len(ancestors))
        found = self._one(
            f"SELECT conversation_id FROM message WHERE message_id IN ({marks}) ORDER BY id DESC LIMIT 1", *ancestors
        )
        return int(found[0]) if found else None

    def _contact(self, mail: Parsed) -> int:
        row = self._one(
            "INSERT INTO contact(address, name, seen_at) VALUES(?,?,?)"
            " ON CONFLICT(address) DO UPDATE SET seen_at=excluded.seen_at RETURNING id",
            *(mail.address, mail.name, mail.sent_at),
        )
        return int(row[0])

    def _insert(self, sql: str, *values: object) -> int:
        return int(self._db.execute(sql, values).lastrowid or 0)

    def _one(self, sql: str, *values: object) -> Any:
        return self._db.execute(sql, values).fetchone()

    def _run(self, sql: str, *values: object) -> None:
        self._db.execute(sql, values)


def run(folder: Path, store_file: Path) -> Floor:
    """Parse and commit every mail of a folder in this process, one after the other."""
    files, store = sorted(folder.iterdir()), Store(store_file)
    wall, cpu = time.perf_counter(), time.process_time()
    for file in files:
        store.commit(parse(file.read_bytes()))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Floor(
        mails_per_second=len(files) / wall,
        cpu_seconds_per_1000=cpu * 1000 / len(files),
        peak_mb=_peak_mb(),
        messages=store.count("message"),
        acknowledgements=store.count("delivery"),
    )


def _peak_mb() -> float:
    """The most memory this process ever had resident; `getrusage` would tell the parent's peak where that was higher."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(folder: Path, repeat: int = 3) -> Floor:
    """The median of several runs, each in a fresh process on a fresh store; raises `RuntimeError` if one fails."""
    runs = [_in_a_process_of_its_own(folder) for _ in range(repeat)]
    return Floor(
        mails_per_second=statistics.median(one.mails_per_second for one in runs),
        cpu_seconds_per_1000=statistics.median(one.cpu_seconds_per_1000 for one in runs),
        peak_mb=statistics.median(one.peak_mb for one in runs),
        messages=runs[-1].messages,
        acknowledgements=runs[-1].acknowledgements,
    )


def _in_a_process_of_its_own(folder: Path) -> Floor:
    command = [sys.executable, "-m", "bench.floor", str(folder), "--once"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"The floor could not be measured on {folder}: {done.stderr}")
    return Floor(**json.loads(done.stdout))


def main() -> None:
    """Print the figures as JSON: one run in this process, or the median of several in processes of their own."""
    parser = argparse.ArgumentParser(prog="python -m bench.floor", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--once", action="store_true", help="one run in this very process")
    asked = parser.parse_args()
    if not asked.once:
        print(json.dumps(asdict(measure(asked.folder, asked.repeat)), indent=1))
        return
    with tempfile.TemporaryDirectory(prefix="inbox-floor-") as scratch:
        print(json.dumps(asdict(run(asked.folder, Path(scratch) / "floor.db"))))


if __name__ == "__main__":
    main()
