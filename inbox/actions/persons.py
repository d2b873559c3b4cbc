"""Actions on a person: what we know better of them, notes for the other agents, and whose mail is not taken up."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Permission, Surface
from inbox.actions.limits import LAST, MOST_TAGS, Tags
from inbox.actions.phrases import perhaps, whole
from inbox.domain.acts import By, Via
from inbox.domain.conversations import Conversation
from inbox.domain.ids import NoteId
from inbox.domain.people import Identity
from inbox.pipeline import block as blocks
from inbox.pipeline import person, sight
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import blocking, conversations, people, persons
from inbox.store.unit import Unit


class Contact(Arguments):
    """What is left out stays as it is. `organization`: its name, made where it is new; `-`: none. `role`: what they are there.
    `fields`: of `[contact_fields]`, each `name=value`; an empty value takes one away."""

    name: str | None = Field(default=None, max_length=300)
    language: Literal["fa", "en"] | None = None
    organization: str | None = Field(default=None, max_length=300)
    add: Tags = ()
    remove: tuple[str, ...] = Field(default=(), max_length=MOST_TAGS)
    role: str | None = Field(default=None, max_length=300)
    fields: tuple[Annotated[str, Field(max_length=2_500)], ...] = Field(default=(), max_length=50)


class ContactNote(Arguments):
    """`text`: something that every agent should know of this person. `ended`: the number of a note that holds no more."""

    text: str = Field(default="", max_length=10_000)
    ended: int | None = Field(default=None, ge=1, le=LAST)


class Sight(Arguments):
    """`right`: whether the customer may see and answer on the portal what others of their organization ask."""

    right: Literal["give", "take"]


class Block(Arguments):
    """`identity`: which of the customer's addresses (`kind:address`); empty: the one with which the conversation began."""

    identity: str = Field(default="", max_length=400)


_VIA: Mapping[Surface, Via] = {Surface.WEB: "web", Surface.CLI: "command", Surface.API: "api"}


def actions() -> tuple[Action, ...]:
    """What is done about a person."""
    reason = "what somebody else may read is not given away by a word that was typed in passing"
    return (
        Action("contact", Contact, _contact, Permission.HOUSE, typed=whole("name")),
        Action("contact_note", ContactNote, _note, typed=perhaps("text")),
        Action("sight", Sight, _sight, Permission.LEAD, absent={Surface.MAIL: reason, Surface.BOT: reason}),
        Action("block", Block, _block, Permission.HOUSE, typed=perhaps("identity")),
        Action("unblock", Block, _unblock, Permission.HOUSE, typed=perhaps("identity")),
    )


def _contact(unit: Unit, doing: Doing, wanted: Contact) -> Done:
    matter = conversations.peek(unit, doing.conversation)
    organization = "" if wanted.organization == "-" else wanted.organization
    fields = _fields(wanted.fields)
    better = person.Better(wanted.name, wanted.language, organization, wanted.add, wanted.remove, wanted.role, fields)
    now_is = person.change(unit, matter.id, better, doing.actor, doing.via, doing.playbook, doing.now)
    return Done("done.contact", {"reference": matter.reference, "name": now_is.name or f"#{now_is.id}"})


def _fields(typed: tuple[str, ...]) -> dict[str, str]:
    for word in typed:
        if "=" not in word:
            raise Refused("known_field.unnamed", typed=word[:60])
    return {name.strip(): value for name, _, value in (word.partition("=") for word in typed)}


def _note(unit: Unit, doing: Doing, wanted: ContactNote) -> Done:
    matter = conversations.peek(unit, doing.conversation)
    facts = {"reference": matter.reference}
    if wanted.ended is not None:
        if not persons.end_note(unit, matter.contact, NoteId(wanted.ended), doing.now):
            raise Refused("contact.no_such_note", number=wanted.ended)
        return Done("done.contact_note_ended", facts)
    if not wanted.text.strip():
        raise Refused("reply.empty")
    persons.add_note(unit, matter.contact, doing.agent.id, wanted.text.strip(), doing.now)
    return Done("done.contact_note", facts)


def _sight(unit: Unit, doing: Doing, wanted: Sight) -> Done:
    matter = conversations.peek(unit, doing.conversation)
    who, by = people.contact(unit, matter.contact), By("agent", doing.agent.id, _VIA[doing.via])
    facts = {"reference": matter.reference, "name": who.name or f"#{who.id}"}
    if wanted.right == "give":
        sight.give(unit, who, by, doing.agent.id, doing.now)
        return Done("done.sight_given", {**facts, "organization": persons.organization_name(unit, who.organization)})
    sight.take(unit, who, by, doing.now)
    return Done("done.sight_taken", facts)


def meant(unit: Unit, matter: Conversation, word: str) -> Identity:
    """Which of the customer's addresses; without a word the one with which the conversation began. Raises Refused."""
    mine = people.identities(unit, matter.contact)
    began = conversations.opener(unit, matter.id)
    named = [one for one in mine if one.name_in_full == word]
    found = named or [one for one in mine if (one.address == word if word else one.id == began)]
    if len(found) != 1 and not word:
        found = mine[:1]
    if len(found) != 1:
        known = ", ".join(one.name_in_full for one in mine) or "-"
        raise Refused("link.not_theirs", identity=word, reference=matter.reference, known=known)
    return found[0]


def block(unit: Unit, doing: Doing, turn: Turn, word: str) -> Done:
    """The address is blocked, in a turn that whoever opened it closes."""
    whose = meant(unit, turn.conversation, word)
    fresh = blocks.block(turn, whose, doing.actor)
    facts = {"reference": turn.conversation.reference, "address": whose.address}
    return Done("done.blocked" if fresh else "done.blocked_already", facts)


def _block(unit: Unit, doing: Doing, wanted: Block) -> Done:
    turn = doing.turn(unit)
    done = block(unit, doing, turn, wanted.identity)
    turn.close()
    return done


def _unblock(unit: Unit, doing: Doing, wanted: Block) -> Done:
    turn = doing.turn(unit)
    matter = turn.conversation
    standing = [one.identity for one in blocking.blocks(unit, contact=matter.contact)]
    whose = meant(unit, matter, wanted.identity) if wanted.identity or len(standing) != 1 else standing[0]
    fresh = blocks.unblock(turn, whose, doing.actor)
    turn.close()
    if not fresh:
        raise Refused("block.not_blocked", address=whose.address)
    return Done("done.unblocked", {"reference": matter.reference, "address": whose.address})
