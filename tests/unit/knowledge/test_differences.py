"""What changed between two versions, word by word; nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as st

from inbox.knowledge.differences import AROUND, Line, Piece, differences

TEXTS = st.lists(st.sampled_from(["a", "b", "c d", "سلام", "", " ", "x y z", "می‌شود  "]), max_size=12).map("\n".join)


def side(lines: tuple[Line, ...], without: str) -> str:
    return "\n".join("".join(p.words for p in line.pieces if p.kind != without) for line in lines)


def test_words_that_changed_stand_beside_those_that_did_not() -> None:
    assert differences("Refunds take two weeks.", "Refunds take ten days.") == (
        Line(
            (
                Piece("same", "Refunds take "),
                Piece("removed", "two"),
                Piece("added", "ten"),
                Piece("same", " "),
                Piece("removed", "weeks."),
                Piece("added", "days."),
            )
        ),
    )


def test_lines_far_from_a_change_are_left_out() -> None:
    old = "\n".join(str(n) for n in range(40))
    found = differences(old, old.replace("\n20\n", "\ntwenty\n"))
    assert [line.left_out for line in found if line.left_out] == [20 - AROUND, 19 - AROUND]
    assert sum(line.changed for line in found) == 1


def test_equal_texts_have_no_differences() -> None:
    assert differences("a\nb", "a\nb") == ()


def test_a_long_passage_written_anew_is_not_compared_word_by_word() -> None:
    found = differences("a " * 3000, "b " * 3000)
    assert [piece.kind for piece in found[0].pieces] == ["removed", "added"]


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_off(old: str, new: str) -> None:
    found = differences(old, new)
    if old == new:
        assert found == ()
    elif not any(line.left_out for line in found):
        assert side(found, "added").split() == old.split()
        assert side(found, "removed").split() == new.split()
