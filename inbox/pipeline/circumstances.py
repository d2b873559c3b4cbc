"""The facts of one run of the rules: the message at hand or the customer's latest one, and how the conversation stands."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from inbox.domain.happenings import InboundMessage
from inbox.domain.messages import Message
from inbox.domain.people import Contact, Identity, Roster
from inbox.domain.ratings import Rated
from inbox.pipeline import assets_named, changes
from inbox.pipeline.contract_terms import facts as terms_of
from inbox.pipeline.owing import breached, promised, used
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.turn import Turn
from inbox.rulebook.facts import ContactFacts, ConversationFacts, Facts, File, Moment, RatingFacts, facts_from
from inbox.sla.duty import gone
from inbox.sla.hours import wall_clock
from inbox.sla.policy import ON
from inbox.store import decisions, edits, history, messages, organizations, people
from inbox.text.tone import Heard

FIRST = ("conversation-opened", "message-received")
"""What has happened when somebody writes for the first time."""


def of_message(
    turn: Turn,
    said: InboundMessage,
    contact: Contact,
    identity: Identity,
    speaker: Speaker,
    playbook: Playbook,
    roster: Roster,
) -> Facts:
    """A message has just been told in this turn; it may have opened the conversation, or opened it again."""
    told = {event.payload.kind for event in turn.told}
    reopened = turn.before.version > 0 and turn.before.state is not turn.conversation.state
    return Facts(
        events=(
            *(FIRST if "opened" in told else FIRST[1:]),
            *(("state-changed",) if reopened else ()),
            *(("field-changed",) if "chosen" in told else ()),
            *(("contract-quota",) if "quota_used" in told else ()),
        ),
        sender=said.sender.address,
        to=tuple(a.address for a in said.to),
        cc=tuple(a.address for a in said.cc),
        subject=said.subject,
        text=said.reply_text or said.text,
        language=said.language,
        tone=_tone(said, playbook, opened="opened" in told),
        automatic=said.automatic,
        authentication=said.authentication,
        headers=said.headers,
        attachments=tuple(File(f.filename, f.content_type, f.size) for f in said.attachments),
        **_here(speaker, playbook, turn.now),
        **_whose(turn, contact, playbook, verified=identity.verified_at is not None),
        **_now(turn, playbook, roster),
    )


def _tone(said: InboundMessage, playbook: Playbook, *, opened: bool) -> Heard:
    """How a person's words sound. A subject counts once, with the message that it came with: answers only repeat it."""
    if said.automatic is not None:
        return ()
    words = said.reply_text or said.text
    return playbook.tones.heard(f"{said.subject}\n{words}" if opened else words)


def around(speaker: Speaker, playbook: Playbook, now: datetime) -> Facts:
    """What is the case whoever writes for the first time: where and when."""
    return Facts(FIRST, **_here(speaker, playbook, now), **_hours(playbook, now))


def of_turn(turn: Turn, events: tuple[str, ...], actor: str, playbook: Playbook, roster: Roster) -> Facts:
    """Something else has happened; what was written is the customer's latest message, as rules saw it when it came."""
    facts = _latest(turn, playbook)
    whose = people.contact(turn.unit, turn.conversation.contact)
    return replace(
        facts,
        events=events,
        at=turn.now,
        moment=_moment(turn.now, playbook),
        actor=actor,
        **_whose(turn, whose, playbook, verified=facts.contact.verified),
        **_now(turn, playbook, roster),
    )


def _latest(turn: Turn, playbook: Playbook) -> Facts:
    now, moment = turn.now, _moment(turn.now, playbook)
    last = messages.last_inbound(turn.unit, turn.conversation.id)
    speaker = playbook.channels.get((last.channel if last else None) or turn.conversation.channel)
    where = (str(speaker.name), speaker.brand.key) if speaker else (str(turn.conversation.channel), "")
    if last is None:
        return Facts((), now, moment, *where, subject=turn.conversation.subject, language=turn.conversation.language)
    last = edits.standing(turn.unit, last)
    body = decisions.about(turn.unit, last.id)
    if body is None:
        return _of_row(last, now, moment, where)
    seen = facts_from(json.loads(body)["facts"])
    return _bare(replace(seen, text=last.reply_text or last.text))


def _bare(facts: Facts) -> Facts:
    """Without what was so only then."""
    return replace(facts, previous=(), tags_added=(), tags_removed=(), clocks_used={}, clocks_breached=())


