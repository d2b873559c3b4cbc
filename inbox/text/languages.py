"""In which of our languages a text is written, told by its script and by the words that every text of a language has."""

import re
from typing import Literal

from inbox.text.fold import words

Language = Literal["fa", "en"]

_ADDRESSES = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S+@\S+")
_ARABIC_SCRIPT = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06fa-\u06fc]")
_LATIN_SCRIPT = re.compile("[a-zà-öø-ÿāăąćčďđęěğıłńňőœřśşšťůűźżž]")
# One word in three is enough for Persian: its texts are full of Latin product names, English ones have no Persian words.
_SHARE = 3
_ENOUGH = 4000  # characters

# Letters that only a Persian keyboard writes, and those that Persian rarely needs. ي and ك count for neither: Persian mail in
# windows-1256 has no other.
_PERSIAN_LETTERS = re.compile("[پچژگکی]")
_ARABIC_LETTERS = re.compile("[ةىأإ]")


def _known(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# All in folded form. Words that Persian and Arabic share once folded (من، ما، این، علی، کیف) decide nothing and are left out.
_PERSIAN = _known(
    "است هست نیست بود شد شده شود میشود نمیشود کرد کرده کنم کنید کند دارم دارد دارید ندارم را که از به در با برای این تا یا",
    "اگر هم هنوز چرا چطور چه کجا می نمی ام ایا خواهش لطفا ممنون مرسی سپاس درود خسته نباشید سفارش خرید پرداخت کاربری",
    "رمز ورود وارد تلفن تماس پاسخ مشکل خراب بله خیر باشه کار شما خود دیگر",
)
_ARABIC = _known(
    "فی الی هذا هذه ذلک التی الذی الذین عن مع لم لن کان کانت هل لماذا حالک متی شکرا جزیلا مرحبا اهلا ارجو ارید",
    "لدی لا نعم انا انت نحن یوجد یمکن یمکننی السلام علیکم",
)
_FINGLISH = _known(
    "salam slm mamnun mamnoon khahesh lotfan kheyli kheili nemishe mishe chera chetor daram nadaram mikham nemikham",
    "shoma sefaresh pardakht hesab khoobid khubid baraye hanuz hanooz dorod dorood",
)
_ENGLISH = _known(
    "the a an and or of to in is are was were be been i you we it he she they my your our this that for with on at not have has",
    "had do does did can could would will please thanks thank hello hi hey dear yes no ok order help how what when where why",
    "still from but if me",
)
_OTHER_LATIN = _known(
    "der die das und ist nicht ich sie wir ein eine mit für auf bitte danke hallo le la les et est pas je vous nous une pour avec",
    "bonjour el los las y es por para con hola gracias que il di che per non ciao grazie ve bir bu için değil merhaba de den det",
    "och är inte jag o os em não obrigado ola olá het een niet en van dank merci",
)


def language(text: str) -> Language | None:
    """ "fa", "en", or None where the text does not say: nothing but numbers and links, or some other language. The first 4,000 characters are asked.

    Persian in Latin letters ("salam, sefaresh nadaram") is Persian: its writer reads Persian. Undecided Arabic script is Persian.
    """
    text = text[:_ENOUGH]
    plain = _ADDRESSES.sub(" ", text) if "@" in text or "://" in text or "www." in text else text
    found = list(filter(str.isalpha, words(plain)))
    arabic = [] if plain.isascii() else [word for word in found if not word.isascii() and _ARABIC_SCRIPT.search(word)]
    if arabic and _SHARE * len(arabic) >= len(found):
        return "fa" if _is_persian(text, arabic) else None
    latin = [word for word in found if word.isascii() or _LATIN_SCRIPT.search(word)]
    return _latin_language(latin) if latin and 2 * len(latin) >= len(found) else None


def _is_persian(text: str, found: list[str]) -> bool:
    letters = len(_PERSIAN_LETTERS.findall(text)) - len(_ARABIC_LETTERS.findall(text))
    return letters + 2 * (_hits(found, _PERSIAN) - _hits(found, _ARABIC)) >= 0


def _latin_language(found: list[str]) -> Language | None:
    english, persian, other = (_hits(found, known) for known in (_ENGLISH, _FINGLISH, _OTHER_LATIN))
    if persian > max(english, other):
        return "fa"
    accented = sum(not word.isascii() for word in found)
    return None if other + accented > english else "en"


def _hits(found: list[str], known: frozenset[str]) -> int:
    return sum(map(known.__contains__, found))
