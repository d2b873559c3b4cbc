"""References: the short names of conversations that people read aloud, type and find in subjects, such as K7Q2.

Capitals and digits without look-alikes (no 0 O, 1 I L) and without vowels, so that no reference spells a word. A reference
begins with a letter and a digit: that is never a number, and in running text it looks like nothing else.
A reference names, it never proves: who may see the conversation is decided elsewhere.
"""

from inbox.text.fold import fold

LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
DIGITS = "23456789"
SHORTEST, LONGEST = 4, 12

_ANY = DIGITS + LETTERS


def reference(random_bytes: bytes, length: int = SHORTEST) -> str:
    """The reference that these bytes choose; `length` 4 has 125,440 of them, each further character 28 times as many.

    Pure: the same bytes give the same reference. At least two bytes a character are needed, so that no reference is
    noticeably likelier than another; fewer, or a length outside 4-12, raise ValueError.
    """
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(f"a reference has {SHORTEST} to {LONGEST} characters, not {length}")
    if len(random_bytes) < 2 * length:
        raise ValueError(f"{length} characters need {2 * length} random bytes, not {len(random_bytes)}")
    number = int.from_bytes(random_bytes, "big")
    chosen = []
    for alphabet in (LETTERS, DIGITS, *[_ANY] * (length - 2)):
        number, at = divmod(number, len(alphabet))
        chosen.append(alphabet[at])
    return "".join(chosen)


def normalise(typed: str) -> str | None:
    """The reference that somebody typed ("#k7q2", "K۷Q۲", "[k7 q2]"), or None when it cannot be one."""
    bare = "".join(letter for letter in fold(typed) if letter not in "#[]()-_." and not letter.isspace()).upper()
    if not SHORTEST <= len(bare) <= LONGEST or bare.isdigit() or any(letter not in _ANY for letter in bare):
        return None
    return bare
