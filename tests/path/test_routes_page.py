"""The page of a conversation says who the customer is and where an answer goes."""

from inbox.domain.deliveries import DeliveryState
from inbox.store import entry
from inbox.web.app import app
from inbox.web.session import digest
from tests.path.conftest import Houses
from tests.path.talking import CHANNELS, chats, proves
from tests.web.asking import Visitor
from tests.web.sites import WORDING


async def test_the_page_says_who_they_are_and_where_an_answer_goes(houses: Houses) -> None:
    house = houses(more=CHANNELS)
    await house.settle()
    await chats(house, "777", "Where is my order?")
    await proves(house, "777", "lena@x")
    house.network.faults.shuts_out("777")
    await house.agent("reza").replies(house.only(), "Tomorrow.")
    assert house.deliveries("reply")[0].state is DeliveryState.FAILED
    site = house.rooms.settings.site
    pages = app(house.store, WORDING, site, house.clock, ready=lambda: True, playbook=house.playbook)
    house.store.write_now(entry.add_link, digest("t"), house.agent("reza").who.id, house.clock.now())
    visitor = Visitor(pages)
    assert (await visitor.sign_in("/login/t")).status == 303
    reference = house.only().reference
    for language, words in (
        ("en", ("Answers go to", "unreachable", "proved", "Other ways")),
        ("fa", ("پاسخ می‌رود به",)),
    ):
        page = (await visitor.get(f"/c/{reference}?lang={language}")).text
        assert all(one in page for one in words), language
        assert page.index("lena@x", page.index(words[0])) < page.index("</ul>", page.index(words[0]))
        command = f"inbox reply {reference} --over memory:lena@x"
        assert command in page.replace("\u2068", "").replace("\u2069", ""), "the error is told in words"
        assert '{"key"' not in page
