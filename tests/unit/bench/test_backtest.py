"""The measurement of a backtest measures what it says, on a past small enough for a test."""

from bench.backtest import measure


def test_the_past_is_replayed_and_the_draft_changes_some_of_it() -> None:
    found = {figure.what: figure for figure in measure(decisions=200, rules=12).figures}
    assert found["decisions replayed"].value == 200
    assert found["changed by the rules that decided them"].met
    assert found["changed by the draft"].value > 10
    assert found["a draft"].value > 0
