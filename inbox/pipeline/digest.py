"""The digest: what a letter of the day tells an agent, gathered from how things stand now. Nothing is changed by looking."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from inbox.domain.attention import Kind
from inbox.domain.conversations import State
from inbox.domain.digest import Digest
from inbox.domain.facts import AgentDigestFacts, DigestLine, Standing, happened
from inbox.domain.ids import ConversationId, NotificationId
from inbox.domain.people import Agent
from inbox.domain.promises import AT_RISK, Promise, PromiseState
from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.tell_agent import Carried, carrying
from inbox.sla.hours import Calendar
from inbox.sla.stretch import used
from inbox.store import agent_words, clocks, conversations, digests, people, tasks, views
from inbox.store.agent_words import Held
from inbox.store.notifications import Notification
from inbox.store.tasks import Task
from inbox.store.unit import Unit
from inbox.store.views import Row
from inbox.text.excerpts import LISTED, excerpt

LINES, FEW = 20, 5
"""So many of an agent's own conversations are named at the most, and so many of what nobody has; the rest is counted."""
MANY, PROMISED = 100, 60
"""More is not looked through: of anything, and of what was promised."""
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """A letter: its facts, what carries it, the conversation in which it is kept, and the newest notice that it takes the place of."""

    facts: AgentDigestFacts
    carried: Carried
    home: ConversationId
    upto: NotificationId


def gather(unit: Unit, agent: Agent, digest: Digest, playbook: Playbook, now: datetime) -> Told | None:
    """What there is to tell them; None: nothing, or no channel carries mail."""
    look = _Look(unit, agent, digest, playbook, now)
    mine, count = look.mine()
    notices = digests.notices(unit, look.scope, MANY)
    named = {line.reference for line in mine}
    untold = list({(one.reference, one.kind, one.rule): one for one in notices if _besides(one, named)}.values())
    held = agent_words.held(unit, agent.id, MANY)
    todo = [one for one in tasks.listing(unit, look.scope, assignee=agent.id, most=MANY) if look.today(one.due_at)]
    teams = [team.id for team in people.roster(unit).teams if agent.id in team.members]
    waiting, others = digests.waiting(unit, look.scope, teams, FEW)
    facts = AgentDigestFacts(
        language=playbook.speaks(agent.language),
        zone=ZoneInfo(digest.zone),
        brand="",
        day=now,
        mine=mine,
        mine_count=count,
        notices=tuple(look.notice(one) for one in untold[:LINES]),
        notices_count=len(untold),
        held=tuple(look.held(one) for one in held[:LINES]),
        held_count=len(held),
        tasks=tuple(look.task(one) for one in todo[:LINES]),
        tasks_count=len(todo),
        others=tuple(look.line(one) for one in others),
        others_count=waiting,
        link=f"{playbook.public_url}/preferences" if playbook.public_url else "",
    )
    return _letter(unit, facts, notices[0].id if notices else NotificationId(0), playbook)


def _besides(one: Notification, named: set[str]) -> bool:
    """Whether the other parts of the letter do not tell it anyway."""
    if one.rule or one.kind == Kind.MENTIONED:
        return True
    return one.kind not in (Kind.ASSIGNED, Kind.HELD, Kind.TASK) and one.reference not in named


def _letter(unit: Unit, facts: AgentDigestFacts, upto: NotificationId, playbook: Playbook) -> Told | None:
    """It is kept in the first conversation that it names: whatever leaves the house belongs to one."""
    lines = (*facts.mine, *facts.notices, *facts.held, *facts.tasks, *facts.others)
    first = next((one.reference for one in lines if one.reference), "")
    home = conversations.by_reference(unit, first) if first else None
    if home is None:
        return None
    carried = carrying(conversations.peek(unit, home).channel, playbook)
    return Told(replace(facts, brand=carried.over.brand.name), carried, home, upto) if carried else None


