"""Hours, and whom somebody means, as people type them."""

from datetime import time

import pytest

from inbox.text.stretches import Stretch, stretch
from inbox.text.whom import whom


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10-12", Stretch("", time(10), time(12))),
        ("tomorrow 9:30 to 11", Stretch("tomorrow", time(9, 30), time(11))),
        ("فردا ۱۰ تا ۱۲", Stretch("فردا", time(10), time(12))),
        ("monday between 10 and 12", Stretch("monday", time(10), time(12))),
        ("2026-11-30 10-12", Stretch("2026-11-30", time(10), time(12))),
        ("12-10", None),
        ("10-25", None),
        ("2026-11-30", None),
        ("tomorrow", None),
    ],
)
def test_hours_are_read_in_either_language(typed: str, meant: Stretch | None) -> None:
    assert stretch(typed) == meant


def test_addresses_come_one_a_line_or_in_a_table() -> None:
    assert whom("a@x\nb@y\na@x\n") == ("a@x", "b@y")
    assert whom("name,addresses\nLena,email:a@x; telegram:77\nSara,b@y\n") == ("email:a@x", "telegram:77", "b@y")
    assert whom("address\n17\n") == ("17",)
    assert whom("") == ()
