"""Example facts: what every template is rendered against at load, each case that its conditions can ask for."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from inbox.domain.facts import (
    OWN,
    AcknowledgementFacts,
    AgentDigestFacts,
    AgentHandedUpFacts,
    AgentNoticeFacts,
    AgentPageFacts,
    AgentReportFacts,
    AnswerFacts,
    ArticleLink,
    AssetTold,
    BroadcastFacts,
    Called,
    CourtesyFacts,
    DigestLine,
    Facts,
    Happened,
    KnownField,
    NeutralFacts,
    OutageNewsFacts,
    PromisedFacts,
    PromiseLine,
    PromiseNoticeFacts,
    ProofFacts,
    ProvedFacts,
    ReplyFacts,
    ScoreLink,
    SignInFacts,
    SurveyFacts,
    Title,
    TranscriptFacts,
    TranscriptLine,
    facts_of,
)
from inbox.domain.ratings import Survey
from inbox.domain.statement_facts import StatementFacts

_DUE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
_OPENS = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
_UNTIL = datetime(2027, 8, 23, 8, 30, tzinfo=UTC)
_EARLIER = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def examples(template: str, language: str) -> list[Facts]:
    """Facts for a template of that name in that language, from the fullest to the emptiest."""
    kind = facts_of(template)
    if kind is ReplyFacts:
        return _replies(language)
    if kind in OWN.values():
        return _surveys(template, language) if kind is SurveyFacts else _notices(kind, language)
    persian = language == "fa"
    told = NeutralFacts(
        language=language,
        zone=ZoneInfo("Asia/Tehran"),
        brand="فروشگاه نمونه" if persian else "Example Store",
        reference="K7Q2",
        promise_kind="answer",
        due_at=_DUE,
    )
    cases: list[NeutralFacts] = [
        told,
        replace(told, promise_kind="update"),
        replace(told, open_now=False, opens_at=_OPENS),
        replace(told, open_now=False, opens_at=_EARLIER),
        replace(told, open_now=False, opens_at=_OPENS, promise_kind="update"),
        replace(told, promise_kind="none", due_at=None),
        replace(told, promise_kind="none", due_at=None, open_now=False, opens_at=_OPENS),
        replace(told, promise_kind="none", due_at=None, open_now=False),
        replace(told, promise_kind="update", known="پرداخت‌ها قطع است." if persian else "Payments are down."),
    ]
    if kind is NeutralFacts:
        return list(cases)
    name, subject = ("نگار سهرابی", "سفارشم نرسیده است") if persian else ("Lena Fischer", "My order has not arrived")
    ask = "پیام شما دربارهٔ چیست؟" if persian else "What is it about?"
    personal = [_personal(case, name, subject) for case in cases] + [_personal(told, "", "", ask)]
    seal = "m5t2c7q4x9v3k8d6h1j0w2r5n7"
    title = "سفارشم کجاست؟" if persian else "Where is my order?"
    offered = ArticleLink(title=title, link=f"https://help.example/help/{language}/where-is-my-order?for={seal}")
    personal[0] = replace(personal[0], link=f"https://help.example/portal/m/{seal}", articles=(offered,))
    personal[:6] = [replace(case, asset=one) for case, one in zip(personal, _assets(persian=persian), strict=False)]
    personal[0] = replace(personal[0], organization=_company(language), contact_fields=_known(language))
    if kind is AcknowledgementFacts:
        return list(personal)
    return [answer for case in personal for answer in _answers(case, persian=persian)]


def _personal(case: NeutralFacts, name: str, subject: str, ask: str = "") -> AcknowledgementFacts:
    same = {field.name: getattr(case, field.name) for field in fields(case)}
    title: Title = "ms" if name else ""
    return AcknowledgementFacts(**same, contact_name=name, contact_title=title, subject=subject, ask=ask)


def _assets(*, persian: bool) -> list[AssetTold]:
    """Something under warranty, under none any more, of which nobody knows; with a model and without, with a service and without."""
    product = "آسیاب قهوه" if persian else "Coffee grinder"
    bare = AssetTold(product=product, serial="SN-12345678")
    known = replace(bare, model="PX-200", in_warranty=True, warranty_until=_UNTIL)
    over = replace(known, in_warranty=False, warranty_until=_EARLIER)
    serviced = replace(over, in_service=True, service_until=_UNTIL)
    return [known, over, bare, serviced, replace(serviced, in_service=False, service_until=_EARLIER), known]


def _answers(case: AcknowledgementFacts, *, persian: bool) -> list[Facts]:
    """While the customer waits, after we have answered, and before anybody has done anything."""
    least = AnswerFacts(**{field.name: getattr(case, field.name) for field in fields(case)})
    agent, team = ("سارا محمدی", "پشتیبانی") if persian else ("Sara Mohammadi", "Support")
    theirs = replace(least, assignee=agent, team=team)
    return [replace(theirs, waiting_since=_EARLIER), replace(theirs, replied_at=_EARLIER), least]


def _company(language: str) -> str:
    return "بازرگانی نمونه" if language == "fa" else "Example Trading"


def _known(language: str) -> tuple[KnownField, ...]:
    return (KnownField(name="plan", label="طرح" if language == "fa" else "Plan", value="gold"),)


def _replies(language: str) -> list[Facts]:
    persian = language == "fa"
    least = ReplyFacts(
        language=language,
        zone=ZoneInfo("Asia/Tehran"),
        brand="فروشگاه نمونه" if persian else "Example Store",
        reference="K7Q2",
        text="سفارش شما امروز ارسال شد." if persian else "Your order left our warehouse today.",
        agent_name="سارا محمدی" if persian else "Sara Mohammadi",
    )
    fullest = replace(
        least,
        team="پشتیبانی" if persian else "Support",
        signature="تلفن: ۰۲۱-۱۲۳۴" if persian else "Phone: +98 21 1234",
        contact_name="نگار سهرابی" if persian else "Lena Fischer",
        contact_title="ms",
        subject="سفارشم نرسیده است" if persian else "My order has not arrived",
        quoted_text="سلام\nسفارش من کجاست؟" if persian else "Hello,\nwhere is my order?",
        quoted_name="نگار سهرابی" if persian else "Lena Fischer",
        quoted_at=_EARLIER,
        asset=_assets(persian=persian)[0],
        organization=_company(language),
        contact_fields=_known(language),
    )
    return [fullest, least]


def _notices(kind: type[Facts], language: str) -> list[Facts]:
    persian = language == "fa"
    zone, brand = ZoneInfo("Asia/Tehran"), "فروشگاه نمونه" if persian else "Example Store"
    if kind is ProofFacts:
        return [ProofFacts(language=language, zone=zone, brand=brand, code="048213", minutes=30)]
    if kind is SignInFacts:
        bare = SignInFacts(language=language, zone=zone, brand=brand, code="048213", minutes=30)
        return [replace(bare, link="https://help.example/portal/enter/m5t2c7q4x9v3k8d6h1j0w2r5n7"), bare]
    if kind is StatementFacts:
        return _statements(language, zone, brand)
    if kind is AgentNoticeFacts:
        subject = "سفارشم نرسیده است" if persian else "My order has not arrived"
        least = AgentNoticeFacts(language=language, zone=zone, brand=brand, reference="K7Q2", happened="rules")
        every: tuple[Happened, ...] = (
            "assigned",
            "mentioned",
            "message-received",
            "promise-at-risk",
            "promise-late",
            "words-held",
            "task-due",
            "handed-up",
        )
        question = "سفارش من کجاست؟" if persian else "Where is it?"
        line = TranscriptLine(at=_EARLIER, ours=False, name="Lena", text=question)
        fullest = replace(least, subject=subject, contact_name="Lena", lines=(line,), promised_at=_DUE)
        fullest = replace(fullest, todo=("به انبار زنگ بزنید" if persian else "Call the warehouse",))
        link = "https://inbox.example/c/K7Q2"
        return [*(replace(fullest, happened=one, answerable=True, link=link) for one in every), least]
    if kind is AgentPageFacts:
        subject = "همه چیز ایستاده است" if persian else "Everything has stopped"
        rule = "کشیک شب" if persian else "on call"
        silent = AgentPageFacts(language=language, zone=zone, brand=brand, reference="K7Q2", happened="over", rule=rule)
        words = "سرورها پاسخ نمی‌دهند." if persian else "The servers do not answer."
        last = TranscriptLine(at=_EARLIER, ours=False, name="Lena", text=words)
        known = replace(silent, subject=subject, contact_name="Lena", lines=(last,), answerable=True)
        called: tuple[Called, ...] = ("first", "again", "escalated")
        linked = replace(known, link="https://inbox.example/c/K7Q2")
        by = "سارا" if persian else "Sara"
        has_it = replace(linked, happened="acknowledged", by=by, answerable=False)
        return [*(replace(linked, happened=one) for one in called), has_it, silent]
    if kind is AgentHandedUpFacts:
        return _handed_up(language, zone, brand)
    if kind is BroadcastFacts:
        return _broadcasts(language, zone, brand)
    if kind is AgentDigestFacts:
        return _digests(language, zone, brand)
    if kind is AgentReportFacts:
        subject = "سفارشم نرسیده است" if persian else "My order has not arrived"
        asked = AgentReportFacts(language=language, zone=zone, brand=brand, reference="K7Q2", answers=("K7Q2: Sara",))
        words = "واژهٔ «#dnoe» را نمی‌شناسیم." if persian else "There is no word “#dnoe”."
        kept = "در راه است." if persian else "It is on its way."
        broken = replace(asked, answers=(), problem=words, text=kept, subject=subject, answerable=True)
        return [broken, asked]
    if kind is ProvedFacts:
        return [ProvedFacts(language=language, zone=zone, brand=brand, address="lena@example.org")]
    if kind is OutageNewsFacts:
        words = "درگاه پرداخت دوباره کار می‌کند." if persian else "Payments work again."
        over = OutageNewsFacts(language=language, zone=zone, brand=brand, reference="K7Q2", known=words)
        return [over, replace(over, due_at=_DUE)]
    if kind is CourtesyFacts:
        courteous = CourtesyFacts(language=language, zone=zone, brand=brand)
        return [replace(courteous, warned=2), replace(courteous, warned=1), courteous]
    if kind is PromisedFacts:
        return [PromisedFacts(language=language, zone=zone, brand=brand, due_at=_DUE)]
    if kind is PromiseNoticeFacts:
        return _renewals(language, zone, brand)
    name = "سارا محمدی" if persian else "Sara Mohammadi"
    lines = (
        TranscriptLine(at=_EARLIER, ours=False, name="", text="سلام\nسفارش من کجاست؟" if persian else "Where is it?"),
        TranscriptLine(at=_DUE, ours=True, name=name, text="امروز." if persian else "Today.", files=("bill.pdf",)),
        TranscriptLine(at=_DUE, ours=True, name="", text="..."),
    )
    told = TranscriptFacts(language=language, zone=zone, brand=brand, reference="K7Q2", lines=lines, shortened=True)
    return [told, replace(told, lines=(), shortened=False)]


def _statements(language: str, zone: ZoneInfo, brand: str) -> list[Facts]:
    """With a name, and to nobody in particular."""
    persian = language == "fa"
    lines = ("دورهٔ ۲ از ۱ تا ۳۰ آذر ۱۴۰۵",) if persian else ("Period 2, from 22 November to 21 December 2026",)
    contract = "فروشگاه نمونه، نقره‌ای" if persian else "Example Store, silver"
    least = StatementFacts(language=language, zone=zone, brand=brand, reference="K7Q2", contract=contract, lines=lines)
    name = "نگار سهرابی" if persian else "Lena Fischer"
    return [replace(least, contact_name=name, contact_title="ms"), least]


def _surveys(template: str, language: str) -> list[Facts]:
    """By mail, in a chat with buttons, and by mail of somebody of whom we know nothing."""
    persian = language == "fa"
    survey = Survey.NPS if template.split("@")[0] == "survey-nps" else Survey.CSAT
    link = "https://help.example/portal/r/m5t2c7q4x9v3k8d6h1j0w2r5n7"
    least = SurveyFacts(
        language=language,
        zone=ZoneInfo("Asia/Tehran"),
        brand="فروشگاه نمونه" if persian else "Example Store",
        reference="K7Q2",
        until=_DUE,
        scores=tuple(ScoreLink(score=one, link=f"{link}?score={one}") for one in survey.scores),
        link=link,
    )
    name, subject = ("نگار سهرابی", "سفارشم نرسیده است") if persian else ("Lena Fischer", "My order has not arrived")
    known = replace(least, contact_name=name, contact_title="ms", subject=subject)
    return [known, replace(known, scores=(), link="", buttons=True), replace(known, buttons=True), least]


def _renewals(language: str, zone: ZoneInfo, brand: str) -> list[Facts]:
    one = PromiseNoticeFacts(
        language=language,
        zone=zone,
        brand=brand,
        reference="K7Q2",
        earlier_at=_OPENS,
        earlier_kind="answer",
        promise_kind="answer",
        due_at=_DUE,
    )
    other = replace(one, promise_kind="update", in_hand=True, missed=True)
    return [one, other, *(replace(it, earlier_kind="update", last=True) for it in (one, other))]


def _handed_up(language: str, zone: ZoneInfo, brand: str) -> list[Facts]:
    persian = language == "fa"
    by, had = ("رضا", "مینا") if persian else ("Reza", "Mina")
    least = AgentHandedUpFacts(language=language, zone=zone, brand=brand, reference="K7Q2", by=by, opened_at=_EARLIER)
    words = "سفارش من کجاست؟" if persian else "Where is it?"
    whole = replace(
        least,
        reason="مشتری بسیار ناراضی است" if persian else "They are very upset",
        had=had,
        subject="سفارشم نرسیده است" if persian else "My order has not arrived",
        contact_name="Lena",
        waiting_since=_EARLIER,
        promises=tuple(PromiseLine(due_at=_DUE, missed=one == 0, kept=one == 1) for one in range(3)),
        lines=(TranscriptLine(at=_EARLIER, ours=False, name="Lena", text=words),),
    )
    return [replace(whole, answerable=True, link="https://inbox.example/c/K7Q2"), least]


def _broadcasts(language: str, zone: ZoneInfo, brand: str) -> list[Facts]:
    persian = language == "fa"
    subject = "ساعت کار تازه" if persian else "New opening hours"
    words = "از شنبه تا هشت شب باز هستیم." if persian else "From Saturday on we are open until eight."
    least = BroadcastFacts(language=language, zone=zone, brand=brand, subject=subject, text=words)
    linked = replace(least, contact_name="Lena", stop_link="https://inbox.example/stop/4-7-k2m9")
    return [linked, replace(least, stop_word="لغو" if persian else "stop"), least]


def _digests(language: str, zone: ZoneInfo, brand: str) -> list[Facts]:
    """A full day, each alone of what there can be to tell, and lines of which little is known."""
    persian = language == "fa"
    subject = "سفارشم نرسیده است" if persian else "My order has not arrived"
    words = "در راه است." if persian else "It is on its way."
    todo = "به انبار زنگ بزنید" if persian else "Call the warehouse"
    url = "https://inbox.example"
    least = DigestLine(reference="K7Q2")
    line = replace(least, subject=subject, contact_name="Lena", link=f"{url}/c/K7Q2")
    late = replace(line, standing="late", due_at=_EARLIER, left=7_800, promised=True)
    risky = replace(line, standing="at-risk", due_at=_DUE, left=1_200, promised=True)
    due = replace(line, standing="due", due_at=_DUE, left=9_000)
    bare = (replace(late, left=0, promised=False), replace(due, left=0, promised=True), replace(risky, left=0))
    told: tuple[Happened, ...] = ("mentioned", "message-received", "rules")
    notices = tuple(replace(line, happened=one) for one in told)
    held = (replace(least, text=words, link=f"{url}/held"), DigestLine(reference="", text=words))
    tasks = tuple(replace(one, text=todo, subject="") for one in (late, due))
    day = AgentDigestFacts(language=language, zone=zone, brand=brand, day=_OPENS)
    mine = replace(day, mine=(late, risky, due, line, *bare, least), mine_count=24)
    parts: list[Facts] = [
        replace(day, notices=notices, notices_count=3),
        replace(day, held=held, held_count=2),
        replace(day, tasks=tasks, tasks_count=2),
        replace(day, others=(due, least), others_count=12),
    ]
    full = replace(mine, notices=notices, notices_count=3, held=held, held_count=2, tasks=tasks, tasks_count=2)
    return [replace(full, others=(due,), others_count=12, link=f"{url}/preferences"), mine, *parts]
