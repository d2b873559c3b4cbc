"""A rule file is taken whole or refused with everything that is wrong in it, each with its line."""

import pickle

import pytest

from inbox.rulebook.decision import Assign
from inbox.rulebook.load import Refused, load, revision
from inbox.rulebook.vocabulary import STRATEGIES
from tests.unit.rulebook.site import NAMES, book, problems, rule, wording

MISTAKES = [
    ("[[rule]\nname = 1", "rules.syntax", 1, {}),
    ("a = [", "rules.syntax", 1, {}),
    ("format = 2", "rules.format", 1, {"found": "2"}),
    ("rules = 1", "rules.unknown_key_near", 1, {"key": "rules", "suggestion": "rule"}),
    ("rule = 1", "rules.takes.tables", 1, {"found": "1"}),
    ('\n[[rule]]\nthen.tag = "a"', "rules.no_name", 2, {}),
    (rule('then.tag = "a"') + rule('then.tag = "b"'), "rules.same_name", 4, {"first": "10-test.toml:1"}),
    (rule('when.tag = "a"'), "rules.nothing_to_do", 1, {}),
    (rule('wen.tag = "a"\nthen.tag = "a"'), "rules.unknown_key_near", 3, {"key": "wen", "suggestion": "when"}),
    (rule('on = "opened"\nthen.tag = "a"'), "rules.unknown_event", 3, {"name": "opened"}),
    (rule('on = "mesage-received"\nthen.tag = "a"'), "rules.unknown_event_near", 3, {"suggestion": "message-received"}),
    (rule("when = 1\nthen.tag = 'a'"), "rules.takes.table", 3, {"key": "when"}),
    (rule("final = 'yes'"), "rules.takes.truth", 3, {"found": '"yes"'}),
    (rule('when.text.mention = "a"\nthen.tag = "a"'), "rules.unknown_key_near", 3, {"suggestion": "text.mentions"}),
    (rule('when.txt.mentions = "a"\nthen.tag = "a"'), "rules.unknown_key_near", 3, {"suggestion": "text"}),
    (rule('when.zzz = "a"\nthen.tag = "a"'), "rules.unknown_key", 3, {"key": "zzz"}),
    (rule('when.text = "a"\nthen.tag = "a"'), "rules.takes.group", 3, {"key": "text"}),
    (rule('when.text.mentions = []\nthen.tag = "a"'), "rules.takes.phrases", 3, {"found": "[]"}),
    (rule('when.text.mentions = ["a", "؟!"]\nthen.tag = "a"'), "rules.empty_phrase", 3, {"phrase": "؟!"}),
    (rule('when.from = 1\nthen.tag = "a"'), "rules.takes.texts", 3, {"found": "1"}),
    (rule('when.channel = "suport"\nthen.tag = "a"'), "rules.unknown_channel_near", 3, {"suggestion": "support"}),
    (rule('when.brand = "x"\nthen.tag = "a"'), "rules.unknown_brand", 3, {"known": "acme, default"}),
    (rule('when.team = "finanse"\nthen.tag = "a"'), "rules.unknown_team_near", 3, {"suggestion": "finance"}),
    (rule('when.assignee = "zoe"\nthen.tag = "a"'), "rules.unknown_agent", 3, {"name": "zoe"}),
    (rule('when.policy = "gold"\nthen.tag = "a"'), "rules.unknown_policy", 3, {"name": "gold"}),
    (rule('when.hours.suport = "open"\nthen.tag = "a"'), "rules.unknown_hours_near", 3, {"suggestion": "support"}),
    (
        rule('when.hours.support = "on"\nthen.tag = "a"'),
        "rules.unknown_word_near",
        3,
        {"name": "on", "suggestion": "open"},
    ),
    (rule('when.time.day = "fryday"\nthen.tag = "a"'), "rules.unknown_weekday_near", 3, {"suggestion": "friday"}),
    (rule('when.time.day = "x"\nthen.tag = "a"'), "rules.unknown_weekday", 3, {"name": "x"}),
    (rule('when.time.after = "13:00"\nthen.tag = "a"'), "rules.takes.time", 3, {}),
    (rule('when.time.date_from = 2026-11-27T00:00:00Z\nthen.tag = "a"'), "rules.takes.date", 3, {}),
    (rule('when.attachment.larger_than = "big"\nthen.tag = "a"'), "rules.takes.size", 3, {}),
    (rule('when.history.messages = 3\nthen.tag = "a"'), "rules.takes.range", 3, {}),
    (rule('when.history.messages = { at_least = 3, at_most = 2 }\nthen.tag = "a"'), "rules.takes.range", 3, {}),
    (rule('when.history.messages.at_least = -1\nthen.tag = "a"'), "rules.takes.number", 3, {}),
    (rule('when.priority = "hi"\nthen.tag = "a"'), "rules.unknown_word_near", 3, {"suggestion": "high"}),
    (rule('when.any = []\nthen.tag = "a"'), "rules.takes.tables", 3, {}),
    (rule('when.not = {}\nthen.tag = "a"'), "rules.takes.table", 3, {}),
    (rule(f"when.{'not.' * 6}tag = 'a'\nthen.tag = 'a'"), "rules.too_deep", 3, {"deepest": "5"}),
    (rule('then.priority = "x"'), "rules.unknown_word", 3, {"known": "high, low, normal, urgent"}),
    (rule('then.tag = ""'), "rules.takes.texts", 3, {}),
    (rule("then.note = 1"), "rules.takes.text", 3, {}),
    (rule('then.assign = "sara"'), "rules.takes.assignment", 3, {}),
    (rule('then.assign = "agent:sarah"'), "rules.unknown_agent_near", 3, {"suggestion": "sara"}),
    (rule('then.assign = { team = "support" }'), "rules.takes.assignment", 3, {}),
    (rule('then.assign = { team = "support", by = "least-busy", x = 1 }'), "rules.unknown_word", 3, {"name": "x"}),
    (rule('then.assign = { team = "support", by = "sticky", kep = true }'), "rules.unknown_word_near", 3, {}),
    (rule('then.assign = { team = "support", by = "sticky", keep = "yes" }'), "rules.takes.assignment", 3, {}),
    (rule('then.assign = { team = "support", by = "sticky", skills = [] }'), "rules.takes.texts", 3, {}),
    (rule('then.assign = { team = "x", by = "least-busy" }'), "rules.unknown_team", 3, {}),
    (rule('then.assign = { team = "support", by = "least-bussy" }'), "rules.unknown_word_near", 3, {}),
    (
        rule('then.acknowledgement = "acknowledgment"'),
        "rules.unknown_template_near",
        3,
        {"suggestion": "acknowledgement"},
    ),
    (rule('then.acknowledgement = "zz"'), "rules.unknown_template", 3, {}),
    (rule('then.acknowledgement = "reply"'), "rules.unknown_template", 3, {}),
    (rule('then.reply = "still-their"'), "rules.unknown_template_near", 3, {"suggestion": "still-there"}),
    (rule('then.reply = "reply"'), "rules.unknown_template", 3, {"known": "acknowledgement, busy, still-there"}),
    (rule('then.reply = "none"'), "rules.unknown_template", 3, {}),
    (rule('then.reply = "acknowledgement-neutral"'), "rules.unknown_template_near", 3, {}),
    (rule('then.reply = "still-there@vip"'), "rules.unknown_template_near", 3, {}),
    (rule("then.reply = ['busy']"), "rules.takes.text", 3, {}),
    (rule('then.notify = "agent:sarah"'), "rules.unknown_agent_near", 3, {"suggestion": "sara"}),
    (rule('then.notify = ["assignee", "team:suport"]'), "rules.unknown_team_near", 3, {"suggestion": "support"}),
    (rule('then.notify = "asignee"'), "rules.unknown_word_near", 3, {"suggestion": "assignee"}),
    (rule('then.notify = "agent:"'), "rules.unknown_word_near", 3, {"suggestion": "agent:<handle>"}),
    (rule("then.notify = []"), "rules.takes.texts", 3, {}),
    (rule('then.team = "zz"'), "rules.unknown_team", 3, {}),
    (rule('then.policy = "vipp"'), "rules.unknown_policy_near", 3, {}),
    (rule('then.state = "asleep"'), "rules.unknown_word", 3, {"known": "done, open, spam, waiting"}),
    (rule('on = "idle"\nthen.tag = "a"'), "rules.idle_for", 1, {}),
    (rule('on = ["idle", "reply-sent"]\nwhen.idle.for = "1 working day"\nthen.tag = "a"'), "rules.idle_alone", 3, {}),
    (rule('when.idle.for = "1 working day"\nthen.tag = "a"'), "rules.idle_only", 3, {}),
    (
        rule('on = "idle"\nwhen.idle.for = "1 working day"\nwhen.any = [{ idle.since = "changed" }]\nthen.tag = "a"'),
        "rules.idle_only",
        5,
        {},
    ),
    (
        rule('on = "idle"\nwhen.idle = { for = "1 working day", since = "replied" }\nthen.tag = "a"'),
        "rules.unknown_word_near",
        4,
        {"suggestion": "agent replied"},
    ),
    (rule('on = "idle"\nwhen.idle.for = "1d"\nthen.tag = "a"'), "sla.duration_bare", 4, {}),
    (rule('once = "conversation"\nthen.tag = "a"'), "rules.once_of_time", 3, {}),
    (rule('on = "promise-late"\nonce = "always"\nthen.tag = "a"'), "rules.unknown_word", 4, {"name": "always"}),
    (rule("when.text.matches = '(a'\nthen.tag = 'a'"), "rules.pattern_bad", 3, {"detail": "missing ): (?im)(a"}),
    (rule("when.text.matches = '(a)\\1'\nthen.tag = 'a'"), "rules.pattern_bad", 3, {}),
    (rule("when.text.matches = '(?:ab?){900}'\nthen.tag = 'a'"), "rules.pattern_large", 3, {}),
    (rule(f"when.text.matches = '{'a' * 301}'\nthen.tag = 'a'"), "rules.pattern_long", 3, {"most": "300"}),
    (rule('then.follow_up = { in = "2 working days" }'), "rules.takes.follow_up", 3, {}),
    (rule('then.follow_up = { in = "2 days", text = "x" }'), "sla.duration_bare", 3, {}),
    (rule('then.snooze = "2 days"'), "sla.duration_bare", 3, {"working": "2 working days", "always": "2 days (24x7)"}),
    (rule('then.snooze = "tomorrow"'), "sla.duration_unread", 3, {"text": "tomorrow"}),
    (rule('then.snooze = "2 working days"\nthen.state = "open"'), "rules.same_field", 3, {"other": "state"}),
    (rule('when.promise.used_over = 80\nthen.tag = "a"'), "rules.takes.share", 3, {"found": "80"}),
    (rule('then.tag = "a"\nthen.override = "colour"'), "rules.unknown_word", 4, {"name": "colour"}),
    (rule('then.tag = "a"\nthen.override = "priority"'), "rules.idle_override", 4, {"field": "priority"}),
    (rule('then.priority = "low"\nthen.raise_priority_to = "high"'), "rules.same_field", 4, {"other": "priority"}),
    (rule('then.assign = "team:support"\nthen.team = "finance"'), "rules.same_field", 4, {"other": "assign"}),
    (rule('then.tag = ["Later"]\nthen.untag = ["new", "later"]'), "rules.same_tag", 4, {"tag": "later"}),
    (rule("then.assign = 3"), "rules.takes.text", 3, {}),
]


