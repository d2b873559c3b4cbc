"""The figures of the promise report, against a calculation by hand."""

import pytest

from inbox.domain.promises import PromiseKind, PromiseState
from inbox.sla.calibration import Calibrated, Kept, Told, Verdict, by, calibrated, calibration, kept, wilson

ANSWER, UPDATE = PromiseKind.ANSWER, PromiseKind.UPDATE
KEPT, LATE, OPEN = PromiseState.KEPT, PromiseState.LATE, PromiseState.OPEN


def told(
    basis: str,
    state: PromiseState,
    count: int,
    *,
    kind: PromiseKind = ANSWER,
    claimed: float | None = 0.85,
    overdue: bool = False,
    priority: str = "normal",
) -> Told:
    return Told(kind, basis, "mail", priority, claimed, state, overdue, renewed=False, count=count)


LEDGER = [
    told("policy", KEPT, 40),
    told("policy", LATE, 2, priority="high"),
    told("history", KEPT, 17),
    told("history", LATE, 2),
    told("history", OPEN, 1, overdue=True),
    told("history", OPEN, 5),
    told("history", PromiseState.WITHDRAWN, 4),
    told("queue", KEPT, 9, claimed=0.9),
    told("queue", LATE, 1, claimed=0.9),
    told("agent", KEPT, 3, claimed=None),
    told("few_samples", LATE, 8, kind=UPDATE),
]


def test_who_still_waits_after_the_time_was_told_it_in_vain() -> None:
    assert kept(LEDGER[2:7]) == Kept(kept=17, late=3, withdrawn=4, open=5)
    assert kept(LEDGER[2:7]).rate == 17 / 20


def test_nothing_judged_is_no_rate() -> None:
    assert kept([told("policy", OPEN, 3)]).rate is None
    assert kept([]) == Kept()


def test_counts_by_group_come_to_the_whole() -> None:
    assert by(LEDGER, lambda one: one.priority) == {
        "high": Kept(late=2),
        "normal": Kept(kept=69, late=12, withdrawn=4, open=5),
    }


def test_the_interval_is_wilsons() -> None:
    """By hand for 17 of 20: (0.85 + 0.096036) / 1.192073 in the middle, 1.959964 * sqrt(0.006375 + 0.002401) / 1.192073 to
    either side."""
    assert wilson(17, 20) == pytest.approx((0.63958, 0.94763), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)
    assert wilson(0, 10)[0] == 0.0


def test_only_what_was_estimated_is_held_against_its_percentile() -> None:
    rows = calibration(LEDGER)
    assert {key: (row.kept, row.n) for key, row in rows.items()} == {
        ("history", 0.85): (17, 20),
        ("queue", 0.9): (9, 10),
    }
    whole = calibrated(LEDGER)
    assert (whole.kept, whole.n) == (26, 30)
    assert whole.claimed == pytest.approx((20 * 0.85 + 10 * 0.9) / 30)


@pytest.mark.parametrize(
    ("came", "n", "verdict"),
    [
        (0, 0, Verdict.NOTHING),
        (9, 10, Verdict.UNCLEAR),
        (1, 10, Verdict.TOO_MUCH),
        (170, 200, Verdict.FITS),
        (150, 200, Verdict.TOO_MUCH),
        (195, 200, Verdict.TOO_LITTLE),
        (17, 20, Verdict.UNCLEAR),
    ],
)
def test_a_few_promises_do_not_pretend_to_know(came: int, n: int, verdict: Verdict) -> None:
    assert Calibrated(0.85, came, n, *wilson(came, n)).verdict is verdict
