"""What the meter of a house is made of, and the token with which it is read from elsewhere."""

from importlib.metadata import version

from inbox.daemon.house import House
from inbox.runtime.meter import Meter
from inbox.settings.secret import read
from inbox.web.live.crowd import Crowd

DISTRIBUTION = "inboxd"


def running() -> str:
    """The version that runs."""
    return version(DISTRIBUTION)


def measuring(house: House, crowd: Crowd) -> Meter:
    """The meter of a house whose pages listen in this crowd."""

    def rules() -> tuple[int, bool]:
        return house.playbook.generation, not house.refused

    return Meter(house.store, house.clock, running(), house.settings.channels, rules, lambda: crowd.size)


def reading_token(house: House) -> str:
    """What may be sent from elsewhere; empty: nothing may. Raises Misconfigured where it cannot be found."""
    token = house.settings.metrics.token
    return "" if token is None else read(token, house.site.root, "config.toml: metrics.token")
