"""The telling words of what somebody wrote: those that say what it is about, without greetings, courtesies and what every text has."""

import re
from collections.abc import Iterable

from inbox.text.fold import fold, words

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_NUMBER = re.compile(r"\d{5}")
SHORTEST = 2
LONGEST = 30
"""Letters of a word that is looked at; longer ones are no words."""
READ = 6_000
"""Characters of a text that are looked at: what somebody wants stands in front."""

_COMMON = frozenset(
    fold(
        """
a about above after again all also although am an and any anybody anyone anything are as at be because been before being below but by
can cannot could did do does doing done don down during each either else ever every few for from further get gets getting give given go
going gone good got had has have having he hello her here hers hi him his how however i if in into is it its just kind know let like ll
look made make many may maybe me might mine more morning most much must my need needs no nor not nothing now of off on once one only or
other our ours out over own perhaps please possible put quite rather re really regards s same say see seem seems she should since so some
somebody someone something sorry soon still such t take team tell than thank thanks that the their them then there these they thing things this
those though through to too try tried trying under until up us use very want wanted wants was way we well were what when where whether which
while who whom whose why will wish with within without won would yes yet you your yours dear sir madam best kindly ask asked asking question
help problem message mail email today yesterday tomorrow day days able afternoon evening cheers
سلام درود وقت بخیر صبح عصر روز شب خسته نباشید عزیز محترم جناب آقای خانم آقا با به از در تا را و یا که این آن اون ای چه چی چرا چطور چگونه
کجا کی کدام آیا من تو او ما شما آنها ایشان خود خودم خودش هم همین همان همه هر هیچ یک یه دو برای برا بر روی زیر پیش پس بعد قبل بین اگر اگه اما ولی
بلکه چون زیرا چنین چند خیلی بسیار کم بیش تر ترین های ها هایی ام ات اش مان تان شان ام ای است هست هستم هستی هستیم هستید هستند نیست نیستم بود بودم
بودیم بودند باشد باشم باشند باشید شد شده شدم شود شوند شوم می نمی شدن کرد کرده کردم کردیم کردند کردن کند کنم کنید کنیم کنند کن بکنم بکنید دارد دارم
داریم دارید دارند داشت داشتم داشته ندارد ندارم نداشت خواهم خواهد خواستم خواهش خواهشمند می‌خواهم میخواهم میخوام میخواستم لطفا لطف ممنون
متشکر متشکرم سپاس سپاسگزارم تشکر مرسی بله نه خیر باید نباید شاید میشه میشود می‌شود توان توانم توانید میتوان میتوانم نمیتوانم دیگر دیگه حالا
الان امروز دیروز فردا اینجا آنجا فقط حتی البته باز هنوز درباره مورد سوال پرسش سؤال مشکل کمک پیام ایمیل راهنمایی بفرمایید فرمایید نمایید
گفت گفتم گفتند بگویید بگید دهید بدهید بدهم دادم داد داده شماره
"""
    ).split()
)
_ENDINGS = (
    *("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "ترین", "تر"),
    *("مان", "تان", "شان", "ام", "ات", "اش", "ی", "م", "ش"),
    *("ings", "ing", "ies", "ied", "es", "ed", "s", "y", "e"),
)
_ENDED = re.compile(rf"(\w{{3,}}?)(?:{'|'.join(map(fold, _ENDINGS))})+")
"""At least three letters stay."""


def telling(text: str, most: int) -> list[str]:
    """The first of them, folded, each once and in the order in which they were said; nobody's address, and no number that may be one's."""
    said = words(_ADDRESS.sub(" ", text[:READ]))
    return list(dict.fromkeys(word for word in said if _tells(word)))[:most]


def roots(text: Iterable[str]) -> set[str]:
    """What words have in common with their plurals, possessives and tenses, as far as it can be seen from their endings."""
    return {root(word) for word in text}


def root(word: str) -> str:
    """A folded word without its endings: «سفارشم» and «سفارش», `refunds` and `refunded` become equal. Two different words may."""
    ended = _ENDED.fullmatch(word)
    return ended[1] if ended else word


def _tells(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word not in _COMMON and not _NUMBER.search(word)
