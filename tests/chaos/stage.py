"""A site with everything around it that can be hurt: a mailbox on a real Dovecot and a server to send through, a port that mail is handed
to, a bot with a file in a chat and a desk in a group; on either database."""

import shutil
import smtplib
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import sqlalchemy as sa

from bench.letters import SUPPORT
from tests.chaos.faulty import RECORD, VARIABLE, Order, happened
from tests.daemon.books import Books
from tests.daemon.commands import Commands
from tests.daemon.sites import ENVIRONMENT, UNBRAKED, MailChannel, imap, listener, smtp
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.daemon import Daemon
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import free_port
from tests.rig.s3 import S3, table
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

FRONT = "front@desk.test"
AGENT = "reza"
ANSWER = "It leaves today."
LARGE = 90_000
"""Bytes of a file: its mail is a blob, not a row."""
PATIENT = 90.0
"""Seconds until everything is settled, starts and second tries included: some ten on a quiet machine."""
IMPATIENT = 'retry_first = "1 second"\n'
CONFIG = """{unbraked}
[outbox]
{impatient}
[log]
level = "debug"
{store}
[channel.bot]
kind = "telegram"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
can = {{ pause = 0, group_per_minute = 0 }}

[desk.support]
channel = "bot"
chat = -500
"""
CUSTOMERS = ("ali@customer.test", "lena@customer.test", "omid@customer.test")
CHAT = 7


