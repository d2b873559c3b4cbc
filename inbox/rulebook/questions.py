"""The table of conditions: how each accepted key of the language is asked."""

from collections.abc import Callable, Mapping
from typing import get_args

from inbox.domain.assets import Cover, Whose
from inbox.domain.conversations import Priority, State
from inbox.domain.happenings import AuthenticationVerdict
from inbox.domain.promises import PromiseKind
from inbox.domain.ratings import Survey
from inbox.rulebook import choices, measures, patterns, phrases, regexes, waits
from inbox.rulebook.names import Names
from inbox.rulebook.question import Builder, Question
from inbox.rulebook.reading import Reading

COVER = (*get_args(Cover), "none")
"""Whether something of an asset holds; `none`: no asset was found."""
Ask = Callable[[Callable[[Reading], str]], Builder]


def questions() -> Mapping[str, Builder]:
    """One builder for every accepted key of `vocabulary.CONDITIONS`, the groups any, all and not apart."""
    ticket: dict[str, Ask] = {
        "state": lambda of: choices.word(State, of),
        "priority": lambda of: choices.word(Priority, of),
        "team": lambda of: choices.named("team", of),
        "assignee": lambda of: choices.named("agent", of),
        "policy": lambda of: choices.named("policy", of),
    }
    languages = ("fa", "en", "unknown")
    return {
        **{f"{scope}.mentions": phrases.mentions(scope) for scope in ("text", "subject", "body")},
        **{f"{scope}.mentions_all": phrases.mentions_all(scope) for scope in ("text", "subject", "body")},
        **{f"{scope}.matches": regexes.matches(scope) for scope in ("text", "subject", "body")},
        "from": patterns.globs("from", lambda facts: (facts.sender,)),
        "to": patterns.globs("to", lambda facts: (*facts.to, *facts.cc)),
        "cc": patterns.globs("cc", lambda facts: facts.cc),
        "channel": choices.named("channel", lambda reading: reading.facts.channel, none=False),
        "brand": choices.named("brand", lambda reading: reading.facts.brand, none=False),
        "language": choices.word(languages, lambda reading: reading.facts.language or "unknown"),
        "tone": choices.tone,
        "automatic": choices.automatic,
        "authentication": choices.word(get_args(AuthenticationVerdict), lambda reading: reading.facts.authentication),
        "header.<name>": patterns.presence(patterns.header),
        "attachment.present": choices.truth(lambda reading: bool(reading.facts.attachments)),
        "attachment.name": patterns.globs("attachment names", lambda facts: (file.name for file in facts.attachments)),
        "attachment.type": patterns.globs("attachment types", lambda facts: (file.type for file in facts.attachments)),
        "attachment.larger_than": measures.larger,
        "contact.tag": choices.tags(lambda reading: reading.facts.contact.tags),
        "contact.language": choices.word(languages, lambda reading: reading.facts.contact.language or "unknown"),
        "contact.verified": choices.truth(lambda reading: reading.facts.contact.verified),
        "contact.field.<name>": patterns.presence(patterns.contact_field),
        "organization.tag": choices.tags(lambda reading: reading.facts.organization_tags),
        "organization.field.<name>": patterns.presence(patterns.organization_field),
        "organization.name": patterns.globs(
            "organization", lambda facts: (facts.organization,) if facts.organization else ()
        ),
        "history.messages": measures.count(lambda facts: facts.contact.messages),
        "history.messages_today": measures.count(lambda facts: facts.contact.messages_today),
        "history.conversations": measures.count(lambda facts: facts.contact.conversations),
        "history.conversations_open": measures.count(lambda facts: facts.contact.conversations_open),
        **{field: kind(_now(field)) for field, kind in ticket.items()},
        **{f"changed.{field}.from": _changed(field, kind(_before(field))) for field, kind in ticket.items()},
        **{f"changed.{field}.to": _changed(field, kind(_after(field))) for field, kind in ticket.items()},
        "changed.field.<name>.from": patterns.presence(patterns.field_before, patterns.field_changed),
        "changed.field.<name>.to": patterns.presence(patterns.field_after, patterns.field_changed),
        "changed.tag.added": choices.tags(lambda reading: reading.facts.tags_added),
        "changed.tag.removed": choices.tags(lambda reading: reading.facts.tags_removed),
        "priority_below": measures.priority_is(-1),
        "priority_above": measures.priority_is(1),
        "assigned": choices.truth(lambda reading: bool(reading.now["assignee"])),
        "tag": choices.tags(lambda reading: reading.tags),
        "field.<name>": patterns.presence(patterns.field),
        "follows": choices.truth(lambda reading: reading.facts.conversation.follows),
        "time.day": measures.weekday,
        "time.after": measures.time(after=True),
        "time.before": measures.time(after=False),
        "time.date_from": measures.date_from,
        "time.date_until": measures.date_until,
        "hours.<name>": measures.hours,
        "holiday": measures.holiday,
        "idle.for": waits.idle(waits.USUAL),
        "idle.since": waits.since,
        "actor": choices.word(("contact", "agent", "house"), lambda reading: reading.facts.actor),
        "promise.open": choices.truth(lambda reading: bool(reading.facts.promise.kind)),
        "promise.kind": choices.word(PromiseKind, lambda reading: reading.facts.promise.kind),
        "promise.used_over": measures.share(
            lambda facts, _: facts.promise.used if facts.promise.kind else None,
        ),
        "promise.late": choices.truth(lambda reading: reading.facts.promise.late),
        "promise.renewed": measures.count(lambda facts: facts.promise.renewed),
        "clock.<metric>.used_over": measures.of_clock(measures.share(lambda facts, name: facts.clocks_used.get(name))),
        "clock.<metric>.breached": measures.of_clock(choices.breached),
        "contract.name": patterns.globs(
            "contract", lambda facts: (facts.contract.name,) if facts.contract.name else ()
        ),
        "contract.tier": patterns.globs("tier", lambda facts: (facts.contract.tier,) if facts.contract.tier else ()),
        "contract.quota_used_over": measures.share(
            lambda facts, _: facts.contract.quota_used if facts.contract.name else None
        ),
        "rating.kind": choices.word(Survey, lambda reading: reading.facts.rating.kind),
        "rating.score": measures.given(
            measures.count(lambda facts: facts.rating.score), lambda facts: bool(facts.rating.kind)
        ),
        "asset.found": choices.truth(lambda reading: reading.facts.asset.found),
        "asset.product": patterns.globs("asset", lambda facts: (facts.asset.product,) if facts.asset.found else ()),
        "asset.model": patterns.globs("asset model", lambda facts: (facts.asset.model,) if facts.asset.model else ()),
        "asset.warranty": choices.word(COVER, lambda reading: reading.facts.asset.warranty),
        "asset.service": choices.word(COVER, lambda reading: reading.facts.asset.service),
        "asset.owner": choices.word(get_args(Whose), lambda reading: reading.facts.asset.owner),
    }


def _now(field: str) -> Callable[[Reading], str]:
    return lambda reading: reading.now[field]


def _before(field: str) -> Callable[[Reading], str]:
    return lambda reading: dict(reading.facts.previous)[field]


def _after(field: str) -> Callable[[Reading], str]:
    return lambda reading: str(getattr(reading.facts.conversation, field))


def _changed(field: str, inner: Builder) -> Builder:
    def build(name: str, value: object, known: Names) -> Question:
        ask = inner(name, value, known)
        return lambda reading: ask(reading) if any(one == field for one, _ in reading.facts.previous) else (False, "")

    return build
