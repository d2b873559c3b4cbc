"""The waiting helper hands back the first true answer and complains by name."""

import itertools

import pytest

from tests.rig.wait import NeverHappened, until, until_async


def test_the_first_true_answer_is_handed_back() -> None:
    numbers = itertools.count()
    assert until(lambda: (n := next(numbers)) > 2 and n, within=25) == 3


def test_time_running_out_names_what_was_awaited() -> None:
    with pytest.raises(NeverHappened, match=r"0\.01 s: the moon falls"):
        until(lambda: False, within=0.01, what="the moon falls")


async def test_inside_a_loop_both_kinds_of_condition_work() -> None:
    numbers = itertools.count()

    async def third() -> bool:
        return next(numbers) == 2

    await until_async(third, within=25)
    await until_async(lambda: next(numbers) > 5, within=25)
    assert next(numbers) == 7
    with pytest.raises(NeverHappened, match="<lambda>"):
        await until_async(lambda: None, within=0.01)
