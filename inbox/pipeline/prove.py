"""Proof: an address is somebody's who can read what is sent there, and types it where they asked for it.

The laws: a code is worth something to the one who asked for it and to nobody else, for half an hour, for five guesses, once.
Until the right one is typed nothing of whose address it is can be seen. Neither a name nor a From proves anything.
"""

import hashlib
import hmac
import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.events import HOUSE, Actor, Noticed
from inbox.domain.facts import ProofFacts, ProvedFacts
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import ConversationId, NetworkKey, ThreadId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact, Identity
from inbox.pipeline.budget import budget
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import joined, ours
from inbox.pipeline.routes import canonical, carrier, chat
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.ports.face import Answered as Worth
from inbox.ports.face import Asked
from inbox.store import conversations, people, proofs
from inbox.store.unit import Unit
from inbox.text.fold import latin_digits

LASTS = timedelta(minutes=30)
GUESSES = 5
BY_ASKER = 3
"""Codes that one identity may ask for within an hour."""
FOR_ADDRESS = 5
"""Codes that may go to one address within a day, whoever asks."""
_CODE = re.compile(r"\s*(\d{3})[\s-]?(\d{3})\s*\.?\s*")


def begin(
    unit: Unit,
    speaker: Speaker,
    who: str,
    address: str,
    language: str,
    playbook: Playbook,
    now: datetime,
    *,
    kind: str = "",
    matter: ConversationId | None = None,
    actor: Actor | None = None,
) -> Asked:
    """Send a code to an address that `who` (an address on the channel of `speaker`) says is theirs. `kind`: of the network
    on which that address is; by default the one that the channel goes on by. `matter`: the conversation in which it is told;
    by default their newest. `actor`: who asks, where it is not they.

    `unknown`: they never wrote; `impossible`: no such address can exist, or it is one of ours; `off`: no channel leads there.
    """
    known = people.known(unit, speaker.kind, who)
    matter = matter or (None if known is None else conversations.latest_of(unit, known[1].id))
    if known is None or matter is None:
        return "unknown"
    by = _way(unit, speaker, kind, address, playbook)
    if by is None:
        return "off"
    over, thread = by
    there = canonical(over, address, now)
    if there is None or ours(unit, there, playbook):
        return "impossible"
    asked = proofs.asked(unit, known[1].id, over.kind, there, now)
    if asked.by_asker >= BY_ASKER or asked.for_address >= FOR_ADDRESS:
        return "too_often"
    turn = Turn(unit, conversations.present(unit, matter), speaker.name, playbook.terms, now)
    # How much went there by itself is FOR_ADDRESS's to limit: the answer would tell a stranger how busy an address is.
    left = budget(turn, Address(""), over, playbook)
    if left.reason:
        return "too_often"
    asker = actor or Actor("contact", known[0].id, known[0].name)
    _send(turn, known[1], there, thread, left.wait, language, over, playbook, asker)
    turn.close()
    return "sent"


def finish(unit: Unit, speaker: Speaker, who: str, code: str, playbook: Playbook, now: datetime) -> Worth:
    """What a typed code is worth. The right one links: the proved address to the contact of the one who asked, where nobody
    else has it; else the one who asked, with whatever else is theirs, to the contact who has it. Both are verified."""
    known = people.known(unit, speaker.kind, who)
    asked = None if known is None else proofs.open_of(unit, known[1].id)
    if known is None or asked is None:
        return "over"
    if now >= asked.expires_at:
        proofs.end(unit, asked.id, now)
        return "over"
    if not hmac.compare_digest(_digest(asked.salt, plain(code)), asked.digest):
        proofs.guessed(unit, asked.id, asked.guesses + 1)
        if asked.guesses + 1 < GUESSES:
            return "wrong"
        proofs.end(unit, asked.id, now)
        return "over"
    proofs.end(unit, asked.id, now)
    matter = conversations.present(unit, asked.conversation).id
    joined(unit, known, asked.kind, asked.address, "proof", matter, speaker, playbook, now)
    return "proved"