def mail(number: int, to: str, enclosed: int = 0) -> bytes:
    """A customer's mail, with a file of so many bytes."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"<{CUSTOMERS[number]}>", f"<{to}>", f"Order {number}"
    made["Message-ID"] = f"<{number}@customer.test>"
    made.set_content("Where is my order?")
    if enclosed:
        made.add_attachment(bytes(range(250)) * (enclosed // 250), "application", "octet-stream", filename="photo.bin")
    return made.as_bytes(policy=SMTP)


@dataclass(slots=True)
class Stage:
    """One site, and those around it with their ledgers."""

    root: Path
    web: int
    port: int
    database: str
    sink: SmtpSink
    bot: BotApi
    runs: list[Daemon] = field(default_factory=list)
    hurt: bool = False
    """Something was raised or cancelled, of which the log may tell."""

    @property
    def commands(self) -> Commands:
        """The command line of the site."""
        return Commands(self.root)

    @property
    def log(self) -> str:
        """What the daemons said."""
        return self.runs[0].words() if self.runs else ""

    @contextmanager
    def books(self) -> Iterator[Books]:
        """The store, read beside the daemon."""
        url = self.database or f"sqlite:///file:{self.root / 'data' / 'inbox.db'}?mode=ro&uri=true"
        # Whoever has a file open spares the next daemon the recovery of its log; a server does not mind.
        engine = sa.create_engine(url, poolclass=None if self.database else sa.pool.NullPool)
        try:
            yield Books(engine)
        finally:
            engine.dispose()

    def keep_in(self, server: S3) -> None:
        """Before it starts: large mails lie in a bucket of that server from now on."""
        for name in ("bucket-key", "bucket-token"):
            (self.root / name).write_text(name)
            (self.root / name).chmod(0o600)
        bucket = server.bucket(self.root.parent.name.replace("_", "-"))
        with (self.root / "config.toml").open("a", encoding="utf-8") as config:
            config.write(table(bucket, server.endpoint, 'file = "bucket-key"', 'file = "bucket-token"'))

    # -- what happens --------------------------------------------------------------------------------------------------
    def play(self, order: Order | None) -> None:
        """Three mails, a chat with a file, an answer of ours, and a fault; until nothing is left to do and nobody is hurt any more."""
        self.hurt = order is not None and order.kind != "kill"
        daemon = self._daemon(str(order) if order else RECORD)
        daemon.start(wait=False)
        answered = offered = False
        with self.books() as books:

            def settled() -> bool:
                nonlocal answered, offered
                if not daemon.running:
                    daemon.start(wait=False)
                offered = offered or self._hand_over(mail(2, FRONT))
                answered = answered or self._answer(books)
                return offered and answered and self._quiet(books)

            until(settled, within=PATIENT, every=0.1, what="everything is settled")
        if order is not None and order.kind != "kill":
            # What an end would have mended must not be what mends it; and what is left behind must not wait for the next start.
            assert daemon.stop(30) == 0
            daemon.start()
            with self.books() as books:
                until(lambda: self._quiet(books), within=PATIENT, what="it is as quiet after a start")
        assert daemon.running or daemon.start()
        assert daemon.stop(30) == 0

    def _daemon(self, order: str) -> Daemon:
        made = Daemon(
            self.root, self.web, {**ENVIRONMENT, VARIABLE: order}, [sys.executable, "-m", "tests.chaos.faulty"]
        )
        self.runs.append(made)
        return made

    def _hand_over(self, raw: bytes) -> bool:
        try:
            client = smtplib.SMTP("127.0.0.1", self.port, local_hostname="customer.test", timeout=20)
        except (OSError, smtplib.SMTPException):
            return False
        with closing(client):
            try:
                client.sendmail(CUSTOMERS[2], [FRONT], raw)
            except (smtplib.SMTPException, OSError):
                return False  # not taken, or nobody knows: handed over again, as every server does
        return True

    def _answer(self, books: Books) -> bool:
        """Once the acknowledgement is out: an answer would drop one that waits."""
        found = books.rows(
            "SELECT c.reference FROM conversation c JOIN message m ON m.conversation_id = c.id "
            "JOIN delivery d ON d.conversation_id = c.id WHERE m.key = :key AND d.state IN ('sent', 'unknown')",
            key="<0@customer.test>",
        )
        return bool(found) and self.commands("reply", found[0][0], ANSWER, "--as", AGENT, "--anyway").code == 0

    def _quiet(self, books: Books) -> bool:
        waiting = books.count("SELECT count(*) FROM collecting WHERE blob IS NULL")
        return len(books.inbound()) == 4 and not books.verdicts()["pending"] and not books.busy() and not waiting

    def told(self) -> dict[str, object]:
        """How it stands: shown beside a test that failed."""
        with self.books() as books:
            keys = books.rows("SELECT key, direction FROM message ORDER BY id")
            return {"verdicts": books.verdicts(), "deliveries": books.deliveries(), "messages": keys}

    def close(self) -> None:
        """End what runs."""
        for one in self.runs:
            one.close()

    # -- the checker ---------------------------------------------------------------------------------------------------
    def violations(self) -> list[str]:
        """What is not as it must be, by the store and by the ledgers of those around it; I1, I2, I3, I4 and I10."""
        found: list[str] = []
        with self.books() as books:
            found += self._stored(books)
            found += self._sent(books)
        verified = self.commands("verify")
        if verified.code:
            found.append(f"I10 {verified.out}{verified.err}")
        if "Traceback" in self.log and not self.hurt:
            found.append("a traceback of our own")
        return found

    def _stored(self, books: Books) -> list[str]:
        inbound = books.inbound()
        found = [f"I1 lost: {number}" for number in range(3) if f"<{number}@customer.test>" not in inbound]
        if len(inbound) != 4 or len(set(inbound.values())) != 4:
            found.append(f"I2 four were written, and there are {inbound}")
        states = books.verdicts()
        if set(states) - {"accepted", "duplicate"}:
            found.append(f"I4 verdicts: {dict(states)}")
        files = books.rows("SELECT state FROM attachment")
        if sorted(row[0] for row in files) != ["here", "here"]:
            found.append(f"I1 files: {files}")
        return found

    def _sent(self, books: Books) -> list[str]:
        """Everybody is told once, or nobody knows; what is stored as sent was taken, and what was taken is stored so."""
        rows = books.rows("SELECT key, state, purpose FROM delivery")
        states = {str(key).strip("<>"): str(state) for key, state, _ in rows}
        found = [
            f"I4 a delivery is {state}: {key}" for key, state in states.items() if state not in ("sent", "unknown")
        ]
        keys = [str(one.message_id).strip("<>") for one in self.sink.accepted]
        keys += [_key(path) for path in (self.root / "data" / "outgoing" / "new").glob("*")]
        found += [f"I3 twice: {key}" for key in {*keys} if keys.count(key) > 1]
        found += [f"I3 handed over and not known so: {key}" for key in keys if key not in states]
        chats = [
            line.parameters["text"] for line in self.bot.calls("sendMessage") if line.parameters["chat_id"] == str(CHAT)
        ]
        found += [f"I3 told twice in the chat: {text}" for text in {*chats} if chats.count(text) > 1]
        told = len(keys) + len(chats)
        sent, unknown = (sum(state == one for state in states.values()) for one in ("sent", "unknown"))
        if not sent <= told <= sent + unknown:
            found.append(f"I3 {told} were handed over, {sent} count as sent and {unknown} as unknown")
        if len(states) != 5:
            found.append(f"I1 four acknowledgements and an answer are owed, and there are {len(states)}")
        return found


def _key(path: Path) -> str:
    return str(message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"]).strip("<>")


@contextmanager
def blank_stage(folder: Path, blank: Path, dovecot: Dovecot, mailbox: str, database: str) -> Iterator[Stage]:
    """A stage on which nothing has happened yet, and an agent who answers. `database`: empty: a file of the site."""
    root, web, port = folder / "site", free_port(), free_port()
    shutil.copytree(blank, root)
    sink, bot = SmtpSink(folder / "sink").start(), BotApi(folder / "network").start()
    mails = MailChannel(intake=imap(dovecot.imap_port, mailbox, first_sync="answer"), outgoing=smtp(sink.port))
    front = MailChannel(name="front", address=FRONT, intake=listener(port))
    store = f'[store]\nurl = "{database.replace("+psycopg", "")}"\n' if database else ""
    config = CONFIG.format(unbraked=UNBRAKED, impatient=IMPATIENT, store=store, api=bot.base, file=bot.file_base)
    (root / "config.toml").write_text(f'{config}\n[web]\nlisten = "127.0.0.1:{web}"\n\n{mails}\n{front}', "utf-8")
    (root / "bot-token").write_text(TOKEN)
    (root / "bot-token").chmod(0o600)
    made = Stage(root, web, port, database, sink, bot)
    try:
        assert made.commands("agents", "add", AGENT, "--name", "Reza", "--address", "reza@desk.test").code == 0
        dovecot.maildir(mailbox)
        yield made
    finally:
        made.close()
        print(made.log[-6000:], happened(root), made.told())
        bot.close()
        sink.close()


@contextmanager
def stage(folder: Path, blank: Path, dovecot: Dovecot, mailbox: str, database: str) -> Iterator[Stage]:
    """A stage with two mails in the mailbox and a word in a chat."""
    with blank_stage(folder, blank, dovecot, mailbox, database) as made:
        dovecot.append_many(mailbox, [mail(0, SUPPORT), mail(1, SUPPORT, LARGE)])
        made.bot.world.files["photo"] = bytes(20_000)
        document = {"file_id": "photo", "file_unique_id": "p1", "file_name": "photo.bin", "file_size": 20_000}
        made.bot.write("", chat=CHAT, document=document, caption="Where is mine?")
        yield made
