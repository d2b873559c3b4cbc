"""An agent's turn at a desk becomes acts; what came of it is said under their message, or shown to whoever pressed a button."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.hearing import ANSWERS, TELLING, Heard, hear, helped
from inbox.actions.registry import actions, perform
from inbox.actions.told import told
from inbox.actions.words import HELP, Order, Plain, Vocabulary, read_chat
from inbox.domain.arrivals import Judged, Toast, Verdict
from inbox.domain.desks import Button, Card, Desk, Mode, Post, PostState
from inbox.domain.ids import ConversationId, MessageId, NetworkKey, PostId
from inbox.domain.messages import Direction
from inbox.domain.outgoing import File
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.domain.turns import AgentTurn, DeskTurn, frozen, thawed
from inbox.pipeline.desk_feedback import DONE, GOES_OUT, NOTED, sign, word
from inbox.pipeline.desks import matter_of, plan_of
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Stale
from inbox.store import cards, conversations, deliveries, desks, messages, people, posts
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.notemarks import unmarked
from inbox.text.wording import Wording

NOTES = ("note", "contact_note", "follow_up")
"""What no customer hears of."""
HEARD = Judged(Verdict.ACCEPTED, "heard.done")
REFUSED = Judged(Verdict.ACCEPTED, "heard.refused")
LONGEST_NUMBER = 19
"""Digits that no number of ours has."""
CHATTER = Judged(Verdict.IGNORED, "ignored.desk_chatter")


@dataclass(frozen=True, slots=True)
class _At:
    """Where and when a turn is heard."""

    unit: Unit
    turn: DeskTurn
    desk: Desk
    card: Card | None
    agent: Agent
    playbook: Playbook
    now: datetime

    @property
    def about(self) -> tuple[NetworkKey, str]:
        """What they wrote, and where it stands."""
        return self.turn.key, self.turn.thread

    @property
    def doing(self) -> Doing:
        """Who does it to which conversation."""
        assert self.card is not None
        return self.doing_to(matter_of(self.unit, self.card))

    def doing_to(self, matter: ConversationId) -> Doing:
        """Who does it to that one."""
        return Doing(self.agent, matter, Surface.BOT, self.playbook, self.now)

    @property
    def alone(self) -> bool:
        """Whether nobody else is there."""
        chat, thread = self.desk.chat, self.turn.thread
        return self.desk.agent is not None or not (thread == chat or thread.startswith(f"{chat}/"))

    def say(self, key: str, facts: Mapping[str, object] | None = None, buttons: Sequence[Button] = ()) -> PostId:
        """A sentence under what they wrote."""
        card = self.card.id if self.card is not None else None
        return word(self.unit, self.desk, self.about, key, self.now, card=card, facts=facts, buttons=buttons)


@dataclass(frozen=True, slots=True)
class DeskHearing:
    """Hears turns at desks."""

    wording: Wording
    vocabulary: Vocabulary

    @classmethod
    def of(cls, wording: Wording) -> "DeskHearing":
        """With the words of chats."""
        return cls(wording, Vocabulary.of(actions(), Surface.BOT, wording))

    def __call__(self, unit: Unit, turn: DeskTurn, playbook: Playbook, now: datetime) -> Judged:
        """Do it. Words with files wait until these are fetched: `carried_out` does them then."""
        at = _at(unit, turn, playbook, now)
        if at.card is not None and find(unit, people.roster(unit).scope(at.agent.id), _reference(at)) is None:
            return CHATTER
        if turn.kind == "press":
            return self._pressed(at)
        if turn.kind == "edit":
            return self._edited(at)
        if turn.files and at.card is not None:
            return _waits(at, turn)
        return self._said(at, ())

    def carried_out(self, unit: Unit, held: str, files: Sequence[File], playbook: Playbook, now: datetime) -> Judged:
        """Words whose files are here by now. Nothing waits any more: the agent is told what came of it."""
        return self._said(_at(unit, thawed(held), playbook, now), tuple(files))

    def _said(self, at: _At, files: Sequence[File]) -> Judged:
        try:
            read = read_chat(at.turn.words, self.vocabulary)
        except Problem as problem:
            at.say(problem.key, problem.facts)
            return REFUSED
        if at.card is None:
            return self._by_nothing(at, read)
        if _of_another(at):
            at.say("desk.which")
            return REFUSED
        orders = (Order(self._plainly(at), {"text": read.text}),) if isinstance(read, Plain) else read
        return self._done(at, orders, files)

    def _by_nothing(self, at: _At, read: tuple[Order, ...] | Plain) -> Judged:
        """It stands under no conversation: people talk to one another, or have to say which one they mean."""
        if isinstance(read, Plain) and at.desk.agent is None:
            return CHATTER
        if not isinstance(read, Plain) and [one.action for one in read] == [HELP]:
            done = helped(self.vocabulary, at.playbook.speaks(at.agent.language))
            at.say(done.key, done.facts)
            return HEARD
        at.say("desk.which")
        return REFUSED

    def _plainly(self, at: _At) -> str:
        """Whom words are for of which nothing is said; what somebody else wrote is no answer of theirs."""
        if at.turn.forwarded:
            return "note"
        plan = plan_of(at.playbook, at.desk)
        if plan is not None and plan.mode is Mode.TOPIC_ALL and "/" in at.turn.thread:
            return "reply"
        message = cards.named(at.unit, at.desk.channel, at.turn.about)[2] if at.turn.about else None
        inbound = message is not None and messages.one(at.unit, message).direction is Direction.INBOUND
        return "reply" if inbound else "note"

    def _done(self, at: _At, orders: tuple[Order, ...], files: Sequence[File]) -> Judged:
        turn, doing = at.turn, at.doing
        orders = tuple(_decided(order, turn.decided) for order in orders)
        once = f"desk {turn.key} {turn.at.isoformat() if turn.kind == 'edit' else ''}".strip()
        said = AgentTurn(
            turn.arrival, at.agent.id, doing.conversation, doing.via.value, turn.words, turn.seen, once, tuple(files)
        )
        heard = hear(at.unit, said, doing, self.vocabulary, lambda: orders)
        if isinstance(heard.problem, Stale):
            self._ask(at, orders, heard.problem)
        elif heard.problem is not None:
            at.say(heard.problem.key, heard.problem.facts)
        else:
            self._tell(at, heard)
        return REFUSED if heard.problem else HEARD

    def _ask(self, at: _At, orders: tuple[Order, ...], problem: Stale) -> None:
        """Somebody spoke whom they had not seen: they decide, and until then nothing is sent."""
        said = [[one.action, dict(one.arguments)] for one in orders]
        held = json.dumps({"agent": at.agent.id, "turn": frozen(at.turn), "orders": said}, ensure_ascii=False)
        facts = {"who": problem.facts.get("who", "")}
        id = at.say("desk.stale", facts)
        buttons = [Button(f"desk.button.{name}", f"desk:{name}:{id}") for name in ("anyway", "asnote", "cancel")]
        posts.change(at.unit, id, "desk.stale", facts, at.now, buttons, held)

    def _tell(self, at: _At, heard: Heard) -> None:
        for name, done in heard.done:
            if name in TELLING:
                at.say(done.key, done.facts)
            elif name in ANSWERS and done.message is not None:
                _goes_out(at, done.message)
            elif done.message is not None and name == "note":
                _stands_here(at, done.message)
                sign(at.unit, at.desk, at.about, NOTED, "desk.noted", at.playbook, at.now)
            else:
                sign(at.unit, at.desk, at.about, DONE, "desk.done", at.playbook, at.now)

    def _edited(self, at: _At) -> Judged:
        """What has not left says the new words instead; what has, and what is no answer, stands as it was said."""
        post = cards.named(at.unit, at.desk.channel, at.turn.key)[1]
        mine = None if post is None else posts.one(at.unit, post)
        if mine is None or mine.message is None or mine.state is not PostState.HERE or at.card is None:
            return self._waiting_changed(at)
        said = messages.one(at.unit, mine.message)
        if said.agent != at.agent.id or said.reply_text == at.turn.words:
            return Judged(Verdict.IGNORED, "ignored.desk_edit")
        if said.direction is Direction.NOTE:
            words = unmarked(at.turn.words)
            return self._done(at, (Order("note", {"text": at.turn.words if words is None else words}),), ())
        if messages.attachments(at.unit, [said.id]):
            at.say("desk.edit_with_files")
            return REFUSED
        return self._said_anew(at, mine, said.id)

    def _waiting_changed(self, at: _At) -> Judged:
        """Words that wait for a decision about them: it is asked, or not, of what they say now."""
        said = () if at.card is None else posts.words_about(at.unit, at.card.id, at.turn.key)
        asked = next((one for one in said if one.key == "desk.stale" and one.held), None)
        held = json.loads(asked.held) if asked is not None else {}
        if asked is None or held["agent"] != at.agent.id:
            return Judged(Verdict.IGNORED, "ignored.desk_edit")
        turn = thawed(held["turn"])
        if turn.files:
            at.say("desk.edit_with_files")
            return REFUSED
        posts.change(at.unit, asked.id, "", {}, at.now)
        return self._said(replace(at, turn=replace(turn, words=at.turn.words)), ())

    def _said_anew(self, at: _At, mine: Post, message: MessageId) -> Judged:
        """Taken back and said again, or neither."""
        try:
            with at.unit.attempted():
                read = read_chat(at.turn.words, self.vocabulary)
                orders = (Order("reply", {"text": read.text}),) if isinstance(read, Plain) else read
                once = f"desk {at.turn.key} {at.turn.arrival}"
                perform(at.unit, "undo", {"message": message}, at.doing, once=f"{once} undo")
                done = [
                    (one.action, perform(at.unit, one.action, dict(one.arguments), at.doing, once=f"{once} {n}"))
                    for n, one in enumerate(orders)
                ]
        except Problem as problem:
            left = problem.key.startswith("undo.")
            at.say("desk.edit_too_late" if left else problem.key, {} if left else problem.facts)
            return REFUSED
        posts.replaced(at.unit, mine, at.now)
        self._tell(at, Heard(tuple(done)))
        return HEARD

    # -- buttons -------------------------------------------------------------------------------------------------------
    def _pressed(self, at: _At) -> Judged:
        _, _, rest = at.turn.data.partition("desk:")
        verb, _, number = rest.partition(":")
        if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
            return self._toasted(at, REFUSED, "toast.not_open")
        if verb in ("anyway", "asnote", "cancel"):
            return self._decided(at, verb, PostId(int(number)))
        matter = _meant(at, verb, int(number))
        if matter is None:
            return self._toasted(at, REFUSED, "toast.not_open")
        if verb == "note":
            return self._toasted(at, HEARD, "desk.how_to_note")
        acts: Mapping[str, tuple[str, dict[str, object]]] = {
            "take": ("take", {}),
            "acknowledge": ("acknowledge", {}),
            "done": ("done", {}),
            "snooze": ("snooze", {"until": "2h"}),
            "undo": ("undo", {"message": int(number)}),
        }
        if verb not in acts:
            return self._toasted(at, REFUSED, "toast.not_open")
        return self._acted(at, matter, *acts[verb])

    def _acted(self, at: _At, matter: ConversationId, name: str, arguments: dict[str, object]) -> Judged:
        try:
            with at.unit.attempted():
                done = perform(at.unit, name, arguments, at.doing_to(matter), once=f"desk {at.turn.key}")
        except Problem as problem:
            language = at.playbook.speaks(at.agent.language)
            return self._shown(at, REFUSED, self.wording.problem(language, problem))
        return self._shown(at, HEARD, self._sentence(at, done))

    def _decided(self, at: _At, verb: str, id: PostId) -> Judged:
        """The words that waited: sent, kept as a note, or forgotten; by whoever wrote them, and once."""
        asked = posts.one(at.unit, id)
        held = json.loads(asked.held) if asked is not None and asked.held else {}
        if asked is None or asked.desk != at.desk.id or held.get("agent") != at.agent.id:
            return self._toasted(at, REFUSED, "toast.not_open")
        posts.change(at.unit, id, "", {}, at.now)
        if verb == "cancel":
            return self._toasted(at, HEARD, "desk.cancelled")
        turn = replace(thawed(held["turn"]), decided="anyway" if verb == "anyway" else "asnote")
        then = replace(at, turn=turn, card=cards.one(at.unit, turn.card) if turn.card else None)
        if turn.files and verb == "anyway":
            judged = _waits(then, turn)
        else:
            judged = self._done(then, tuple(Order(action, said) for action, said in held["orders"]), ())
        well = "desk.sent_anyway" if verb == "anyway" else "desk.noted"
        return self._toasted(at, judged, well if judged is HEARD else "desk.not_done")

    def _sentence(self, at: _At, done: Done) -> str:
        return told(done, self.wording, at.playbook.speaks(at.agent.language), ZoneInfo(at.playbook.zone))

    def _toasted(self, at: _At, judged: Judged, key: str) -> Judged:
        language = at.playbook.speaks(at.agent.language)
        return self._shown(at, judged, self.wording.say(language, key))

    def _shown(self, at: _At, judged: Judged, sentence: str) -> Judged:
        """Told to whoever pressed, at once or never."""
        if not at.turn.query:
            return judged
        toast = Toast(at.turn.query, "toast.desk", at.playbook.speaks(at.agent.language), sentence)
        return replace(judged, toast=toast)


def _at(unit: Unit, turn: DeskTurn, playbook: Playbook, now: datetime) -> _At:
    agent = people.roster(unit).agent_by_id(turn.agent)
    assert agent is not None  # a turn is made of an agent that there is
    card = cards.one(unit, turn.card) if turn.card is not None else None
    return _At(unit, turn, desks.one(unit, turn.desk), card, agent, playbook, now)


def _of_another(at: _At) -> bool:
    """Whether they answer what stands by another conversation than the one whose topic they write in: nobody can tell which is meant."""
    shown = cards.named(at.unit, at.desk.channel, at.turn.about)[0] if at.turn.about else None
    return shown is not None and at.card is not None and shown != at.card.id


def _meant(at: _At, verb: str, number: int) -> ConversationId | None:
    """The conversation that a button is about: that of its card; of a notice the one that it names, where they may see it."""
    if at.card is not None:
        here = verb == "undo" or number == at.card.conversation
        return at.doing.conversation if here else None
    if (
        verb not in ("take", "acknowledge")
        or not at.alone
        or number not in conversations.ids(at.unit, ConversationId(number - 1), 1)
    ):
        return None
    matter = conversations.present(at.unit, ConversationId(number))
    seen = find(at.unit, people.roster(at.unit).scope(at.agent.id), matter.reference)
    return None if seen is None else matter.id


def _reference(at: _At) -> str:
    return conversations.peek(at.unit, at.doing.conversation).reference


def _goes_out(at: _At, message: MessageId) -> None:
    """An answer stands here as they wrote it. While it waits they can take it back."""
    _stands_here(at, message)
    waits = [one.not_before for one in deliveries.of_messages(at.unit, [message]) if not one.copy]
    seconds = round(max(((due - at.now).total_seconds() for due in waits), default=0.0))
    undo = [Button("desk.button.undo", f"desk:undo:{message}")] if seconds > 0 else []
    at.say(GOES_OUT, {"seconds": seconds}, undo)


def _stands_here(at: _At, message: MessageId) -> None:
    assert at.card is not None
    version = conversations.peek(at.unit, at.doing.conversation).version
    here = posts.add_here(at.unit, at.desk.id, at.card.id, message, version, at.turn.key, at.turn.at)
    cards.rename(at.unit, at.desk.channel, at.turn.key, (at.desk.id, at.card.id, here, message))


def _waits(at: _At, turn: DeskTurn) -> Judged:
    """Only the network has the files: once they are fetched, it is heard."""
    card = at.card.id if at.card is not None else None
    later = Post(PostId(0), at.desk.id, "turn", card=card, thread=turn.thread, about=turn.key, held=frozen(turn))
    posts.add(at.unit, later, at.now)
    return HEARD


def _decided(order: Order, how: str) -> Order:
    """An order as its author wants it who was asked."""
    if not how or order.action not in ANSWERS:
        return order
    if how == "asnote":
        return Order("note", {"text": order.arguments.get("text", "")})
    return Order(order.action, {**order.arguments, "anyway": True})
