"""Mail of a telephone system about a voicemail or a missed call: whose call it was, and that it is a call and no letter.

Only of senders that the site trusts, proved as it says: anybody can write "New message in mailbox 100". Asterisk, FreePBX and
Issabel, 3CX and Cisco Unity write what is read here, in English as they are shipped and in Persian as they are often set up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.email.letter import Letter
from inbox.domain.happenings import Address, Attachment, InboundMessage
from inbox.domain.ids import ChannelName, NetworkKey
from inbox.domain.phone_calls import CallOutcome, PhoneCall
from inbox.ports.calls import HIDDEN, OWN, headers_of
from inbox.text.cleaning import clean_header
from inbox.text.fold import latin_digits
from inbox.text.numbers import address, e164

LOOKED_AT = 4_000
"""Characters of the body in which a number is looked for."""
_SOUNDS = (".wav", ".mp3", ".ogg", ".gsm", ".m4a", ".amr", ".opus")
_VOICEMAIL = re.compile(
    r"voice ?mail|voice message|new message \d+ in mailbox|left (?:you )?a .{0,20}message|message from .{0,60}\(\+?[\d\s-]{3,}\)"
    r"|پیام (?:های )?صوتی|پیغام صوتی|صندوق صوتی",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"missed (?:a )?call|unanswered call|تماس (?:بی[\s\u200c]?پاسخ|از[\s\u200c]دست[\s\u200c]رفته|ناموفق)", re.IGNORECASE
)
_NUMBER = r"(?P<number>\+?[0-9*#][0-9\s().\-]{1,24}[0-9*#]|[0-9*#]{2,8}|anonymous|unknown|private)"
_BRACKETED = re.compile(rf'"?(?P<name>[^"<>\n]{{0,80}}?)"?\s*<(?:sip:|tel:)?{_NUMBER}(?:@[^>]*)?>', re.IGNORECASE)
_PARTED = re.compile(rf"(?P<name>[^()\n:]{{0,60}}?)\({_NUMBER}\)", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:\bfrom|caller ?id(?:[ -]?num(?:ber)?)?|\bcaller|\bnumber|phone|\bاز(?: شماره[\u200c\s]?[یٔ]?)?|تماس[\s\u200c]گیرنده|شماره(?:ٔ|\u200cی)?(?: تماس(?:[\s\u200c]گیرنده)?)?|تلفن)"
    rf"\s*[:：=]?\s*{_NUMBER}",
    re.IGNORECASE,
)
_HEADERS = (
    "x-asterisk-callerid",
    "x-asterisk-calleridnum",
    "x-callerid",
    "x-caller-id",
    "x-voice-callerid",
    "x-cisco-callerid",
)
_NAMES = ("x-asterisk-calleridname", "x-caller-name")
_LENGTH = re.compile(
    r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,3}):(?P<s>\d{2}) long|(?:duration|length|مدت(?: پیام)?|طول پیام)\s*[:=]?\s*(?:(?P<h2>\d{1,2}):)?(?P<m2>\d{1,3}):(?P<s2>\d{2})"
    r"|(?:duration|length|مدت(?: پیام)?|طول پیام)\s*[:=]?\s*(?P<only>\d{1,5})\s*(?:s\b|sec|ثانیه)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Switchboard:
    """The telephone system whose mail is believed: its addresses (lower case), and whether a verdict on them is asked for. Its calls
    are of that channel; numbers are of that country."""

    addresses: frozenset[str]
    channel: ChannelName
    country: str
    by_verdict: bool = True

    def call_of(self, letter: Letter) -> InboundMessage | None:
        """The call that a mail tells of; None for any other mail."""
        if letter.sender.address not in self.addresses or (letter.defects and "several-from" in letter.defects):
            return None
        if letter.authentication != "pass" and (self.by_verdict or letter.authentication == "fail"):
            return None
        text = letter.content.text[:LOOKED_AT]
        outcome = _outcome(letter.subject, text, letter.content.attachments)
        return None if outcome is None else self._message(letter, text, outcome)

    def _message(self, letter: Letter, text: str, outcome: CallOutcome) -> InboundMessage:
        name, number = self._caller(letter, text)
        id = letter.message_id or letter.fingerprint
        call = PhoneCall("in", outcome, number, id, letter.sent_at, _seconds(f"{letter.subject}\n{text}"))
        caller = number or f"{HIDDEN}-{letter.fingerprint[:16]}"
        return InboundMessage(
            "message",
            NetworkKey(letter.message_id),
            letter.fingerprint,
            Address(caller, clean_header(name)),
            (Address(OWN),),
            text=letter.content.text,
            sent_at=letter.sent_at,
            thread=caller,
            authentication=letter.authentication,
            attachments=letter.content.attachments,
            headers=(*letter.said_headers(), *headers_of(call)),
            defects=letter.defects,
            call=call,
            belongs_to=self.channel,
        )

    def _caller(self, letter: Letter, text: str) -> tuple[str, str]:
        """The name, and the number as the network compares it: the first that can be dialled from everywhere, else the first."""
        found = [(name.strip(' "'), number) for name, number in _numbers(letter, text)]
        whole = next(((name, known) for name, number in found if (known := e164(number, self.country))), None)
        if whole is not None:
            return whole
        name, number = next(iter(found), ("", ""))
        return name, address(number, self.country)


def _outcome(subject: str, text: str, files: tuple[Attachment, ...]) -> CallOutcome | None:
    if any(one.content_type.startswith("audio/") or one.filename.lower().endswith(_SOUNDS) for one in files):
        return CallOutcome.VOICEMAIL
    for pattern, outcome in ((_MISSED, CallOutcome.MISSED), (_VOICEMAIL, CallOutcome.VOICEMAIL)):
        if pattern.search(subject) or pattern.search(text):
            return outcome
    return None


def _numbers(letter: Letter, text: str) -> Iterator[tuple[str, str]]:
    """Names and numbers where such mail has them, the surest place first."""
    named = next((letter.headers.text(one) for one in _NAMES if letter.headers.text(one)), "")
    for header in _HEADERS:
        told = latin_digits(letter.headers.text(header)).strip()
        if told:
            found = _BRACKETED.search(told)
            yield (found["name"], found["number"]) if found else (named, told)
    for place in (letter.subject, text):
        plain = latin_digits(place)
        for pattern in (_BRACKETED, _PARTED):
            for match in pattern.finditer(plain):
                yield _person(match["name"]), match["number"]
        for match in _LABELLED.finditer(plain):
            yield named, match["number"]


def _person(told: str) -> str:
    """The name that stands before a number, without the words that lead to it."""
    return re.sub(r"^.*\b(?:from|caller|از)\b[\s:]*", "", told.strip(), flags=re.IGNORECASE | re.DOTALL).strip(' "')


def _seconds(text: str) -> int | None:
    found = _LENGTH.search(latin_digits(text))
    if found is None:
        return None
    if found["only"]:
        return int(found["only"])
    hours, minutes, seconds = (found[one] or found[f"{one}2"] or 0 for one in ("h", "m", "s"))
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