def plain(code: str) -> str:
    """A code as it was sent, however its digits are written; empty where it is something else."""
    found = _CODE.fullmatch(latin_digits(code))
    return "" if found is None else found[1] + found[2]


def typed(
    unit: Unit,
    said: InboundMessage,
    known: tuple[Contact, Identity] | None,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged | None:
    """A message that is nothing but the code which its sender was sent elsewhere is an answer to us and no message. A wrong
    one was a guess, and is a message like any other: None."""
    if known is None or not plain(said.reply_text or said.text) or not _certain(said, speaker):
        return None
    asked = proofs.open_of(unit, known[1].id)
    if (
        asked is None
        or finish(unit, speaker, known[1].address, said.reply_text or said.text, playbook, now) != "proved"
    ):
        return None
    turn = Turn(unit, conversations.present(unit, asked.conversation), speaker.name, playbook.terms, now)
    _thank(turn, said, asked.address, known[0], speaker, playbook)
    turn.close()
    return Judged(Verdict.ACCEPTED, "proof")


def _certain(said: InboundMessage, speaker: Speaker) -> bool:
    """Whether it is they who wrote: else whoever knows a code could bind an address to whom they pretend to be."""
    return speaker.codec.traits.certain_sender or said.authentication == "pass"


def _way(
    unit: Unit, home: Speaker, kind: str, address: str, playbook: Playbook
) -> tuple[Speaker, ThreadId | None] | None:
    """The channel over which a code gets to an address; into a chat only where they have spoken with us already."""
    over = carrier(playbook, home, kind)
    if over is not None:
        return over, None
    for speaker in playbook.channels.values():
        thread = chat(unit, speaker, address) if kind and speaker.kind == kind else None
        if thread is not None:
            return speaker, thread
    return None


def _send(
    turn: Turn,
    asker: Identity,
    there: str,
    thread: ThreadId | None,
    wait: timedelta,
    language: str,
    over: Speaker,
    playbook: Playbook,
    by: Actor,
) -> None:
    """The code goes out; what we keep of it says only where to. It lasts from when it may go."""
    unit, matter = turn.unit, turn.conversation.id
    label = f"proof {asker.id} {there}"
    code = f"{int.from_bytes(unit.entropy.draw(label)[:8]) % 1_000_000:06d}"
    salt = unit.entropy.token(f"{label} salt")
    language = playbook.speaks(language)
    facts = ProofFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=over.brand.name,
        code=code,
        minutes=int(LASTS.total_seconds() // 60),
    )
    words = _notice("proof", facts, f"proof {salt}", over, playbook, wait)
    words = replace(words, kept="\u2022" * len(code), leads_back=False)
    message = say(turn, words, Answered(NetworkKey(""), thread, Address(there), ()), over)
    proofs.add(unit, asker.id, over.kind, there, matter, salt, _digest(salt, code), turn.now, turn.now + wait + LASTS)
    turn.tell(Noticed("noticed", message, "proof", there), by)


def _thank(
    turn: Turn, said: InboundMessage, address: str, contact: Contact, speaker: Speaker, playbook: Playbook
) -> None:
    """A line in the chat: the code was right."""
    thread = (
        conversations.put_thread(turn.unit, speaker.name, said.thread, turn.conversation.id) if said.thread else None
    )
    facts = ProvedFacts(
        language=playbook.speaks(turn.conversation.language or contact.language),
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        address=address,
    )
    words = _notice("proved", facts, f"proved {said.fingerprint}", speaker, playbook)
    message = say(turn, words, Answered(said.key, thread, Address(said.sender.address), ()), speaker)
    turn.tell(Noticed("noticed", message, "proved", address), HOUSE)


def _notice(
    template: str,
    facts: ProofFacts | ProvedFacts,
    cause: str,
    speaker: Speaker,
    playbook: Playbook,
    wait: timedelta = timedelta(0),
) -> Words:
    rendered = playbook.templates.message(template, facts.language, facts, variants=(speaker.name,))
    return Words(
        purpose=Purpose.NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=rendered.language,
        cause=cause,
        wait=wait,
    )


def _digest(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt} {code}".encode()).hexdigest()
