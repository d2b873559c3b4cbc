"""A past made up: conversations with their decisions, clocks and replies, the same for the same seed; nothing of it is real.

The stored decisions are what a given rulebook decided, so replaying that rulebook must give every one of them again.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from inbox.domain.conversations import Priority
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.people import Agent, Roster, Shift
from inbox.rulebook.decision import Decision
from inbox.rulebook.facts import ContactFacts, ConversationFacts, Facts, File, Moment
from inbox.rulebook.match import evaluate
from inbox.rulebook.replay import outcome
from inbox.rulebook.rulebook import Rulebook
from inbox.sla.board import Terms
from inbox.sla.clocks import ClockState, Ending, start, stop
from inbox.sla.hours import wall_clock
from inbox.sla.policy import Metric
from inbox.store import clocks
from inbox.store import people as store_people
from inbox.store import tables as t
from inbox.store.people import roster as everyone
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.references import reference

ZONE = "Asia/Tehran"
TEAMS = {"support": ("sara", "reza", "omid", "mina"), "finance": ("ali", "neda"), "oncall": ("kian", "yas")}
TOPICS = (
    "invoice",
    "refund",
    "parcel",
    "password",
    "outage",
    "router",
    "contract",
    "فاکتور",
    "استرداد",
    "مرسوله",
    "قطعی",
)
FILLER = (
    "the", "customer", "says", "that", "since", "yesterday", "nothing", "works", "and", "asks", "for", "help",
    "سلام", "لطفاً", "از", "دیروز", "هیچ", "کار", "نمی‌کند", "پیگیری", "کنید", "با", "تشکر", "شماره",
)  # fmt: skip
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=80)
AT_ONCE = 500
"""Conversations that are written in one transaction."""


def rules(count: int) -> Mapping[str, str]:
    """Files with so many rules, the last of which takes everything: words, addresses, channels, tags, history, any and not."""
    made = [_rule(number) for number in range(count - 1)]
    last = 'name = "default"\nthen = { priority = "normal", policy = "standard", assign = "team:support" }'
    return {"rules/10-made.toml": "format = 1\n" + "".join(f"\n[[rule]]\n{one}\n" for one in (*made, last))}


def _rule(number: int) -> str:
    topic, team = TOPICS[number % len(TOPICS)], list(TEAMS)[number % len(TEAMS)]
    conditions = (
        f'when.text.mentions = ["{topic}", "{topic} {number}", "rare phrase {number}"]',
        f'when.from = ["*@shop{number}.example", "boss{number}@*"]',
        f'when.any = [{{ subject.mentions = "order {number}" }}, {{ to = "team{number}@*" }}]',
        f'when.contact.tag = "vip{number}"\nwhen.channel = "support"',
        f'when.not = {{ automatic = true }}\nwhen.history.messages.at_least = {number % 40 + 10}\nwhen.language = "fa"',
        f'on = "message-received"\nwhen.tag = "t{number - 6}"\nwhen.priority_below = "high"',
    )
    effects = (
        f'then = {{ tag = "t{number}", priority = "high" }}',
        f'then = {{ tag = "t{number}", assign = {{ team = "{team}", by = "least-busy" }} }}',
        f'then = {{ team = "{team}", field.topic = "{topic}" }}',
        f'then = {{ tag = ["t{number}", "{topic}"], policy = "vip" }}',
    )
    return f'name = "made {number}"\n{conditions[number % 6]}\n{effects[number % 4]}'


def people(unit: Unit) -> None:
    """Eight agents in three teams, on duty from Saturday to Thursday, and two channels."""
    unit.add(t.channel, {"name": "support", "kind": "email"}, {"name": "bot", "kind": "telegram"})
    unit.insert(t.contact, name="Somebody", tags=[], created_at=FIRST)
    for handle in (handle for members in TEAMS.values() for handle in members):
        store_people.put_agent(unit, Agent(AgentId(0), handle, handle, language="fa", languages=("fa",)))
    known = {agent.handle: agent.id for agent in everyone(unit).agents}
    for team, members in TEAMS.items():
        store_people.put_team(unit, team, team, [known[handle] for handle in members])
    for agent in known.values():
        for weekday in (5, 6, 0, 1, 2, 3):
            store_people.put_shift(unit, Shift(agent, weekday, time(8, 30), time(17), ZONE))


def talk(chance: random.Random, at: datetime) -> Iterator[Facts]:
    """The facts of one conversation's messages, each as if no rule had run before."""
    channel = chance.choice(("support", "support", "bot"))
    number, before = chance.randrange(200), chance.randrange(60)
    for turn in range(chance.choice((1, 1, 1, 2, 2, 3))):
        local = wall_clock(at, ZONE)
        yield Facts(
            events=("message-received",) if turn else ("conversation-opened", "message-received"),
            at=at,
            moment=Moment(local.date(), local.time().replace(microsecond=0)),
            channel=channel,
            brand="default",
            sender=f"someone{number}@shop{chance.randrange(90)}.example",
            to=(f"team{chance.randrange(120)}@desk.example",),
            subject=f"order {chance.randrange(120)}",
            text=_text(chance),
            language=chance.choice(("fa", "en", None)),
            automatic=chance.choice((None, None, None, "bulk")),
            headers=(("x-mailer", "Mailer 1.0"), ("list-id", f"<list{number}>")) if channel == "support" else (),
            attachments=(File("scan.pdf", "application/pdf", 120_000),) if chance.random() < 0.2 else (),
            contact=ContactFacts(
                tags=(f"vip{number}",) if chance.random() < 0.3 else (), messages=before + turn + 1, conversations=2
            ),
            within_hours={"support": 8 <= local.hour < 17, "always": True},
        )
        at += timedelta(minutes=chance.randrange(30, 3000))


