"""Test cases for rules: read, tried, and told apart; and those that are shipped all pass."""

from datetime import UTC, date, datetime, time

import pytest

from inbox.domain.conversations import Priority, State
from inbox.rulebook.cases import Case, Difference, load_cases, never_matched, trial
from inbox.rulebook.check import check
from inbox.rulebook.facts import ContactFacts, ConversationFacts, File, Moment
from inbox.rulebook.load import Refused, load
from inbox.rulebook.names import Names
from tests.unit.rulebook.site import BOTH, LANGUAGES, NAMES, ROOT, book, rule, wording

RULES = ROOT / "rules"
EMPTY_SITE = Names(
    policies=frozenset({"standard", "vip"}),
    hours=frozenset({"support", "always"}),
    templates={"acknowledgement": LANGUAGES, "acknowledgement-neutral": LANGUAGES, "reply": LANGUAGES},
)
SHIPPED = {f"rules/{path.name}": path.read_text("utf-8") for path in RULES.glob("[0-9][0-9]-*.toml")}
CASES = load_cases(
    {f"rules/tests/{path.name}": path.read_text("utf-8") for path in RULES.glob("tests/*.toml")}, EMPTY_SITE
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_shipped_case(case: Case) -> None:
    assert trial(load(SHIPPED, EMPTY_SITE), case).differences == ()


def test_the_shipped_rules_are_exercised_and_unsuspicious_on_a_site_without_anybody() -> None:
    rulebook = load(SHIPPED, EMPTY_SITE)
    assert rulebook.rules
    assert check(rulebook, EMPTY_SITE) == ()
    assert len(CASES) >= 8
    assert never_matched(rulebook, [trial(rulebook, case) for case in CASES]) == ()


def case(body: str) -> Case:
    (found,) = load_cases({"tests/a.toml": f'[[case]]\nname = "it"\n{body}\n'}, NAMES)
    return found


def test_what_is_given() -> None:
    known = case(
        """
given.on = "message-received"
given.at = 2026-11-27T22:10:00+03:30
given.channel = "support"
given.brand = "acme"
given.from = "a@b"
given.to = "c@d"
given.cc = ["e@f"]
given.subject = "s"
given.text = "سلام، خوبید؟"
given.automatic = "bulk"
given.authentication = "pass"
given.header.X_Priority = "1"
given.attachment = [{ name = "a.pdf" }, { name = "b", type = "image/png", size = "1 KB" }]
given.contact = { tag = "vip", language = "fa", verified = true }
given.organization = "Acme"
given.history = { messages = 4, messages_today = 3, conversations = 2, conversations_open = 1 }
given.state = "waiting"
given.priority = "low"
given.assignee = "sara"
given.team = "support"
given.policy = "vip"
given.tag = ["t"]
given.field.product = "router"
given.pinned = "priority"
given.follows = true
given.changed = { state = "done", assignee = "none" }
given.hours = { support = "closed", always = "open" }
given.holiday = "support"
expect.rules = []
"""
    ).facts
    assert known.events == ("message-received",)
    assert known.at == datetime(2026, 11, 27, 18, 40, tzinfo=UTC)
    assert known.moment == Moment(date(2026, 11, 27), time(22, 10))
    assert (known.channel, known.brand, known.sender, known.to, known.cc) == (
        "support",
        "acme",
        "a@b",
        ("c@d",),
        ("e@f",),
    )
    assert (known.subject, known.text, known.language) == ("s", "سلام، خوبید؟", "fa")
    assert (known.automatic, known.authentication, known.headers) == ("bulk", "pass", (("x-priority", "1"),))
    assert known.attachments == (File("a.pdf", "application/octet-stream", 0), File("b", "image/png", 1024))
    assert known.contact == ContactFacts(("vip",), "fa", True, 4, 3, 2, 1)
    assert known.conversation == ConversationFacts(
        State.WAITING, Priority.LOW, "support", "sara", "vip", ("t",), (("product", "router"),), ("priority",), True
    )
    assert (known.organization, known.previous) == ("Acme", (("state", "done"), ("assignee", "")))
    assert (known.within_hours, known.holidays) == ({"support": False, "always": True}, ("support",))


def test_what_is_not_said_is_ordinary() -> None:
    known = case("expect.rules = []").facts
    assert (known.events, known.language, known.moment.date.weekday()) == (BOTH, None, 1)


BOOK = rule(
    'when.text.mentions = "down"\nthen.priority = "high"\nthen.tag = ["a"]\nthen.assign = "team:support"\nthen.note = "n"\n'
    'then.field.x = "1"\nthen.acknowledgement = "none"\nthen.reply = "busy"\nthen.notify = ["agent:sara", "assignee"]\nthen.policy = "vip"\nthen.state = "done"',
    "down",
)


@pytest.mark.parametrize(
    ("body", "differences"),
    [
        (
            'expect = { rules = ["down"], priority = "high", tag = ["a"], assign = "team:support", team = "support" }',
            (),
        ),
        ('expect = { note = "n", field.x = "1", acknowledgement = "none", policy = "vip", state = "done" }', ()),
        ('never = { priority = "low", tag = ["b", "c"], rules = "other", field.y = "1" }', ()),
        ('expect.priority = "low"', (Difference("priority", ("low",), ("high",)),)),
        ("expect.rules = []", (Difference("rules", (), ("down",)),)),
        ('expect.tag = ["a", "b"]', (Difference("tag", ("a", "b"), ("a",)),)),
        ('expect.field.y = "1"', (Difference("field.y", ("1",), ()),)),
        ('expect.reply = "busy"', ()),
        ('expect.notify = "assignee"', ()),
        ('expect.notify = "agent:reza"', (Difference("notify", ("agent:reza",), ("agent:sara", "assignee")),)),
        ('never.notify = "assignee"', (Difference("notify", ("assignee",), ("agent:sara", "assignee"), never=True),)),
        ('expect.reply = "none"', (Difference("reply", ("none",), ("busy",)),)),
        ('never.reply = "busy"', (Difference("reply", ("busy",), ("busy",), never=True),)),
        ('expect.assign = "agent:sara"', (Difference("assign", ("agent:sara",), ("team:support",)),)),
        ('never.tag = ["b", "a"]', (Difference("tag", ("b", "a"), ("a",), never=True),)),
        ('never.policy = "vip"', (Difference("policy", ("vip",), ("vip",), never=True),)),
        (
            'expect.assign = { team = "support", by = "least-busy" }',
            (Difference("assign", ("team:support by least-busy",), ("team:support",)),),
        ),
    ],
)
def test_a_trial(body: str, differences: tuple[Difference, ...]) -> None:
    found = trial(book(BOOK), case(f'given.text = "down"\n{body}'))
    assert found.differences == differences
    assert found.passed is not bool(differences)
    assert found.decision.matched == ("down",)


def test_where_no_rule_speaks_things_stay_as_given() -> None:
    body = 'given = { priority = "low", team = "finance", policy = "standard", tag = "t", field.f = "g", state = "waiting" }\n'
    expected = (
        'expect = { rules = [], priority = "low", team = "finance", assign = "none", policy = "standard", tag = "t", '
    )
    assert trial(
        book(BOOK),
        case(body + expected + 'field.f = "g", state = "waiting", acknowledgement = "none", reply = "none" }'),
    ).passed


def test_rules_that_no_case_exercises_are_named() -> None:
    rulebook = book(BOOK + rule('when.tag = "zz"\nthen.tag = "y"', "never"))
    assert never_matched(rulebook, [trial(rulebook, case('given.text = "down"\nexpect.rules = "down"'))]) == ("never",)


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("", ["rules.nothing_expected"]),
        ("given.tex = 'a'\nexpect.tag = 'a'", ["rules.unknown_key_near"]),
        ("given.text = 'a'\nexpects.tag = 'a'\nexpect.tag = 'a'", ["rules.unknown_key_near"]),
        ("expect.colour = 'a'", ["rules.unknown_key"]),
        ("given = 1\nexpect = 2", ["rules.takes.table", "rules.takes.table"]),
        ("given.at = 2026-11-27T22:10:00\nexpect.tag = 'a'", ["rules.takes.instant"]),
        ("given.on = 'organization-merged'\nexpect.tag = 'a'", ["rules.unknown_event"]),
        ("given.attachment = [{ type = 'a' }]\nexpect.tag = 'a'", ["rules.takes.files"]),
        ("given.history.messages = 'a'\nexpect.tag = 'a'", ["rules.takes.number"]),
        ("given.state = 'opn'\nexpect.tag = 'a'", ["rules.unknown_word_near"]),
        ("given.changed.colour = 'x'\nexpect.tag = 'a'", ["rules.unknown_word"]),
        ("expect.assign = 'agent:zoe'", ["rules.unknown_agent"]),
        ("expect.priority = 'x'\nnever.tag = []", ["rules.unknown_word", "rules.takes.texts"]),
    ],
)
def test_mistakes_in_cases_are_told(body: str, keys: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        case(body)
    assert [problem.key for problem in refused.value.problems] == keys
    said = wording()
    assert all(said.problem("fa", problem) != str(problem) for problem in refused.value.problems)
    assert all(str(problem.facts["where"]).startswith("tests/a.toml:") for problem in refused.value.problems)


def test_a_case_needs_a_name_and_a_file_needs_toml() -> None:
    with pytest.raises(Refused) as refused:
        load_cases({"a.toml": "[[case]]\nexpect.tag = 'a'", "b.toml": "[[case", "c.toml": "format = 9"}, NAMES)
    assert [problem.key for problem in refused.value.problems] == ["rules.no_name", "rules.syntax", "rules.format"]
