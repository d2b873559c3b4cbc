"""Every word of the rule language, format 1: events, the keys of a rule, conditions, effects, and what test cases may say.

`docs/rules-format.md` explains the same tables to people; a test compares the two in both directions. A key that is not
`accepted` is known and refused by name: a rule file never says more than the house does.
"""

from dataclasses import dataclass

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name (`<name>` stands for any), what it takes (a word of the page's table of types), whether it works."""

    name: str
    takes: str
    accepted: bool = True


EVENTS = (
    Key("conversation-opened", "event"),
    Key("message-received", "event"),
    Key("reply-sent", "event"),
    Key("state-changed", "event"),
    Key("field-changed", "event"),
    Key("idle", "event"),
    Key("promise-at-risk", "event"),
    Key("promise-late", "event"),
    Key("clock-breached", "event"),
    Key("rating-given", "event"),
)

METRICS = ("first_reply", "next_reply", "resolution", "update")
"""What `<metric>` stands for: the clocks of a policy."""

FILE_KEYS = (Key("format", "number"), Key("rule", "rules"))

RULE_KEYS = (
    Key("name", "text"),
    Key("on", "events"),
    Key("when", "conditions"),
    Key("then", "effects"),
    Key("final", "yes or no"),
    Key("enabled", "yes or no"),
    Key("once", "once"),
)

CONDITIONS = (
    Key("any", "list of conditions"),
    Key("all", "list of conditions"),
    Key("not", "conditions"),
    Key("text.mentions", "phrases"),
    Key("text.mentions_all", "phrases"),
    Key("text.matches", "pattern"),
    Key("subject.mentions", "phrases"),
    Key("subject.mentions_all", "phrases"),
    Key("subject.matches", "pattern"),
    Key("body.mentions", "phrases"),
    Key("body.mentions_all", "phrases"),
    Key("body.matches", "pattern"),
    Key("from", "globs"),
    Key("to", "globs"),
    Key("cc", "globs"),
    Key("channel", "channels"),
    Key("brand", "brands"),
    Key("language", "languages"),
    Key("tone", "tones"),
    Key("automatic", "yes or no, or kinds"),
    Key("authentication", "verdicts"),
    Key("header.<name>", "presence or globs"),
    Key("attachment.present", "yes or no"),
    Key("attachment.name", "globs"),
    Key("attachment.type", "globs"),
    Key("attachment.larger_than", "size"),
    Key("contact.tag", "tags"),
    Key("contact.language", "languages"),
    Key("contact.verified", "yes or no"),
    Key("organization.name", "globs"),
    Key("organization.tag", "tags", False),
    Key("history.messages", "range"),
    Key("history.messages_today", "range"),
    Key("history.conversations", "range"),
    Key("history.conversations_open", "range"),
    Key("state", "states"),
    Key("priority", "priorities"),
    Key("priority_below", "priority"),
    Key("priority_above", "priority"),
    Key("assigned", "yes or no"),
    Key("assignee", "agents"),
    Key("team", "teams"),
    Key("policy", "policies"),
    Key("tag", "tags"),
    Key("field.<name>", "presence or globs"),
    Key("follows", "yes or no"),
    Key("changed.state.from", "states"),
    Key("changed.state.to", "states"),
    Key("changed.priority.from", "priorities"),
    Key("changed.priority.to", "priorities"),
    Key("changed.team.from", "teams"),
    Key("changed.team.to", "teams"),
    Key("changed.assignee.from", "agents"),
    Key("changed.assignee.to", "agents"),
    Key("changed.policy.from", "policies"),
    Key("changed.policy.to", "policies"),
    Key("changed.field.<name>.from", "presence or globs"),
    Key("changed.field.<name>.to", "presence or globs"),
    Key("changed.tag.added", "tags"),
    Key("changed.tag.removed", "tags"),
    Key("time.day", "weekdays"),
    Key("time.after", "time of day"),
    Key("time.before", "time of day"),
    Key("time.date_from", "date"),
    Key("time.date_until", "date"),
    Key("hours.<name>", "open or closed"),
    Key("holiday", "hours"),
    Key("actor", "actors"),
    Key("idle.for", "duration"),
    Key("idle.since", "idle start"),
    Key("promise.open", "yes or no"),
    Key("promise.kind", "promise kinds"),
    Key("promise.used_over", "share"),
    Key("promise.late", "yes or no"),
    Key("promise.renewed", "range"),
    Key("clock.<metric>.used_over", "share"),
    Key("clock.<metric>.breached", "yes or no"),
    Key("rating.kind", "rating kinds"),
    Key("rating.score", "range"),
)

EFFECTS = (
    Key("priority", "priority"),
    Key("raise_priority_to", "priority"),
    Key("assign", "assignment"),
    Key("team", "team"),
    Key("tag", "tag list"),
    Key("field.<name>", "text"),
    Key("policy", "policy"),
    Key("acknowledgement", "template or none"),
    Key("note", "text"),
    Key("state", "state of a rule"),
    Key("override", "fields"),
    Key("untag", "tag list"),
    Key("notify", "recipients"),
    Key("page", "recipients"),
    Key("reply", "template"),
    Key("snooze", "duration"),
    Key("follow_up", "follow-up"),
    Key("webhook", "webhook name"),
)

STRATEGIES = (
    Key("least-busy", "strategy"),
    Key("round-robin", "strategy"),
    Key("sticky", "strategy"),
)

ASSIGN_KEYS = (
    Key("team", "team"),
    Key("by", "strategy"),
    Key("skills", "skills"),
    Key("language", "yes or no"),
    Key("keep", "yes or no"),
)

CASE_FILE_KEYS = (Key("format", "number"), Key("case", "cases"))

CASE_KEYS = (
    Key("name", "text"),
    Key("given", "facts"),
    Key("expect", "outcome"),
    Key("never", "outcome"),
)

GIVEN = (
    Key("on", "events"),
    Key("at", "instant"),
    Key("channel", "text"),
    Key("brand", "text"),
    Key("from", "address"),
    Key("to", "addresses"),
    Key("cc", "addresses"),
    Key("subject", "text"),
    Key("text", "text"),
    Key("language", "text"),
    Key("tone", "tones"),
    Key("automatic", "kind"),
    Key("authentication", "verdict"),
    Key("header.<name>", "text"),
    Key("attachment", "files"),
    Key("contact.tag", "tag list"),
    Key("contact.language", "text"),
    Key("contact.verified", "yes or no"),
    Key("organization", "text"),
    Key("history.messages", "number"),
    Key("history.messages_today", "number"),
    Key("history.conversations", "number"),
    Key("history.conversations_open", "number"),
    Key("state", "state"),
    Key("priority", "priority"),
    Key("assignee", "text"),
    Key("team", "text"),
    Key("policy", "text"),
    Key("tag", "tag list"),
    Key("field.<name>", "text"),
    Key("pinned", "fields"),
    Key("follows", "yes or no"),
    Key("actor", "actor"),
    Key("changed.<field>", "text"),
    Key("changed.field.<name>", "text"),
    Key("changed.tag.added", "tag list"),
    Key("changed.tag.removed", "tag list"),
    Key("hours.<name>", "open or closed"),
    Key("holiday", "hours"),
    Key("idle.for", "duration"),
    Key("idle.since", "idle start"),
    Key("promise.kind", "promise kind"),
    Key("promise.used", "share"),
    Key("promise.late", "yes or no"),
    Key("promise.renewed", "number"),
    Key("clock.<metric>.used", "share"),
    Key("clock.<metric>.breached", "yes or no"),
    Key("rating.kind", "rating kind"),
    Key("rating.score", "number"),
)

OUTCOME = (
    Key("rules", "rule names"),
    Key("priority", "priority"),
    Key("assign", "assignment"),
    Key("team", "text"),
    Key("tag", "tag list"),
    Key("field.<name>", "text"),
    Key("policy", "text"),
    Key("acknowledgement", "text"),
    Key("reply", "text"),
    Key("note", "text list"),
    Key("notify", "recipients"),
    Key("page", "recipients"),
    Key("state", "state"),
)
