"""Hearing: an agent's turn becomes acts. All that they typed is done, or nothing is, and then they are told why and keep their words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import actions, perform
from inbox.actions.told import told
from inbox.actions.words import HELP, NotUnderstood, Order, Vocabulary, read_mail
from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.facts import AgentReportFacts
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.domain.turns import AgentTurn
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.tell_agent import carrier, tell_agent
from inbox.pipeline.turn import Turn
from inbox.store import conversations, drafts, people
from inbox.store.drafts import Draft
from inbox.store.unit import Unit
from inbox.text.notemarks import unmarked
from inbox.text.wording import Wording

TELLING = ("who", "sla", HELP)
"""What only tells something: the sentence about it is the answer."""
ANSWERS = ("reply", "promise", "macro")
"""Actions that answer the customer: they know what was seen before, and take files along."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a turn: each act with its name, or why nothing was done."""

    done: tuple[tuple[str, Done], ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hears turns that came by mail; implements `inbox.pipeline.receive.Hear`."""

    wording: Wording
    vocabulary: Vocabulary

    @classmethod
    def of(cls, wording: Wording) -> "Hearing":
        """With the words of mail."""
        return cls(wording, Vocabulary.of(actions(), Surface.MAIL, wording))

    def __call__(self, unit: Unit, turn: AgentTurn, playbook: Playbook, now: datetime) -> Judged:
        """Do it, and report by mail what the agent cannot see otherwise."""
        agent = people.roster(unit).agent_by_id(turn.agent)
        assert agent is not None  # a turn is made of an agent that there is
        matter = conversations.present(unit, turn.conversation)
        doing = Doing(agent, matter.id, Surface(turn.via), playbook, now)
        heard = hear(unit, turn, doing, self.vocabulary, lambda: read_mail(turn.words, self.vocabulary))
        if heard.problem is not None:
            drafts.put(unit, agent.id, matter.id, kept(unit, turn, doing), now)
        self._report(unit, agent, turn, heard, doing)
        return Judged(Verdict.ACCEPTED, "heard.refused" if heard.problem else "heard.done")

    def _report(self, unit: Unit, agent: Agent, said: AgentTurn, heard: Heard, doing: Doing) -> None:
        """Nothing where all went as it was said; not by mail where no channel carries any."""
        language, zone = doing.playbook.speaks(agent.language), ZoneInfo(doing.playbook.zone)
        answers = [told(one, self.wording, language, zone) for name, one in heard.done if name in TELLING]
        if said.files and heard.done and not any(name in ANSWERS for name, _ in heard.done):
            names = ", ".join(one.filename for one in said.files)
            answers.append(self.wording.say(language, "heard.files_left", names=names))
        if heard.problem is None and not answers:
            return
        turn = Turn.of(unit, doing.conversation, "house", doing.playbook.terms, doing.now)
        carried = carrier(turn, doing.playbook)
        if carried is None or not agent.address:
            return
        link = doing.playbook.public_url
        facts = AgentReportFacts(
            language=language,
            zone=zone,
            brand=carried.over.brand.name,
            reference=turn.conversation.reference,
            problem=self.wording.problem(language, heard.problem) if heard.problem else "",
            answers=tuple(answers),
            text=said.words if heard.problem else "",
            subject=turn.conversation.subject,
            answerable=carried.answerable,
            link=f"{link}/c/{turn.conversation.reference}" if link else "",
        )
        tell_agent(turn, agent, "agent-report", facts, carried, f"agent report {said.arrival}", doing.playbook)
        turn.close()


def hear(
    unit: Unit, turn: AgentTurn, doing: Doing, vocabulary: Vocabulary, read: Callable[[], Sequence[Order]]
) -> Heard:
    """All that was typed, in its order, or nothing of it; `read` tells what that is, and may raise what it does not understand."""
    done: list[tuple[str, Done]] = []
    language = doing.playbook.speaks(doing.agent.language)
    try:
        with unit.attempted():
            orders = read()
            if not orders:
                raise NotUnderstood("words.nothing")
            for number, order in enumerate(orders):
                asks = order.action == HELP
                act = helped(vocabulary, language) if asks else _one(unit, turn, order, doing, f"{turn.once} {number}")
                done.append((order.action, act))
    except Problem as problem:
        return Heard(problem=problem)
    return Heard(tuple(done))


def helped(vocabulary: Vocabulary, language: str) -> Done:
    """The words that there are, in the language of whoever asked."""
    return Done("done.help", {"words": vocabulary.told[language]})


def _one(unit: Unit, turn: AgentTurn, order: Order, doing: Doing, once: str) -> Done:
    given = dict(order.arguments)
    if order.action in ANSWERS:
        files = [
            {"filename": one.filename, "content_type": one.content_type, "content": one.content} for one in turn.files
        ]
        given |= {"seen": turn.seen, "files": tuple(files)}
    return perform(unit, order.action, given, doing, once=once)


def kept(unit: Unit, turn: AgentTurn, doing: Doing) -> Draft:
    """The words as a draft, below what was begun meanwhile."""
    begun = drafts.of(unit, turn.agent, doing.conversation) or Draft()
    text = "\n\n".join(part for part in (begun.text.rstrip(), turn.words) if part)
    return replace(begun, text=text, how="note" if not begun.text and unmarked(turn.words) is not None else begun.how)
