"""Under a contract: it decides by which clocks, on which hours and channels; it counts requests, and somebody sees to its end."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from inbox.domain.acts import By
from inbox.domain.contract_events import ContractSet, Expiring, QuotaUsed
from inbox.domain.contracts import Agreed, Cadence, Contract, Quota
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import HOUSE, PolicySet
from inbox.domain.ids import ChannelName, ContactId, ContractId, OrganizationId
from inbox.pipeline import company
from inbox.pipeline.contract_ends import next_warning
from inbox.store import contracts, people, persons
from tests.path.conftest import Houses
from tests.path.house import House

RULES = """
[[rule]]
name = "default"
then.acknowledgement = "acknowledgement"
then.policy = "standard"

[[rule]]
name = "gold is seen"
when.contract.tier = "gold"
then.tag = ["gold"]

[[rule]]
name = "used up"
on = "contract-quota"
when.contract.quota_used_over = "99%"
then.tag = ["over"]
then.notify = "agent:sara"

[[rule]]
name = "ends soon"
on = "contract-expiring"
then.team = "support"
then.priority = "high"
"""
TODAY = date(2026, 11, 21)


async def opened(houses: Houses, **more: str) -> House:
    shipped = (Path(__file__).parents[2] / "rules" / "tiers.toml").read_text(encoding="utf-8")
    house = houses(rules={"10-all.toml": RULES, "tiers.toml": shipped}, **more)
    await house.settle()
    return house


async def known(house: House, address: str = "sara@x") -> ContactId:
    """A contact whose first matter was before any contract, and is done."""
    await house.customer(address, address.partition("@")[0].title()).writes("Hello")
    matter = house.conversations()[-1]
    await house.agent("reza").does(matter, "done")
    return matter.contact


def signed(house: House, who: ContactId, name: str = "BR-1", tier: str = "gold", **more: Any) -> Contract:
    agreed = house.playbook().tiers[tier].agreed
    made = Contract(ContractId(0), name, who, None, tier, agreed, TODAY, None, Cadence.MONTH, "jalali")
    made = replace(made, **more)
    now = house.clock.now()
    kept = house.store.write_now(contracts.add, made, next_warning(made, house.playbook(), now), now)
    assert kept is not None
    return kept


async def asks(house: House, address: str = "sara@x", **more: Any) -> Conversation:
    await house.customer(address).writes("Where is my parcel?", subject=f"Parcel {len(house.conversations())}", **more)
    return house.conversations()[-1]


async def test_a_contract_decides_by_which_clocks_and_on_which_hours(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    before = house.conversations()[0]
    signed(house, who)
    matter = await asks(house)
    assert (matter.policy, matter.tags) == ("vip@always", ("gold",))
    assert house.told(matter, ContractSet) == [ContractSet("contract_set", ContractId(1), "BR-1", True)]
    assert [one.policy for one in house.told(matter, PolicySet)] == ["vip@always"], "the rule does not take it away"
    due = house.clocks(matter)["first_reply"]
    assert due.target is not None
    assert due.target.hours == "always"
    assert due.due_at == house.clock.now() + timedelta(hours=2)
    assert before.contract is None
    assert house.conversations()[0] == before, "what began before it is none of its"


async def test_what_was_promised_is_by_the_contract(houses: Houses) -> None:
    house = await opened(houses)
    signed(house, await known(house))
    matter = await asks(house)
    [promise] = house.promises(matter)
    assert promise.due_at >= house.clock.now() + timedelta(hours=2)
    assert promise.due_at < house.clock.now() + timedelta(hours=3)


async def test_it_holds_from_its_first_day_to_its_last(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    signed(house, who, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2))
    assert (await asks(house)).contract is None
    await house.later(days=1)
    assert (await asks(house)).contract is not None
    await house.later(days=1)
    under = await asks(house)
    assert under.contract is not None
    await house.later(days=1)
    after = await asks(house)
    assert (after.contract, after.policy) == (None, "standard")


async def test_one_that_was_ended_holds_no_more(houses: Houses) -> None:
    house = await opened(houses)
    mine = signed(house, await known(house))
    assert house.store.write_now(contracts.end, mine.id, TODAY)
    assert not house.store.write_now(contracts.end, mine.id, TODAY + timedelta(days=5)), "it is ended once"
    assert (await asks(house)).contract == mine.id
    await house.later(days=1)
    assert (await asks(house)).contract is None


async def test_it_covers_the_channels_that_it_names(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    elsewhere = Agreed("vip", channels=(ChannelName("bot"),))
    signed(house, who, "A", agreed=elsewhere)
    assert (await asks(house)).contract is None
    here = signed(house, who, "B", agreed=replace(elsewhere, channels=(ChannelName("support"),)))
    assert (await asks(house)).contract == here.id


async def test_ones_own_contract_comes_before_that_of_the_organization(houses: Houses) -> None:
    house = await opened(houses)
    who, colleague = await known(house), await known(house, "lena@y")
    acme = house.store.write_now(persons.organization_of, "Acme")
    for one in (who, colleague):
        person = house.store.read_now(people.contact, one)
        house.store.write_now(persons.change, replace(person, organization=acme))
    whole = signed(house, who, "ORG", "silver", organization=OrganizationId(acme))
    own = signed(house, who, "OWN", "base")
    assert (await asks(house, "lena@y")).contract == whole.id
    assert (await asks(house)).contract == own.id


async def test_whoever_turns_out_to_belong_to_an_organization_comes_under_its_contract(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    matter = await asks(house)
    acme = house.store.write_now(persons.organization_of, "Acme")
    whole = signed(house, who, "ORG", "silver", organization=OrganizationId(acme))
    await house.agent("reza").does(matter, "contact", organization="Acme")
    now_is = house.conversations()[-1]
    assert (now_is.contract, now_is.policy) == (whole.id, "vip")
    await house.agent("reza").does(now_is, "contact", organization="")
    back = house.conversations()[-1]
    assert (back.contract, back.policy) == (None, "")


async def test_requests_are_counted_and_rules_are_told(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    few = Agreed("vip", quota=Quota(3, Cadence.MONTH))
    signed(house, who, agreed=few)
    matters = [await asks(house) for _ in range(5)]
    used = [[(one.used, one.agreed) for one in house.told(matter, QuotaUsed)] for matter in matters]
    assert used == [[], [], [(3, 3)], [(4, 3)], [(5, 3)]], "80 % and all of it are passed by the third at once"
    assert ["over" in matter.tags for matter in matters] == [False, False, True, True, True]
    await house.customer("sara@x").writes("And another thing", subject="Parcel 1")
    await house.later(days=31)
    assert house.told(await asks(house), QuotaUsed) == [], "the next month begins at none"


async def test_spam_and_what_we_began_are_no_requests(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    mine = signed(house, who, agreed=Agreed("vip", quota=Quota(2, Cadence.YEAR)))
    spam = await asks(house)
    await house.agent("reza").does(spam, "spam")
    machine = await asks(house, automatic="bulk")
    assert (machine.contract, machine.request) == (mine.id, False)
    first = await asks(house)
    assert [(one.used, one.agreed) for one in house.told(first, QuotaUsed)] == []
    second = await asks(house)
    assert [(one.used, one.agreed) for one in house.told(second, QuotaUsed)] == [(2, 2)]


async def test_before_it_ends_somebody_sees_to_it(houses: Houses) -> None:
    house = await opened(houses)
    mine = signed(house, await known(house), last=TODAY + timedelta(days=100))
    mails = len(house.mails_to("sara@x"))
    await house.later(days=39)
    assert len(house.conversations()) == 1
    await house.later(days=1)
    matter = house.conversations()[-1]
    assert house.told(matter, Expiring) == [
        Expiring("expiring", "contract", mine.id, "BR-1", TODAY + timedelta(days=100))
    ]
    assert (matter.state, matter.priority.value, matter.waiting_since) == (State.OPEN, "high", None)
    assert matter.team is not None
    assert "BR-1" in matter.subject
    assert len(house.mails_to("sara@x")) == mails, "the customer is told nothing by that"
    await house.later(days=46)
    assert len(house.conversations()) == 3, "two weeks before, once more"
    await house.later(days=30)
    assert len(house.conversations()) == 3


async def test_a_contract_that_was_ended_is_not_told_of(houses: Houses) -> None:
    house = await opened(houses)
    mine = signed(house, await known(house), last=TODAY + timedelta(days=100), pays=Decimal(5))
    house.store.write_now(contracts.end, mine.id, TODAY + timedelta(days=10))
    await house.later(days=90)
    assert len(house.conversations()) == 1


async def test_two_organizations_that_are_one_leave_their_matters_under_contract(houses: Houses) -> None:
    house = await opened(houses)
    who = await known(house)
    acme, limited = (house.store.write_now(persons.organization_of, name) for name in ("Acme", "Acme Ltd"))
    person = house.store.read_now(people.contact, who)
    house.store.write_now(persons.change, replace(person, organization=acme))
    mine = signed(house, who, "ORG", "silver", organization=acme)
    matter = await asks(house)
    assert matter.contract == mine.id
    doing = company.Doing(HOUSE, "cli", By("owner", via="command"), house.playbook(), house.clock.now())
    house.store.write_now(company.merge, acme, limited, doing)
    now_is = house.conversations()[-1]
    assert (now_is.contract, now_is.organization, now_is.policy) == (mine.id, limited, matter.policy)


async def test_a_request_counts_though_who_asked_was_not_known_yet(houses: Houses) -> None:
    house = await opened(houses)
    await known(house, "lena@y")
    await house.customer("sara@x").writes("Where is my parcel?")
    matter = house.conversations()[-1]
    acme = house.store.write_now(persons.organization_of, "Acme")
    agreed = Agreed("vip", quota=Quota(1, Cadence.MONTH))
    whole = signed(house, matter.contact, "ORG", agreed=agreed, organization=acme)
    await house.agent("reza").does(matter, "contact", organization="Acme")
    now_is = house.conversations()[-1]
    assert (now_is.contract, now_is.request) == (whole.id, True)
    assert [(one.used, one.agreed) for one in house.told(now_is, QuotaUsed)] == [(1, 1)]


async def test_what_is_split_off_stands_under_the_contract_as_well(houses: Houses) -> None:
    house = await opened(houses)
    mine = signed(house, await known(house))
    matter = await asks(house)
    await house.customer("sara@x").answers("And another thing: an invoice")
    last = house.said(matter)[-1]
    await house.agent("reza").does(house.conversations()[1], "split", messages=(last.id,), subject="Invoice")
    new = house.conversations()[-1]
    assert new.id != matter.id
    assert (new.contract, new.policy, new.request) == (mine.id, "vip@always", True)


async def test_an_address_that_turns_out_to_be_somebody_elses_brings_its_matter_under_their_contract(
    houses: Houses,
) -> None:
    house = await opened(houses)
    mine = signed(house, await known(house))
    other = await asks(house, "s.ahmadi@home")
    assert other.contract is None
    await house.agent("reza").does(other, "link", to=str(mine.contact))
    assert house.conversations()[-1].contract == mine.id
    await house.agent("reza").does(other, "unlink")
    assert house.conversations()[-1].contract is None
