"""Sending a statement: to the contract's contact as a letter with the paper and the table, or to those of us who lead as a note.

Either is a conversation with the contact that we begin and that is done at once, for nothing is asked; an answer opens it again.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.contracts import Contract
from inbox.domain.conversations import State
from inbox.domain.events import HOUSE, Noted, Noticed, StateSet
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId, NetworkKey
from inbox.domain.messages import Direction
from inbox.domain.outgoing import File, Purpose
from inbox.domain.people import Contact
from inbox.domain.problems import Misconfigured, Permanent
from inbox.domain.statement_facts import StatementFacts
from inbox.pipeline.occasion import way
from inbox.pipeline.opening import Beginning, begun_by_us, opened
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.reply import Refused
from inbox.pipeline.routes import Route
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.statement_tables import sheet, summary, table
from inbox.pipeline.terms_told import Telling
from inbox.pipeline.turn import Turn
from inbox.pipeline.write import reach
from inbox.sheets.paper import pdf
from inbox.sla.statement import Statement
from inbox.store import blocking, messages, notifications, people
from inbox.store.unit import Unit
from inbox.text.dates import day_of
from inbox.text.excerpts import LISTED, excerpt
from inbox.text.titles import title_of

NOTIFIED = "statement-issued"
ON_PAPER = 100
"""Lines on the paper that is sent: it is written while nobody else can write. The table beside it has them all."""


@dataclass(frozen=True, slots=True)
class _Told:
    contract: Contract
    statement: Statement
    telling: Telling

    @property
    def subject(self) -> str:
        days = {"since": self.statement.period.since, "last": self.statement.period.last}
        worded = {name: day_of(day, self.telling.language) for name, day in days.items()}
        return self.telling.say("contracts.statement.subject", name=self.contract.name, **worded)

    @property
    def lines(self) -> list[str]:
        return summary(self.statement, self.contract, self.telling)


def tell(unit: Unit, contract: Contract, made: Statement, playbook: Playbook, now: datetime) -> ConversationId | None:
    """Where it was sent or told; None where the contact has no address on any channel that we have."""
    contact = people.contact(unit, contract.contact)
    if (contract.send_to or playbook.contracts.statements_to) == "contact":
        sent = _sent(unit, contract, made, contact, playbook, now)
        if sent is not None:
            return sent
    return _noted(unit, contract, made, contact, playbook, now)


def _sent(
    unit: Unit, contract: Contract, made: Statement, contact: Contact, playbook: Playbook, now: datetime
) -> ConversationId | None:
    """None where they cannot be written to: one of us sees to it then."""
    try:
        speaker, route = reach(unit, contact.id, playbook)
    except Refused:
        return None
    if blocking.is_blocked(unit, route.identity.id):
        return None
    language = playbook.speaks(contact.language)
    told = _Told(contract, made, telling(playbook, language))
    turn = _begun(unit, told, contact, route, speaker, playbook, now)
    try:
        words = _words(turn, told, contact, speaker, playbook)
        message = say(turn, words, Answered(NetworkKey(""), route.thread, route.to, ()), speaker)
        turn.tell(Noticed("noticed", message, "statement", route.to.address))
    except (Permanent, Misconfigured):
        _note(turn, told)
        _lead(turn)
    return _over(turn)


def _words(turn: Turn, told: _Told, contact: Contact, speaker: Speaker, playbook: Playbook) -> Words:
    """Raises Misconfigured: checked at load; a command may act while files are being written."""
    facts = StatementFacts(
        language=told.telling.language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        reference=turn.conversation.reference,
        contract=told.contract.name,
        lines=tuple(told.lines),
        contact_name=contact.name,
        contact_title=title_of(contact.name),
    )
    rendered = playbook.templates.message("statement", facts.language, facts, variants=(speaker.name,))
    files = () if speaker.codec.traits.file_limit == 0 else _files(told, playbook)
    return Words(
        purpose=Purpose.NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=facts.language,
        cause=f"statement {told.contract.id} {told.statement.period.since}",
        files=files,
    )


def _files(told: _Told, playbook: Playbook) -> tuple[File, ...]:
    zone = ZoneInfo(playbook.zone)
    paper = pdf(sheet(told.statement, told.contract, told.telling, zone, playbook.public_url, ON_PAPER))
    name = f"statement-{told.statement.period.since.isoformat()}"
    rows = table(told.statement).file
    return (File(f"{name}.pdf", "application/pdf", paper), File(f"{name}.csv", "text/csv", rows))


def _noted(
    unit: Unit, contract: Contract, made: Statement, contact: Contact, playbook: Playbook, now: datetime
) -> ConversationId | None:
    found = way(unit, contact.id, playbook)
    if found is None:
        return None
    speaker, identity = found
    told = _Told(contract, made, telling(playbook, playbook.language))
    route = Route(identity, Address(identity.address, identity.name), speaker.name, None)
    turn = _begun(unit, told, contact, route, speaker, playbook, now)
    _note(turn, told)
    _lead(turn)
    return _over(turn)


def telling(playbook: Playbook, language: str) -> Telling:
    """Words of a language, as the house has them."""
    return Telling(lambda key, /, **facts: playbook.wording.say(language, key, **facts), language)


def _begun(
    unit: Unit, told: _Told, contact: Contact, route: Route, speaker: Speaker, playbook: Playbook, now: datetime
) -> Turn:
    began = Beginning(told.subject, told.telling.language, via="time")
    turn = opened(unit, began, contact, route.identity, speaker, playbook, HOUSE, now)
    begun_by_us(turn, speaker, playbook)
    return turn


def _note(turn: Turn, told: _Told) -> None:
    text = "\n".join((told.subject, *told.lines))
    id = messages.add_ours(turn.unit, turn.conversation.id, messages.Said(Direction.NOTE, text), turn.now)
    turn.tell(Noted("noted", id, excerpt(text, LISTED)))


def _lead(turn: Turn) -> None:
    """Those who lead are told of it."""
    leads = [one.id for one in people.roster(turn.unit).agents if one.leads and not one.disabled]
    notifications.add(turn.unit, leads, turn.conversation.id, None, NOTIFIED, "", turn.now)


def _over(turn: Turn) -> ConversationId:
    turn.tell(StateSet("state_set", State.DONE.value))
    turn.close()
    return turn.conversation.id
