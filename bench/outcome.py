"""What became of the workload, as the daemon's own store and the SMTP sink tell it, beside what was expected."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from bench.figures import Figure, exactly
from bench.workload import Expected, Kind, Mail


@dataclass(frozen=True, slots=True)
class Stored:
    """Counts from the store: arrivals by verdict, and what they were made into."""

    verdicts: Counter[str]
    without_reason: int  # ignored, but nobody can say why
    conversations: int
    messages: int  # inbound ones

    @property
    def judged(self) -> int:
        """Arrivals that the path is done with."""
        return self.verdicts.total()

    @property
    def set_aside(self) -> int:
        """Arrivals ignored with a reason or tied to what they report: judged, and neither a message nor a duplicate."""
        tied = self.verdicts["accepted"] - self.messages
        return self.verdicts["ignored"] - self.without_reason + tied


def judged(file: Path) -> int:
    """How many arrivals have their verdict by now: none before the store has its tables."""
    try:
        # Both counts come from small indexes: reading the rows, raw mail and all, would slow down what is being measured.
        question = "SELECT (SELECT count(*) FROM arrival) - (SELECT count(*) FROM arrival WHERE verdict IS NULL)"
        return _count(file, question)
    except sqlite3.OperationalError:
        return 0


def unsettled(file: Path) -> int:
    """How many deliveries the daemon still has to work on."""
    return _count(file, "SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending', 'unknown')")


def _count(file: Path, question: str) -> int:
    with closing(_open(file)) as store:
        return int(store.execute(question).fetchone()[0])


def stored(file: Path) -> Stored:
    """Read the counts from a SQLite store while a daemon may be writing to it."""
    with closing(_open(file)) as store:
        by_verdict = "SELECT verdict, count(*) FROM arrival WHERE verdict IS NOT NULL GROUP BY verdict"
        verdicts = Counter(dict(store.execute(by_verdict)))
        silent = "SELECT count(*) FROM arrival WHERE verdict='ignored' AND coalesce(reason, '')=''"
        inbound = "SELECT count(*) FROM message WHERE direction='inbound'"
        without_reason, conversations, messages = (
            int(store.execute(question).fetchone()[0])
            for question in (silent, "SELECT count(*) FROM conversation", inbound)
        )
    return Stored(verdicts, without_reason, conversations, messages)


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=30)


def answered(sent: Iterable[bytes]) -> Counter[str]:
    """For each Message-ID that an outgoing mail answers (In-Reply-To): how many mails did."""
    parser = BytesHeaderParser()
    return Counter(str(parser.parsebytes(raw)["In-Reply-To"] or "").strip() for raw in sent)


def compare(mails: list[Mail], expected: Expected, found: Stored, answers: Counter[str]) -> tuple[Figure, ...]:
    """The counts that must be met exactly."""
    deserving = {mail.message_id for mail in mails if mail.kind is Kind.NEW}
    machines = {mail.message_id for mail in mails if mail.kind in (Kind.AUTOMATIC, Kind.STRAY, Kind.REPORT)}
    return (
        exactly("arrivals judged", found.judged, expected.mails),
        exactly("conversations", found.conversations, expected.conversations),
        exactly("joins", found.messages - found.conversations, expected.joins),
        exactly("duplicates stopped", found.verdicts["duplicate"], expected.duplicates),
        exactly("strays and reports ignored or tied", found.set_aside, expected.stray + expected.reports),
        exactly("quarantined", found.verdicts["quarantined"], 0),
        exactly("acknowledgements at the sink", answers.total(), expected.acknowledgements),
        exactly("mails acknowledged once", sum(answers[one] == 1 for one in deserving), expected.acknowledgements),
        exactly("machines answered", sum(answers[one] for one in machines), 0),
    )
