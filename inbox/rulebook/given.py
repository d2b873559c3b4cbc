"""The facts of a test case: what stands under `given`, everything unsaid being as ordinary as can be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

from inbox.domain.assets import Cover, Whose
from inbox.domain.conversations import Priority, State
from inbox.domain.happenings import AuthenticationVerdict, Automatic
from inbox.domain.promises import PromiseKind
from inbox.domain.ratings import Survey
from inbox.rulebook import values
from inbox.rulebook.facts import AssetFacts, Facts, File, Moment, Quiet
from inbox.rulebook.keys import Entry, entries
from inbox.rulebook.page import Page
from inbox.rulebook.places import Path
from inbox.rulebook.vocabulary import EVENTS, GIVEN, METRICS
from inbox.rulebook.waits import STARTS, USUAL
from inbox.text.durations import Counting, Unit
from inbox.text.languages import language
from inbox.text.tone import TONES

FIRST_MESSAGE = ("conversation-opened", "message-received")
ORDINARY = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
"""A Tuesday noon, for cases in which the time does not matter."""


def given(page: Page, path: Path, table: Mapping[str, object]) -> Facts:
    """The facts of one `given` table; what is wrong is noted on the page and left out."""
    facts = Facts(FIRST_MESSAGE, ORDINARY, _moment(ORDINARY))
    for entry in entries(page, path, table, GIVEN):
        try:
            facts = _READ[entry.key.name](facts, entry)
        except values.Unfit as unfit:
            page.unfit(entry.path, entry.written, unfit)
    if facts.language is None:
        facts = replace(facts, language=language(f"{facts.subject}\n{facts.text}"))
    if "tone" not in table:
        said = (facts.subject, facts.text) if "conversation-opened" in facts.events else (facts.text,)
        facts = replace(facts, tone=page.names.tones.heard("\n".join(said)))
    return facts


Read = Callable[[Facts, Entry], Facts]


def _moment(at: datetime) -> Moment:
    return Moment(at.date(), at.time())


def _with(facts: Facts, name: str, value: Any) -> Facts:
    return replace(facts, **{name: value})


def _at(facts: Facts, entry: Entry) -> Facts:
    at = values.instant(entry.value)
    return replace(facts, at=at.astimezone(UTC), moment=_moment(at))


def _on(facts: Facts, entry: Entry) -> Facts:
    known = [event.name for event in EVENTS if event.accepted]
    return replace(facts, events=values.names(entry.value, known, "rules.unknown_event"))


def _text(name: str) -> Read:
    return lambda facts, entry: _with(facts, name, values.text(entry.value))


def _word(name: str, *known: str) -> Read:
    return lambda facts, entry: _with(facts, name, _one(entry, *known))


def _one(entry: Entry, *known: str) -> str:
    (found,) = values.names(values.text(entry.value), known, "rules.unknown_word")
    return found


def _texts(name: str) -> Read:
    return lambda facts, entry: _with(facts, name, values.texts(entry.value))


def _header(facts: Facts, entry: Entry) -> Facts:
    name = entry.name.lower().replace("_", "-")
    return replace(facts, headers=(*facts.headers, (name, values.text(entry.value))))


def _files(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, attachments=tuple(_file(one) for one in values.tables(entry.value)))


def _tone(facts: Facts, entry: Entry) -> Facts:
    """Whatever its words are."""
    return replace(facts, tone=tuple((one, ()) for one in values.names(entry.value, TONES, "rules.unknown_word")))


def _file(table: dict[str, Any]) -> File:
    if "name" not in table or set(table) - {"name", "type", "size"}:
        raise values.wrong_type("files", table)
    size = values.size(table["size"]) if "size" in table else 0
    return File(values.text(table["name"]), values.text(table.get("type", "application/octet-stream")), size)


def _contact(name: str, read: Callable[[object], Any]) -> Read:
    return lambda facts, entry: replace(facts, contact=replace(facts.contact, **{name: read(entry.value)}))


def _ticket(name: str, read: Callable[[object], Any]) -> Read:
    return lambda facts, entry: replace(facts, conversation=replace(facts.conversation, **{name: read(entry.value)}))


def _state(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, conversation=replace(facts.conversation, state=State(_one(entry, *State))))


def _priority(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, conversation=replace(facts.conversation, priority=Priority(_one(entry, *Priority))))


def _field(facts: Facts, entry: Entry) -> Facts:
    fields = (*facts.conversation.fields, (entry.name, values.text(entry.value)))
    return replace(facts, conversation=replace(facts.conversation, fields=fields))


def _contact_field(facts: Facts, entry: Entry) -> Facts:
    fields = (*facts.contact.fields, (entry.name, values.text(entry.value)))
    return replace(facts, contact=replace(facts.contact, fields=fields))


def _organization_field(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, organization_fields=(*facts.organization_fields, (entry.name, values.text(entry.value))))


def _changed(facts: Facts, entry: Entry) -> Facts:
    known = ("state", "priority", "team", "assignee", "policy")
    values.names(entry.name, known, "rules.unknown_word")
    held = values.text(entry.value)
    return replace(facts, previous=(*facts.previous, (entry.name, "" if held == values.NONE else held)))


def _hours(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, within_hours={**facts.within_hours, entry.name: _one(entry, "open", "closed") == "open"})


def _field_changed(facts: Facts, entry: Entry) -> Facts:
    held = values.text(entry.value)
    return replace(facts, previous=(*facts.previous, (f"field.{entry.name}", "" if held == values.NONE else held)))


WORKING_DAY = 8 * 3600
"""Seconds of working time that a working day stands for, where a case says how many days have passed."""


def _idle_for(facts: Facts, entry: Entry) -> Facts:
    length = values.duration(entry.value)
    seconds = length.length.total_seconds()
    days = length.amount if length.unit is Unit.DAYS else 0
    working = days * WORKING_DAY if days and length.counting is Counting.WORKING else seconds
    return replace(facts, idle={next(iter(facts.idle), USUAL): Quiet(seconds, working, days)})


def _idle_since(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, idle={_one(entry, *STARTS): next(iter(facts.idle.values()), Quiet())})


def _promise(name: str, read: Callable[[object], Any]) -> Read:
    return lambda facts, entry: replace(facts, promise=replace(facts.promise, **{name: read(entry.value)}))


def _metric(entry: Entry) -> str:
    (found,) = values.names(entry.name, METRICS, "rules.unknown_word")
    return found


def _used(facts: Facts, entry: Entry) -> Facts:
    return replace(facts, clocks_used={**facts.clocks_used, _metric(entry): values.share(entry.value)})


def _breached(facts: Facts, entry: Entry) -> Facts:
    more = (_metric(entry),) if values.truth(entry.value) else ()
    return replace(facts, clocks_breached=(*facts.clocks_breached, *more))


def _kind(value: object) -> str:
    (found,) = values.names(values.text(value), tuple(PromiseKind), "rules.unknown_word")
    return found


def _survey(value: object) -> str:
    (found,) = values.names(values.text(value), tuple(Survey), "rules.unknown_word")
    return found


def _rating(name: str, read: Callable[[object], Any]) -> Read:
    return lambda facts, entry: replace(facts, rating=replace(facts.rating, **{name: read(entry.value)}))


def _asset(name: str, read: Callable[[object], Any]) -> Read:
    """Whoever says anything of an asset says that there is one, and `found = false` that there is none."""
    return lambda facts, entry: replace(facts, asset=_of_asset(facts.asset, name, read(entry.value)))


def _of_asset(known: AssetFacts, name: str, value: Any) -> AssetFacts:
    if name == "found":
        return replace(known if known.found else SOME_ASSET, found=True) if value else AssetFacts()
    return replace(known if known.found else SOME_ASSET, **{name: value})


SOME_ASSET = AssetFacts(found=True, warranty="unknown", service="unknown")


def _among(*known: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        (found,) = values.names(values.text(value), known, "rules.unknown_word")
        return found

    return read


def _contract(name: str, read: Callable[[object], Any]) -> Read:
    return lambda facts, entry: replace(facts, contract=replace(facts.contract, **{name: read(entry.value)}))


_READ: Mapping[str, Read] = {
    "on": _on,
    "at": _at,
    "channel": _text("channel"),
    "brand": _text("brand"),
    "from": _text("sender"),
    "to": _texts("to"),
    "cc": _texts("cc"),
    "subject": _text("subject"),
    "text": _text("text"),
    "language": _text("language"),
    "tone": _tone,
    "automatic": _word("automatic", *get_args(Automatic)),
    "authentication": _word("authentication", *get_args(AuthenticationVerdict)),
    "header.<name>": _header,
    "attachment": _files,
    "contact.tag": _contact("tags", values.texts),
    "contact.language": _contact("language", values.text),
    "contact.verified": _contact("verified", values.truth),
    "contact.field.<name>": _contact_field,
    "organization": _text("organization"),
    "organization.name": _text("organization"),
    "organization.tag": _texts("organization_tags"),
    "organization.field.<name>": _organization_field,
    "history.messages": _contact("messages", values.whole),
    "history.messages_today": _contact("messages_today", values.whole),
    "history.conversations": _contact("conversations", values.whole),
    "history.conversations_open": _contact("conversations_open", values.whole),
    "state": _state,
    "priority": _priority,
    "assignee": _ticket("assignee", values.text),
    "team": _ticket("team", values.text),
    "policy": _ticket("policy", values.text),
    "tag": _ticket("tags", values.texts),
    "field.<name>": _field,
    "pinned": _ticket("pinned", values.texts),
    "follows": _ticket("follows", values.truth),
    "changed.<field>": _changed,
    "hours.<name>": _hours,
    "holiday": _texts("holidays"),
    "actor": _word("actor", "contact", "agent", "house"),
    "changed.field.<name>": _field_changed,
    "changed.tag.added": _texts("tags_added"),
    "changed.tag.removed": _texts("tags_removed"),
    "idle.for": _idle_for,
    "idle.since": _idle_since,
    "promise.kind": _promise("kind", _kind),
    "promise.used": _promise("used", values.share),
    "promise.late": _promise("late", values.truth),
    "promise.renewed": _promise("renewed", values.whole),
    "clock.<metric>.used": _used,
    "clock.<metric>.breached": _breached,
    "contract.name": _contract("name", values.text),
    "contract.tier": _contract("tier", values.text),
    "contract.quota_used": _contract("quota_used", values.share),
    "rating.kind": _rating("kind", _survey),
    "rating.score": _rating("score", values.whole),
    "asset.found": _asset("found", values.truth),
    "asset.product": _asset("product", values.text),
    "asset.model": _asset("model", values.text),
    "asset.warranty": _asset("warranty", _among(*get_args(Cover))),
    "asset.service": _asset("service", _among(*get_args(Cover))),
    "asset.owner": _asset("owner", _among(*get_args(Whose))),
}
