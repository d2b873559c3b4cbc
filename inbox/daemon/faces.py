"""The faces: the HTTP sides of those channels that have one, each with the front that the house offers it."""

from collections.abc import Mapping
from functools import partial

from inbox.daemon.house import House
from inbox.domain.arrivals import Item
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Batch
from inbox.ports.face import ASGIApp, Face
from inbox.ports.wake import Wake
from inbox.runtime.intake import Intake
from inbox.runtime.wakes import ProcessWake
from inbox.text.wording import Wording
from inbox.web.front import ChannelFront, Rooms
from inbox.web.lookout import Lookout
from inbox.web.visits import Visits


class Faces:
    """Those of one process. `lookout` has to run while they are open; `visits`: the way in for pages of the house itself."""

    def __init__(self, house: House, wake: Wake, wording: Wording) -> None:
        self._found = _faces(house)
        self._calls = ProcessWake()
        shown = [one.name for one in house.playbook.channels.values() if one.codec.traits.live]
        self.lookout = Lookout(shown, house.store, wake, self._calls, house.clock)
        intake = Intake(house.store, house.blobs, house.clock, house.probe)
        self.visits = Visits(partial(_land, intake), self.lookout)
        self._rooms = Rooms(
            house.store, house.blobs, lambda: house.playbook, wording, house.clock, self.visits.accept, self.lookout
        )

    def open(self) -> Mapping[ChannelName, ASGIApp]:
        """The application of each, on the running event loop."""
        self._calls.attach()
        return {n: face.routes(ChannelFront(n, self._rooms, face.pages)) for n, face in self._found.items()}


def _faces(house: House) -> dict[ChannelName, Face]:
    secret, found = house.site.secret(), {}
    for name, settings in house.settings.channels.items():
        place = settings.place(house.site.root, house.site.data, secret)
        face = settings.adapter.face(place, settings.options)
        if face is not None:
            found[name] = face
    return found


async def _land(intake: Intake, name: ChannelName, item: Item) -> None:
    await intake.land(name, Batch((item,), None))
