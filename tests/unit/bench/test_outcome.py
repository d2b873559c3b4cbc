"""The outcome tells a lost mail from a doubled one, and an answered machine from an ignored one."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bench.outcome import Stored, answered, compare, stored
from bench.workload import Expected, Kind, build

MAILS = list(build(400, 42))
EXPECTED = Expected.of(mail.kind for mail in MAILS)


def perfect() -> Stored:
    messages = EXPECTED.conversations + EXPECTED.joins
    verdicts = Counter(accepted=messages, duplicate=EXPECTED.duplicates, ignored=EXPECTED.stray + EXPECTED.reports)
    return Stored(verdicts, 0, EXPECTED.conversations, messages)


def answers() -> Counter[str]:
    return Counter(mail.message_id for mail in MAILS if mail.kind is Kind.NEW)


def missed(found: Stored, sent: Counter[str]) -> set[str]:
    return {figure.what for figure in compare(MAILS, EXPECTED, found, sent) if figure.failed}


def test_a_perfect_run_misses_nothing() -> None:
    assert missed(perfect(), answers()) == set()


def test_reports_may_be_tied_to_what_they_report_instead_of_ignored() -> None:
    found = perfect()
    found.verdicts.update(accepted=EXPECTED.reports, ignored=-EXPECTED.reports)
    assert missed(found, answers()) == set()


def test_an_arrival_ignored_without_a_reason_is_missed() -> None:
    found = perfect()
    assert missed(Stored(found.verdicts, 1, found.conversations, found.messages), answers()) == {
        "strays and reports ignored or tied"
    }


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        (Kind.NEW, 1, {"acknowledgements at the sink", "mails acknowledged once"}),
        (Kind.NEW, -1, {"acknowledgements at the sink", "mails acknowledged once"}),
        (Kind.REPLY, 1, {"acknowledgements at the sink"}),
        (Kind.STRAY, 1, {"acknowledgements at the sink", "machines answered"}),
        (Kind.REPORT, 1, {"acknowledgements at the sink", "machines answered"}),
    ],
)
def test_one_answer_too_many_or_too_few_is_missed(kind: Kind, change: int, expected: set[str]) -> None:
    sent = answers()
    sent[next(mail.message_id for mail in MAILS if mail.kind is kind)] += change
    assert missed(perfect(), sent) == expected


def test_answers_are_counted_by_the_mail_they_answer() -> None:
    raws = [b"In-Reply-To: <a@x>\r\n\r\nbody", b"Subject: new\r\n\r\n", b"In-reply-to:\r\n <a@x>\r\n\r\n"]
    assert answered(raws) == Counter({"<a@x>": 2, "": 1})


def test_the_counts_are_read_from_a_store_of_the_house(tmp_path: Path) -> None:
    file = tmp_path / "inbox.db"
    with closing(sqlite3.connect(file)) as store:
        store.executescript(
            "CREATE TABLE arrival(verdict TEXT, reason TEXT);"
            "INSERT INTO arrival VALUES ('accepted',''),('accepted',''),('duplicate',''),('ignored',''),"
            "('ignored','ignored.bounce'),(NULL,NULL);"
            "CREATE TABLE conversation(id INTEGER); INSERT INTO conversation VALUES (1);"
            "CREATE TABLE message(direction TEXT); INSERT INTO message VALUES ('inbound'),('inbound'),('outbound');"
        )
    found = stored(file)
    assert found == Stored(Counter(accepted=2, duplicate=1, ignored=2), 1, 1, 2)
    assert (found.judged, found.set_aside) == (5, 1)
