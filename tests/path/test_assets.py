"""What customers own: a code in a message finds it, says how it stands to rules and to its owner, and tells nobody whose it is."""

import json
from datetime import date, timedelta
from functools import partial

import pytest

from inbox.domain.assets import About, Asset
from inbox.domain.conversations import Conversation
from inbox.domain.happenings import Address
from inbox.domain.ids import ContactId
from inbox.domain.people import Contact
from inbox.pipeline import assets as verbs
from inbox.pipeline.reply import Refused
from inbox.pipeline.verify import differences
from inbox.store import assets_named, assets_warned, decisions, people, persons
from inbox.store.assets import By
from inbox.store.unit import Unit
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.test_edits import edits

RULES = {
    "10-assets.toml": """
[[rule]]
name = "ours to mend"
on = ["conversation-opened", "message-received"]
when.asset = { product = "coffee *", warranty = "in", owner = ["writer", "organization"] }
then.tag = ["warranty"]
then.priority = "high"

[[rule]]
name = "somebody else's"
on = ["conversation-opened", "message-received"]
when.asset.owner = "other"
then.tag = ["look twice"]

[[rule]]
name = "welcome"
on = ["conversation-opened"]
then.policy = "standard"
then.acknowledgement = "acknowledgement"

[[rule]]
name = "renewal"
on = ["warranty-expiring", "service-expiring"]
then.tag = ["renewal"]
then.assign = "agent:reza"
"""
}
GRINDER = About(serial="SN-1234-5678", product="Coffee grinder", model="PX-200", warranty_until=date(2027, 8, 23))
OWNER_OF_FILES = By(None, "cli")


def met(house: House, address: str, name: str = "", company: str = "") -> Contact:
    """Somebody whom we know, though they have never written."""

    def work(unit: Unit) -> Contact:
        contact, _ = people.meet(unit, "memory", Address(address, name), None, None, house.clock.now())
        if company:
            belongs = Contact(contact.id, contact.name, contact.language, persons.organization_of(unit, company))
            persons.change(unit, belongs)
        return people.contact(unit, contact.id)

    return house.store.write_now(work)


def owned(house: House, contact: ContactId | None = None, **more: object) -> Asset:
    """A grinder, or something else."""
    about = About(**{**{f: getattr(GRINDER, f) for f in GRINDER.__slots__}, "contact": contact, **more})
    return house.store.write_now(verbs.add, about, OWNER_OF_FILES, house.playbook(), house.clock.now())


def named(house: House, matter: Conversation) -> list[str]:
    """What it is about, as rows have it; and the events say the same."""
    assert house.store.read_now(differences, matter.id, house.playbook().terms, house.clock.now()) == []
    return [one.about.serial for one in house.store.read_now(assets_named.of, matter.id)]


def facts(house: House, matter: Conversation) -> dict[str, object]:
    """What the latest run of rules was told of it."""
    stored = house.store.read_now(decisions.of, matter.id)
    return dict(json.loads(stored[-1].body)["facts"].get("asset", {}))


# -- the scenario ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        (
            "en",
            "Hello, my grinder (serial sn 1234 5678) does not start.",
            "Your Coffee grinder PX-200 (serial SN-1234-5678) is under warranty until Monday 23 August 2027.",
        ),
        (
            "fa",
            "سلام، آسیاب من با سریال SN ۱۲۳۴-۵۶۷۸ روشن نمی‌شود.",
            "تا دوشنبه ۱ شهریور ۱۴۰۶ زیر پوشش گارانتی است",
        ),
    ],
)
async def test_a_code_in_either_digits_brings_the_warranty_into_the_acknowledgement_and_the_rule(
    houses: Houses, language: str, text: str, said: str
) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena")
    owned(house, lena.id)
    await house.customer("lena@x", "Lena").writes(text, language=language)
    matter = house.only()
    assert said in house.customer("lena@x").mails[0]["text"].replace("\u2068", "").replace("\u2069", "")
    assert matter.tags == ("warranty",)
    assert matter.priority.value == "high"
    assert named(house, matter) == ["SN-1234-5678"]
    assert facts(house, matter) == {
        "found": True,
        "product": "Coffee grinder",
        "model": "PX-200",
        "warranty": "in",
        "service": "unknown",
        "owner": "writer",
    }