def _of_row(last: Message, now: datetime, moment: Moment, where: tuple[str, str]) -> Facts:
    """A message on which no rule ever ran, as far as it is stored: headers and the verdict on the sender are not."""
    return Facts(
        (),
        now,
        moment,
        *where,
        sender=last.sender.address,
        to=tuple(a.address for a in last.to),
        cc=tuple(a.address for a in last.cc),
        subject=last.subject,
        text=last.reply_text or last.text,
        language=last.language,
        automatic=last.automatic,
    )


def _here(speaker: Speaker, playbook: Playbook, now: datetime) -> dict[str, Any]:
    """Where and when."""
    return {"at": now, "moment": _moment(now, playbook), "channel": speaker.name, "brand": speaker.brand.key}


def _whose(turn: Turn, contact: Contact, playbook: Playbook, *, verified: bool) -> dict[str, Any]:
    """What is known of whoever wrote, and of what is theirs."""
    return {
        "contact": _contact(turn, contact, playbook, verified=verified),
        "asset": assets_named.facts_of(turn, contact, playbook),
        **_organization(turn, contact),
    }


def _now(turn: Turn, playbook: Playbook, roster: Roster) -> dict[str, Any]:
    """All that is so at this moment, whatever happened."""
    added, removed = changes.tags(turn.before, turn.conversation) if turn.before.version else ((), ())
    return {
        "conversation": _conversation(turn, roster),
        "previous": changes.previous(turn.before, turn.conversation, roster),
        "tags_added": added,
        "tags_removed": removed,
        **_hours(playbook, turn.now),
        "promise": promised(turn),
        "clocks_used": used(turn),
        "clocks_breached": breached(turn),
        "rating": _rating(turn),
        "contract": terms_of(turn, playbook),
    }


def _rating(turn: Turn) -> RatingFacts:
    """What was answered in this turn."""
    told = [event.payload for event in turn.told if isinstance(event.payload, Rated)]
    return RatingFacts(told[-1].survey.value, told[-1].score) if told else RatingFacts()


def _hours(playbook: Playbook, now: datetime) -> dict[str, Any]:
    calendars = playbook.calendars.items()
    return {
        "within_hours": {name: calendar.is_open(now) for name, calendar in calendars},
        "holidays": tuple(name for name, one in calendars if one.local(now).date() in one.hours.holidays),
    }


def _moment(now: datetime, playbook: Playbook) -> Moment:
    local = wall_clock(now, playbook.zone)
    return Moment(local.date(), local.time().replace(microsecond=0))


def _contact(turn: Turn, contact: Contact, playbook: Playbook, *, verified: bool) -> ContactFacts:
    local = wall_clock(turn.now, playbook.zone)
    past = history.of_contact(turn.unit, contact.id, local.replace(hour=0, minute=0, second=0, microsecond=0))
    return ContactFacts(
        tags=contact.tags,
        language=contact.language,
        messages=past.messages,
        messages_today=past.messages_today,
        conversations=past.conversations,
        conversations_open=past.conversations_open,
        fields=contact.fields,
        verified=verified,
    )


def _organization(turn: Turn, contact: Contact) -> dict[str, Any]:
    """What is known of the organization that they belong to."""
    its = None if contact.organization is None else organizations.one(turn.unit, contact.organization)
    if its is None:
        return {"organization": "", "organization_tags": (), "organization_fields": ()}
    return {"organization": its.name, "organization_tags": its.tags, "organization_fields": its.fields}


def _conversation(turn: Turn, roster: Roster) -> ConversationFacts:
    now = turn.conversation
    agent = roster.agent_by_id(now.assignee) if now.assignee else None
    return ConversationFacts(
        state=now.state,
        priority=now.priority,
        team=changes.team(now, roster),
        assignee=agent.handle if agent else "",
        policy=now.policy.partition(ON)[0],
        tags=now.tags,
        fields=now.fields,
        # An assignee who is gone no longer holds the conversation: rules may give it to somebody else.
        # A contract decides on the policy as a person does.
        pinned=tuple(
            p
            for p in (*now.pinned, *(("policy",) if now.contract is not None and "policy" not in now.pinned else ()))
            if p != "assignee" or (agent is not None and not gone(roster, agent, turn.now))
        ),
        follows=now.follows is not None,
    )
