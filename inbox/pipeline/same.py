"""Two contacts who are the same: one goes into the other with all that is theirs, and comes back out of it as they were.

Addresses go over by links (`pipeline/link.py`), and conversations with them; notes and files by rows; what is known of a person is
taken over where it was not known. What went over is kept, so undoing it takes back that and no more: what came later stays.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from inbox.domain.acts import Act, By
from inbox.domain.events import Actor
from inbox.domain.ids import ContactId, IdentityId, OrganizationId
from inbox.domain.people import Contact
from inbox.domain.problems import Problem
from inbox.pipeline import link, person
from inbox.pipeline.playbook import Playbook
from inbox.store import audit, contact_merges, declining, links, people
from inbox.store.unit import Unit

_KEPT = ("name", "language", "organization", "placed", "role")
"""What of a contact has one value each; tags and fields have several."""


def merge(
    unit: Unit, gone: ContactId, kept: ContactId, actor: Actor, via: str, by: By, playbook: Playbook, now: datetime
) -> Contact:
    """They are one from now on: the contact who is kept, as they are now. Raises Problem where they are one already."""
    contact_merges.lock(unit, gone, kept)
    one, other = people.contact(unit, gone), people.contact(unit, kept)
    if one.id == other.id or one.merged_into is not None or other.merged_into is not None:
        raise Problem("contact.merged_already", name=one.called, other=other.called)
    now_is = person.become(unit, other, _both(other, one), actor, via, playbook, now)
    linking = link.By(actor, via, "agent")
    # Contracts go before conversations do: what came under none on the way would lose its own.
    rows = contact_merges.carry(unit, one.id, other.id, declined_before=declining.of(unit, other.id) is not None)
    moved: list[list[int]] = []
    for identity in people.identities(unit, one.id):
        link.link(unit, identity.id, other.id, linking, playbook, now)
        last = links.last(unit, identity.id)
        assert last is not None
        moved.append([identity.id, last.id])
    what = {"before": _plain(other), "after": _plain(now_is), "addresses": moved, **rows}
    contact_merges.put(unit, one.id, other.id, what, linking.agent, now)
    audit.record(unit, Act.CONTACTS_MERGED, by, now, name=f"#{other.id}", detail=(f"#{one.id}", f"#{other.id}"))
    return now_is


def unmerge(unit: Unit, gone: ContactId, actor: Actor, via: str, by: By, playbook: Playbook, now: datetime) -> Contact:
    """They are two again, the one who went as they were. Raises Problem where they went into nobody, or somebody undid it already."""
    found = contact_merges.standing(unit, gone)
    if found is None:
        raise Problem("contact.not_merged", name=people.contact(unit, gone).called)
    contact_merges.lock(unit, gone, found.kept)
    if not contact_merges.undo(unit, found, now):
        raise Problem("contact.not_merged", name=people.contact(unit, gone).called)
    linking = link.By(actor, via, "agent")
    contact_merges.carry_back(unit, found)
    for identity, number in reversed(found.moved["addresses"]):
        last = links.last(unit, IdentityId(identity))
        if last is not None and last.id == number:  # one that went on to somebody else meanwhile stays there
            link.unlink(unit, last.identity, linking, playbook, now)
    was = people.contact(unit, found.kept)
    person.become(unit, was, _restored(was, found.moved), actor, via, playbook, now)
    back = people.contact(unit, gone)
    audit.record(unit, Act.CONTACTS_UNMERGED, by, now, name=f"#{found.kept}", detail=(f"#{gone}", f"#{found.kept}"))
    return back


def _both(kept: Contact, gone: Contact) -> Contact:
    """What the one who is kept did not have is the other's; where a person said it of either, that holds."""
    organization, placed = kept.organization, kept.placed
    if not placed and (organization is None or gone.placed):
        organization, placed = gone.organization or kept.organization, gone.placed
    fields = dict(gone.fields) | dict(kept.fields)
    return replace(
        kept,
        name=kept.name or gone.name,
        language=kept.language or gone.language,
        organization=organization,
        placed=placed,
        role=kept.role or gone.role,
        tags=tuple(dict.fromkeys([*kept.tags, *gone.tags])),
        fields=tuple(fields.items()),
    )


def _plain(who: Contact) -> dict[str, Any]:
    single = {name: getattr(who, name) for name in _KEPT}
    return {**single, "tags": list(who.tags), "fields": [list(pair) for pair in who.fields]}


def _restored(now_is: Contact, moved: Mapping[str, Any]) -> Contact:
    """As before the merge, but for what somebody changed since."""
    before, after = moved["before"], moved["after"]
    values = {name: before[name] for name in _KEPT if getattr(now_is, name) == after[name]}
    if "organization" in values:
        values["organization"] = None if before["organization"] is None else OrganizationId(before["organization"])
    came = [tag for tag in after["tags"] if tag not in before["tags"]]
    known, had = dict(now_is.fields), dict(before["fields"])
    for name, value in after["fields"]:
        if name not in had and known.get(name) == value:
            known.pop(name, None)
    if list(map(list, now_is.fields)) == after["fields"]:
        known = had
    tags = before["tags"] if list(now_is.tags) == after["tags"] else [tag for tag in now_is.tags if tag not in came]
    return replace(now_is, **values, tags=tuple(tags), fields=tuple(known.items()))
