"""The scales weigh what they say: each part for itself, each statement once; and the path that is weighed is the daemon's."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.anatomy import BATCH, measure
from bench.scales import STATEMENTS, Scales, weighed
from inbox.pipeline import receive
from inbox.store.engine import open_engine


def busy(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_what_is_within_a_part_counts_for_itself_alone() -> None:
    scales = Scales()
    with scales.part("outer"):
        busy(0.02)
        with scales.part("inner"):
            busy(0.04)
        busy(0.02)
    busy(0.02)
    assert scales.seconds["outer"] == pytest.approx(0.04, abs=0.01)
    assert scales.seconds["inner"] == pytest.approx(0.04, abs=0.01)


def test_every_statement_counts_once_and_a_commit_only_where_something_was_written(tmp_path: Path) -> None:
    scales, engine = Scales(), open_engine("sqlite:///scales.db", tmp_path)
    scales.attach(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE word (said TEXT)"))
    scales.reset()
    with scales.part("write"), engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO word VALUES (:said)"), [{"said": "a"}, {"said": "b"}])
        with connection.begin_nested():
            connection.execute(sa.text("INSERT INTO word VALUES ('c')"))
    with scales.part("read"), engine.begin() as connection:
        assert len(connection.execute(sa.text("SELECT said FROM word")).all()) == 3
    engine.dispose()
    assert scales.counts == {"write statements": 2, "write marks": 2, "write transactions": 1, "read statements": 1}
    assert len(scales.waited) == 1
    assert scales.seconds[STATEMENTS] > 0


def test_what_was_wrapped_is_itself_again() -> None:
    decide, scales = receive.decide, Scales()  # type: ignore[attr-defined]  # the path calls it by this name
    with pytest.raises(ZeroDivisionError), weighed(scales, {"rules": [(receive, "decide")]}):
        assert receive.decide is not decide  # type: ignore[attr-defined]  # as above
        raise ZeroDivisionError
    assert receive.decide is decide  # type: ignore[attr-defined]  # as above


def test_a_small_stream_goes_the_whole_way_and_its_parts_come_to_the_whole() -> None:
    found = {figure.what: figure for figure in measure(BATCH + 30).figures}
    assert not any(figure.failed for figure in found.values())
    parts = [figure.value for what, figure in found.items() if what.startswith("of it ")]
    whole = found["the same on the scales, which weigh something themselves"].value
    assert sum(parts) == pytest.approx(whole, rel=0.02)
    assert min(parts) > 0, "each part is met on the way"
    assert found["statements to judge one that is new"].value > found["statements to judge one that is reply"].value > 1
    assert found[f"land: syncs a batch of {BATCH}"].value == pytest.approx(BATCH / 30)
