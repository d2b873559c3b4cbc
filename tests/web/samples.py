"""Conversations as a real support team has them, in both languages and every state."""

from inbox.domain import events as ev
from inbox.domain.clock_events import ClockBreached
from inbox.domain.ids import ChannelName, ContactId, DecisionId, DeliveryId, PromiseId
from inbox.domain.promise_events import Promised, PromiseJudged
from inbox.store import tables as t
from inbox.store.unit import Unit
from tests.web.sites import OMID, SARA, contact, conversation, delivery, message, minutes, tell


def fill(unit: Unit) -> None:
    """A morning's work."""
    _parcel(unit)
    _refund(unit)
    rows = [
        (
            "نگار سهرابی",
            "negar@example.ir",
            "کد تخفیف کار نمی‌کند",
            "سلام، کد NOWRUZ25 را که می‌زنم می‌نویسد معتبر نیست.",
            90,
            -50,
            None,
        ),
        (
            "Jonas Weber",
            "jonas@example.com",
            "Invoice for October",
            "Could you send me the invoice again? The PDF is empty.",
            170,
            -40,
            OMID,
        ),
        ("", "ops@example.net", "Server alert: disk 91 %", "The disk of db-2 is 91 % full.", None, -22, None),
        ("علی کریمی", "ali@example.ir", "تغییر نشانی تحویل", "سفارش ۱۲۳۴۵ را به نشانی جدید بفرستید.", 20, -15, SARA),
        (
            "Maria Rossi",
            "maria@example.it",
            "OK سلام، ایمیل قبلی را نادیده بگیرید",
            "Please ignore my last mail.",
            None,
            -4,
            None,
        ),
        ("<img src=x>", "xss@example.com", "", "no subject at all", 300, -3, None),
    ]
    for number, (name, address, subject, excerpt, due, waiting, assignee) in enumerate(rows):
        values = {"due_at": minutes(due) if due else None, "waiting_since": minutes(waiting), "assignee_id": assignee}
        tags = [["billing"], ["invoice", "vip", "october"], ["ops"], [], [], []][number]
        more = {"priority": "urgent" if number == 2 else "normal", "tags": tags, "changed_at": minutes(waiting)}
        matter = conversation(
            unit, f"B{number + 2}XY", contact(unit, name, address), subject=subject, excerpt=excerpt, **values, **more
        )
        message(unit, matter, "inbound", excerpt, at=minutes(waiting))
    for number, state in enumerate(("waiting", "waiting", "snoozed", "done", "done", "done", "spam")):
        matter = conversation(
            unit,
            f"D{number + 2}ZK",
            1,
            state=state,
            subject=f"Order {4100 + number}",
            excerpt="Thank you.",
            changed_at=minutes(-300),
        )
        message(unit, matter, "inbound", "Thank you.")


def _parcel(unit: Unit) -> None:
    who = contact(unit, "Lena Fischer", "lena@example.com", verified=True)
    matter = conversation(
        unit,
        "K7Q2",
        who,
        subject="My parcel has not arrived",
        excerpt="The tracking page has said “on its way” for six days.",
        priority="high",
        assignee_id=SARA,
        team_id=1,
        tags=["parcel", "vip", "first-order"],
        due_at=minutes(-32),
        waiting_since=minutes(-95),
        policy="standard",
        fields=[["order", "A-40817"], ["plan", "gold"]],
    )
    question = "Hello,\n\nthe tracking page has said “on its way” for six days now, and nothing has come.\nOrder A-40817. Could you look into it?\n\nThank you\nLena"
    whole = f"{question}\n\nOn Monday, Acme wrote:\n> Your order has left our warehouse."
    said = message(
        unit,
        matter,
        "inbound",
        whole,
        reply_text=question,
        contact_id=who,
        at=minutes(-95),
        sender=["lena@example.com", "Lena Fischer"],
    )
    for name, size, kind in (("parcel.jpg", 348_211, "image/jpeg"), ("رسید خرید.pdf", 2_411_904, "application/pdf")):
        unit.insert(t.attachment, message_id=said, filename=name, content_type=kind, size=size, start=0, length=size)
    told = message(
        unit,
        matter,
        "outbound",
        "Hello Lena Fischer,\n\nWe have your message (reference K7Q2).\nWe will reply by Tuesday 24 November, 09:58 (Tehran time).\nTo add something, simply reply to this message.\n\nAcme Support",
        purpose="acknowledgement",
        at=minutes(-94),
    )
    delivery(unit, matter, told, "sent", "lena@example.com")
    message(
        unit,
        matter,
        "note",
        "Warehouse says it left on Thursday. پیک مشترک است، از تیپاکس بپرسید.",
        agent_id=OMID,
        channel=None,
        at=minutes(-50),
    )
    reply = message(
        unit,
        matter,
        "outbound",
        "Dear Lena,\n\nthank you for waiting. Your parcel is with the courier in your town; they will deliver it tomorrow before noon.",
        purpose="reply",
        agent_id=SARA,
        at=minutes(-40),
    )
    delivery(unit, matter, reply, "failed", "lena@example.com", "550 5.1.1 mailbox unavailable")
    unit.insert(
        t.promise,
        conversation_id=matter,
        message_id=told,
        kind="answer",
        told_at=minutes(-94),
        due_at=minutes(-32),
        state="late",
    )
    clock = {"conversation_id": matter, "cycle": 1, "started_at": minutes(-95), "pauses": []}
    unit.insert(t.clock, metric="first_reply", due_at=minutes(-32), breached_at=minutes(-32), **clock)
    unit.insert(t.clock, metric="resolution", due_at=minutes(1400), **clock)
    tell(
        unit,
        matter,
        -95,
        ev.Opened("opened", "K7Q2", ChannelName("support"), ContactId(who), None, "", "en"),
        ev.Decided("decided", DecisionId(1), "9f3c", ("parcels", "vip first")),
        ev.PrioritySet("priority_set", "high"),
        ev.Assigned("assigned", SARA),
        ev.Tagged("tagged", ("parcel", "vip")),
        Promised("promised", PromiseId(1), minutes(-32), True),
        ev.Acknowledged("acknowledged", told),
    )
    tell(unit, matter, -40, ev.Replied("replied", reply, SARA, ""), actor=ev.Actor("agent", SARA))
    tell(unit, matter, -39, ev.DeliverySettled("delivery_settled", DeliveryId(2), reply, "failed", "550"))
    tell(unit, matter, -32, ClockBreached("clock_breached", "first_reply", 1, minutes(-32)))


