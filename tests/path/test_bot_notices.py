"""What concerns an agent is told them by bot, where they like that and are linked: with a button, and not in quiet hours."""

from datetime import time, timedelta

from inbox.domain.acts import By
from inbox.domain.articles import About, Words
from inbox.domain.attention import Kind, Likes, Place, Quiet
from inbox.domain.rule_events import PageAcknowledged
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.store import article_notices, notifications, preferences
from inbox.store.unit import Unit
from tests.path.conftest import Desks
from tests.path.desk_house import REZA, SARA, DeskHouse

BOT = Likes(notices=dict.fromkeys(Kind, frozenset({Place.PAGE, Place.BOT})))
WAITS = timedelta(minutes=4)


async def told(desks: Desks, likes: Likes = BOT, *linked: str) -> DeskHouse:
    """Lena's conversation becomes Sara's, who likes to be told by bot."""
    at = await desks()
    at.links(*(linked or ("sara", "reza")))
    at.house.store.write_now(preferences.put, at.house.agent("sara").who.id, likes)
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    at.house.agent("reza").acts(at.house.only(), "assign", to="sara")
    await at.settle()
    return at


async def test_it_is_told_in_private_what_happened_and_to_whom(desks: Desks) -> None:
    at = await told(desks)
    assert at.group.texts(str(SARA)) == [], "it may be read on the page yet"
    at.house.clock.advance(WAITS)
    await at.settle()
    (notice,) = at.group.texts(str(SARA))
    assert "It is yours now" in notice
    assert at.house.only().reference in notice
    assert "Lena" in notice
    assert at.group.texts(str(REZA)) == []


async def test_what_was_read_is_not_told(desks: Desks) -> None:
    at = await told(desks)
    now = at.house.clock.now()
    at.house.store.write_now(notifications.seen, at.house.agent("sara").who.id, at.house.only().id, now)
    at.house.clock.advance(WAITS)
    await at.settle()
    assert at.group.texts(str(SARA)) == []


async def test_quiet_hours_hold_it_back(desks: Desks) -> None:
    quiet = Quiet(time(0), time(23, 59))
    at = await told(desks, Likes(notices=BOT.notices, quiet=quiet))
    at.house.clock.advance(WAITS)
    await at.settle()
    assert at.group.texts(str(SARA)) == []
    at.house.store.write_now(preferences.put, at.house.agent("sara").who.id, BOT)
    at.house.clock.advance(timedelta(minutes=16))
    await at.settle()
    assert any("It is yours now" in text for text in at.group.texts(str(SARA)))


async def test_whoever_is_not_linked_is_told_on_the_page_alone(desks: Desks) -> None:
    at = await told(desks, BOT, "reza")
    at.house.clock.advance(WAITS)
    await at.settle()
    assert at.group.texts(str(SARA)) == []
    assert at.house.store.read_now(notifications.next_by_bot, "telegram") is None


async def test_whoever_is_linked_on_another_network_alone_is_left_to_that_one(desks: Desks) -> None:
    at = await desks()
    at.links("sara", kind="bale")
    at.house.store.write_now(preferences.put, at.house.agent("sara").who.id, BOT)
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    at.house.agent("reza").acts(at.house.only(), "assign", to="sara")
    at.house.clock.advance(WAITS)
    await at.settle()
    now, store = at.house.clock.now(), at.house.store
    assert store.read_now(notifications.next_by_bot, "telegram") is None, "nobody waits for it here"
    assert len(store.read_now(notifications.by_bot, "bale", now)) == 1, "and nobody has taken it away"


async def test_its_button_takes_the_conversation(desks: Desks) -> None:
    at = await told(desks)
    at.house.clock.advance(WAITS)
    at.house.agent("reza").acts(at.house.only(), "note", text="@sara have a look")
    at.house.agent("reza").acts(at.house.only(), "assign", to="none")
    at.house.clock.advance(WAITS)
    await at.settle()
    matter = at.house.only()
    number = max(n for (chat, n) in at.group.standing if chat == str(SARA))
    assert "A note names you" in at.group.standing[str(SARA), number][0]
    at.server.presses(f"desk:take:{matter.id}", number, chat=SARA, person=SARA)
    at.server.presses("desk:take:999", number, chat=SARA, person=SARA)
    at.server.presses(f"desk:done:{matter.id}", number, chat=SARA, person=SARA)
    await at.settle()
    assert at.house.only().assignee == at.house.agent("sara").who.id
    assert at.house.only().state.value == "open"


RULE = (
    '[[rule]]\nname = "on call"\non = ["conversation-opened"]\nwhen.text.mentions = "down"\nthen.page = "agent:sara"\n'
)


async def test_a_call_comes_at_once_also_in_quiet_hours_and_its_button_ends_it(desks: Desks) -> None:
    at = await desks(rules={"10-on-call.toml": RULE})
    at.links("sara", "reza")
    quiet = Likes(notices=BOT.notices, quiet=Quiet(time(0), time(23, 59)))
    at.house.store.write_now(preferences.put, at.house.agent("sara").who.id, quiet)
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    await at.settle()
    (called,) = [text for text in at.group.texts(str(SARA)) if "You are called" in text]
    assert at.house.only().reference in called
    number = max(n for (chat, n) in at.group.standing if chat == str(SARA))
    at.server.presses(f"desk:acknowledge:{at.house.only().id}", number, chat=SARA, person=SARA)
    await at.settle()
    assert len(at.house.told(at.house.only(), PageAcknowledged)) == 1
    at.house.clock.advance(timedelta(hours=2))
    await at.settle()
    assert len([text for text in at.group.texts(str(SARA)) if "You are called" in text]) == 1


async def test_a_review_of_an_article_that_is_asked_for_is_told_without_a_conversation(desks: Desks) -> None:
    at = await desks()
    at.links("sara")
    sara, now = at.house.agent("sara").who.id, at.house.clock.now()
    at.house.store.write_now(preferences.put, sara, BOT)

    def ask(unit: Unit) -> None:
        owner = Editor(By("owner"), leads=True)
        made = verbs.create(unit, owner, About("refunds"), "en", Words("How long do refunds take?", "Ten days."), now)
        article_notices.add(unit, [sara], (made.id, "en"), "review-asked", None, now)

    at.house.store.write_now(ask)
    await at.settle()
    assert at.group.texts(str(SARA)) == [], "it may be read on the page yet"
    at.house.clock.advance(WAITS)
    await at.settle()
    (notice,) = at.group.texts(str(SARA))
    assert "A review of an article is asked for" in notice
    assert "How long do refunds take?" in notice
