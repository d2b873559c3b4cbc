"""The acknowledgement: the automatic first answer, with a time that was computed, or silence with its reason on record."""

from datetime import datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from inbox.domain.arrivals import Arrival
from inbox.domain.events import Acknowledged, NotAcknowledged
from inbox.domain.facts import AnswerFacts, ArticleLink, AssetTold, NeutralFacts
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import ThreadId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact
from inbox.domain.problems import Temporary
from inbox.pipeline import articles_offered, assets_named, one_matter
from inbox.pipeline.budget import budget
from inbox.pipeline.known_facts import known_facts
from inbox.pipeline.menus import asked
from inbox.pipeline.outages import during
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import Outlook, outlook, promise, team_of
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Effects
from inbox.store import channels, people
from inbox.text.dates import moment
from inbox.text.subjects import plain_subject
from inbox.text.titles import title_of


class FirstSyncBrake(Temporary):
    """More acknowledgements came due from a mailbox's first opening than may go out unasked: a person must say so."""


def acknowledge(
    turn: Turn,
    said: InboundMessage,
    contact: Contact,
    effects: Effects,
    silent: str,
    arrival: Arrival,
    thread: ThreadId | None,
    speaker: Speaker,
    playbook: Playbook,
) -> None:
    """Once for each conversation, when it opens. Raises FirstSyncBrake."""
    if turn.conversation.acknowledged or turn.conversation.version > len(turn.told):
        return
    to = said.reply_to[0] if len(said.reply_to) == 1 else said.sender
    left = budget(turn, to, speaker, playbook)
    reason = silent or _rules_say(effects) or left.reason
    if reason:
        turn.tell(NotAcknowledged("not_acknowledged", reason))
        return
    brake(turn, arrival, playbook)
    _speak(turn, said, contact, to, thread, str(effects.acknowledgement), left.wait, speaker, playbook)


def _rules_say(effects: Effects) -> str:
    if effects.acknowledgement in (None, "none"):
        return "silent.rule"
    return "silent.spam" if effects.state is not None and effects.state.value == "spam" else ""


def proved_nothing(authentication: str, speaker: Speaker) -> bool:
    """The sender may be anybody: nothing of the message is repeated to the address that it claims to come from."""
    return authentication == "fail" or (speaker.codec.traits.verdicts and authentication == "none")


def brake(turn: Turn, arrival: Arrival, playbook: Playbook) -> None:
    """One more automatic answer to what a first sync brought. Raises FirstSyncBrake where that is one too many."""
    most = playbook.budgets.first_sync
    if arrival.first_sync and not channels.count_first_sync(turn.unit, arrival.channel, most):
        raise FirstSyncBrake("receive.first_sync_brake", channel=arrival.channel, limit=most)


def _speak(
    turn: Turn,
    said: InboundMessage,
    contact: Contact,
    to: Address,
    thread: ThreadId | None,
    template: str,
    wait: timedelta,
    speaker: Speaker,
    playbook: Playbook,
) -> None:
    seen = outlook(turn, speaker, playbook)
    seen = during(turn, seen)
    language = playbook.speaks(said.language or contact.language)
    neutral = proved_nothing(said.authentication, speaker)
    menu = None if neutral else asked(turn, speaker)
    ask = menu.ask[language] if menu else ""
    found, shown = ((), ()) if neutral else articles_offered.offer(turn, said, language, speaker, playbook)
    facts = _facts(turn, contact, seen, language, speaker, playbook, ask, found, neutral=neutral)
    name = f"{template}-neutral" if neutral else template
    traits = speaker.codec.traits
    rendered = playbook.templates.message(
        name,
        language,
        facts,
        variants=(speaker.name, team_of(turn) or "", turn.conversation.policy),
        html=traits.html,
        chat=not traits.subject,
    )
    words = Words(
        purpose=Purpose.ACKNOWLEDGEMENT,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=language,
        cause=f"acknowledgement {turn.conversation.id}",
        wait=wait,
        offers=(*(menu.offers(language) if menu else ()), *shown),
    )
    to = Address(to.address) if neutral else to  # a name may carry a whole advertisement
    message = say(turn, words, Answered(said.key, thread, to, (said.key,) if said.key else ()), speaker)
    due = seen.announcement.at
    text = moment(due, language, ZoneInfo(playbook.zone)) if due else ""
    told = promise(turn, seen.announcement, text, message)
    turn.tell(Acknowledged("acknowledged", message, told, menu.name if menu else ""))


def _facts(
    turn: Turn,
    contact: Contact,
    seen: Outlook,
    language: str,
    speaker: Speaker,
    playbook: Playbook,
    ask: str,
    found: tuple[ArticleLink, ...],
    *,
    neutral: bool,
) -> NeutralFacts:
    told = seen.announcement
    shared = {
        "language": language,
        "zone": ZoneInfo(playbook.zone),
        "brand": speaker.brand.name,
        "reference": turn.conversation.reference,
        "promise_kind": told.kind.value if told.kind else "none",
        "due_at": told.at,
        "open_now": seen.open_now,
        "opens_at": seen.opens_at,
        "known": seen.known.told(language) if seen.known else "",
    }
    if neutral:
        return NeutralFacts(**shared)  # type: ignore[arg-type]  # one table for both forms
    subject = plain_subject(turn.conversation.subject)
    stands = how_it_stands(turn, playbook, contact)
    known = known_facts(turn.unit, contact, playbook, language)
    who = {"contact_name": contact.name, "contact_title": title_of(contact.name)}
    return AnswerFacts(**shared, **who, subject=subject, ask=ask, articles=found, **stands, **known)  # type: ignore[arg-type]  # the same table


class Stands(TypedDict):
    """What an automatic answer may tell of a conversation, as `AnswerFacts` has it."""

    assignee: str
    team: str
    waiting_since: datetime | None
    replied_at: datetime | None
    link: str
    asset: AssetTold | None


def how_it_stands(turn: Turn, playbook: Playbook, to: Contact) -> Stands:
    """Who has it, who waits for whom since when, where the customer sees it, and what of theirs it is about, whoever of them reads it."""
    now, roster = turn.conversation, people.roster(turn.unit)
    agent = roster.agent_by_id(now.assignee) if now.assignee else None
    team = roster.team_by_id(now.team) if now.team else None
    return {
        "assignee": agent.called if agent else "",
        "team": team.called if team else "",
        "waiting_since": now.waiting_since,
        "replied_at": now.replied_at,
        "link": one_matter.link(now.id, now.contact, playbook, turn.now),
        "asset": assets_named.told_of(turn.unit, now.id, to, playbook, turn.now),
    }