def _refund(unit: Unit) -> None:
    who = contact(unit, "رضا احمدی", "reza@example.ir")
    matter = conversation(
        unit,
        "M4TR",
        who,
        subject="بازگشت وجه سفارش ۴۰۸۱۷",
        excerpt="سلام، هفتهٔ پیش کالا را پس فرستادم ولی هنوز پولی برنگشته است.",
        assignee_id=OMID,
        team_id=1,
        tags=["بازگشت وجه", "مالی"],
        due_at=minutes(55),
        waiting_since=minutes(-70),
        policy="standard",
    )
    question = "با سلام و احترام\n\nهفتهٔ پیش کالا را پس فرستادم (کد رهگیری TRK-99281) ولی هنوز پولی به حسابم برنگشته است.\nلطفاً بررسی کنید که مبلغ ۲٬۴۵۰٬۰۰۰ تومان چه زمانی واریز می‌شود.\n\nSent from my iPhone"
    message(unit, matter, "inbound", question, contact_id=who, at=minutes(-70), sender=["reza@example.ir", "رضا"])
    told = message(
        unit,
        matter,
        "outbound",
        "با سلام و احترام\n\nرضا احمدی گرامی، پیام شما رسید (شمارهٔ پیگیری \u2068M4TR\u2069).\nتا سه‌شنبه ۳ آذر ساعت ۱۱:۲۵ (به وقت تهران) پاسخ می‌دهیم.\nاگر نکته‌ای مانده است، کافی است به همین پیام پاسخ دهید.\n\nبا احترام، پشتیبانی آکمه",
        purpose="acknowledgement",
        at=minutes(-69),
    )
    delivery(unit, matter, told, "sent", "reza@example.ir")
    message(unit, matter, "note", "مالی گفت واریز در صف امروز است.", agent_id=SARA, channel=None, at=minutes(-30))
    reply = message(
        unit,
        matter,
        "outbound",
        "جناب آقای احمدی گرامی،\n\nمبلغ ۲٬۴۵۰٬۰۰۰ تومان امروز تا ساعت ۱۶ به حساب شما واریز می‌شود. از شکیبایی شما سپاسگزاریم.",
        purpose="reply",
        agent_id=OMID,
        at=minutes(-10),
    )
    delivery(unit, matter, reply, "queued", "reza@example.ir")
    unit.insert(
        t.promise,
        conversation_id=matter,
        message_id=told,
        kind="answer",
        told_at=minutes(-69),
        due_at=minutes(55),
        state="kept",
    )
    clock = {"conversation_id": matter, "cycle": 1, "started_at": minutes(-70), "pauses": []}
    unit.insert(t.clock, metric="first_reply", due_at=minutes(55), stopped_at=minutes(-10), **clock)
    tell(
        unit,
        matter,
        -70,
        ev.Opened("opened", "M4TR", ChannelName("support"), ContactId(who), None, "", "fa"),
        ev.Decided("decided", DecisionId(2), "9f3c", ("مالی",)),
        ev.Tagged("tagged", ("مالی",)),
        Promised("promised", PromiseId(2), minutes(55), True),
        ev.Acknowledged("acknowledged", told),
    )
    tell(unit, matter, -10, ev.Replied("replied", reply, OMID, ""), actor=ev.Actor("agent", OMID))
    tell(unit, matter, -10, PromiseJudged("promise_judged", PromiseId(2), "kept"))
