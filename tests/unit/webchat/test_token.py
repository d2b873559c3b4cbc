"""A visitor's token cannot be made, changed or moved by anybody else."""

import random
import re

import pytest

from channels.webchat.token import VISITOR, Tokens

TOKENS = Tokens(bytes(range(32)))
A, B = "a" * 26, "b" * 26


def test_whoever_was_given_a_token_is_known_by_it() -> None:
    visitor = TOKENS.fresh()
    assert VISITOR.fullmatch(visitor)
    assert TOKENS.visitor(TOKENS.token(visitor)) == visitor


def test_new_visitors_are_different_ones() -> None:
    assert len({TOKENS.fresh() for _ in range(1000)}) == 1000


def test_t14_every_flipped_bit_is_refused() -> None:
    token = TOKENS.token(A).encode()
    for at in range(len(token)):
        for bit in range(8):
            flipped = bytearray(token)
            flipped[at] ^= 1 << bit
            assert TOKENS.visitor(flipped.decode("latin-1")) is None


def test_s2_every_cut_and_every_addition_is_refused() -> None:
    token = TOKENS.token(A)
    assert [cut for cut in range(len(token)) if TOKENS.visitor(token[:cut]) is not None] == []
    for changed in (
        f"{token}a",
        f"{token}=",
        f" {token}",
        f"{token}\n",
        f"{token}.",
        token.upper(),
        f"{token}.{token}",
    ):
        assert TOKENS.visitor(changed) is None


def test_guesses_are_refused() -> None:
    dice = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for _ in range(20_000):
        assert TOKENS.visitor(f"{A}.{''.join(dice.choices(letters, k=52))}") is None


@pytest.mark.parametrize("token", ["", ".", "a", f"{A}", f"{A}.", ".x", "٠" * 26 + ".x", f"{A}.\u0660", "user-.x"])
def test_what_is_no_token_is_nobodys(token: str) -> None:
    assert TOKENS.visitor(token) is None


def test_a_mark_belongs_to_one_visitor_one_channel_and_one_use() -> None:
    mark = TOKENS.token(A).partition(".")[2]
    assert TOKENS.visitor(f"{B}.{mark}") is None
    assert Tokens(bytes(32)).visitor(TOKENS.token(A)) is None
    assert TOKENS.visitor(TOKENS.form(A, A)) is None
    assert TOKENS.once(A, TOKENS.token(A)) is None


def test_a_form_belongs_to_its_visitor() -> None:
    assert TOKENS.once(A, TOKENS.form(A, "n1")) == "n1"
    assert TOKENS.once(B, TOKENS.form(A, "n1")) is None
    assert TOKENS.once(A, TOKENS.form(A, "n1").replace("n1", "n2")) is None
    assert [TOKENS.once(A, form) for form in ("", ".", "n1", "n1.", "n1.\u0660")] == [None] * 5


def test_a_user_of_the_host_page_is_one_visitor_that_nobody_can_guess() -> None:
    user = TOKENS.user("42")
    assert user == TOKENS.user("42")
    assert VISITOR.fullmatch(user)
    assert "42" not in user
    assert len({user, TOKENS.user("43"), TOKENS.user("4"), Tokens(bytes(32)).user("42")}) == 4


def test_the_same_thing_sent_again_has_the_same_key_and_nothing_else_has() -> None:
    key = TOKENS.key_of("message", A, "1")
    assert key == TOKENS.key_of("message", A, "1")
    assert re.fullmatch("[a-z2-7]{32}", key)
    others = {
        TOKENS.key_of("button", A, "1"),
        TOKENS.key_of("message", B, "1"),
        TOKENS.key_of("message", A, "2"),
        TOKENS.key_of("message", A + "1", ""),
    }
    assert len({key, *others}) == 5
