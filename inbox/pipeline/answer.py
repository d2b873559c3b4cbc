"""The answer of a rule: a template that is sent by itself, once in each waiting, or silence with its reason on record.

It goes to where the customer last wrote and nowhere else, never to a machine, and never to an address that proved nothing. It
ends nobody's wait, stops no clock and keeps no promise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.arrivals import Arrival
from inbox.domain.conversations import State
from inbox.domain.events import Actor
from inbox.domain.facts import AnswerFacts
from inbox.domain.messages import Message
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Misconfigured, Permanent
from inbox.domain.rule_events import RuleReplied, RuleSilent
from inbox.pipeline.acknowledge import brake, how_it_stands, proved_nothing
from inbox.pipeline.budget import budget
from inbox.pipeline.going_on import references
from inbox.pipeline.known_facts import known_facts
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.routes import Route, routes
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Decision
from inbox.rulebook.facts import Facts
from inbox.store import deliveries, people, promises
from inbox.text.subjects import plain_subject, reply_subject
from inbox.text.titles import title_of


class _Silent(Exception):
    """Nothing is written; the reason is a catalogue key."""


@dataclass(frozen=True, slots=True)
class _Way:
    """Where it goes: the message that is answered, its route and its channel."""

    route: Route
    question: Message
    speaker: Speaker


def answer(
    turn: Turn, decision: Decision, playbook: Playbook, silent: str = "", arrival: Arrival | None = None
) -> None:
    """Do what a decision says of `reply`. `silent`: what speaks against any automatic answer to the message at hand, which
    came with `arrival`. Raises FirstSyncBrake."""
    template = decision.effects.reply
    if template is None:
        return
    actor = Actor("rule", name=decision.author("reply"))
    try:
        way = _way(turn, decision.facts, silent, playbook)
        words = _words(turn, template, way, playbook)
        if arrival is not None and not turn.conversation.acknowledged:
            brake(turn, arrival, playbook)
        key, thread = way.question.key, way.route.thread
        so_far = references(turn, way.speaker.kind)
        message = say(turn, words, Answered(key, thread, way.route.to, so_far), way.speaker)
    except _Silent as why:
        turn.tell(RuleSilent("rule_silent", template, str(why)), actor)
    except Permanent:
        turn.tell(RuleSilent("rule_silent", template, "silent.impossible"), actor)
    except Misconfigured:  # checked at load; a command may act while files are being written
        turn.tell(RuleSilent("rule_silent", template, "silent.template"), actor)
    else:
        turn.tell(RuleReplied("rule_replied", message, template), actor)


def _way(turn: Turn, facts: Facts, silent: str, playbook: Playbook) -> _Way:
    """Raises _Silent."""
    if turn.conversation.state is State.SPAM:
        raise _Silent("silent.spam")
    if silent or facts.automatic is not None:
        raise _Silent(silent or "silent.machine")
    route = next(iter(routes(turn.unit, turn.conversation, playbook)), None)
    speaker = playbook.channels.get(route.channel) if route is not None and route.channel else None
    if route is None or speaker is None or route.why or route.answers is None:
        raise _Silent("silent.unreachable")
    if not route.to.address:
        raise _Silent("silent.no_sender")
    if proved_nothing(facts.authentication, speaker):
        raise _Silent("silent.unproved")
    return _Way(route, route.answers, speaker)


def _words(turn: Turn, template: str, way: _Way, playbook: Playbook) -> Words:
    """Rendered, as long as it may be said. Raises _Silent, or Misconfigured."""
    cause = f"answer {turn.conversation.id} {template} {_episode(turn).isoformat()}"
    if deliveries.spoken(turn.unit, cause):
        raise _Silent("silent.repeated")
    left = budget(turn, way.route.to, way.speaker, playbook)
    if left.reason:
        raise _Silent(left.reason)
    facts, traits = _facts(turn, way, playbook), way.speaker.codec.traits
    rendered = playbook.templates.message(
        template,
        facts.language,
        facts,
        variants=_variants(turn, way.speaker),
        html=traits.html,
        chat=not traits.subject,
    )
    return Words(
        purpose=Purpose.ANSWER,
        subject=rendered.subject or reply_subject(turn.conversation.subject),
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=facts.language,
        cause=cause,
        wait=left.wait,
    )


def _episode(turn: Turn) -> datetime:
    """When the present waiting began: from the customer's message until somebody answers, and from the answer on."""
    now = turn.conversation
    begun = now.waiting_since or now.replied_at or now.opened_at
    assert begun is not None
    return begun


def _variants(turn: Turn, speaker: Speaker) -> Sequence[str]:
    """As for an agent's words: channel, team, policy."""
    now = turn.conversation
    team = people.roster(turn.unit).team_by_id(now.team) if now.team else None
    return speaker.name, team.name if team else "", now.policy


def _facts(turn: Turn, way: _Way, playbook: Playbook) -> AnswerFacts:
    contact = people.contact(turn.unit, turn.conversation.contact)
    calendar = playbook.calendars.get(way.speaker.hours or playbook.promising.hours)
    open_now = calendar is None or calendar.is_open(turn.now)
    reader = people.contact(turn.unit, way.route.identity.contact)
    stands = how_it_stands(turn, playbook, reader)
    if way.route.identity.contact != turn.conversation.contact:
        stands["link"] = (
            ""  # it opens the matter of whoever asked, and would hold longer than a colleague's right to see it
        )
    told = [one for one in promises.open_ones(turn.unit, turn.conversation.id) if one.due_at > turn.now]
    language = playbook.speaks(way.question.language or contact.language)
    return AnswerFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=way.speaker.brand.name,
        reference=turn.conversation.reference,
        promise_kind=told[-1].kind.value if told else "none",
        due_at=told[-1].due_at if told else None,
        open_now=open_now,
        opens_at=None if calendar is None or open_now else calendar.next_open(turn.now),
        contact_name=contact.name,
        contact_title=title_of(contact.name),
        subject=plain_subject(turn.conversation.subject),
        **stands,
        **known_facts(turn.unit, contact, playbook, language),
    )
