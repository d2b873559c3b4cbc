"""Where more came than could be received at once: the log says once that we are behind, and once that we have caught up."""

from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.path.house import SUPPORT, House

MANY = 120
"""More than two handfuls."""


async def flooded(house: House, seconds: float) -> list[EventDict]:
    """So many wait that long, then they are received; what the log says of receiving as a whole."""
    for n in range(MANY):
        house.network.write(f"{n}@x", "support@acme", "Where is it?", language="en")
    await house._fetch(SUPPORT)
    with capture_logs() as lines:
        await house.later(seconds=seconds)
    assert len(house.verdicts()) % MANY == 0
    return [line for line in lines if line["event"] in ("behind", "caught-up")]


async def test_it_is_told_once_that_we_are_behind_and_once_that_we_have_caught_up(house: House) -> None:
    told = await flooded(house, 7)
    assert [line["event"] for line in told] == ["behind", "caught-up"]
    assert (told[0]["waiting"], told[0]["oldest_s"], told[0]["log_level"]) == (MANY, 7, "warning")
    told = await flooded(house, 7)
    assert [line["event"] for line in told] == ["behind", "caught-up"], "and the next time as well"


async def test_a_backlog_that_is_received_at_once_is_nothing_to_tell(house: House) -> None:
    assert await flooded(house, 3) == []
