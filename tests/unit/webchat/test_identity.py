"""Whom a host page vouches for: the words of its own server, and not one of them changed."""

import hashlib
import hmac

import pytest

from channels.webchat.identity import User, proof, proved

SECRET = b"a secret of the site and its shop"
SARA = {"id": "42", "mail": "sara@example.org", "name": "سارا"}


def signed(**words: str) -> dict[str, str]:
    user = User(words.get("id", ""), words.get("mail", ""), words.get("name", ""))
    return {**words, "proof": proof(user, SECRET)}


def test_the_proof_is_what_the_docs_say() -> None:
    content = "42\nsara@example.org\nسارا".encode()
    assert signed(**SARA)["proof"] == hmac.new(SECRET, content, hashlib.sha256).hexdigest()


def test_a_right_proof_is_believed_also_without_name_and_mail() -> None:
    assert proved(signed(**SARA), SECRET) == User("42", "sara@example.org", "سارا")
    assert proved(signed(id="42"), SECRET) == User("42")
    assert proved({**signed(id="42"), "name": None}, SECRET) == User("42")


@pytest.mark.parametrize("name", ["id", "mail", "name", "proof"])
def test_a_changed_word_is_not(name: str) -> None:
    said = signed(**SARA)
    assert proved({**said, name: said[name] + "1"}, SECRET) is None
    assert proved({**said, name: ""}, SECRET) is None


def test_every_flipped_bit_of_a_proof_is_refused() -> None:
    said = signed(**SARA)
    given = said["proof"].encode()
    for at in range(len(given)):
        for bit in range(8):
            flipped = bytearray(given)
            flipped[at] ^= 1 << bit
            found = flipped.decode("latin-1")
            if found.lower() != said["proof"]:  # hexadecimal digits are the same in both cases
                assert proved({**said, "proof": found}, SECRET) is None


def test_a_word_cannot_pass_for_two() -> None:
    """What one user may choose for a name would otherwise make them another user's."""
    shifted = {**signed(id="42", mail="x@y", name="z"), "id": "42\nx@y", "mail": "z", "name": ""}
    assert proved(shifted, SECRET) is None
    said = {"id": "4\n2", "mail": "", "name": ""}
    assert proved({**said, "proof": proof(User("4\n2"), SECRET)}, SECRET) is None


@pytest.mark.parametrize(
    "said",
    [{}, {"id": 42, "proof": "x"}, {"id": "42"}, {"id": "42", "proof": ["x"]}, {"id": "42", "proof": "\u0660"},
     {"id": "x" * 400, "proof": ""}],
)  # fmt: skip
def test_rubbish_is_nobody(said: dict[str, object]) -> None:
    assert proved(said, SECRET) is None
