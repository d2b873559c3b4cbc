"""Each condition of the language holds where it should, and only there."""

import re
from datetime import date, time
from typing import Any

import pytest

from inbox.domain.conversations import Priority, State
from inbox.rulebook.facts import (
    AssetFacts,
    ContactFacts,
    ContractFacts,
    ConversationFacts,
    File,
    Moment,
    PromiseFacts,
    Quiet,
    RatingFacts,
)
from inbox.rulebook.vocabulary import CONDITIONS, METRICS
from inbox.sla.policy import Metric
from tests.unit.rulebook.site import decided, facts, problems, rule

FRIDAY = date(2026, 11, 27)

# (condition, facts under which it holds, facts under which it does not)
TABLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ('any = [{ tag = "a" }, { language = "fa" }]', {"language": "fa"}, {"language": "en"}),
    ('all = [{ text.mentions = "a" }, { text.mentions = "b" }]', {"text": "b a"}, {"text": "a c"}),
    ('not = { language = "fa", from = "a@b" }', {"language": "fa"}, {"language": "fa", "sender": "a@b"}),
    ('text.mentions = ["قطع شد", "outage"]', {"text": "OUTAGE!"}, {"text": "outages"}),
    ('text.mentions = "نمی‌آید"', {"text": "بالا نمي آيد."}, {"text": "می‌آید"}),
    ('text.mentions = "نمی آید"', {"subject": "نمیآید"}, {"subject": "نمی", "text": "آید"}),
    ('text.mentions = "art"', {"text": "start art"}, {"text": "start artful smart"}),
    ('text.mentions = "کد ۱۲"', {"text": "كد 12"}, {"text": "کد ۱۲۳"}),
    ('text.mentions_all = ["invoice", "wrong"]', {"subject": "wrong", "text": "invoice"}, {"text": "invoice"}),
    ("text.matches = 'INV-[0-9]{4}'", {"text": "see inv-۱۲۳۴"}, {"text": "INV-12"}),
    ("text.matches = 'می‌?روم'", {"subject": "ميروم"}, {"text": "نمی رود"}),
    ("subject.matches = '^سفارش (?:شماره )?[۰-۹]+$'", {"subject": "سفارش شمارهٔ ١٢"}, {"text": "سفارش 12"}),
    ("body.matches = '^\\pL+؟$'", {"text": "سلام\nچرا؟\nخب"}, {"text": "چرا"}),
    ("body.matches = '[آ-ی]{3}\\؟'", {"text": "كجا؟"}, {"text": "abc?"}),
    ('subject.mentions = "hi"', {"subject": "Hi!"}, {"text": "hi"}),
    ('subject.mentions_all = ["a", "b"]', {"subject": "b-a"}, {"subject": "a", "text": "b"}),
    ('body.mentions = "hi"', {"text": "Hi!"}, {"subject": "hi"}),
    ('body.mentions_all = ["a", "b"]', {"text": "b, a"}, {"text": "a", "subject": "b"}),
    ('from = "*@partner.example"', {"sender": "Ann@Partner.example"}, {"sender": "ann@partner.example.net"}),
    ('from = "ann@*"', {"sender": "ann@x.example"}, {"sender": "joann@x.example"}),
    ('from = "a*b*c"', {"sender": "a-b-b-c"}, {"sender": "a-c-b"}),
    ('from = "ab*bc"', {"sender": "abbc"}, {"sender": "abc"}),
    ('to = "billing@*"', {"cc": ("billing@a.example",)}, {"to": ("support@a.example",)}),
    ('cc = "boss@*"', {"cc": ("boss@a.example",)}, {"to": ("boss@a.example",)}),
    ('channel = ["support", "sales"]', {"channel": "sales"}, {"channel": "other"}),
    ('brand = "acme"', {"brand": "acme"}, {"brand": "default"}),
    ('language = "fa"', {"language": "fa"}, {"language": "en"}),
    ('language = ["unknown"]', {"language": None}, {"language": "en"}),
    ('tone = ["angry", "abusive"]', {"tone": (("angry", ("بدترین",)),)}, {"tone": (("urgent", ("asap",)),)}),
    ("automatic = true", {"automatic": "bulk"}, {}),
    ("automatic = false", {}, {"automatic": "report"}),
    ('automatic = ["bulk", "report"]', {"automatic": "report"}, {"automatic": "bounce"}),
    ('authentication = ["fail", "none"]', {"authentication": "fail"}, {"authentication": "pass"}),
    ('header.x_priority = "1*"', {"headers": (("x-priority", "1 (High)"),)}, {"headers": (("x-priority", "3 1"),)}),
    ('header.list_id = "present"', {"headers": (("list-id", ""),)}, {"headers": (("list-idx", "a"),)}),
    ('header.List-Id = "absent"', {}, {"headers": (("list-id", "a"),)}),
    ("attachment.present = true", {"attachments": (File("a"),)}, {}),
    ("attachment.present = false", {}, {"attachments": (File("a"),)}),
    (
        'attachment.name = "*.pdf"',
        {"attachments": (File("x"), File("فاكتور.PDF"))},
        {"attachments": (File("a.pdf.exe"),)},
    ),
    (
        'attachment.type = "image/*"',
        {"attachments": (File("a", "image/png"),)},
        {"attachments": (File("a", "text/image"),)},
    ),
    (
        'attachment.larger_than = "1.5 KB"',
        {"attachments": (File("a", "", 1537),)},
        {"attachments": (File("a", "", 1536),)},
    ),
    (
        'contact.tag = ["vip", "ويژه"]',
        {"contact": ContactFacts(tags=("ویژه",))},
        {"contact": ContactFacts(tags=("x",))},
    ),
    ('contact.language = "en"', {"contact": ContactFacts(language="en")}, {"language": "en"}),
    ("contact.verified = true", {"contact": ContactFacts(verified=True)}, {}),
    (
        'contact.field.plan = "gold*"',
        {"contact": ContactFacts(fields=(("plan", "Gold plus"),))},
        {"contact": ContactFacts(fields=(("plan", "silver"),))},
    ),
    ('organization.tag = ["partner"]', {"organization_tags": ("Partner",)}, {"organization_tags": ("x",)}),
    (
        'organization.field.segment = "present"',
        {"organization_fields": (("segment", "retail"),)},
        {"organization_fields": (("size", "9"),)},
    ),
    ('organization.name = "Acme*"', {"organization": "ACME Ltd"}, {"organization": ""}),
    ("history.messages.at_most = 1", {"contact": ContactFacts(messages=1)}, {"contact": ContactFacts(messages=2)}),
    (
        "history.messages_today.at_least = 3",
        {"contact": ContactFacts(messages_today=3)},
        {"contact": ContactFacts(messages_today=2)},
    ),
    (
        "history.conversations = { at_least = 2, at_most = 3 }",
        {"contact": ContactFacts(conversations=3)},
        {"contact": ContactFacts(conversations=4)},
    ),
    (
        "history.conversations_open.at_least = 1",
        {"contact": ContactFacts(conversations_open=1)},
        {"contact": ContactFacts(conversations=9)},
    ),
    ('state = ["open", "waiting"]', {}, {"conversation": ConversationFacts(state=State.DONE)}),
    ('priority = "normal"', {}, {"conversation": ConversationFacts(priority=Priority.LOW)}),
    ('priority_below = "high"', {}, {"conversation": ConversationFacts(priority=Priority.HIGH)}),
    ('priority_above = "normal"', {"conversation": ConversationFacts(priority=Priority.HIGH)}, {}),
    ("assigned = true", {"conversation": ConversationFacts(assignee="sara")}, {}),
    ("assigned = false", {}, {"conversation": ConversationFacts(assignee="sara")}),
    ('assignee = ["sara", "none"]', {}, {"conversation": ConversationFacts(assignee="reza")}),
    ('team = "none"', {}, {"conversation": ConversationFacts(team="support")}),
    ('policy = "vip"', {"conversation": ConversationFacts(policy="vip")}, {}),
    (
        'tag = "Billing"',
        {"conversation": ConversationFacts(tags=("billing",))},
        {"contact": ContactFacts(tags=("billing",))},
    ),
    ('field.product = "router*"', {"conversation": ConversationFacts(fields=(("product", "Router 2"),))}, {}),
    ('field.product = "absent"', {}, {"conversation": ConversationFacts(fields=(("product", "x"),))}),
    ("follows = true", {"conversation": ConversationFacts(follows=True)}, {}),
    ('changed.state.from = "done"', {"previous": (("state", "done"),)}, {}),
    ('changed.state.to = "open"', {"previous": (("state", "done"),)}, {}),
    ('changed.priority.from = "low"', {"previous": (("priority", "low"),)}, {"previous": (("priority", "high"),)}),
    ('changed.priority.to = "normal"', {"previous": (("priority", "low"),)}, {"previous": (("state", "done"),)}),
    ('changed.team.from = "none"', {"previous": (("team", ""),)}, {"previous": (("team", "support"),)}),
    (
        'changed.team.to = "support"',
        {"previous": (("team", ""),), "conversation": ConversationFacts(team="support")},
        {"conversation": ConversationFacts(team="support")},
    ),
    ('changed.assignee.from = "sara"', {"previous": (("assignee", "sara"),)}, {"previous": (("assignee", ""),)}),
    ('changed.assignee.to = "none"', {"previous": (("assignee", "sara"),)}, {}),
    ('changed.policy.from = "vip"', {"previous": (("policy", "vip"),)}, {"previous": (("policy", ""),)}),
    (
        'changed.policy.to = "vip"',
        {"previous": (("policy", ""),), "conversation": ConversationFacts(policy="vip")},
        {"previous": (("policy", ""),)},
    ),
    ('time.day = "friday"', {}, {"moment": Moment(date(2026, 11, 28), time(12))}),
    ('time.day = ["Saturday", "سه شنبه"]', {"moment": Moment(date(2026, 11, 24), time(12))}, {}),
    ("time.after = 13:00:00", {"moment": Moment(FRIDAY, time(13))}, {"moment": Moment(FRIDAY, time(12, 59, 59))}),
    ("time.before = 13:00:00", {"moment": Moment(FRIDAY, time(12, 59, 59))}, {"moment": Moment(FRIDAY, time(13))}),
    ("time.date_from = 2026-11-27", {}, {"moment": Moment(date(2026, 11, 26), time(23))}),
    ("time.date_until = 2026-11-27", {}, {"moment": Moment(date(2026, 11, 28), time(0))}),
    ('hours.support = "closed"', {"within_hours": {"support": False}}, {"within_hours": {"support": True}}),
    ('hours.support = "open"', {"within_hours": {"support": True}}, {}),
    ('holiday = ["always", "support"]', {"holidays": ("support",)}, {"holidays": ("other",)}),
    ('actor = ["agent", "house"]', {"actor": "agent"}, {}),
    ('changed.field.size.from = "absent"', {"previous": (("field.size", ""),)}, {"previous": (("field.size", "1"),)}),
    ('changed.field.size.from = "x*"', {"previous": (("field.size", "XL"),)}, {"previous": (("field.other", "XL"),)}),
    (
        'changed.field.size.to = "present"',
        {"previous": (("field.size", ""),), "conversation": ConversationFacts(fields=(("size", "s"),))},
        {"conversation": ConversationFacts(fields=(("size", "s"),))},
    ),
    ('changed.tag.added = ["ویژه"]', {"tags_added": ("ويژه",)}, {"tags_removed": ("ویژه",)}),
    ('changed.tag.removed = "vip"', {"tags_removed": ("VIP",)}, {"conversation": ConversationFacts(tags=("vip",))}),
    ("promise.open = true", {"promise": PromiseFacts("answer")}, {"promise": PromiseFacts(late=True)}),
    ('promise.kind = ["update"]', {"promise": PromiseFacts("update")}, {"promise": PromiseFacts("answer")}),
    ('promise.used_over = "50%"', {"promise": PromiseFacts("answer", 0.51)}, {"promise": PromiseFacts("answer", 0.5)}),
    ('promise.used_over = "۰٪"', {"promise": PromiseFacts("answer", 0.01)}, {"promise": PromiseFacts(used=1)}),
    ("promise.late = true", {"promise": PromiseFacts(late=True)}, {}),
    ("promise.renewed.at_least = 2", {"promise": PromiseFacts(renewed=2)}, {"promise": PromiseFacts(renewed=1)}),
    ('clock.update.used_over = "120%"', {"clocks_used": {"update": 1.3}}, {"clocks_used": {"resolution": 1.3}}),
    ("clock.resolution.breached = true", {"clocks_breached": ("resolution",)}, {"clocks_breached": ("update",)}),
    ("clock.resolution.breached = false", {}, {"clocks_breached": ("resolution",)}),
    ('rating.kind = "nps"', {"rating": RatingFacts("nps", 0)}, {"rating": RatingFacts("csat", 5)}),
    ('contract.name = "BR-*"', {"contract": ContractFacts("BR-12")}, {"contract": ContractFacts("CX-1")}),
    ('contract.tier = ["gold", "silver"]', {"contract": ContractFacts("a", "gold")}, {}),
    (
        'contract.quota_used_over = "100%"',
        {"contract": ContractFacts("a", quota_used=1.1)},
        {"contract": ContractFacts("a", quota_used=1.0)},
    ),
    ("asset.found = true", {"asset": AssetFacts(True)}, {}),
    (
        'asset.product = "Coffee *"',
        {"asset": AssetFacts(True, "Coffee grinder")},
        {"asset": AssetFacts(True, "Kettle")},
    ),
    (
        'asset.model = ["PX-*", "QX-*"]',
        {"asset": AssetFacts(True, "", "QX-1")},
        {"asset": AssetFacts(True, "", "RX-1")},
    ),
    (
        'asset.warranty = "in"',
        {"asset": AssetFacts(True, warranty="in")},
        {"asset": AssetFacts(True, warranty="unknown")},
    ),
    ('asset.service = ["out", "unknown"]', {"asset": AssetFacts(True, service="out")}, {}),
    ('asset.owner = "writer"', {"asset": AssetFacts(True, owner="writer")}, {"asset": AssetFacts(True, owner="other")}),
    ("rating.score.at_most = 2", {"rating": RatingFacts("csat", 2)}, {"rating": RatingFacts("csat", 3)}),
    ("rating.score.at_most = 6", {"rating": RatingFacts("nps", 0)}, {}),
    ("rating.score.at_least = 9", {"rating": RatingFacts("nps", 9)}, {"rating": RatingFacts("nps", 8)}),
]


