"""The names of filters and of their values in both languages, as people may type them: folded, without spaces, to English."""

from collections.abc import Mapping

from inbox.text.fold import squeeze

ME, NONE = "me", "none"


def _table(**words: str) -> Mapping[str, str]:
    return {squeeze(word): name for name, several in words.items() for word in (name, *several.split("|"))}


NAMES = {
    squeeze(word): name
    for name, several in {
        "is": "وضعیت|state|status|هست",
        "assignee": "مسئول|مسوول|assigned",
        "team": "تیم|گروه",
        "tag": "برچسب|تگ",
        "channel": "کانال",
        "from": "از|فرستنده",
        "priority": "اولویت",
        "due": "مهلت|موعد",
        "before": "پیش از|پیش‌از|قبل|تا",
        "after": "پس از|پس‌از|بعد|از‌تاریخ",
        "has": "دارد|دارای",
        "ref": "شماره|مرجع|reference",
        "field": "فیلد|ویژگی",
        "contact": "مخاطب|مشتری",
        "organization": "سازمان|شرکت|company",
        "counted": "شمرده|شمارش",
        "contract": "قرارداد",
        "tone": "لحن",
    }.items()
    for word in (name, *several.split("|"))
}

IS = _table(
    open="باز",
    waiting="منتظر|در انتظار|در انتظار مشتری",
    snoozed="به تعویق افتاده|تعویق|به تعویق",
    done="پایان‌یافته|پایان|بسته|تمام",
    spam="هرزنامه|هرز",
    unread="نخوانده|خوانده‌نشده",
    late="دیر|دیرشده|عقب‌افتاده",
)
PRIORITY = _table(low="پایین|کم", normal="معمولی|عادی", high="بالا|زیاد|مهم", urgent="فوری")
TONE = _table(urgent="فوری|عجله", angry="خشمگین|عصبانی|ناراضی", abusive="توهین|توهین‌آمیز|ناسزا")
HAS = _table(file="فایل|پیوست|attachment", note="یادداشت")
PERSON = _table(me="من|خودم", none="هیچ‌کس|هیچکس|هیچ|nobody|unassigned|بی‌مسئول")
DAY = _table(today="امروز", tomorrow="فردا", yesterday="دیروز")

KNOWN = ("contact", "organization")
"""Filters that ask for a field of whoever writes: `contact.plan:gold` is `contact:plan=gold`."""
