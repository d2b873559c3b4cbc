"""The measurement of reading measures what it says, on a workload small enough for a test."""

from bench.parse import RATIO_WANTED, SIDES, measure


def test_every_side_is_measured_and_every_path_gives_a_line() -> None:
    result = measure(count=40, seed=7)
    found = {figure.what: figure for figure in result.figures}
    assert found["lines for as many paths"].value == 40
    ratio = found["mails a second of CPU"]
    assert ratio.binding
    assert ratio.wanted == f"ratio ≥ {RATIO_WANTED:g}"
    assert all(figure.value > 0 for figure in result.figures)


def test_each_side_reads_a_mail() -> None:
    raw = b"From: a@b.test\r\nSubject: x\r\n\r\nhello\r\n"
    assert [bool(side()(raw)) for side in SIDES.values()] == [True, True, True]
