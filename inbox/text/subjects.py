"""Subjects without the "Re: Fwd: پاسخ:" that mail programs pile up in front of them."""

import re

from inbox.text.cleaning import clean_header

# Reply and forward marks as mail programs of many languages write them; Persian and Arabic ones last.
_MARKS = (
    "re fw fwd aw wg antw antwort doorst sv vs vb tr rv rif odp pd ynt ilt i̇lt enc res vá απ πρθ σχετ השב הועבר"
    " 回复 回覆 答复 答覆 转发 轉寄 轉發 返信 転送 답장 전달"
    " پاسخ پ جواب ارجاع هدایت هدايت بازارسال فوروارد رد إعادة\\s+توجيه"
)
_PREFIX = re.compile(
    rf"[\s\u200c\u200d]*(?:{'|'.join(_MARKS.split())})\s?(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}})?\s?[:：]",
    re.IGNORECASE,
)


def plain_subject(subject: str) -> str:
    """`subject` cleaned, without any reply or forward prefixes before it; empty when there was nothing else.

    For showing and for comparing. Conversations are never joined by subject alone.
    """
    bare = clean_header(subject)
    start = 0
    while found := _PREFIX.match(bare, start):
        start = found.end()
    return bare[start:].strip()


def reply_subject(subject: str) -> str:
    """The subject of an answer: exactly one "Re:", the prefix that every mail program understands (RFC 5322, 3.6.5)."""
    return f"Re: {plain_subject(subject)}".rstrip()
