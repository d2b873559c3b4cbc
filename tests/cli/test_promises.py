"""`inbox promise` and `inbox outage`: times that people tell, at the command line."""

from pathlib import Path

import pytest

from tests.cli.talk import Talk
from tests.cli.test_contacts import talk as talk


def test_a_time_is_promised_told_and_shown(talk: Talk) -> None:
    done = talk("promise", "K2BB", "2090-01-02 10:00", "I am asking the warehouse.", "--as", "reza")
    assert done.code == 2
    assert "at most 366 days" in done.err
    done = talk("promise", "K2BB", "tomorrow 10:00", "I am asking the warehouse.", "--as", "reza")
    assert done.code == 0
    assert "promised to answer by" in done.out
    assert "an agent promised it" in talk("sla", "explain", "K2BB").out
    (told,) = talk("sla", "explain", "K2BB", "--format", "json").json()["promises"]
    assert (told["basis"], told["computed_again"], told["reproduced"]) == ("agent", None, None)


def test_a_time_is_typed_in_persian_and_answered_in_persian(talk: Talk) -> None:
    done = talk("promise", "K2BB", "فردا ساعت ۱۰", "--as", "reza", "--lang", "fa")
    assert "ساعت ۱۰:۰۰" in done.out
    assert "زمان نیست" in talk("promise", "K2BB", "شاید", "--as", "reza", "--lang", "fa").err


@pytest.mark.parametrize(("language", "word"), [("en", "Payments fail."), ("fa", "پرداخت قطع است.")])
def test_an_outage_is_announced_listed_and_over(inbox: Talk, site: Path, language: str, word: str) -> None:
    said = ("--fa", "پرداخت قطع است.", "--en", "Payments fail.", "--lang", language)
    assert inbox("outage", "start", "payment", "--next", "2h", *said).code == 0
    assert word in inbox("outage", "list", "--lang", language).out
    again = inbox("outage", "start", "payment", "x", "--next", "2h")
    assert (again.code, "inbox outage news payment" in again.err) == (2, True)
    assert inbox("outage", "news", "payment", "The bank works on it.", "--next", "3h").code == 0
    assert inbox("outage", "end", "payment", "It works again.").code == 0
    (row,) = inbox("outage", "list", "--format", "json").json()
    assert (row["tag"], row["next"]) == ("payment", None)
    assert "Nothing is known to be down" in inbox("outage", "end", "payment", "x").err


def test_an_outage_without_words_or_time_is_refused(inbox: Talk, site: Path) -> None:
    assert inbox("outage", "start", "payment", "--next", "2h").code == 2
    assert "is no time" in inbox("outage", "start", "payment", "Down.", "--next", "soon").err
    assert "passed already" in inbox("outage", "start", "payment", "Down.", "--next", "2020-01-01").err
