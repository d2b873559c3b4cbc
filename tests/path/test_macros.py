"""Macros: what a saved reply says and does, that nothing is said with a gap in it, and that all of it happens or nothing."""

from pathlib import Path

import pytest

from inbox.actions.action import Done
from inbox.actions.registry import Misused
from inbox.daemon import written
from inbox.domain import events as ev
from inbox.domain.conversations import Priority, State
from inbox.domain.problems import Misconfigured
from inbox.pipeline import macros as verbs
from inbox.pipeline.macros import Unfilled
from inbox.pipeline.reply import Refused, Stale
from inbox.store import macro_uses
from tests.path.conftest import Houses
from tests.path.house import House

QUIET = {"10-a.toml": '[[rule]]\nname = "quiet"\nthen.acknowledgement = "none"\n'}
BOTH = """
title = { fa = "مرسوله", en = "Parcel" }
ask.code = "Tracking code"
then.tag = ["sent"]
then.priority = "low"
then.field.carrier = "post"
then.note = "I looked it up"
then.state = "done"
[text]
en = "Hello {{ contact_name }}, code {{ ask.code }}."
fa = "سلام {{ contact_name }}، کد {{ ask.code }}."
"""


def lay(folder: Path, **files: str) -> None:
    """Macro files of the site."""
    (folder / "rules" / "macros").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "rules" / "macros" / f"{name}.toml").write_text(text, encoding="utf-8")


async def opened(houses: Houses, folder: Path, **files: str) -> House:
    lay(folder, **files)
    house = houses(rules=QUIET)
    await house.settle()
    return house


async def asked(house: House, text: str = "Where is it?", name: str = "Sara", **more: str) -> None:
    await house.customer("sara@x", name).writes(text, **more)


async def uses(house: House, name: str, handle: str = "reza", *, once: str = "", **wanted: object) -> Done:
    done = house.agent(handle).acts(house.only(), "macro", once=once, name=name, **wanted)
    await house.settle()
    return done


def offered(house: House, handle: str = "reza", word: str = "", *, here: bool = False) -> list[verbs.Offered]:
    agent, book, now = house.agent(handle).who, house.playbook(), house.clock.now()
    id = house.only().id if here else None
    return house.store.read_now(lambda unit: verbs.offered(unit, agent, book, now, word=word, conversation=id))


async def test_one_says_and_does_in_one_act_what_the_agent_would_have_done_by_hand(
    houses: Houses, tmp_path: Path
) -> None:
    house = await opened(houses, tmp_path, parcel=BOTH)
    await asked(house)
    done = await uses(house, "parcel", values={"code": "A-1"})
    matter = house.only()
    assert house.customer("sara@x").mails[0]["text"].startswith("Hello Sara, code A-1.")
    assert (matter.state, matter.priority, matter.tags) == (State.DONE, Priority.LOW, ("sent",))
    assert dict(matter.fields) == {"carrier": "post"}
    assert {"priority", "field.carrier"} <= set(matter.pinned), "rules leave alone what an agent's macro set"
    by = {event.actor.name for event in house.log(matter) if isinstance(event.payload, ev.Tagged | ev.PrioritySet)}
    assert by == {"Reza"}
    assert [house.told(matter, kind) != [] for kind in (ev.Noted, ev.Replied)] == [True, True]
    assert (done.key, done.facts["macro"]) == ("done.macro", "Parcel")


async def test_the_customer_is_answered_in_their_language(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, parcel=BOTH)
    await asked(house, "مرسوله کجاست؟", "سارا", language="fa")
    await uses(house, "parcel", values={"code": "A-1"})
    assert house.customer("sara@x").mails[0]["text"].startswith("سلام سارا، کد A-1.")


async def test_another_language_than_the_customers_is_told(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, hello='title = "Hello"\ntext.en = "Hello."')
    await asked(house, "مرسوله کجاست؟", language="fa")
    done = await uses(house, "hello")
    assert done.key == "done.macro_other_language"
    assert (done.facts["language"], done.facts["reads"]) == ("en", "fa")


@pytest.mark.parametrize(("name", "values", "missing"), [
    ("Sara", {}, "ask.code (Tracking code)"),
    ("Sara", {"code": "  "}, "ask.code (Tracking code)"),
    ("", {"code": "A-1"}, "contact_name"),
    ("", {}, "contact_name, ask.code (Tracking code)"),
])  # fmt: skip
async def test_what_is_missing_blocks_all_of_it_and_the_text_comes_back(
    houses: Houses, tmp_path: Path, name: str, values: dict[str, str], missing: str
) -> None:
    house = await opened(houses, tmp_path, parcel=BOTH)
    await asked(house, name=name)
    before = house.only()
    with pytest.raises(Unfilled) as blocked:
        await uses(house, "parcel", values=values)
    assert blocked.value.facts["missing"] == missing
    assert all(f"⟦{one.split()[0]}⟧" in blocked.value.text for one in missing.split(", "))
    assert blocked.value.text not in str(blocked.value), "what is said to customers stays out of logs"
    assert (house.only(), house.customer("sara@x").mails, offered(house, word="parcel")[0].used.total) == (
        before,
        [],
        0,
    )


