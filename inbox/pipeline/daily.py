"""The letter of the day: who gets one now. Each local day of an agent has one at the most, by a mark in the unit that queues it."""

from datetime import date, datetime, timedelta

from inbox.domain.attention import Likes
from inbox.domain.digest import Digest
from inbox.domain.events import Noticed
from inbox.domain.happenings import Address
from inbox.domain.ids import AgentId, NetworkKey
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent
from inbox.pipeline.agent_token import BY_DIGEST, issue
from inbox.pipeline.digest import Told, gather
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.render.messages import Rendered
from inbox.sla.duty import gone, works_on
from inbox.store import conversations, digests, people, preferences
from inbox.store.unit import Unit

AT_ONCE = 1
"""Letters in one unit: each is gathered by a dozen reads, and other work waits for the unit to end."""
AGAIN = timedelta(minutes=15)
"""After so long it is looked again whether whoever is away, or was not to be disturbed, may be told."""


def like(unit: Unit, whose: AgentId, likes: Likes, now: datetime) -> None:
    """They like it so from now on. Who had no letter of the day gets the first one when its hour comes next; who gives it up is
    told singly what waits for it."""
    before, daily = preferences.of(unit, whose).digest, likes.digest
    preferences.put(unit, whose, likes)
    if daily == before:
        return
    told = digests.told(unit, whose)
    if daily is not None and before is None and daily.due(told, now):
        told = daily.day(now)
    digests.put(unit, whose, daily.next(told, now) if daily else None, told)
    if daily is None:
        digests.singly(unit, whose, now)


def letters_of_the_day(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Of those whose hour has come the first; how many were looked at. What was not sent on its day is not sent on another."""
    due = digests.due(unit, now, AT_ONCE)
    for id in due:
        agent, likes = people.roster(unit).agent_by_id(id), preferences.of(unit, id)
        if agent is None or likes.digest is None:
            digests.put(unit, id, None, digests.told(unit, id))
        else:
            _look(unit, agent, likes, likes.digest, playbook, now)
    return len(due)


def _look(unit: Unit, agent: Agent, likes: Likes, digest: Digest, playbook: Playbook, now: datetime) -> None:
    told, roster = digests.told(unit, agent.id), people.roster(unit)
    day = digest.due(told, now)
    if day is None:
        digests.put(unit, agent.id, digest.next(told, now), told)
    elif _waits(likes, digest, day, now) or (not agent.disabled and gone(roster, agent, now)):
        digests.put(unit, agent.id, now + AGAIN, told)
    else:
        works = works_on(roster, agent, day, playbook.terms.calendar(""))
        if works and agent.address and not agent.disabled:
            _send(unit, agent, digest, day, playbook, now)
        digests.put(unit, agent.id, digest.next(day, now), day)


def _waits(likes: Likes, digest: Digest, day: date, now: datetime) -> bool:
    """Whether their quiet hours hold it back: not those in which they chose to have it."""
    quiet = likes.quiet
    return quiet is not None and quiet.holds(now) and not quiet.holds(digest.moment(day))


def _send(unit: Unit, agent: Agent, digest: Digest, day: date, playbook: Playbook, now: datetime) -> None:
    """Nothing where there is nothing to tell: then what waited to be told by it is over too."""
    told = gather(unit, agent, digest, playbook, now)
    digests.over(unit, agent.id, told.upto if told else None)
    if told is None:
        return
    over, cause = told.carried.over, f"agent digest {agent.id} {day.isoformat()}"
    home = conversations.present(unit, told.home)
    turn, rendered = Turn(unit, home, "house", playbook.terms, now), worded(told, playbook)
    words = Words(
        purpose=Purpose.AMONG_US,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=rendered.language,
        cause=cause,
        kept=rendered.subject,
        among_us=True,
        leads_back=False,
        token=issue(unit, agent.id, home, BY_DIGEST, cause, playbook, now),
    )
    message = say(turn, words, Answered(NetworkKey(""), None, Address(agent.address, agent.name), ()), over)
    turn.tell(Noticed("noticed", message, "digest", agent.address))
    turn.close()


def worded(told: Told, playbook: Playbook) -> Rendered:
    """The letter in their language."""
    over = told.carried.over
    return playbook.templates.message("agent-digest", told.facts.language, told.facts, variants=(over.name,))