CHANGED, WROTE = "changed", "customer wrote"
IDLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ('idle.for = "2 hours (24x7)"', {"idle": {CHANGED: Quiet(7200)}}, {"idle": {CHANGED: Quiet(7199.9, 7200, 9)}}),
    ('idle.for = "2 working hours"', {"idle": {CHANGED: Quiet(0, 7200)}}, {"idle": {CHANGED: Quiet(9999, 7199, 9)}}),
    ('idle.for = "2 working days"', {"idle": {CHANGED: Quiet(days=2)}}, {"idle": {CHANGED: Quiet(9e6, 9e6, 1)}}),
    (
        'idle = { for = "۱ ساعت کاری", since = "customer wrote" }',
        {"idle": {WROTE: Quiet(0, 3600)}},
        {"idle": {CHANGED: Quiet(0, 3600)}},
    ),
    ('idle = { since = "agent replied", for = "1 hour (24x7)" }', {"idle": {"agent replied": Quiet(3600)}}, {}),
]


@pytest.mark.parametrize(("condition", "yes", "no"), IDLE, ids=lambda value: str(value)[:60])
def test_a_condition_of_a_rule_that_waits(condition: str, yes: dict[str, Any], no: dict[str, Any]) -> None:
    text = rule(f"on = 'idle'\nwhen.{condition}\nthen.tag = 'hit'")
    assert decided(text, events=("idle",), **yes).matched == ("it",)
    assert decided(text, events=("idle",), **no).matched == ()
    assert decided(text, events=("idle",), spent=("it",), **yes).trace == ()