async def test_a_text_that_the_agent_completed_is_sent_and_one_with_a_mark_is_not(
    houses: Houses, tmp_path: Path
) -> None:
    house = await opened(houses, tmp_path, parcel=BOTH)
    await asked(house)
    with pytest.raises(Unfilled) as blocked:
        await uses(house, "parcel")
    with pytest.raises(Unfilled, match=r"ask\.code"):
        await uses(house, "parcel", text=blocked.value.text)
    await uses(house, "parcel", text="Hello Sara, it has no code.")
    assert "it has no code." in house.customer("sara@x").mails[0]["text"]
    assert house.only().state is State.DONE


async def test_a_field_of_the_conversation_is_said_and_its_absence_blocks(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, order='title = "Order"\ntext.en = "About {{ field.order|bdi }}."')
    await asked(house)
    with pytest.raises(Unfilled, match=r"field\.order"):
        await uses(house, "order")
    await house.agent("reza").does(house.only(), "field", name="order", value="A-27")
    await uses(house, "order")
    assert house.customer("sara@x").mails[0]["text"].startswith("About A-27.")


async def test_each_half_works_alone(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, parcel=BOTH)
    await asked(house)
    await uses(house, "parcel", only="actions")
    assert (house.only().tags, house.only().state, house.customer("sara@x").mails) == (("sent",), State.DONE, [])
    await uses(house, "parcel", only="text", values={"code": "A-1"}, anyway=True)
    assert (len(house.customer("sara@x").mails), house.only().state) == (1, State.WAITING)


async def test_files_of_one_half_work_and_lack_the_other(houses: Houses, tmp_path: Path) -> None:
    files = {"say": 'title = "S"\ntext.en = "Hello."', "do": 'title = "D"\nthen.snooze = "2 working days"'}
    house = await opened(houses, tmp_path, **files)
    await asked(house)
    for name, half in (("say", "actions"), ("do", "text")):
        with pytest.raises(Refused, match="no_such_half"):
            await uses(house, name, only=half)
    await uses(house, "say")
    assert house.only().state is State.WAITING
    await uses(house, "do")
    assert house.only().state is State.SNOOZED
    await house.later(days=4)
    assert house.only().state is State.OPEN


async def test_an_answer_comes_before_the_snooze_that_it_would_end(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, s='title = "S"\ntext.en = "Soon."\nthen.snooze = "2 days (24x7)"')
    await asked(house)
    await uses(house, "s")
    assert (house.only().state, len(house.customer("sara@x").mails)) == (State.SNOOZED, 1)


async def test_when_one_thing_is_refused_nothing_of_it_happens(houses: Houses, tmp_path: Path) -> None:
    house = await opened(
        houses, tmp_path, parcel=BOTH, spam='title = "S"\nthen.tag = "x"\nthen.snooze = "2 working days"'
    )
    await asked(house)
    await house.agent("sara").replies(house.only(), "Here it is.")
    before = house.only()
    with pytest.raises(Stale):
        await uses(house, "parcel", values={"code": "A-1"})
    await house.agent("sara").does(house.only(), "done")
    ended = house.only()
    with pytest.raises(Refused, match="no_such_move"):
        await uses(house, "spam")
    assert (house.only(), ended.tags, before.tags) == (ended, (), ())
    assert all(one.used.total == 0 for one in offered(house, word="parcel"))


async def test_rules_see_what_a_macro_did(houses: Houses, tmp_path: Path) -> None:
    lay(tmp_path, urgent='title = "U"\nthen.priority = "urgent"')
    rule = '[[rule]]\nname = "seen"\non = "field-changed"\nwhen.changed.priority.to = "urgent"\nthen.tag = "alarm"\n'
    house = houses(rules={"10-a.toml": QUIET["10-a.toml"] + rule})
    await house.settle()
    await asked(house)
    await uses(house, "urgent")
    assert house.only().tags == ("alarm",)


async def test_one_is_for_the_members_of_its_teams_and_for_leads(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, ours='title = "Nightly"\nteams = ["nights"]\nthen.tag = "x"')
    await asked(house)
    with pytest.raises(Refused, match="not_yours"):
        await uses(house, "ours", "reza")
    assert [[one.macro.name for one in offered(house, who, "nightly")] for who in ("reza", "mina", "sara")] == [
        [],
        ["ours"],
        ["ours"],
    ]
    await uses(house, "ours", "mina")
    assert house.only().tags == ("x",)


