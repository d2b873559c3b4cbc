"""Actions on who the customer is: an address linked to a contact, the link undone, an address to be proved."""

from functools import partial

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Permission
from inbox.actions.phrases import perhaps, whole
from inbox.domain.conversations import Conversation
from inbox.domain.happenings import Address
from inbox.domain.ids import ContactId
from inbox.domain.people import Identity
from inbox.domain.scope import Scope
from inbox.pipeline import link as verbs
from inbox.pipeline import prove
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import ours
from inbox.pipeline.reply import Refused
from inbox.pipeline.routes import canonical, routes
from inbox.store import conversations, directory, links, people
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.references import normalise


class Link(Arguments):
    """`to`: a contact's number, the reference of a conversation, or `kind:address`. `identity`: which of the customer's
    addresses (`kind:address`); empty: the one with which the conversation began. `everything`: all of them."""

    to: str = Field(min_length=1, max_length=400)
    identity: str = Field(default="", max_length=400)
    everything: bool = False


class Unlink(Arguments):
    """`identity`: which of the customer's addresses; empty: the one that was linked last."""

    identity: str = Field(default="", max_length=400)


class Prove(Arguments):
    """`address`: where the code goes, `kind:address` or an address on the network by which the conversation goes on."""

    address: str = Field(min_length=1, max_length=400)


def actions() -> tuple[Action, ...]:
    """What is done about who the customer is."""
    return (
        Action("link", Link, _link, Permission.HOUSE, typed=whole("to")),
        Action("unlink", Unlink, _unlink, Permission.HOUSE, typed=perhaps("identity")),
        Action("prove", Prove, _prove, Permission.HOUSE, typed=whole("address")),
    )


def contact_of(unit: Unit, who: str, scope: Scope) -> ContactId | None:
    """The contact that people mean by a number, by the reference of a conversation, or by `kind:address`; None where the scope has
    none. Raises Refused for an address of somebody whom it does not see: it is not free either."""
    if who.isdecimal():
        id = people.contact_by_number(unit, int(who))
        return id if id is not None and directory.sees(unit, scope, id) else None
    kind, _, address = who.partition(":")
    known = people.known(unit, kind, address) if address else None
    if known is not None:
        return _seen(unit, known[0].id, who, scope)
    reference = normalise(who)
    matter = find(unit, scope, reference) if reference else None
    return None if matter is None else conversations.present(unit, matter).contact


def _seen(unit: Unit, id: ContactId, who: str, scope: Scope) -> ContactId:
    if not directory.sees(unit, scope, id):
        raise Refused("link.nobody", who=who)
    return id


def _by(doing: Doing) -> verbs.By:
    return verbs.By(doing.actor, doing.via, "agent", doing.conversation)


def _link(unit: Unit, doing: Doing, wanted: Link) -> Done:
    matter = conversations.peek(unit, doing.conversation)
    kind, _, address = wanted.to.partition(":")
    if ours(unit, address or wanted.to, doing.playbook):
        raise Refused("link.ours", address=address or wanted.to)
    to = contact_of(unit, wanted.to, doing.scope)
    if to is None:
        return _add(unit, doing, matter, kind, address)
    mine = _chosen(unit, matter, wanted)
    moved = [one for one in mine if verbs.link(unit, one.id, to, _by(doing), doing.playbook, doing.now)]
    facts = {"reference": matter.reference, "address": ", ".join(one.name_in_full for one in mine), "contact": to}
    return Done("done.linked" if moved else "done.linked_already", facts)


def _add(unit: Unit, doing: Doing, matter: Conversation, kind: str, address: str) -> Done:
    """An address that nobody has becomes one of the customer's; only claimed, until it is proved."""
    speaker = next((one for one in doing.playbook.channels.values() if one.kind == kind), None)
    if speaker is None or not address:
        raise Refused("link.nobody", who=f"{kind}:{address}" if address else kind)
    there = canonical(speaker, address, doing.now)
    if there is None:
        raise Refused("link.impossible", address=address)
    found = people.known(unit, kind, there)
    if found is not None:
        _seen(unit, found[0].id, f"{kind}:{address}", doing.scope)
    _, identity = people.meet(unit, kind, Address(there), found, None, doing.now)
    moved = verbs.link(unit, identity.id, matter.contact, _by(doing), doing.playbook, doing.now)
    facts = {"reference": matter.reference, "address": identity.name_in_full, "contact": matter.contact}
    return Done("done.linked" if moved else "done.linked_already", facts)


