"""What differs between two rulebooks, told rule by rule."""

import random

import pytest

from inbox.rulebook.differences import Differing, Part, differences
from tests.unit.rulebook.site import rule


def differ(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.kind, one.rule) for one in differences({"10-a.toml": before}, {"10-a.toml": after})]


def changed(before: str, after: str) -> tuple[Part, ...]:
    """The parts of one rule that changed."""
    found = differences({"10-a.toml": rule(before)}, {"10-a.toml": rule(after)})
    return found[0].parts if found else ()


def test_comments_spaces_and_files_are_no_difference() -> None:
    one, two = rule('then.tag = "a"', "one"), rule('when.tag = ["a", "b"]\nthen.tag = "b"', "two")
    spaced = two.replace('["a", "b"]', '[\n  "b", # first\n  "a",\n]')
    assert differences({"10-a.toml": one + two}, {"10-a.toml": f"# mine\n{one}", "20-b.toml": spaced}) == ()


def test_a_rule_is_added_with_all_that_it_says_and_removed() -> None:
    one, two = (
        rule('then.tag = "a"', "one"),
        rule('on = "message-received"\nwhen.tag = "x"\nthen.note = "n"\nfinal = true', "two"),
    )
    (added,) = differences({"10-a.toml": one}, {"10-a.toml": one + two})
    assert added == Differing(
        "added",
        "two",
        "10-a.toml:4",
        (
            Part("on", "on", "conversation-opened", "message-received", listed=True),
            Part("when", "tag", "", "x"),
            Part("then", "note", "", "n"),
            Part("final", "final", "false", "true"),
        ),
    )
    assert differ(one + two, one) == [("removed", "two")]


def test_a_rule_that_says_the_same_under_another_name_is_renamed() -> None:
    body = 'when.language = "fa"\nthen.tag = "a"'
    (renamed,) = differences({"10-a.toml": rule(body, "old")}, {"10-a.toml": rule(body, "new")})
    assert (renamed.kind, renamed.rule, renamed.was) == ("renamed", "new", "old")


def test_the_fewest_rules_are_moved() -> None:
    made = {name: rule(f'then.tag = "{name}"', name) for name in "abcde"}
    before, after = "".join(made[name] for name in "abcde"), "".join(made[name] for name in "eabcd")
    (moved,) = differences({"10-a.toml": before}, {"10-a.toml": after})
    assert (moved.kind, moved.rule, moved.was, moved.behind) == ("moved", "e", "d", "")
    assert differ(before, "".join(made[name] for name in "acbde")) in ([("moved", "b")], [("moved", "c")])


@pytest.mark.parametrize("seed", range(20))
def test_moving_what_is_named_makes_one_order_into_the_other(seed: int) -> None:
    chance = random.Random(seed)
    names = list("abcdefgh")
    order = chance.sample(names, len(names))
    made = {name: rule(f'then.tag = "{name}"', name) for name in names}
    told = differ("".join(made[name] for name in names), "".join(made[name] for name in order))
    moved = {name for _, name in told}
    assert [name for name in names if name not in moved] == [name for name in order if name not in moved]


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        (
            'when.text.mentions = ["invoice", "refund"]\nthen.tag = "a"',
            'when.text.mentions = ["refund", "فاکتور"]\nthen.tag = "a"',
            (Part("when", "text.mentions", "invoice", "فاکتور", listed=True),),
        ),
        ('then.priority = "high"', 'then.priority = "urgent"', (Part("then", "priority", "high", "urgent", listed=True),)),
        ('then.team = "support"', 'then.assign = "team:support"', (
            Part("then", "team", "support", ""),
            Part("then", "assign", "", "team:support"),
        )),
        (
            'then.assign = { team = "a", by = "least-busy" }',
            'then.assign = { team = "b", by = "least-busy" }',
            (Part("then", "assign", "by least-busy, team a", "by least-busy, team b"),),
        ),
        (
            'when.any = [{ tag = "a" }, { tag = "b" }]\nthen.note = "n"',
            'when.any = [{ tag = "a" }, { tag = "c" }]\nthen.note = "n"',
            (
                Part("when", "any (tag a | tag b)", "true", ""),
                Part("when", "any (tag a | tag c)", "", "true"),
            ),
        ),
        ("when.automatic = true\nthen.note = 'n'", "when.automatic = false\nthen.note = 'n'", (
            Part("when", "automatic", "true", "false"),
        )),
        ("then.note = 'n'", "then.note = 'n'\nenabled = false", (Part("enabled", "enabled", "true", "false"),)),
        ('then.field.x = "1"', 'then.field.x = "2"', (Part("then", "field.x", "1", "2", listed=True),)),
        ("when.history.messages.at_least = 3\nthen.note = 'n'", "when.history.messages.at_least = 4\nthen.note = 'n'", (
            Part("when", "history.messages", "at_least 3", "at_least 4"),
        )),
        ('when.all = [{ tag = "a" }, { language = "fa" }]\nthen.note = "n"', 'when.tag = "a"\nwhen.language = "fa"\nthen.note = "n"', ()),
        ('on = "conversation-opened"\nthen.note = "n"', 'then.note = "n"', ()),
    ],
)  # fmt: skip
def test_what_of_a_rule_is_another(before: str, after: str, parts: tuple[Part, ...]) -> None:
    assert changed(before, after) == parts


def test_what_is_no_toml_holds_no_rules() -> None:
    assert differ("nonsense", rule("then.note = 'n'")) == [("added", "it")]
