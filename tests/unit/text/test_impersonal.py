"""What is taken out of a text that others will read: people, not things."""

import pytest

from inbox.text.impersonal import impersonal


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to lena.f+shop@mail.example.org, please.", "Write to …, please."),
        ("Call +49 (30) 123-45 67 after six", "Call … after six"),
        ("تماس: ۰۹۱۲ ۳۴۵ ۶۷۸۹ یا ۰۲۱-۸۸۷۷۶۶۵۵", "تماس: … یا …"),
        ("Order 48205 and #AB-99812-7 are late", "Order … and … are late"),
        ("سفارش ۴۸۲۰۵ نرسیده", "سفارش … نرسیده"),
        ("Two bags of 250 g for 12.50 in 2026, 30 days", "Two bags of 250 g for 12.50 in 2026, 30 days"),
        ("See https://shop.example/return?who=lena#top", "See https://shop.example/return"),
        ("I am @lena_f there", "I am … there"),
        ("Dear Lena Fischer, Lena's parcel", "Dear …, …'s parcel"),
        ("سلام خانم بهرامی، ممنون از آرش نیک‌پور و نيك‌پور", "سلام خانم …، ممنون از … و …"),
        ("Lenas lenses are not hers", "Lenas lenses are not hers"),
        ("", ""),
    ],
)
def test_what_is_taken_out_and_what_stays(text: str, left: str) -> None:
    names = ("Lena Fischer", "بهرامی", "آرش نیک‌پور", "lenas@lenses.example")
    assert impersonal(text, names) == left
    assert impersonal(left, names) == left, "once more changes nothing"