def _chosen(unit: Unit, matter: Conversation, wanted: Link) -> list[Identity]:
    """The addresses of the customer that go over to somebody else."""
    mine = people.identities(unit, matter.contact)
    if wanted.everything:
        return mine
    if wanted.identity:
        return [_named(mine, wanted.identity, matter)]
    began = conversations.opener(unit, matter.id)
    return [one for one in mine if one.id == began] or mine[:1]


def _named(mine: list[Identity], word: str, matter: Conversation) -> Identity:
    found = [one for one in mine if one.name_in_full == word] or [one for one in mine if one.address == word]
    if len(found) != 1:
        known = ", ".join(one.name_in_full for one in mine) or "-"
        raise Refused("link.not_theirs", identity=word, reference=matter.reference, known=known)
    return found[0]


def _unlink(unit: Unit, doing: Doing, wanted: Unlink) -> Done:
    matter = conversations.peek(unit, doing.conversation)
    mine = people.identities(unit, matter.contact)
    chosen = _named(mine, wanted.identity, matter) if wanted.identity else _latest(unit, matter, mine)
    undone = None if chosen is None else verbs.unlink(unit, chosen.id, _by(doing), doing.playbook, doing.now)
    if chosen is None or undone is None:
        raise Refused("link.nothing_to_undo", reference=matter.reference)
    facts = {"reference": matter.reference, "address": chosen.name_in_full, "contact": undone.had}
    return Done("done.unlinked", facts)


def _latest(unit: Unit, matter: Conversation, mine: list[Identity]) -> Identity | None:
    """The address that came to the customer last, by a link that stands."""
    came = [one.identity for one in links.of_contact(unit, matter.contact) if one.undone_at is None]
    return next((one for id in reversed(came) for one in mine if one.id == id), None)


def _prove(unit: Unit, doing: Doing, wanted: Prove) -> Done:
    """The code goes to the address, and comes back where the customer writes to us in this conversation."""
    matter = conversations.peek(unit, doing.conversation)
    facts = {"reference": matter.reference, "address": wanted.address}
    wrote = next((one for one in routes(unit, matter, doing.playbook) if one.answers and one.channel), None)
    speaker = doing.playbook.channels.get(wrote.channel) if wrote and wrote.channel else None
    if wrote is None or speaker is None:
        raise Refused("prove.unknown", **facts)
    if not (speaker.codec.traits.certain_sender or speaker.codec.traits.verdicts):
        raise Refused("prove.uncertain", **facts)
    kind, address = _there(wanted.address, speaker, doing.playbook)
    actor = doing.actor
    language = matter.language or doing.playbook.language
    ask = partial(prove.begin, unit, speaker, wrote.identity.address, address, language, doing.playbook, doing.now)
    asked = ask(kind=kind, matter=matter.id, actor=actor)
    if asked != "sent":
        raise Refused(f"prove.{asked}", **facts)
    return Done("done.proof_sent", {**facts, "minutes": int(prove.LASTS.total_seconds() // 60)})


def _there(word: str, speaker: Speaker, playbook: Playbook) -> tuple[str, str]:
    """The kind of network and the address; a mail address alone is one on the network by which the conversation goes on, else
    on the only one that has mail."""
    kind, _, address = word.partition(":")
    if address and kind in {one.kind for one in playbook.channels.values()}:
        return kind, address
    mail = {one.kind for one in playbook.channels.values() if one.codec.traits.subject}
    return ("" if speaker.continues_on or len(mail) != 1 else mail.pop()), word
