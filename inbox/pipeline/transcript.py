"""A transcript by mail: what a visitor could see of their chat, to the address that they proved, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.events import Actor, Noticed
from inbox.domain.facts import TranscriptFacts, TranscriptLine
from inbox.domain.happenings import Address
from inbox.domain.ids import NetworkKey
from inbox.domain.messages import Direction
from inbox.domain.outgoing import Purpose
from inbox.pipeline.budget import budget
from inbox.pipeline.going_on import references
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import proved_at
from inbox.pipeline.routes import carrier
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import conversations, edits, people, transcripts
from inbox.store.transcripts import Spoken
from inbox.store.unit import Unit

LONGEST = 4_000
"""Characters of one line."""
WHOLE = 60_000
"""Characters of all lines together."""


def mail_transcript(unit: Unit, speaker: Speaker, who: str, language: str, playbook: Playbook, now: datetime) -> bool:
    """Send it; False where no address of theirs is proved, they never wrote, or enough was sent by itself already."""
    known, over = people.known(unit, speaker.kind, who), carrier(playbook, speaker)
    certain = known is not None and known[1].verified_at is not None
    there = proved_at(unit, known[0].id, over.kind) if known and over and certain else None
    matter = conversations.of_thread(unit, speaker.name, who)
    if known is None or over is None or there is None or matter is None:
        return False
    turn = Turn(unit, conversations.present(unit, matter), speaker.name, playbook.terms, now)
    to = Address(there.address, known[0].name)
    left = budget(turn, to, over, playbook)
    if left.reason:
        return False
    spoken = transcripts.of(unit, speaker.name, who)
    words = replace(_words(turn, spoken, playbook.speaks(language), over, playbook), wait=left.wait)
    message = say(turn, words, Answered(NetworkKey(""), None, to, references(turn, over.kind)), over)
    conversations.add_participant(unit, turn.conversation.id, there.id, now)
    actor = Actor("contact", known[0].id, known[0].name)
    turn.tell(Noticed("noticed", message, "transcript", there.address), actor)
    turn.close()
    return True


def _words(turn: Turn, spoken: Sequence[Spoken], language: str, over: Speaker, playbook: Playbook) -> Words:
    lines = _lines(turn.unit, spoken)
    facts = TranscriptFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=over.brand.name,
        reference=turn.conversation.reference,
        lines=lines,
        shortened=len(lines) < len(spoken) or len(spoken) == transcripts.MOST,
    )
    rendered = playbook.templates.message("transcript", language, facts, variants=(over.name,))
    return Words(
        purpose=Purpose.NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=rendered.language,
        cause=f"transcript {turn.unit.entropy.token('transcript')}",
        kept=rendered.subject,
    )


def _lines(unit: Unit, spoken: Sequence[Spoken]) -> tuple[TranscriptLine, ...]:
    """As they stand now, the newest that fit."""
    agents = {agent.id: agent.called for agent in people.roster(unit).agents}
    lines: list[TranscriptLine] = []
    left = WHOLE
    for one in reversed(spoken):
        message = edits.standing(unit, one.message)
        text = (message.reply_text or message.text).strip()[:LONGEST]
        left -= len(text)
        if left < 0:
            break
        ours = message.direction is Direction.OUTBOUND
        name = agents.get(message.agent, "") if message.agent else "" if ours else message.sender.name
        files = tuple(stored.file.filename for stored in one.files)
        lines.append(TranscriptLine(at=one.at, ours=ours, name=name, text=text, files=files))
    return tuple(reversed(lines))
