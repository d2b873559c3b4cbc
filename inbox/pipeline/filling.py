"""The fields of a form: what somebody filled in, read into the one form in which it is kept, and what of it a message brings."""

import re
from decimal import Decimal

from inbox.domain.choices import Choice
from inbox.domain.fields import Field, FieldKind
from inbox.domain.happenings import InboundMessage
from inbox.pipeline.menus import answered
from inbox.pipeline.playbook import Speaker
from inbox.pipeline.turn import Turn
from inbox.rulebook.regexes import entire
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.days import parse_day_in_words
from inbox.text.fold import latin_digits, squeeze

LONGEST = {FieldKind.TEXT: 200, FieldKind.LONG: 2_000}
"""Letters of a text, of one line or of several."""
DIGITS = 15
_NUMBER = re.compile(
    rf"([-+\u2212]?)(\d{{1,3}}(?:[,\u066c]\d{{3}})+|\d{{1,{DIGITS}}})(?:[.\u066b](\d{{1,{DIGITS}}}))?", re.ASCII
)
_GROUPS = re.compile("[,\u066c]")
_WORDS = {"yes": "yes", "no": "no", "بله": "yes", "خیر": "no"}


class Unfilled(Exception):
    """What was filled in cannot be taken: a catalogue key, with facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def read(field: Field, typed: str) -> str:
    """The value as it is kept: a number with Latin digits, a day as in ISO 8601, `yes` or `no`, the value of a choice, text without
    controls; empty for nothing. What it gives is read as itself. Raises Unfilled."""
    if field.kind is FieldKind.LONG:
        return _short(field, strip_controls(typed).replace("\r\n", "\n").strip())
    line = clean_header(typed)
    if not line:
        return ""
    match field.kind:
        case FieldKind.NUMBER:
            return _number(line)
        case FieldKind.DATE:
            return _day(line)
        case FieldKind.CHOICE:
            return _chosen(field, line)
        case FieldKind.YES_NO:
            return _yes(line)
        case _:
            return _text(field, line)


def filled_in(turn: Turn, said: InboundMessage, speaker: Speaker) -> tuple[Choice, ...]:
    """The choice that came with a message, and the fields of the form that came with it: as far as the form asks for them, they
    can be taken, and nobody has decided them."""
    chosen = answered(turn, said, speaker)
    menu, given = speaker.menu, dict(said.filled)
    now = turn.conversation
    known = dict(now.fields) | ({} if chosen is None else {chosen.name: chosen.value})
    found = [] if chosen is None else [chosen]
    for field in speaker.fields if given and said.automatic is None else ():
        free = field.name not in known and f"field.{field.name}" not in now.pinned
        asked = field.asked_for(known.get(menu.name, "") if menu else "")
        value = _or_nothing(field, given.get(field.name, "")) if free and asked else ""
        if value:
            found.append(Choice(field.name, value))
    return tuple(found)


def _or_nothing(field: Field, typed: str) -> str:
    try:
        return read(field, typed)
    except Unfilled:
        return ""


def _short(field: Field, text: str) -> str:
    if len(text) > LONGEST[field.kind]:
        raise Unfilled("form.too_long", limit=LONGEST[field.kind])
    return text


def _text(field: Field, line: str) -> str:
    if not field.pattern:
        return _short(field, line)
    plain = _short(field, latin_digits(line))
    if entire(field.pattern).fullmatch(plain) is None:
        raise Unfilled("form.no_match")
    return plain


def _number(line: str) -> str:
    found = _NUMBER.fullmatch(latin_digits(line).replace(" ", ""))
    if found is None:
        raise Unfilled("form.no_number")
    whole, part = _GROUPS.sub("", found[2]), (found[3] or "").rstrip("0")
    if len(whole) > DIGITS:
        raise Unfilled("form.no_number")
    value = Decimal(f"{whole}.{part or '0'}")
    return f"{'-' if value and found[1] not in ('', '+') else ''}{int(whole)}{'.' if part else ''}{part}"


def _day(line: str) -> str:
    day = parse_day_in_words(line)
    if day is None:
        raise Unfilled("form.no_day")
    return day.isoformat()


def _chosen(field: Field, line: str) -> str:
    word = squeeze(line)
    found = next(
        (one.value for one in field.options if line == one.value or word in map(squeeze, one.labels.values())), None
    )
    if found is None:
        raise Unfilled("form.no_choice")
    return found


def _yes(line: str) -> str:
    found = _WORDS.get(line.lower())
    if found is None:
        raise Unfilled("form.no_choice")
    return found
