"""What a query asks for, as conditions on conversations; names that nobody has are told, with those that are known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.people import Roster
from inbox.domain.scope import Scope
from inbox.store import behind, contracts, people, taken_over, taking_part, words
from inbox.store import tables as t
from inbox.store.scoped import whole
from inbox.store.types import compact
from inbox.store.unit import Unit
from inbox.store.veiled import ADDRESSES, ORGANIZATION, hidden, is_address
from inbox.text import queries_values as values
from inbox.text.fold import fold
from inbox.text.queries import Bad, Filter, Query, Word
from inbox.text.queries_names import ME, NONE

_C = t.conversation.c
DUE_FIRST = (State.OPEN, State.WAITING, State.SNOOZED)
_NOT_FOR_YOU = "query.not_for_you"
_STATES = frozenset(state.value for state in State)
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. `states`: those that the query names, empty where it names none; `contacts`: who wrote in them,
    where it asks for some people's alone; `bad`: what of it could not be done."""

    words: tuple[Word, ...] = ()
    conditions: tuple[Condition, ...] = ()
    states: tuple[State, ...] = ()
    contacts: tuple[int, ...] | None = None
    bad: tuple[Bad, ...] = ()

    @property
    def wanted(self) -> tuple[Word, ...]:
        """What has to be said."""
        return tuple(word for word in self.words if not word.negated)

    @property
    def unwanted(self) -> tuple[Word, ...]:
        """What must not be said anywhere in the conversation."""
        return tuple(word for word in self.words if word.negated)

    @property
    def due_first(self) -> bool:
        """Whether it is a list of what is to be done, and not a search: what is due soonest comes first."""
        return not self.words and bool(self.states) and all(state in DUE_FIRST for state in self.states)