def _due(row: Row, told: Promise | None) -> datetime | None:
    return min((at for at in (row.due_at, told.due_at if told else None) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Look:
    """At what one agent has before them."""

    unit: Unit
    agent: Agent
    digest: Digest
    playbook: Playbook
    now: datetime

    @property
    def scope(self) -> Scope:
        return people.roster(self.unit).scope(self.agent.id, self.playbook.hides)

    def mine(self) -> tuple[tuple[DigestLine, ...], int]:
        """What is theirs and open, and whatever else of theirs a customer was told a time for; due soonest first, and how many."""
        whose = self.agent.id
        rows = views.listing(self.unit, self.scope, assignee=whose, most=MANY)
        told = {one.conversation: one for one in sorted(self._promised(), key=lambda one: one.id)}  # the latest of each
        besides = [id for id in told if id not in {row.id for row in rows}]
        rows += views.rows(self.unit, self.scope, besides)
        rows.sort(key=lambda row: _due(row, told.get(row.id)) or FAR)
        many = views.count(self.unit, self.scope, [State.OPEN], views.assigned(whose))
        many += sum(row.state is not State.OPEN for row in rows)
        return tuple(self.line(row, told.get(row.id)) for row in rows[:LINES]), many

    def _promised(self) -> list[Promise]:
        return digests.promised(self.unit, self.agent.id, PROMISED)

    def line(self, row: Row, told: Promise | None = None) -> DigestLine:
        """With what is due next: the time that its customer was told, or its clock, whichever is earlier."""
        due = _due(row, told)
        promised = told is not None and due == told.due_at
        return DigestLine(
            reference=row.reference,
            subject=row.subject or row.excerpt,
            contact_name=row.contact,
            standing=self._standing(row, due, told if promised else None),
            due_at=due,
            left=None if due is None else self._left(row, due, promised=promised),
            promised=promised,
            link=self._page(row.reference),
        )

    def _standing(self, row: Row, due: datetime | None, told: Promise | None) -> Standing:
        if due is not None and due < self.now:
            return "late"
        if told is not None and told.state is PromiseState.OPEN:
            calendar = self.playbook.terms.calendar(str(row.channel))
            if used(calendar, told.told_at, told.due_at, self.now) >= AT_RISK:
                return "at-risk"
        return "open" if due is None else "due"

    def _left(self, row: Row, due: datetime, *, promised: bool) -> int:
        """Seconds of working time until then, or since then."""
        calendar = self.playbook.terms.calendar(str(row.channel)) if promised else self._counted(row, due)
        between = due - self.now if calendar is None else calendar.working_between(self.now, due)
        return abs(int(between.total_seconds()))

    def _counted(self, row: Row, due: datetime) -> Calendar | None:
        """The calendar of the clock that runs out then."""
        states = clocks.of(self.unit, row.id)
        hours = next((s.target.hours for s in states if s.open and s.target and s.due_at == due), "")
        return self.playbook.calendars.get(hours) or self.playbook.terms.calendar(str(row.channel))

    def today(self, due: datetime) -> bool:
        """Whether a local day of theirs that has begun holds it."""
        return self.digest.day(due) <= self.digest.day(self.now)

    def notice(self, one: Notification) -> DigestLine:
        """What they were told of and have not read."""
        page = self._page(one.reference)
        return DigestLine(
            reference=one.reference,
            subject=one.subject,
            contact_name=one.contact,
            happened=happened(one.kind, one.rule),
            link=page,
        )

    def held(self, one: Held) -> DigestLine:
        """Words in their name; the page on which they confirm them."""
        url = self.playbook.public_url
        link = f"{url}/held" if url else ""
        return DigestLine(reference=one.reference, text=excerpt(one.words, LISTED), link=link)

    def task(self, one: Task) -> DigestLine:
        """What they have to do."""
        late: Standing = "late" if one.due_at < self.now else "due"
        page = self._page(one.reference)
        return DigestLine(reference=one.reference, standing=late, due_at=one.due_at, text=one.text, link=page)

    def _page(self, reference: str) -> str:
        url = self.playbook.public_url
        return f"{url}/c/{reference}" if url else ""