def holds(condition: str, said: dict[str, Any]) -> bool:
    decision = decided(rule(f"when.{condition}\nthen.tag = 'hit'"), **said)
    return decision.matched == ("it",)


@pytest.mark.parametrize(("condition", "yes", "no"), TABLE, ids=lambda value: str(value)[:60])
def test_a_condition(condition: str, yes: dict[str, Any], no: dict[str, Any]) -> None:
    assert holds(condition, yes)
    assert not holds(condition, no)


def test_every_accepted_condition_stands_in_the_table() -> None:
    shown = {condition.split(" = ")[0].removesuffix(".at_least").removesuffix(".at_most") for condition, _, _ in TABLE}
    shown = {re.sub(r"(^|\.)(header|field|hours)\.\w+", r"\1\2.<name>", key.replace("-", "_")) for key in shown}
    shown = {re.sub(r"^clock\.\w+", "clock.<metric>", key) for key in shown}
    assert shown | {"idle.for", "idle.since"} == {key.name for key in CONDITIONS if key.accepted}


def test_the_clocks_of_rules_are_those_of_policies() -> None:
    assert tuple(Metric) == METRICS
    (problem,) = problems(rule("when.clock.first_replies.breached = true\nthen.tag = 'a'"))
    assert (problem.key, problem.facts["suggestion"]) == ("rules.unknown_word_near", "first_reply")