async def test_a_later_message_and_an_edit_bring_a_code_too(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena")
    owned(house, lena.id)
    other = owned(house, lena.id, serial="KL-777001", product="Kettle")
    customer = house.customer("lena@x", "Lena")
    await customer.writes("My grinder does not start.")
    assert named(house, house.only()) == []
    assert house.only().tags == ()
    await customer.answers("It says SN-1234-5678 below.")
    assert (named(house, house.only()), house.only().tags) == (["SN-1234-5678"], ("warranty",))
    key = await customer.answers("And the other thing")
    await edits(house, key, "And the kettle, kl 777 001", sender="lena@x")
    assert named(house, house.only()) == [other.about.serial, "SN-1234-5678"]


async def test_the_law_of_privacy_a_code_of_somebody_else_tells_a_customer_nothing(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena Fischer")
    owned(house, lena.id)
    await house.customer("mallory@x", "Mallory").writes("Whose is SN-1234-5678? And until when?")
    matter = house.only()
    assert matter.tags == ("look twice",)
    assert facts(house, matter)["owner"] == "other"
    (mail,) = house.customer("mallory@x").mails
    for secret in ("Lena", "grinder", "PX-200", "SN-1234-5678", "2027", "warranty"):
        assert secret not in json.dumps(mail["text"]), secret
    await house.agent("reza").replies(matter, "We look into it.")
    assert "Lena" not in house.customer("mallory@x").mails[-1]["text"]


async def test_a_colleague_of_the_owner_is_told_and_their_own_thing_goes_before_a_strangers(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena", "Berg AG")
    met(house, "omid@x", "Omid", "Berg AG")
    owned(house, lena.id, organization=lena.organization)
    owned(house, met(house, "x@y").id, serial="ZZ-900100", product="Boiler")
    await house.customer("omid@x", "Omid").writes("ZZ-900100 was it, or SN-1234-5678?")
    assert facts(house, house.only())["owner"] == "organization"
    assert "SN-1234-5678" in house.customer("omid@x").mails[0]["text"]
    assert "Boiler" not in house.customer("omid@x").mails[0]["text"]


async def test_whoever_proved_nothing_is_told_nothing(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    owned(house, met(house, "lena@x", "Lena").id)
    await house.customer("lena@x", "Lena").writes("SN-1234-5678 is broken", authentication="fail")
    assert named(house, house.only()) == ["SN-1234-5678"]
    assert "1234" not in house.customer("lena@x").mails[0]["text"]


# -- by hand -----------------------------------------------------------------------------------------------------------
async def test_an_agent_names_and_takes_off_and_no_message_brings_it_back(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena")
    owned(house, lena.id)
    customer, reza = house.customer("lena@x", "Lena"), house.agent("reza")
    await customer.writes("It does not start.")
    done = await reza.does(house.only(), "asset", code="sn ۱۲۳۴ ۵۶۷۸")
    assert (done.key, named(house, house.only())) == ("done.asset", ["SN-1234-5678"])
    assert (await reza.does(house.only(), "asset", code="SN12345678")).key == "done.asset_already"
    assert (await reza.does(house.only(), "asset", code="SN12345678", off=True)).key == "done.asset_off"
    await customer.answers("As I said, SN-1234-5678")
    assert named(house, house.only()) == []
    with pytest.raises(Refused, match=r"assets\.not_named"):
        await reza.does(house.only(), "asset", code="SN12345678", off=True)
    with pytest.raises(Refused, match=r"assets\.no_such"):
        await reza.does(house.only(), "asset", code="nothing")
    await reza.does(house.only(), "asset", code="SN12345678")
    assert named(house, house.only()) == ["SN-1234-5678"]


async def test_what_goes_together_is_about_both_and_what_is_split_off_about_its_own(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena")
    owned(house, lena.id)
    owned(house, lena.id, serial="KL-777001", product="Kettle")
    customer = house.customer("lena@x", "Lena")
    await customer.writes("SN-1234-5678 does not start.")
    await customer.writes("KL-777001 leaks.")
    one, two = house.conversations()
    await house.agent("sara").does(two, "merge", into=one.reference)
    assert sorted(named(house, house.conversations()[0])) == ["KL-777001", "SN-1234-5678"]
    second = house.said(house.conversations()[0])[-1]
    leaks = next(m for m in house.said(house.conversations()[0]) if "leaks" in m.text)
    assert second is not None
    await house.agent("sara").does(house.conversations()[0], "split", messages=(leaks.id,))
    assert named(house, house.conversations()[-1]) == ["KL-777001"]


async def test_what_is_retired_no_message_finds(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    grinder = owned(house, met(house, "lena@x", "Lena").id)
    retire = partial(verbs.retire, by=OWNER_OF_FILES, playbook=house.playbook(), now=house.clock.now())
    assert house.store.write_now(lambda unit: retire(unit, grinder))
    await house.customer("lena@x", "Lena").writes("SN-1234-5678")
    assert named(house, house.only()) == []


# -- the end -----------------------------------------------------------------------------------------------------------
async def test_before_a_warranty_ends_a_conversation_begins_once_a_step_and_the_owner_hears_nothing(
    houses: Houses,
) -> None:
    house = houses(rules=RULES)
    await house.settle()
    lena = met(house, "lena@x", "Lena")
    today = house.playbook().day(house.clock.now())
    grinder = owned(house, lena.id, warranty_until=today + timedelta(days=40), service_until=today + timedelta(days=3))
    await house.later(days=9)
    assert house.conversations() == []
    await house.later(days=1)
    (first,) = house.conversations()
    assert (first.tags, first.subject.startswith("The warranty of Coffee grinder")) == (("renewal",), True)
    assert named(house, first) == ["SN-1234-5678"]
    assert house.customer("lena@x").mails == []
    assert facts(house, first)["owner"] == "writer"
    await house.later(days=22)
    assert len(house.conversations()) == 1
    await house.later(days=1)
    assert len(house.conversations()) == 2
    await house.later(days=30)
    told = house.store.read_now(assets_warned.of, grinder.id)
    assert [(one.term, one.days) for one, _, _ in told] == [("warranty", 7), ("warranty", 30)]
    assert len(house.conversations()) == 2


async def test_another_date_is_warned_of_anew_and_another_config_counts_anew(houses: Houses) -> None:
    house = houses(rules=RULES)
    await house.settle()
    today = house.playbook().day(house.clock.now())
    grinder = owned(house, met(house, "lena@x").id, warranty_until=today + timedelta(days=31))
    await house.later(days=2)
    assert len(house.conversations()) == 1
    later = About(
        **{
            **{f: getattr(grinder.about, f) for f in GRINDER.__slots__},
            "warranty_until": today + timedelta(days=50),
        }
    )
    change = partial(verbs.change, by=OWNER_OF_FILES, playbook=house.playbook(), now=house.clock.now())
    assert house.store.write_now(lambda unit: change(unit, grinder, later))
    await house.later(days=19)
    assert len(house.conversations()) == 2
    again = houses(rules=RULES, more='[assets]\nwarn_before = ["3 days"]\n', clock=house.clock, network=house.network)
    await again.later(days=23)
    assert len(again.conversations()) == 2
    await again.later(days=4)
    assert len(again.conversations()) == 3
