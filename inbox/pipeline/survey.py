"""Surveys: a while after a matter is done its customer is asked how it went; and now and then whether they would recommend us.

Each is asked once in a conversation, over the way by which the customer last wrote, and never a machine, a blocked person, or an
address that proved nothing. Whom we do not ask is on record with the reason.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.conversations import Conversation, State
from inbox.domain.events import Noticed
from inbox.domain.facts import ScoreLink, SurveyFacts
from inbox.domain.happenings import Address
from inbox.domain.ids import NetworkKey, ThreadId
from inbox.domain.messages import Message
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Misconfigured, Permanent
from inbox.domain.ratings import Survey, offers
from inbox.pipeline import survey_links
from inbox.pipeline.acknowledge import proved_nothing
from inbox.pipeline.budget import budget
from inbox.pipeline.circumstances import of_turn
from inbox.pipeline.going_on import references
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import proved_at
from inbox.pipeline.rate import written
from inbox.pipeline.routes import routes, way_to
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import answering, blocking, conversations, declining, people, surveys
from inbox.store.surveys import Asked
from inbox.store.unit import Unit
from inbox.text.subjects import plain_subject
from inbox.text.titles import title_of

LATEST = timedelta(days=1)
"""How long after it should have been asked it still is: behind that, whether we were down or surveys were off, nobody expects it."""
TEMPLATES = {Survey.CSAT: "survey", Survey.NPS: "survey-nps"}


class _Unasked(Exception):
    """Nobody is asked; why: a catalogue key."""


@dataclass(frozen=True, slots=True)
class _Way:
    """Where it goes; `answers`: the message behind which it stands there, None where they wrote elsewhere."""

    to: Address
    speaker: Speaker
    thread: ThreadId | None = None
    answers: Message | None = None
    wait: timedelta = timedelta(0)


def survey_due(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Ask what is to be asked by now; how many matters that came to. Run again at once, it finds nothing."""
    told = playbook.surveys
    until = now - told.after
    done = surveys.closed(unit, Survey.CSAT, until - LATEST, until) if told.csat else []
    for id in done:
        turn = Turn.of(unit, id, "time", playbook.terms, now)
        asked = surveys.add(unit, Survey.CSAT, turn.conversation)
        if asked is not None:
            _ask(turn, asked, playbook)
    over = surveys.closed(unit, Survey.NPS, until - LATEST, until) if told.nps else []
    for id in over:
        _plan(unit, conversations.load(unit, id), playbook, now)
    coming = surveys.planned(unit, now)
    for one in coming:
        _ask(Turn(unit, conversations.present(unit, one.conversation), "time", playbook.terms, now), one.id, playbook)
    return len(done) + len(over) + len(coming)


def _plan(unit: Unit, matter: Conversation, playbook: Playbook, now: datetime) -> None:
    """When this contact is to be asked next, since a matter of theirs was done; once, however many there are."""
    told = playbook.surveys
    due, last = now + told.nps_quiet, surveys.last_asked(unit, matter.contact).get(Survey.NPS)
    if last is not None:
        due = max(due, last + told.nps_every)
    why = "survey.planned" if surveys.has_planned(unit, matter.contact) else ""
    if not why and not _drawn(f"nps {matter.contact} {due.date()}", told.nps_share, playbook):
        why = "survey.not_drawn"
    surveys.add(unit, Survey.NPS, matter, why, None if why else due)


def _ask(turn: Turn, id: int, playbook: Playbook) -> None:
    """Ask it, or keep why not. What stands under the same number was never asked before: the row is the proof."""
    asked = surveys.one(turn.unit, id)
    assert asked is not None
    try:
        later = _quiet_until(turn, asked, playbook)
        if later is not None:
            surveys.put(turn.unit, id, due_at=later)
            return
        _wanted(turn, asked, playbook)
        way = _way(turn, playbook)
        _say(turn, asked, way, playbook)
    except _Unasked as why:
        surveys.put(turn.unit, id, why=str(why), due_at=None)
    except Permanent:
        surveys.put(turn.unit, id, why="silent.impossible", due_at=None)
    except Misconfigured:  # checked at load; a command may act while files are being written
        surveys.put(turn.unit, id, why="silent.template", due_at=None)


def _quiet_until(turn: Turn, asked: Asked, playbook: Playbook) -> datetime | None:
    """Until when NPS waits, because something else was asked meanwhile."""
    if asked.kind is not Survey.NPS:
        return None
    last = surveys.last_asked(turn.unit, asked.contact).get(Survey.CSAT)
    quiet = None if last is None else last + playbook.surveys.nps_quiet
    return quiet if quiet is not None and quiet > turn.now else None


def _wanted(turn: Turn, asked: Asked, playbook: Playbook) -> None:
    """Whether it is to be asked at all. Raises _Unasked."""
    now, told = turn.conversation, playbook.surveys
    if now.contact != asked.contact:
        raise _Unasked("survey.another_contact")
    if now.state is State.SPAM:
        raise _Unasked("silent.spam")
    if declining.of(turn.unit, now.contact) is not None:
        raise _Unasked("survey.declined")
    if asked.kind is Survey.NPS:
        if not told.nps:
            raise _Unasked("survey.off")
        return
    team = people.roster(turn.unit).team_by_id(now.team) if now.team else None
    if told.teams and (team is None or team.name not in told.teams):
        raise _Unasked("survey.not_here")
    if told.channels and now.channel not in told.channels:
        raise _Unasked("survey.not_here")
    if now.replied_at is None:
        raise _Unasked("survey.unanswered")
    last = surveys.last_asked(turn.unit, now.contact).get(Survey.CSAT)
    if last is not None and last > turn.now - told.rest:
        raise _Unasked("survey.asked_lately")
    if not _drawn(f"csat {now.id}", told.share, playbook):
        raise _Unasked("survey.not_drawn")


