"""An agent speaks by mail: whose words they are is proved by the token that this agent was given for this conversation, and by
a trusted verdict that they wrote it. What is not proved is held, is said to nobody, and is not lost."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.attention import Kind
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId
from inbox.domain.people import Agent, Contact, Identity, Roster
from inbox.domain.turns import AgentTurn
from inbox.pipeline.agent_token import BY_DIGEST, BY_MAIL, bound, is_one
from inbox.pipeline.enclose import brought
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import ours
from inbox.store import agent_words, conversations, messages, notifications, people
from inbox.store.agent_tokens import Bond
from inbox.store.agent_words import Words
from inbox.store.messages import Known
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.above import above_mark
from inbox.text.away import tells_of_absence
from inbox.text.references import normalise

OFTEN, WHILE = 60, timedelta(minutes=10)
"""More than so many turns of one agent in so long are no person's."""
TOLD_ONCE = timedelta(days=1)
_NAMED = re.compile(r"\[#([^\s\]]{2,20})\]")


@dataclass(frozen=True, slots=True)
class _Claim:
    """What can be told of who speaks, proved or not."""

    agent: Agent | None
    conversation: ConversationId | None
    version: int | None = None
    token: str = ""
    reason: str = ""


def agents_words(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    found: Sequence[Known],
    known: tuple[Contact, Identity] | None,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> AgentTurn | Judged | None:
    """An agent's turn, or the verdict on what only claims to be one; None: it is a customer's message.

    What a machine of the agent's answers (an out-of-office note) is no turn; one that does not say that it is a machine's is held.
    """
    told = agent_words.of(unit, arrival.id)
    roster = people.roster(unit)
    tokens = tuple(token for token in said.tokens if is_one(token))
    sender = _agent(roster, said.sender.address)
    if told is None and not tokens and not (sender and _meant_for_us(unit, said, found, known)):
        return None
    if agent_words.came(unit, said.fingerprint, arrival.id):
        return Judged(Verdict.DUPLICATE, "duplicate.fingerprint")
    if said.automatic is not None:
        return Judged(Verdict.IGNORED, "ignored.agents_machine")
    words = above_mark(said.reply_text, tokens)
    if told is not None and told.confirmed_by is not None:
        claim = _Claim(roster.agent_by_id(told.confirmed_by), told.conversation, told.version)
    else:
        claim = _claimed(unit, said, tokens, sender, roster, playbook, now)
    digest = hashlib.sha256(f"{claim.token}\n{words}".encode()).hexdigest()
    reason = claim.reason or _refused(unit, claim, words, digest, now)
    agent = claim.agent.id if claim.agent else None
    came = Words(
        arrival=arrival.id,
        agent=agent,
        conversation=claim.conversation,
        via=BY_MAIL,
        version=claim.version,
        fingerprint=said.fingerprint,
        digest=digest,
        words=_shown(said, words, claim.agent),
        reason=reason,
        at=now,
        confirmed_by=told.confirmed_by if told else None,
    )
    agent_words.put(unit, came)
    if reason or agent is None or claim.conversation is None:
        return _held(unit, came, now)
    files = brought(unit, arrival, [one for one in said.attachments if not one.inline], speaker, playbook)
    once = f"mail {said.fingerprint}"
    return AgentTurn(arrival.id, agent, claim.conversation, BY_MAIL, words, claim.version, once, files)


def _shown(said: InboundMessage, words: str, agent: Agent | None) -> str:
    """What whoever may confirm them reads: the words, the files that go along, and who sent them where that is not the agent."""
    files = [f"📎 {one.filename}" for one in said.attachments if not one.inline]
    strange = agent is None or said.sender.address != agent.address.lower()
    below = [*files, *([f"✉ {said.sender.address}"] if strange and said.sender.address else [])]
    return "\n".join([words, *([""] if below else []), *below])


def _agent(roster: Roster, address: str) -> Agent | None:
    mine = address.lower()
    return next((one for one in roster.agents if mine and one.address.lower() == mine), None)


def _meant_for_us(
    unit: Unit, said: InboundMessage, found: Sequence[Known], known: tuple[Contact, Identity] | None
) -> bool:
    """Whether a mail from one of us answers what only agents are told, rather than being written as a customer of ours."""
    if messages.of_token(unit, said.tokens) is not None:
        return False
    matter = _named(unit, said.subject)
    matters = {*(one.conversation for one in found if one.ours), *((matter,) if matter is not None else ())}
    return bool(matters) and not any(
        known is not None and conversations.takes_part(unit, one, known[1].id) for one in matters
    )


def _named(unit: Unit, subject: str) -> ConversationId | None:
    """The conversation whose reference stands in a subject as ours have it."""
    found = _NAMED.search(subject)
    reference = normalise(found[1]) if found else None
    return conversations.by_reference(unit, reference) if reference else None


def _claimed(
    unit: Unit,
    said: InboundMessage,
    tokens: Sequence[str],
    sender: Agent | None,
    roster: Roster,
    playbook: Playbook,
    now: datetime,
) -> _Claim:
    """Token and sender, and the trusted verdict on the sender; the first that lacks is the reason."""
    bonds = [(token, bond) for token in tokens if (bond := bound(unit, token, BY_MAIL, playbook, now)) is not None]
    if not tokens:
        return _Claim(sender, _named(unit, said.subject), reason="held.no_token")
    if not bonds:
        daily = any(bound(unit, token, BY_DIGEST, playbook, now) for token in tokens)
        return _Claim(sender, None, reason="held.digest" if daily else "held.bad_token")
    token, bond = bonds[0]
    owner = roster.agent_by_id(bond.agent)
    matter = conversations.present(unit, bond.conversation).id
    doubt = _doubt(said, bonds, bond, owner, sender) or ("held.others" if _to_others(unit, said, playbook) else "")
    return _Claim(owner, matter, bond.version, token, doubt)


def _to_others(unit: Unit, said: InboundMessage, playbook: Playbook) -> bool:
    """Whether somebody outside was written to as well: an agent's answer has one reader, and a notice that is passed on is none."""
    readers = {one.address for one in (*said.to, *said.cc) if one.address}
    return any(not ours(unit, one, playbook) and not ours(unit, _less_token(one), playbook) for one in readers)


def _less_token(address: str) -> str:
    """Without what stands behind a plus sign."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _doubt(
    said: InboundMessage, bonds: Sequence[tuple[str, Bond]], bond: Bond, owner: Agent | None, sender: Agent | None
) -> str:
    if len({(one.agent, one.conversation) for _, one in bonds}) > 1:
        return "held.several_tokens"
    if owner is None or sender is None or sender.id != bond.agent:
        return "held.other_sender"
    if any(token in said.copied for token, _ in bonds):
        return "held.copied"
    if said.authentication == "fail":
        return "held.failed"
    return "" if said.authentication == "pass" else "held.no_verdict"


def _refused(unit: Unit, claim: _Claim, words: str, digest: str, now: datetime) -> str:
    """What speaks against it though it is theirs."""
    if claim.agent is None or claim.conversation is None:
        return "held.bad_token"
    if claim.agent.disabled:
        return "held.disabled"
    matter = conversations.present(unit, claim.conversation)
    if find(unit, people.roster(unit).scope(claim.agent.id), matter.reference) is None:
        return "held.not_theirs"
    if claim.token and agent_words.counted(unit, claim.conversation, digest):
        return "held.again"
    if claim.token and not words.startswith("#") and tells_of_absence(words):
        return "held.away"
    return "held.too_often" if agent_words.lately(unit, claim.agent.id, now - WHILE) >= OFTEN else ""


def _held(unit: Unit, came: Words, now: datetime) -> Judged:
    """Its agent is told, and whoever sent it hears nothing. Once a day for a conversation: a machine, or a stranger, that answers
    whatever the agent is told would else be told of for ever."""
    if came.agent is None or came.conversation is None:
        return Judged(Verdict.HELD, came.reason)
    if not agent_words.waiting(unit, came.agent, came.conversation, now - TOLD_ONCE, came.arrival):
        notifications.add(unit, [came.agent], came.conversation, None, Kind.HELD.value, "", now)
    return Judged(Verdict.HELD, came.reason)