async def test_uses_are_counted_by_agent_in_a_month_and_in_all(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, t='title = "Tick"\nthen.tag = "x"')
    await asked(house)
    await uses(house, "t")
    await house.later(days=31)
    await uses(house, "t")
    await uses(house, "t", "sara")
    [found] = offered(house, word="tick")
    ours = {house.agent(who).who.id: found.uses[house.agent(who).who.id] for who in ("reza", "sara")}
    now = house.clock.now()
    assert list(ours.values()) == [macro_uses.Uses(1, 2, now), macro_uses.Uses(1, 1, now)]
    assert found.used == macro_uses.Uses(2, 3, now)


async def test_a_call_that_is_repeated_counts_and_says_it_once(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, t='title = "Tick"\ntext.en = "Hello."')
    await asked(house)
    for _ in range(2):
        await uses(house, "t", once="k")
    assert (len(house.customer("sara@x").mails), offered(house, word="tick")[0].used.total) == (1, 1)


async def test_they_are_found_by_title_and_text_however_they_are_spelled(house: House) -> None:
    def names(word: str) -> list[str]:
        return [one.macro.name for one in offered(house, word=word)]

    assert names("شماره سفارش")[0] == "ask-order-number"
    assert names("تامین كننده") == ["waiting-for-supplier"]
    assert names("REFUND") == ["refund-done"]
    assert names("browser") == ["cannot-reproduce"]
    assert names("browser supplier") == []
    assert names("rowser") == [], "the beginning of a word, not its middle"
    assert len(names("")) == 8


async def test_a_list_for_a_conversation_shows_what_each_would_say_there(house: House) -> None:
    await asked(house, language="en")
    found = {one.macro.name: one.filled for one in offered(house, here=True)}
    order, quiet = found["sent-today"], found["advertising"]
    assert order is not None
    assert (quiet, order.missing, order.text.splitlines()[0]) == (None, ("ask.order", "ask.tracking"), "Hello Sara,")


@pytest.mark.parametrize("off", ["", "# not for us\n", 'title = "x"\ndisabled = true\n'])
async def test_a_file_of_the_site_wins_and_an_empty_one_switches_the_shipped_one_off(
    houses: Houses, tmp_path: Path, off: str
) -> None:
    files = {"close-politely": off, "refund-done": 'title = "Ours"\nthen.tag = "refund"'}
    house = await opened(houses, tmp_path, **files)
    found = {one.macro.name: one.title for one in offered(house)}
    assert ("close-politely" in found, found["refund-done"], len(found)) == (False, "Ours", 7)


async def test_saved_files_are_live_as_a_whole_or_not_at_all(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, t='title = "Tick"\nthen.tag = "x"')
    lay(tmp_path, t='title = "Tock"\nthen.tag = "x"', u='title = "U"\ntext.en = "{{ nmae }}"')
    [wrong] = house.rooms.reload()
    assert (wrong.key, wrong.facts["where"]) == ("template.unknown_variable", "rules/macros/u.toml:2")
    assert offered(house, word="tick")[0].title == "Tick"
    refused = written.fingerprint(house.site)
    lay(tmp_path, u="")
    assert written.fingerprint(house.site) != refused, "a running daemon sees that it was saved"
    assert house.rooms.reload() == ()
    assert offered(house, word="tock")[0].title == "Tock"


async def test_over_a_restart_a_wrong_one_is_left_out_and_told_of(houses: Houses, tmp_path: Path) -> None:
    await opened(houses, tmp_path, t='title = "Tick"\nthen.tag = "x"')
    lay(tmp_path, u='title = "U"\nthen.tags = "x"')
    house = houses()
    [wrong] = house.rooms.refused
    assert wrong.facts["where"] == "rules/macros/u.toml:2"
    assert offered(house, word="tick")[0].title == "Tick"
    await asked(house)
    with pytest.raises(Misconfigured, match=r"u\.toml:2"):
        await uses(house, "u")


async def test_what_is_asked_for_in_vain_is_named(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, parcel=BOTH)
    await asked(house)
    with pytest.raises(Refused, match="no_such_question"):
        await uses(house, "parcel", values={"cod": "A-1"})
    with pytest.raises(Refused, match="parcel"):
        await uses(house, "parcels")
    with pytest.raises(Misused, match="only"):
        await uses(house, "parcel", only="jokes")


async def test_a_customer_cannot_write_into_the_marks(houses: Houses, tmp_path: Path) -> None:
    house = await opened(houses, tmp_path, t='title = "Tick"\ntext.en = "About {{ subject }}."')
    await asked(house, subject="a \U000f0000 b {{ 7 }} ⟦x⟧")
    await uses(house, "t")
    assert "About a  b {{ 7 }} ⟦x⟧." in house.customer("sara@x").mails[0]["text"]
