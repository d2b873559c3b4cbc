"""`inbox report promises`: counts for people and for programs, in both languages."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from inbox.domain.promises import PromiseKind, PromiseState
from inbox.store import promises
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.store.rows import conversation, promised

LATELY = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def ledger(inbox: Talk) -> Talk:
    """Two answers by history, one kept and one still open past its time; news in place of the latter; one told long ago."""

    def fill(unit: Unit) -> None:
        matter = conversation(unit)
        recent = {"told_at": LATELY, "due_at": LATELY + timedelta(hours=4)}
        kept = promised(unit, matter, basis="history", **recent)
        promises.judge(unit, kept.id, PromiseState.KEPT, LATELY)
        waits = promised(unit, matter, basis="history", **recent)
        promised(unit, matter, basis="horizon", kind=PromiseKind.UPDATE, replaces=waits.id, **recent)
        promised(unit, matter, told_at=LATELY - timedelta(days=200))

    assert inbox("migrate").code == 0
    with closing(Store("sqlite:///data/inbox.db", inbox.site)) as store:
        store.write_now(fill)
    return inbox


def test_the_rate_is_of_first_times_and_renewals_are_apart(ledger: Talk) -> None:
    found = ledger("report", "promises", "--format", "json").json()
    assert found["answers"] == {"kept": 1, "late": 1, "withdrawn": 0, "open": 0, "rate": 0.5, "n": 2}
    assert found["renewed"]["late"] == 1
    assert found["news"]["n"] == 0
    assert list(found["by"]["basis"]) == ["history"]
    (row,) = found["calibration"]
    assert (row["basis"], row["claimed"], row["share"], row["n"]) == ("history", 0.85, 0.5, 2)
    assert found["verdict"] == "unclear"
    assert ledger("report", "promises", "--since", "400d", "--format", "json").json()["answers"]["n"] == 3


def test_it_is_told_in_both_languages(ledger: Talk) -> None:
    said = ledger("report", "promises")
    assert said.code == 0, said.err
    assert "answers, first time told" in said.out
    assert "50.0 %" in said.out
    assert "Too few estimated times have been judged (2)" in said.out
    persian = ledger("report", "promises", "--lang", "fa").out
    assert "زمان‌های تازه‌شده" in persian
    assert "۵۰" in persian
    assert not set("0123456789") & set(persian), "each number in Persian digits"


def test_a_channel_that_is_not_there_is_named(ledger: Talk) -> None:
    said = ledger("report", "promises", "--channel", "nowhere")
    assert said.code != 0
    assert "nowhere" in said.err
