"""How fast a bot speaks: to one chat, to one group, and to all of them together."""

from dataclasses import replace

from channels.telegram.dialect import TABLE
from channels.telegram.pace import Pace


class Watch:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_private_chat_rests_a_second() -> None:
    assert Pace(TABLE["telegram"], Watch()).rest("7") == 1.0


def test_a_group_takes_twenty_in_a_minute() -> None:
    watch = Watch()
    pace, rests = Pace(TABLE["telegram"], watch), []
    for _ in range(21):
        rests.append(pace.rest("-500"))
        watch.at += rests[-1]
    assert rests[:19] == [1.0] * 19
    assert rests[19] == 60.0 - 19, "the twentieth: until the first is a minute old"
    assert pace.rest("-501") == 1.0


def test_what_another_connection_said_counts_as_well() -> None:
    """Whoever takes over knows from the outbox what was said, and when."""
    watch = Watch()
    pace = Pace(TABLE["telegram"], watch)
    said = [("-500", 59.0 - n) for n in range(19)] + [("7", 0.25), ("8", 5.0)]
    assert pace.recollect(said) == {"7": 0.75}
    assert pace.rest("-500") == 1.0, "the twentieth, and the first was said 59 seconds ago"
    assert Pace(TABLE["telegram"], watch).recollect([*[("-500", 30.0 - n) for n in range(20)]]) == {"-500": 30.0}


def test_all_together_take_thirty_in_a_second_and_turns_are_given_in_advance() -> None:
    watch = Watch()
    pace = Pace(TABLE["telegram"], watch)
    assert [pace.turn() for _ in range(30)] == [0.0] * 30
    assert [pace.turn() for _ in range(31)] == [1.0] * 30 + [2.0]
    watch.at += 10
    assert pace.turn() == 0.0


def test_a_host_without_limits_waits_for_nothing() -> None:
    free = replace(TABLE["botapi"], pause=0.0, group_per_minute=0, per_second=0)
    pace = Pace(free, Watch())
    assert {pace.rest(chat) for chat in ("7", "-500")} | {pace.turn() for _ in range(100)} == {0.0}
