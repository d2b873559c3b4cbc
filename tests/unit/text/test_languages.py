"""The language of a text, told even from one word where the word is telling."""

import pytest

from inbox.text.languages import language


@pytest.mark.parametrize(
    "text",
    [
        "سلام",
        "سلام، سفارش من هنوز نرسیده",
        "من نمي توانم وارد حساب كاربري شوم",
        "ممنون",
        "لطفا iPhone 15 Pro Max را بررسی کنید",
        "تأیید نشد",
        "salam, sefaresh nadaram",
        "ببینید: https://example.com/orders/some/very/long/path",
        "چرا؟",
    ],
)
def test_persian(text: str) -> None:
    assert language(text) == "fa"


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order?",
        "Hi",
        "ok",
        "Refund",
        "Thanks!",
        "سلام my order has not arrived yet, please check",
        "My name is علی and I can not log in",
    ],
)
def test_english(text: str) -> None:
    assert language(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "👍",
        "K7Q2",
        "https://example.com/the/order",
        "the.order@example.com",
        "مرحبا، أين طلبي؟",
        "شكرا جزيلا",
        "لا أستطيع الدخول إلى حسابي",
        "Bonjour, où est ma commande ?",
        "Hallo, wo ist meine Bestellung?",
        "Merhaba, siparişim gelmedi",
        "Hola, no tengo el pedido, gracias",
        "Привет, iPhone не работает",
        "你好，我的订单",
    ],
)
def test_neither(text: str) -> None:
    assert language(text) is None