@pytest.mark.parametrize("value", ["80", "%", "80 percent", "12345%"])
def test_a_share_is_a_percentage(value: str) -> None:
    (problem,) = problems(rule(f"when.promise.used_over = '{value}'\nthen.tag = 'a'"))
    assert problem.key == "rules.takes.share"


def test_all_conditions_of_a_rule_must_hold_and_the_first_that_does_not_ends_the_questions() -> None:
    text = rule('when.language = "fa"\nwhen.channel = "support"\nwhen.tag = "a"\nthen.tag = "hit"')
    (traced,) = decided(text, language="fa", channel="sales").trace
    assert [(one.key, one.held, one.seen) for one in traced.conditions] == [
        ("language", True, "fa"),
        ("channel", False, "sales"),
    ]
    assert (traced.matched, traced.unread) == (False, 1)


def test_a_trace_names_what_was_found() -> None:
    (traced,) = decided(
        rule('when.any = [{ tag = "x" }, { text.mentions = ["b", "a"] }]\nthen.tag = "t"'), text="a"
    ).trace
    (group,) = traced.conditions
    assert [(one.key, one.wanted, one.held, one.seen) for one in group.parts] == [
        ("tag", "x", False, ""),
        ("text.mentions", "b, a", True, "a"),
    ]


def test_a_rule_looks_at_its_own_events_only() -> None:
    text = rule('on = "message-received"\nthen.tag = "m"', "m") + rule('then.tag = "o"', "o")
    assert decided(text, events=("message-received",)).matched == ("m",)
    assert decided(text, events=("conversation-opened",)).matched == ("o",)
    assert decided(text).matched == ("m", "o")


def test_a_very_long_text_is_cut_once_for_all() -> None:
    text = "a " * 30_000 + "needle"
    assert not holds('text.mentions = "needle"', {"text": text})
    assert len(facts(text=text).text) == 50_000
