"""One fold for rules, search, tags, commands and contact merge: texts that a Persian reader calls equal become equal strings.

The order is the promise: drop what does not change a word (tatweel, harakat, ZWNJ, bidi marks), NFKC, one letter for each
family (ي ى ئ→ی, ك→ک, ة ۀ→ه, أ إ ٱ آ→ا, ؤ→و), Persian and Arabic digits to ASCII, Persian punctuation to ASCII, casefold.
Folded text is for matching and indexing only; what people wrote is stored as they wrote it.
"""

import re
from functools import lru_cache
from unicodedata import normalize

ZWNJ = "\u200c"

_DIGITS = {ord(digit): str(value) for row in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩") for value, digit in enumerate(row)}
_PERSIAN_DIGITS = {ord(str(value)): digit for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")}

# A standing hamza is dropped because Persian writers leave it out as often as not: «امضاء» and «امضا», «جزء» and «جز».
_PLAIN = {
    variant: letter
    for variants, letter in (
        ("يىئېۍے", "ی"),
        ("كڪ", "ک"),
        ("ةۀەہھۂ", "ه"),
        ("أإٱآ", "ا"),
        ("ؤ", "و"),
        ("ء", ""),
        ("٪", "%"),
        ("٫", "."),
        ("٬،", ","),
        ("؛", ";"),
        ("؟", "?"),
    )
    for variant in variants
} | {chr(digit): value for digit, value in _DIGITS.items()}
_VARIANT = re.compile(f"[{''.join(_PLAIN)}]")  # three times as fast as str.translate on mixed text

# Harakat and the other Arabic marks (610-61A, 64B-65F, 670, 6D6-6DC, 6DF-6E4, 6E7-6E8, 6EA-6ED), tatweel, joiners other than
# ZWNJ, bidi controls, soft hyphen, byte order mark. None of them is a letter to a reader.
_MARKS = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0640\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]+"
)
# Normalising sorts a run of accents, and takes quadratic time for it: a joiner after every thirtieth parts the run and changes
# no letter (UAX #15, 13, Stream-Safe Text Format). Whatever is no letter, digit, space or ASCII may be an accent.
_ACCENTS = re.compile(r"[^\w\s\x00-\x7f\u034f]{30}(?=[^\w\s\x00-\x7f\u034f])")
_SHORT = 2_000  # characters: sorting fewer takes milliseconds at worst
_SPACES = re.compile(rf"[\s{ZWNJ}]+")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """The matching form of `text`, ZWNJ dropped («می‌شود» and «میشود» become equal). Applying it twice changes nothing."""
    if text.isascii():
        return text.lower()
    return _letters(text.replace(ZWNJ, ""))


def fold_spaced(text: str) -> str:
    """Like `fold`, but a ZWNJ counts as a space («می‌شود» and «می شود» become equal)."""
    if text.isascii():
        return text.lower()
    return _letters(text.replace(ZWNJ, " "))


def squeeze(text: str) -> str:
    """The fold without any space: the one form in which «می‌شود», «می شود» and «میشود» are equal."""
    # Composed anew: a lone accent that stood beside a space now stands beside a letter.
    return normalize("NFKC", _parted(_SPACES.sub("", fold(text))))


def words(text: str) -> list[str]:
    """The folded words of `text` in order; spaces, ZWNJ and punctuation part them."""
    return _WORD.findall(fold_spaced(text))


def latin_digits(text: str) -> str:
    """`text` with Persian and Arabic digits written as ASCII; nothing else changes."""
    return text.translate(_DIGITS)


def persian_digits(text: str) -> str:
    """`text` with ASCII digits written as Persian ones; for prose, never for references, codes or addresses."""
    return text.translate(_PERSIAN_DIGITS)


@lru_cache(maxsize=16)  # rules, tone, codes and the index of words look at one message one after the other
def _letters(text: str) -> str:
    # NFKC twice: presentation forms become letters that the table knows, and what casefold takes apart is put together again.
    plain = _MARKS.sub("", normalize("NFKC", _parted(_MARKS.sub("", text))))
    folded = _VARIANT.sub(lambda found: _PLAIN[found[0]], plain).casefold()
    return _MARKS.sub("", normalize("NFKC", _parted(folded)))


def _parted(text: str) -> str:
    return text if len(text) < _SHORT else _ACCENTS.sub("\\g<0>\u034f", text)
