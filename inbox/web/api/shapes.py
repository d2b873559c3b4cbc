"""From the nouns of the house to what the API answers: plain values, names beside numbers."""

from collections.abc import Sequence

from inbox.domain import happenings, messages, people
from inbox.domain.events import Event
from inbox.domain.scope import Scope
from inbox.store import events, veiled
from inbox.store.directory import Known
from inbox.store.shown import Shown, ShownDelivery, ShownMessage
from inbox.store.views import Row
from inbox.web.api import models as m


def row(one: Row) -> m.Row:
    """A line of a list."""
    return m.Row(
        reference=one.reference,
        subject=one.subject,
        excerpt=one.excerpt,
        contact=one.contact,
        channel=one.channel,
        kind=one.kind,
        state=one.state.value,
        priority=one.priority.value,
        assignee=one.assignee,
        team=one.team,
        tags=list(one.tags),
        due_at=one.due_at,
        waiting_since=one.waiting_since,
        opened_at=one.opened_at,
        changed_at=one.changed_at,
        messages=one.messages,
        trouble=one.trouble,
    )


def conversation(one: Shown, roster: people.Roster) -> m.Conversation:
    """One matter whole."""
    matter = one.conversation
    assignee = roster.agent_by_id(matter.assignee) if matter.assignee else None
    team = roster.team_by_id(matter.team) if matter.team else None
    return m.Conversation(
        reference=matter.reference,
        version=matter.version,
        subject=matter.subject,
        state=matter.state.value,
        priority=matter.priority.value,
        channel=matter.channel,
        kind=one.kind,
        language=matter.language,
        assignee=assignee.handle if assignee else None,
        team=team.name if team else None,
        policy=matter.policy,
        tags=list(matter.tags),
        fields=dict(matter.fields),
        contact=contact(Known(one.contact, one.organization, one.identities)),
        opened_at=matter.opened_at,
        changed_at=matter.changed_at,
        waiting_since=matter.waiting_since,
        snoozed_until=matter.snoozed_until,
        done_at=matter.done_at,
        due_at=one.due_at,
        messages=matter.messages,
        clocks=[_clock(clock) for clock in one.clocks],
        promises=[_promise(promise) for promise in one.promises],
    )


def _clock(one: object) -> m.Clock:
    return m.Clock.model_validate(one, from_attributes=True)


def _promise(one: object) -> m.Promise:
    return m.Promise.model_validate(one, from_attributes=True)


def contact(known: Known) -> m.Contact:
    """A person with their addresses."""
    return m.Contact(
        id=known.contact.id,
        name=known.contact.name,
        language=known.contact.language,
        organization=known.organization,
        sees_organization=known.sees,
        role=known.contact.role,
        tags=list(known.contact.tags),
        fields=dict(known.contact.fields),
        identities=[m.Identity.model_validate(one, from_attributes=True) for one in known.identities],
    )


def organization(one: people.Organization, domains: Sequence[str], scope: Scope) -> m.Organization:
    """A company, as far as a scope sees it."""
    fields = dict(veiled.fields(one.fields, scope.hides))
    return m.Organization(id=one.id, name=one.name, tags=list(one.tags), fields=fields, domains=list(domains))


def agent(one: people.Agent) -> m.Agent:
    """One of us."""
    return m.Agent(handle=one.handle, name=one.name, language=one.language, role=one.role, disabled=one.disabled)


def team(one: people.Team, roster: people.Roster) -> m.Team:
    """Agents who share a queue."""
    handles = {agent.id: agent.handle for agent in roster.agents}
    return m.Team(name=one.name, title=one.title, members=[handles[id] for id in one.members if id in handles])


def message(one: ShownMessage) -> m.Message:
    """One thing said, with what belongs to it."""
    said = one.message
    return _message(said, one.author, one.words, one.files, one.deliveries, shortened=one.shortened)


def whole(said: messages.Message, shown: ShownMessage) -> m.Message:
    """The same with all of its text."""
    words = shown.edits[-1].text if shown.edits and not shown.shortened else said.reply_text or said.text
    return _message(said, shown.author, words, shown.files, shown.deliveries, shortened=False)


def _message(
    said: messages.Message,
    author: str,
    words: str,
    files: Sequence[messages.StoredAttachment],
    deliveries: Sequence[ShownDelivery],
    *,
    shortened: bool,
) -> m.Message:
    return m.Message(
        id=said.id,
        direction=said.direction.value,
        at=said.at,
        author=author,
        channel=said.channel,
        purpose=said.purpose,
        automatic=said.automatic,
        subject=said.subject,
        words=words,
        text=said.text,
        shortened=shortened,
        language=said.language,
        sender=_address(said.sender),
        to=[_address(one) for one in said.to],
        cc=[_address(one) for one in said.cc],
        files=[_file(one) for one in files],
        deliveries=[_delivery(one) for one in deliveries],
    )


def _address(one: happenings.Address) -> m.Address:
    return m.Address(address=one.address, name=one.name)


def _file(one: messages.StoredAttachment) -> m.Attachment:
    file = one.file
    state = "here" if one.blob is not None else file.state
    return m.Attachment(id=one.id, filename=file.filename, content_type=file.content_type, size=file.size, state=state)


def _delivery(one: ShownDelivery) -> m.Delivery:
    return m.Delivery(
        id=one.id,
        state=one.state.value,
        recipients=list(one.recipients),
        attempts=one.attempts,
        not_before=one.not_before,
        settled_at=one.settled_at,
        receipt=one.receipt,
    )


def event(one: Event) -> m.Event:
    """One fact."""
    actor = m.Actor(kind=one.actor.kind, id=one.actor.id, name=one.actor.name)
    kind, payload = one.payload.kind, events.told(one)
    return m.Event(version=one.version, at=one.at, actor=actor, via=one.via, kind=kind, payload=payload)
