"""A command is found by a few letters of it, in either language."""

from inbox.text.fuzzy import closeness

NAMES = ("assign", "Assign to me", "سپردن به من")


def test_beginnings_parts_and_letters_in_their_order_are_found() -> None:
    assert closeness("", NAMES) > 0
    assert closeness("assign", NAMES) > closeness("ass", NAMES) > closeness("sign", NAMES) > closeness("asm", NAMES) > 0


def test_every_word_that_is_typed_has_to_be_there() -> None:
    assert closeness("assign me", NAMES) > 0
    assert closeness("assign xyz", NAMES) == 0


def test_persian_is_found_however_its_letters_are_written() -> None:
    assert closeness("سپردن", NAMES) > 0
    assert closeness("سپر", NAMES) > 0
    assert closeness("برچسب", NAMES) == 0