@pytest.mark.parametrize(("text", "key", "line", "told"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_told_with_its_line(text: str, key: str, line: int, told: dict[str, str]) -> None:
    (problem,) = problems(text)
    assert problem.key == key
    assert problem.facts["where"] == f"10-test.toml:{line}"
    assert {name: problem.facts[name] for name in told} == told


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_mistake_has_its_sentence(language: str) -> None:
    said = wording()
    for text, key, line, _ in MISTAKES:
        (problem,) = problems(text)
        sentence = said.problem(language, problem)
        assert sentence != str(problem), key
        assert f"10-test.toml:{line}" in sentence


def test_all_mistakes_of_all_files_are_told_at_once_in_order() -> None:
    files = {
        "20-b.toml": rule('when.zzz = 1\nthen.priority = "x"\nthen.webhook = "erq"', "b"),
        "10-a.toml": rule('when.team = ["finanse", "suport"]\nthen.tag = "a"', "a") + "[[rule]]\n",
        "30-c.toml": "[[rule",
    }
    with pytest.raises(Refused) as refused:
        load(files, NAMES)
    assert [(problem.key, problem.facts["where"]) for problem in refused.value.problems] == [
        ("rules.unknown_team_near", "10-a.toml:3"),
        ("rules.unknown_team_near", "10-a.toml:3"),
        ("rules.no_name", "10-a.toml:5"),
        ("rules.nothing_to_do", "10-a.toml:5"),
        ("rules.unknown_key", "20-b.toml:3"),
        ("rules.unknown_word", "20-b.toml:4"),
        ("rules.unknown_webhook_near", "20-b.toml:5"),
        ("rules.syntax", "30-c.toml:1"),
    ]
    assert refused.value.facts["count"] == 8
    assert "10-a.toml:3" in wording().problem("en", refused.value)
    assert pickle.loads(pickle.dumps(refused.value)).problems[2].key == "rules.no_name"


@pytest.mark.parametrize("strategy", [one.name for one in STRATEGIES])
def test_strategies_with_all_that_refines_them(strategy: str) -> None:
    assert problems(rule(f'then.assign = {{ team = "support", by = "{strategy}" }}')) == ()
    whole = f'{{ team = "support", by = "{strategy}", skills = ["a", "b"], language = true, keep = true }}'
    (found,) = book(rule(f"then.assign = {whole}")).rules[0].effects
    assert found.value == Assign("", "support", strategy, ("a", "b"), True, True)
    assert str(found.value) == f"team:support by {strategy}; skills a, b; language; keep"


def test_files_are_read_in_the_order_of_their_names() -> None:
    files = {"20-b.toml": rule("final = true", "second"), "10-a.toml": rule("final = true", "first")}
    found = load(files, NAMES)
    assert [(one.name, one.place) for one in found.rules] == [("first", "10-a.toml:1"), ("second", "20-b.toml:1")]
    assert found.revision == revision(dict(reversed(files.items())))


def test_the_revision_is_that_of_names_and_contents() -> None:
    text = rule("final = true")
    same = revision({"a": text, "b": ""})
    assert len(same) == 16
    assert same == revision({"b": "", "a": text})
    assert len({same, revision({"a": text}), revision({"a": text, "c": ""}), revision({"a": text + "#", "b": ""})}) == 4


def test_a_disabled_rule_is_left_out_but_checked() -> None:
    assert book(rule("enabled = false\nfinal = true")).rules == ()
    assert [problem.key for problem in problems(rule("enabled = false\nthen.team = 'zz'"))] == ["rules.unknown_team"]


def test_no_files_make_an_empty_rulebook() -> None:
    assert load({}, NAMES).rules == ()
