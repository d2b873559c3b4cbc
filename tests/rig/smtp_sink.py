"""A scripted SMTP server that keeps every mail it takes, writes a ledger of them, and fails on demand."""

import contextlib
import hashlib
import json
import re
import shutil
import ssl
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.rig.listener import Listener
from tests.rig.smtp_faults import Fault, Faults, Way
from tests.rig.smtp_session import Envelope, Manners, Session
from tests.rig.wait import AT_ONCE, until
from tests.rig.wire import Wire

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 52428800", "ENHANCEDSTATUSCODES")
MECHANISMS = ("PLAIN", "LOGIN", "XOAUTH2")
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail that the sink took, whatever it answered; one line of the ledger."""

    number: int
    at: str  # UTC, ISO 8601
    sha256: str
    message_id: str | None
    sender: str
    recipients: list[str]
    parameters: list[str]
    encrypted: bool
    login: str | None
    size: int  # bytes
    file: str

    @property
    def raw(self) -> bytes:
        """The mail as it was sent, without dot-stuffing."""
        return Path(self.file).read_bytes()


class SmtpSink:
    """One running sink. `tls` is given for implicit TLS, `starttls` for the upgrade; `accounts` maps user to secret.

    The ledger (`ledger.jsonl`) and the mails lie in `folder`, which is a temporary one unless given.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        accounts: Mapping[str, str] | None = None,
        mechanisms: Sequence[str] = MECHANISMS,
        extensions: Sequence[str] = EXTENSIONS,
    ) -> None:
        self._temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="inbox-sink-"))
        self.ledger = self.folder / "ledger.jsonl"
        (self.folder / "mails").mkdir(parents=True, exist_ok=True)
        self.accepted: list[Accepted] = list(read_ledger(self.ledger))
        self._manners = Manners(tuple(extensions), dict(accounts or {}), tuple(mechanisms), starttls, greylists=False)
        self._faults = Faults()
        self._seen: set[tuple[str, str]] = set()
        self._listener = Listener(self._talk, tls)

    @property
    def host(self) -> str:
        """Where it listens."""
        return self._listener.host

    @property
    def port(self) -> int:
        """Where it listens; chosen at the first start, kept afterwards."""
        return self._listener.port

    @property
    def connections(self) -> int:
        """How many connections there were so far."""
        return self._listener.connections

    def start(self) -> "SmtpSink":
        """Take connections."""
        self._listener.start()
        return self

    def stop(self) -> None:
        """Be unreachable; `start` comes back on the same port with the same ledger."""
        self._listener.pause()

    def close(self) -> None:
        """End; a temporary folder goes away. Raises what went wrong inside."""
        try:
            self._listener.close()
        finally:
            if self._temporary:
                shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for(self, count: int, within: float = AT_ONCE) -> list[Accepted]:
        """The mails taken so far, once there are at least `count`."""
        until(lambda: len(self.accepted) >= count, within=within, what=f"the sink takes {count} mails")
        return list(self.accepted)

    def refuses(
        self,
        stage: str,
        code: int,
        text: str = "no",
        *,
        address: str | None = None,
        times: int | None = 1,
        skip: int = 0,
        status: str = "",
    ) -> Fault:
        """Answer `code` at a stage, only for one address when given; 421 ends the connection as well. `status`: the enhanced
        code (RFC 3463); by default one that tells nothing."""
        answer = f"{code} {status or f'{code // 100}.0.0'} {text}".encode()
        return self._faults.order(Fault(stage, Way.REFUSE, answer, address, times, skip))

    def drops_after(
        self,
        stage: str,
        *,
        rudely: bool = False,
        accepted: bool = True,
        address: str | None = None,
        times: int | None = 1,
        skip: int = 0,
    ) -> Fault:
        """Hang up instead of answering a stage, with a reset when `rudely`.

        After the final dot ("dot") the mail counts as taken unless `accepted` is False.
        """
        way = Way.RST if rudely else Way.FIN
        return self._faults.order(Fault(stage, way, b"", address, times, skip, accepted))

    def garbage_after_dot(
        self, garbage: bytes = b"\xff\x00 no such reply", *, accepted: bool = True, times: int | None = 1
    ) -> Fault:
        """Answer the final dot with bytes that are no SMTP reply."""
        return self._faults.order(Fault("dot", Way.GARBAGE, garbage, times=times, accepted=accepted))

    def hangs_at(self, stage: str, *, accepted: bool = True, times: int | None = 1, skip: int = 0) -> Fault:
        """Say nothing at a stage until the fault is released or the client leaves."""
        return self._faults.order(Fault(stage, Way.SILENCE, times=times, skip=skip, accepted=accepted))

    def greylists(self, switched_on: bool = True) -> None:
        """Refuse each new pair of sender and recipient once, with 451."""
        self._manners = replace(self._manners, greylists=switched_on)

    def behaves(self) -> None:
        """Forget all ordered failures."""
        self._faults.forget()
        self.greylists(False)

    def hang_up(self, *, rudely: bool = False) -> None:
        """End the open connections, as a server does with idle ones."""
        self._listener.hang_up(rudely=rudely)

    async def _talk(self, wire: Wire) -> None:
        await Session(wire, self._manners, self._faults, self._seen, self._accept).talk()

    def _accept(self, envelope: Envelope) -> int:
        number = len(self.accepted) + 1
        file = self.folder / "mails" / f"{number:06d}.eml"
        file.write_bytes(envelope.body)
        header = envelope.body.partition(b"\r\n\r\n")[0]
        found = _MESSAGE_ID.search(header)
        mail = Accepted(
            number=number,
            at=datetime.now(UTC).isoformat(),
            sha256=hashlib.sha256(envelope.body).hexdigest(),
            message_id=found[1].decode("utf-8", "replace") if found else None,
            sender=envelope.sender,
            recipients=envelope.recipients,
            parameters=list(envelope.parameters),
            encrypted=envelope.encrypted,
            login=envelope.login,
            size=len(envelope.body),
            file=str(file),
        )
        with self.ledger.open("a", encoding="utf-8", errors="surrogateescape") as lines:
            lines.write(json.dumps(asdict(mail), ensure_ascii=False) + "\n")
        self.accepted.append(mail)
        return number


def read_ledger(ledger: Path) -> Iterator[Accepted]:
    """What a ledger holds, in the order of acceptance; nothing when there is none."""
    with contextlib.suppress(FileNotFoundError), ledger.open(encoding="utf-8", errors="surrogateescape") as lines:
        yield from (Accepted(**json.loads(line)) for line in lines)
