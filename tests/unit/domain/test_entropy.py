"""Chance as an argument: the same label draws the same, another one something unrelated."""

from inbox.domain.entropy import Entropy, base32


def test_a_label_draws_the_same_again_and_another_label_something_else() -> None:
    chance = Entropy.fresh()
    assert chance.draw("a") == Entropy(chance.seed).draw("a")
    assert len({chance.draw(label) for label in ("a", "b", "")}) == 3
    assert Entropy.fresh().draw("a") != chance.draw("a")


def test_tokens_survive_a_local_part_a_header_and_a_url() -> None:
    tokens = {Entropy.fresh().token("t") for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(t) == 26 and set(t) <= set("abcdefghijklmnopqrstuvwxyz234567") for t in tokens)
    assert base32(b"\xff") == "74"
