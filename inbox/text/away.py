"""Whether words tell that their writer is away: what vacation programs write that do not say that they are programs.

Only what somebody says of themselves counts: «رضا در مرخصی است» is an answer to a customer, «در مرخصی هستم» is none.
"""

import re

from inbox.text.fold import fold

LOOKED_AT = 600
"""Characters at the beginning: such notes come to the point."""
_I = r"\b(?:i am|i'm|i’m|i will be|i'll be|i’ll be) "
# As folded: no half-spaces, one letter for each family.
_SAID = (
    rf"{_I}(?:\w+ ){{0,3}}(?:out of (?:the )?office|on (?:\w+ )?(?:leave|vacation|holidays?)|away from (?:my|the) (?:desk|office|e-?mail|mail))",
    r"\bthis is an auto(?:matic|mated|matically generated)?[ -]?(?:reply|response|message|mail|e-?mail)\b",
    r"^\W*(?:auto(?:matic|mated)?[ -]?(?:reply|response)|(?:currently )?out of (?:the )?office)\b",
    r"(?:در|به) مرخصی (?:\w+ ){0,3}(?:هستم|میباشم|می باشم|خواهم بود|رفتهام|به سر میبرم)",
    r"(?:خارج|بیرون) از (?:دفتر|محل کار|شرکت|اداره) (?:\w+ ){0,2}(?:هستم|میباشم|می باشم|خواهم بود)",
    r"در (?:دفتر|محل کار|اداره) (?:نیستم|نخواهم بود|حضور ندارم|حضور نخواهم داشت)",
    r"^\W*(?:پاسخ|جواب|پیام) ?(?:گوی)? ?(?:خودکار|اتوماتیک)|\bاین (?:یک )?(?:پاسخ|پیام|ایمیل) (?:به (?:صورت|طور) )?(?:خودکار|اتوماتیک)",
)
_AWAY = re.compile("|".join(_SAID))


def tells_of_absence(text: str) -> bool:
    """Whether it reads like an out-of-office note of whoever wrote it."""
    return _AWAY.search(" ".join(fold(text[:LOOKED_AT]).split())) is not None