def _text(chance: random.Random) -> str:
    said = chance.choices(FILLER, k=chance.randrange(20, 120))
    said += chance.choices(TOPICS, k=chance.choice((0, 1, 1, 2)))
    chance.shuffle(said)
    return " ".join(said)


def fill(store: Store, rulebook: Rulebook, terms: Terms, count: int, seed: int = 42) -> int:
    """Write conversations until there are so many decisions of the rulebook; returns how many that took. `people` come first."""
    chance, made, matters = random.Random(seed), 0, 0
    roster = store.read_now(everyone)
    while made < count:
        talks: list[list[Facts]] = []
        while made < count and len(talks) < AT_ONCE:
            said = list(talk(chance, FIRST + chance.random() * SPAN))[: count - made]
            made += len(said)
            talks.append(said)
        writing = _Writing(rulebook, terms, roster, random.Random(chance.random()))
        store.write_now(writing.all, talks, matters)
        matters += len(talks)
    return matters


@dataclass(frozen=True, slots=True)
class _Writing:
    rulebook: Rulebook
    terms: Terms
    roster: Roster
    chance: random.Random

    def all(self, unit: Unit, talks: list[list[Facts]], before: int) -> None:
        for number, said in enumerate(talks, before):
            self.one(unit, said, number)

    def one(self, unit: Unit, said: list[Facts], number: int) -> None:
        name = reference(number.to_bytes(16, "big"), 8)
        first = said[0]
        row = {"reference": name, "channel": first.channel, "contact_id": 1, "subject": first.subject}
        lists: dict[str, object] = {"tags": [], "fields": [], "pinned": []}
        id = ConversationId(unit.insert(t.conversation, **row, **lists, opened_at=first.at, changed_at=said[-1].at))
        ticket = ConversationFacts()
        for turn, facts in enumerate(said):
            decision = evaluate(self.rulebook, replace(facts, conversation=ticket))
            body = decision.to_json()
            unit.add(t.decision, {"conversation_id": id, "at": facts.at, "revision": decision.revision, "body": body})
            ticket = _after(decision)
            self.answer(unit, id, facts, ticket, turn)

    def answer(self, unit: Unit, id: ConversationId, facts: Facts, ticket: ConversationFacts, turn: int) -> None:
        """A clock for the message, and most of the time the reply of somebody of the team that stopped it."""
        metric = Metric.NEXT_REPLY if turn else Metric.FIRST_REPLY
        policy = self.terms.policies.get(ticket.policy)
        state = start(metric, max(turn, 1), facts.at, policy, ticket.priority, self.terms.calendars)
        team = self.roster.team(ticket.team) if ticket.team else None
        if team is not None and self.chance.random() < 0.97:
            took = timedelta(minutes=self.chance.expovariate(1 / 100) + 2)
            at = self.terms.calendars["support"].add_working(facts.at, took)
            said = {"conversation_id": id, "direction": "outbound", "at": at, "channel": facts.channel}
            lists: dict[str, object] = {
                "sender": ["support@desk.example", ""],
                "to": [],
                "cc": [],
                "reply_to": [],
                "defects": [],
            }
            reply = unit.insert(t.message, **said, **lists, text="ok", agent_id=self.chance.choice(team.members))
            state = stop(state, at, Ending.REPLY, self.terms.calendars, str(reply))
        clocks.put(unit, id, (), (state,), _unmeasured)


def _unmeasured(_state: ClockState) -> float | None:
    return None


def _after(decision: Decision) -> ConversationFacts:
    """How the ticket stands after a decision; a strategy came to nobody."""
    before, stands = decision.facts.conversation, outcome(decision.facts, decision.effects)
    return ConversationFacts(
        priority=Priority(stands["priority"]),
        team="" if stands["team"] == "none" else stands["team"],
        policy="" if stands["policy"] == "none" else stands["policy"],
        tags=(*before.tags, *decision.effects.tags),
        fields=tuple((name[6:], value) for name, value in stands.items() if name.startswith("field.")),
    )