def _drawn(what: str, share: float, playbook: Playbook) -> bool:
    """Chance that is the same each time, and that nobody outside can know."""
    drawn = int.from_bytes(hmac.digest(playbook.secret, f"sample {what}".encode(), "sha256")[:8])
    return drawn < share * 2**64


def _way(turn: Turn, playbook: Playbook) -> _Way:
    """To where whoever asked last wrote. Raises _Unasked."""
    unit = turn.unit
    asker = turn.conversation.contact
    route = next((one for one in routes(unit, turn.conversation, playbook) if one.identity.contact == asker), None)
    speaker = playbook.channels.get(route.channel) if route is not None and route.channel else None
    if route is None or speaker is None or route.why or route.answers is None:
        raise _Unasked("silent.unreachable")
    if not route.to.address:
        raise _Unasked("silent.no_sender")
    if any(blocking.is_blocked(unit, one.id) for one in people.identities(unit, turn.conversation.contact)):
        raise _Unasked("survey.blocked")
    facts = of_turn(turn, (), "house", playbook, people.roster(unit))
    if route.answers.automatic is not None or facts.automatic is not None:
        raise _Unasked("silent.machine")
    if proved_nothing(facts.authentication, speaker):
        raise _Unasked("silent.unproved")
    way = _Way(route.to, speaker, route.thread, route.answers)
    way = _where_wanted(turn, speaker, playbook) or way
    # Nobody looks at the portal without a reason: a letter tells them, and the page is the same.
    if way.speaker.codec.traits.portal:
        way = _by_mail(turn, speaker, playbook)
    left = budget(turn, way.to, way.speaker, playbook)
    if left.reason:
        raise _Unasked(left.reason)
    return replace(way, wait=left.wait)


def _where_wanted(turn: Turn, speaker: Speaker, playbook: Playbook) -> _Way | None:
    """Where the customer wants to be told, as long as they can be reached there. Raises _Unasked for whoever wants nothing sent."""
    wish = answering.of(turn.unit, turn.conversation.contact)
    if wish is None:
        return None
    if wish.identity is None:
        raise _Unasked("survey.portal_alone")
    mine = people.identities(turn.unit, turn.conversation.contact)
    there = next(one for one in mine if one.id == wish.identity)
    over = way_to(turn.unit, there, speaker, playbook)
    return None if over is None else _Way(Address(there.address, there.name), *over)


def _by_mail(turn: Turn, portal: Speaker, playbook: Playbook) -> _Way:
    over = playbook.channels.get(portal.continues_on) if portal.continues_on else None
    there = None if over is None else proved_at(turn.unit, turn.conversation.contact, over.kind)
    if over is None or there is None:
        raise _Unasked("silent.unreachable")
    return _Way(Address(there.address, there.name), over)


def _say(turn: Turn, asked: Asked, way: _Way, playbook: Playbook) -> None:
    """Raises _Unasked, Permanent or Misconfigured."""
    speaker, traits = way.speaker, way.speaker.codec.traits
    ends = turn.now + way.wait + playbook.surveys.expires
    link = survey_links.link(asked, ends, playbook)
    if not link and not traits.buttons:
        raise _Unasked("survey.no_pages")
    facts = _facts(turn, asked, way, link, ends, playbook)
    rendered = playbook.templates.message(
        TEMPLATES[asked.kind],
        facts.language,
        facts,
        variants=_variants(turn, speaker),
        html=traits.html,
        chat=not traits.subject,
    )
    words = Words(
        purpose=Purpose.NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=facts.language,
        cause=f"{asked.kind.value} {asked.conversation}",
        kept=""
        if traits.buttons
        else rendered.subject,  # whoever reads the conversation cannot answer for the customer
        wait=way.wait,
        offers=offers(asked.kind, asked.id, written(asked.kind, facts.language)) if traits.buttons else (),
    )
    key = way.answers.key if way.answers else NetworkKey("")
    message = say(turn, words, Answered(key, way.thread, way.to, references(turn, speaker.kind)), speaker)
    surveys.ask(turn.unit, asked.id, turn.conversation, str(speaker.name), turn.now, ends)
    turn.tell(Noticed("noticed", message, asked.kind.value, way.to.address))
    turn.close()


def _facts(turn: Turn, asked: Asked, way: _Way, link: str, ends: datetime, playbook: Playbook) -> SurveyFacts:
    contact = people.contact(turn.unit, turn.conversation.contact)
    wrote = way.answers.language if way.answers else None
    buttons = way.speaker.codec.traits.buttons
    return SurveyFacts(
        language=playbook.speaks(wrote or turn.conversation.language or contact.language),
        zone=ZoneInfo(playbook.zone),
        brand=way.speaker.brand.name,
        reference=turn.conversation.reference,
        contact_name=contact.name,
        contact_title=title_of(contact.name),
        subject=plain_subject(turn.conversation.subject),
        scores=tuple(ScoreLink(score=one, link=f"{link}?score={one}") for one in asked.kind.scores) if link else (),
        link=link,
        buttons=buttons,
        until=ends,
    )


def _variants(turn: Turn, speaker: Speaker) -> Sequence[str]:
    team = people.roster(turn.unit).team_by_id(turn.conversation.team) if turn.conversation.team else None
    return speaker.name, team.name if team else "", turn.conversation.policy