class _Unknown(Exception):
    """A name that nobody has. `key`: the sentence, `known`: those there are."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        super().__init__(key)
        self.key = key
        self.known = ", ".join(known) or "-"


def sought(unit: Unit, scope: Scope, query: Query, now: datetime, zone: ZoneInfo) -> Sought:
    """The query in terms of the store. What names nobody or nothing is told in `bad`, and the rest holds."""
    reading = _Reading(unit, scope, people.roster(unit), now.astimezone(zone))
    kept, said = _kept_back(scope, query.words)
    cut = tuple(Bad(str(word), "query.begun_many", {"most": words.BEGUN}) for word in said if words.cut(unit, word))
    found = Sought(said, bad=(*query.bad, *kept, *cut))
    states: list[State] = []
    for part in query.filters:
        try:
            if part.name == "is" and part.value in _STATES and not part.negated:
                states.append(State(part.value))
            elif part.name == "from" and not part.negated and found.contacts is None:
                found = replace(found, contacts=reading.people(part.value))
            else:
                asked = reading.condition(part)
                condition = sa.not_(asked) if part.negated else asked
                found = replace(found, conditions=(*found.conditions, condition))
        except _Unknown as unknown:
            bad = Bad(str(part), unknown.key, {"name": part.name, "value": part.value, "known": unknown.known})
            found = replace(found, bad=(*found.bad, bad))
    if states:
        # Where most conversations are done, their index would lead through all of them.
        column = _C.state + "" if State.DONE in states else _C.state
        found = replace(found, conditions=(*found.conditions, column.in_([s.value for s in states])))
    if any(part.name == "is" and part.value == "late" and not part.negated for part in query.filters) and not states:
        states.append(State.OPEN)
    return replace(found, states=tuple(dict.fromkeys(states)))


def _kept_back(scope: Scope, asked: tuple[Word, ...]) -> tuple[tuple[Bad, ...], tuple[Word, ...]]:
    """What must not be looked for, because it is kept from them, and the rest."""
    if ADDRESSES not in scope.hides:
        return (), asked
    bad = tuple(Bad(str(word), _NOT_FOR_YOU, {}) for word in asked if is_address(word.text))
    return bad, tuple(word for word in asked if not is_address(word.text))


@dataclass(frozen=True, slots=True)
class _Reading:
    unit: Unit
    scope: Scope
    roster: Roster
    now: datetime

    def condition(self, part: Filter) -> Condition:
        """What a conversation has to meet; never NULL, so that it can be turned round."""
        read: Mapping[str, Callable[[str], Condition]] = {
            "is": self._is,
            "assignee": self._assignee,
            "team": self._team,
            "tag": self._tag,
            "channel": self._channel,
            "from": lambda value: taking_part.of(self.people(value)),
            "priority": lambda value: _C.priority == value,
            "due": self._due,
            "before": lambda value: _told(_C.opened_at, _C.opened_at < values.since(value, self.now)),
            "after": lambda value: _told(_C.opened_at, _C.opened_at >= values.since(value, self.now)),
            "has": self._has,
            "ref": self._ref,
            "field": self._field,
            "contact": self._contact,
            "organization": self._organization,
            "counted": self._counted,
            "contract": self._contract,
            "tone": self._tone,
        }
        return read[part.name](part.value)

    def people(self, value: str) -> tuple[int, ...]:
        """The contacts that are called so, or have this address."""
        self._visible(not (ADDRESSES in self.scope.hides and is_address(value)))
        return tuple(words.contacts(self.unit, (Word(value, exact=True),), words.PEOPLE))

    def _is(self, value: str) -> Condition:
        if value == "late":
            late = sa.and_(_C.due_at.is_not(None), _C.due_at < self.now)
            return sa.and_(_C.state == State.OPEN.value, late) if self.scope.notes else sa.false()
        if value == "unread":
            return unread(self.scope)
        return _C.state == value

    def _assignee(self, value: str) -> Condition:
        self._between_us()
        if value == NONE:
            return _apart(_C.assignee_id) == 0
        agent = self.scope.agent if value == ME else None
        if value != ME:
            known = self.roster.agent(value) or next(
                (a for a in self.roster.agents if fold(a.name) == fold(value)), None
            )
            agent = None if known is None else known.id
        if agent is None:
            raise _Unknown("query.unknown_agent", [ME, NONE, *(a.handle for a in self.roster.agents if not a.disabled)])
        return _apart(_C.assignee_id) == agent

    def _team(self, value: str) -> Condition:
        self._between_us()
        if value == NONE:
            return _apart(_C.team_id) == 0
        teams = self.roster.teams
        found = next((x for x in teams if fold(value) in (fold(x.name), fold(x.title))), None)
        if found is None:
            raise _Unknown("query.unknown_team", [NONE, *(team.name for team in teams)])
        return _apart(_C.team_id) == found.id

    def _channel(self, value: str) -> Condition:
        c = t.channel.c
        known = self.unit.execute(sa.select(c.name, c.kind).order_by(c.name)).all()
        mine = [name for name, kind in known if fold(value) in (fold(name), fold(kind))]
        if not mine:
            raise _Unknown("query.unknown_channel", [name for name, _ in known])
        return _C.channel.in_(mine)

    def _tag(self, value: str) -> Condition:
        self._between_us()
        return self._holds(_C.tags, value)

    def _field(self, value: str) -> Condition:
        self._between_us()
        name, _, wanted = value.partition("=")
        self._visible(not hidden(name, self.scope.hides))
        return self._holds(_C.fields, [name, wanted])

    def _contact(self, value: str) -> Condition:
        """Who it is with has such a field."""
        self._between_us()
        name, _, wanted = value.partition("=")
        self._visible(not hidden(name, self.scope.hides))
        theirs = sa.select(t.contact.c.id).where(self._holds(t.contact.c.fields, [name, wanted]))
        return _C.contact_id.in_(theirs)

    def _organization(self, value: str) -> Condition:
        """Their organization has such a field, or is called so."""
        self._between_us()
        name, sign, wanted = value.partition("=")
        self._visible(ORGANIZATION not in self.scope.hides and not (sign and hidden(name, self.scope.hides)))
        o = t.organization.c
        if sign:
            theirs = self._holds(o.fields, [name, wanted])
        else:
            known = self.unit.execute(sa.select(sa.func.coalesce(o.merged_into_id, o.id), o.name)).all()
            mine = [id for id, called in known if fold(called) == fold(value)]
            if not mine:
                near = [called for _, called in known if fold(value) in fold(called)]
                raise _Unknown("query.unknown_organization", near[:10] if whole(self.scope) else [])
            theirs = o.id.in_(mine)
        return _apart(_C.organization_id).in_(sa.select(o.id).where(theirs))

    def _tone(self, value: str) -> Condition:
        """How the customer's latest message sounds."""
        self._between_us()
        return _C.id.in_(sa.select(t.message_tone.c.conversation_id).where(t.message_tone.c.tone == value))

    def _holds(self, column: sa.Column[Any], value: object) -> Condition:
        """Whether a list of ours, as it is stored, holds this."""
        if self.unit.connection.dialect.name == "sqlite":
            return sa.func.instr(sa.cast(column, sa.Text), compact(value)) > 0
        return column.bool_op("@>")(sa.cast(sa.literal(compact([value]), sa.Text), column.type))

    def _contract(self, value: str) -> Condition:
        """It stands under the contract of that name."""
        self._between_us()
        found = contracts.by_name(self.unit, value)
        if found is None:
            known = [one.name for one in contracts.listing(self.unit, most=10)] if whole(self.scope) else []
            raise _Unknown("query.unknown_contract", known)
        return _told(_C.contract_id, _C.contract_id == found.id)

    def _counted(self, value: str) -> Condition:
        """The conversations behind a number of a report."""
        self._between_us()
        condition = behind.condition(value, self.roster, self.now)
        if condition is None:
            raise _Unknown("query.unknown_counted", sorted(behind.WORDS))
        return condition

    def _due(self, value: str) -> Condition:
        self._between_us()
        at = values.ahead(value[1:], self.now)
        return _told(_C.due_at, _C.due_at < at if value[0] == "<" else _C.due_at > at)

    def _has(self, value: str) -> Condition:
        if value == "note":
            self._between_us()
        return _C.with_note if value == "note" else _C.with_file

    def _ref(self, value: str) -> Condition:
        begun = sa.and_(_C.reference >= value, _C.reference < f"{value}\U0010ffff")
        return sa.or_(begun, _C.id.in_(taken_over.of_number(value))) if value.isdigit() else begun

    def _between_us(self) -> None:
        """Whoever may not read what is between us cannot ask for it either."""
        self._visible(self.scope.notes)

    @staticmethod
    def _visible(may: bool) -> None:
        if not may:
            raise _Unknown(_NOT_FOR_YOU, [])


def _apart(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Not the bare column: its index would lead through everything that somebody ever had, in another order than the page's."""
    return sa.func.coalesce(column, 0)


def _told(column: sa.Column[Any], condition: Condition) -> Condition:
    return sa.and_(column.is_not(None), condition)


def unread(scope: Scope) -> Condition:
    """Whether a conversation has messages that its reader has not seen; nobody but an agent has read anything."""
    s = t.seen.c
    if scope.agent is None:
        return sa.false()
    had = sa.select(s.messages).where(s.agent_id == scope.agent, s.conversation_id == _C.id).scalar_subquery()
    return _C.messages > sa.func.coalesce(had, 0)
