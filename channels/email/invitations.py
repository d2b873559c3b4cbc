"""Calendar invitations, cancellations and answers as words that an agent can read: what, when, where, who (RFC 5546).

Times are told in the zone that the calendar names, all-day events by their days, and a time without a zone as just that.
Persian calendars are told in Persian, with the Jalali day beside the Gregorian one; all others in English.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from channels.email.addresses import normal
from channels.email.bodies import words
from channels.email.icalendar import Calendar, Event, Property, calendar_of
from channels.email.parts import Part
from channels.email.transfer import Buffer
from inbox.domain.happenings import Attachment
from inbox.text.calendars import tongue
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.languages import language

_KINDS = frozenset({"text/calendar", "text/x-vcalendar", "application/ics", "text/ics", "application/calendar"})
_NAMES = (".ics", ".vcs", ".ICS", ".VCS")
_CALENDARS_CAP = 5
_PEOPLE_SHOWN = 15
_LINE_MOST = 500
_DESCRIPTION_MOST = 3_000

_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?)?(Z?)", re.ASCII)
_DURATION = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?", re.ASCII)
_MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
_RULE = re.compile(r"[A-Z0-9=;,:+TZ-]{1,200}")

_ENGLISH = {
    "REQUEST": "Invitation",
    "PUBLISH": "Event",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Another time is proposed",
    "DECLINECOUNTER": "The proposed time is declined",
    "REFRESH": "Asks for the newest version",
    "ADD": "A further date",
    "ACCEPTED": "Accepted",
    "DECLINED": "Declined",
    "TENTATIVE": "Tentatively accepted",
    "DELEGATED": "Delegated",
    "NEEDS-ACTION": "Not yet answered",
    "COMPLETED": "Completed",
    "IN-PROCESS": "In progress",
    "when": "When",
    "due": "Due",
    "where": "Where",
    "organizer": "Organizer",
    "invited": "Invited",
    "by": "By",
    "rule": "Repeats",
    "link": "Link",
    "comment": "Comment",
    "all day": "all day",
    "floating": "local time, no zone given",
    "more": "and {count} more",
    "at": ", ",
    "to": " – ",
    "nameless": "(no title)",
}
_PERSIAN = {
    "REQUEST": "دعوت به جلسه",
    "PUBLISH": "رویداد",
    "CANCEL": "لغو شد",
    "REPLY": "پاسخ به دعوت",
    "COUNTER": "زمان دیگری پیشنهاد شد",
    "DECLINECOUNTER": "زمان پیشنهادی پذیرفته نشد",
    "REFRESH": "درخواست آخرین نسخه",
    "ADD": "یک نوبت دیگر",
    "ACCEPTED": "پذیرفت",
    "DECLINED": "نپذیرفت",
    "TENTATIVE": "شاید بیاید",
    "DELEGATED": "واگذار کرد",
    "NEEDS-ACTION": "هنوز پاسخ نداده",
    "COMPLETED": "انجام شد",
    "IN-PROCESS": "در حال انجام",
    "when": "زمان",
    "due": "مهلت",
    "where": "مکان",
    "organizer": "برگزارکننده",
    "invited": "دعوت‌شدگان",
    "by": "از طرف",
    "rule": "تکرار",
    "link": "پیوند",
    "comment": "توضیح",
    "all day": "تمام روز",
    "floating": "به وقت محلی، منطقهٔ زمانی گفته نشده",
    "more": "و {count} نفر دیگر",
    "at": " ساعت ",
    "to": " تا ",
    "nameless": "(بدون عنوان)",
}


def invitation(raw: Buffer, root: Part, defects: set[str]) -> str:
    """What the calendars of a mail say, each once; empty where it brings none that can be read."""
    told: dict[str, None] = {}
    found = (
        part for part in root.walk() if not part.children and (part.kind in _KINDS or part.filename.endswith(_NAMES))
    )
    for part, _ in zip(found, range(_CALENDARS_CAP), strict=False):
        calendar = calendar_of(words(raw, part, defects), part.parameters.get("method", ""))
        if calendar is not None:
            told.update(dict.fromkeys(_told(calendar)))
    return "\n\n".join(told)


def carried(attachments: Iterable[Attachment]) -> bool:
    """Whether one of these files is a calendar."""
    return any(one.content_type in _KINDS or one.filename.endswith(_NAMES) for one in attachments)


def _told(calendar: Calendar) -> Iterator[str]:
    for event in calendar.events:
        said = " ".join((event.text("SUMMARY"), event.text("DESCRIPTION")[:500], event.text("LOCATION")))
        labels = _PERSIAN if language(said) == "fa" else _ENGLISH
        lines = [one for one in _lines(calendar.method, event, labels) if one]
        description = strip_controls(event.text("DESCRIPTION"))[:_DESCRIPTION_MOST].strip()
        yield "\n".join(lines) + (f"\n\n{description}" if description else "")


def _lines(method: str, event: Event, labels: Mapping[str, str]) -> Iterator[str]:
    answering = method in ("REPLY", "COUNTER", "REFRESH")
    yield f"{_heading(method, event, labels)}: {_line(event.text('SUMMARY')) or labels['nameless']}"
    yield _labelled(labels["when"], _when(event, labels))
    yield _labelled(labels["due"], _at(event.first("DUE"), labels))
    yield _labelled(labels["where"], _line(event.text("LOCATION")))
    yield _labelled(labels["rule"], _rule(event))
    yield _labelled(labels["organizer"], _person(event.first("ORGANIZER")))
    yield _labelled(labels["by" if answering else "invited"], _people(event, labels))
    yield _labelled(labels["comment"], _line(event.text("COMMENT")))
    yield _labelled(labels["link"], _line(event.text("URL")))


def _heading(method: str, event: Event, labels: Mapping[str, str]) -> str:
    if method == "REPLY":
        answer = next((one.parameters.get("PARTSTAT", "").upper() for one in event.properties.get("ATTENDEE", ())), "")
        return labels.get(answer, labels["REPLY"]) if answer.isupper() else labels["REPLY"]
    if event.text("STATUS").upper() == "CANCELLED":
        method = "CANCEL"
    return labels.get(method, labels["PUBLISH"]) if method.isupper() else labels["PUBLISH"]


def _labelled(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def _line(text: str) -> str:
    return clean_header(text[: 4 * _LINE_MOST])[:_LINE_MOST]


def _people(event: Event, labels: Mapping[str, str]) -> str:
    invited = event.properties.get("ATTENDEE", [])
    told = [one for one in map(_person, invited[:_PEOPLE_SHOWN]) if one]
    more = [labels["more"].format(count=len(invited) - _PEOPLE_SHOWN)] if len(invited) > _PEOPLE_SHOWN else []
    return "; ".join(told + more)


def _person(one: Property | None) -> str:
    if one is None:
        return ""
    name = _line(one.parameters.get("CN", ""))
    address = normal(_MAILTO.sub("", one.value.strip(), count=1)) or normal(
        _MAILTO.sub("", one.parameters.get("EMAIL", ""))
    )
    if not address:
        return name
    return f"{name} <{address}>" if name and name.lower() != address else address


def _rule(event: Event) -> str:
    found = event.first("RRULE")
    return found.value if found is not None and _RULE.fullmatch(found.value) else ""


def _when(event: Event, labels: Mapping[str, str]) -> str:
    """From when to when: `end` is exclusive, so an event of one day ends on that day (RFC 5545, 3.6.1)."""
    start = _moment(event.first("DTSTART"))
    if start is None:
        return ""
    end = _moment(event.first("DTEND")) or _after(start, event.text("DURATION"))
    if not isinstance(start, datetime):
        last = max(start, end - timedelta(days=1)) if end is not None and not isinstance(end, datetime) else start
        days = _date(start, labels) if last == start else _date(start, labels) + labels["to"] + _date(last, labels)
        return f"{days} ({labels['all day']})"
    told = _date(start, labels) + labels["at"] + f"{start:%H:%M}"
    if isinstance(end, datetime) and end > start.replace(tzinfo=end.tzinfo):
        same = end.date() == start.date()
        told += labels["to"] + ("" if same else _date(end, labels) + labels["at"]) + f"{end:%H:%M}"
    return f"{told} ({_zone(event.first('DTSTART'), labels)})"


def _at(one: Property | None, labels: Mapping[str, str]) -> str:
    moment = _moment(one)
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return _date(moment, labels)
    return _date(moment, labels) + labels["at"] + f"{moment:%H:%M} ({_zone(one, labels)})"


def _moment(one: Property | None) -> date | None:
    """The day, or the wall clock's time, that a property tells; None for what is neither."""
    found = _DAY.match(one.value.strip()) if one is not None else None
    if found is None:
        return None
    year, month, day, hour, minute = (int(number or 0) for number in found.groups()[:5])
    try:
        on = date(year, month, day)
        return on if found[4] is None else datetime.combine(on, time(hour, minute))
    except ValueError:
        return None


def _after(start: date, duration: str) -> date | None:
    found = _DURATION.fullmatch(duration)
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    try:
        return start + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _zone(one: Property | None, labels: Mapping[str, str]) -> str:
    if one is None:
        return ""
    if one.value.strip().endswith("Z"):
        return "UTC"
    zone = _line(one.parameters.get("TZID", ""))
    if not zone:
        return labels["floating"]
    # Some programs put a path before it: /freeassociation.sourceforge.net/Asia/Tehran
    return "/".join(zone.split("/")[-2:]) if zone.startswith("/") else zone


def _date(on: date, labels: Mapping[str, str]) -> str:
    persian = labels is _PERSIAN
    weekday = tongue("fa" if persian else "en").weekdays[on.weekday()]
    return f"{weekday} {_jalali(on)} ({on:%Y-%m-%d})" if persian else f"{weekday} {on:%Y-%m-%d}"


def _jalali(on: date) -> str:
    from inbox.text.jalali import (
        from_gregorian,
    )  # few mails bring an invitation: the child need not load it for all others

    try:
        year, month, day = from_gregorian(on)
    except (ValueError, OverflowError):
        return ""
    return f"{year:04}/{month:02}/{day:02}"
