"""Text from outside, made harmless: controls that turn it around, break a header or reach a terminal are taken out."""

import re

# Bidi controls (UAX #9) and the deprecated format characters, the byte order mark, interlinear marks, every C0 and C1
# control but tab, line feed and carriage return. ZWNJ and ZWJ stay: Persian words and emoji are spelled with them.
_CONTROLS = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# All that str.splitlines takes for the end of a line: the mail library refuses a header with any of them.
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(r"\s+")


def strip_controls(text: str) -> str:
    """`text` without bidi controls, NUL and other controls; tabs and line ends stay, a lone surrogate becomes U+FFFD."""
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def clean_header(text: str) -> str:
    """`text` as one line that any header can carry: no line ends of any kind, no controls, no lone surrogates, single spaces."""
    if text.isprintable() and "  " not in text:  # then it has no space but U+0020, and none of the others
        return text.strip()
    return _SPACES.sub(" ", strip_controls(_BREAKS.sub(" ", text))).strip()
