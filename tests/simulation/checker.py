"""What must hold at the end of a week, whatever broke in it: asked of the store and of the ledger of the network."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from channels.memory.network import Network
from inbox.daemon.house import House
from inbox.store import channels
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.path.house import sound
from tests.simulation.people import CHANNELS, Act, Crowd

ECHOES = 3
"""So many automatic mails of ours come of one thing that a person wrote, at most, where a program answers each of them."""


def restless(store: Store, network: Network, addresses: Sequence[str], now: datetime) -> str:
    """What is still to be done and could be; nothing where all is quiet."""
    for name, address in zip(CHANNELS, addresses, strict=True):
        cursor = store.read_now(channels.cursor, name)
        if cursor is None or json.loads(cursor)["last"] < network.mailbox(address).last:
            return f"{address} is not fetched"
    return store.read_now(_unfinished, now)


def _unfinished(unit: Unit, now: datetime) -> str:
    waiting = [row.key for row in unit.execute(t.arrival.select()) if row.verdict is None]
    if waiting:
        return f"arrivals without a verdict: {waiting}"
    begun = [
        f"{row.key} {row.state}"
        for row in unit.execute(t.delivery.select())
        if row.state in ("sending", "unknown") or (row.state == "queued" and row.not_before <= now)
    ]
    return f"deliveries: {begun}" if begun else ""


def breaches(
    store: Store, house: House, network: Network, crowd: Crowd, acts: Sequence[Act], now: datetime
) -> list[str]:
    """All that is not as it must be, a sentence each."""
    found = [*store.read_now(_lost, network), *store.read_now(_sent, network), *store.read_now(_acted, acts)]
    found += store.read_now(_order, network)
    for one in crowd.all:
        got = network.received(one.address)
        automatic = sum(entry.said["automatic"] is not None for entry in got)
        if one.answers and automatic > ECHOES * (one.wrote + len(got) - automatic):
            found.append(f"{automatic} automatic mails went to {one.address}, who wrote {one.wrote} times")
    try:
        sound(store, house, now, house.blobs.holds)
    except AssertionError as error:
        found.append(f"not sound: {error}")
    return found


def _lost(unit: Unit, network: Network) -> list[str]:
    """Everything written is there, once."""
    stored = Counter(row.key for row in unit.execute(t.message.select()) if row.direction == "inbound")
    verdicts = Counter(row.verdict for row in unit.execute(t.arrival.select()))
    offered = [entry for entry in network.ledger if entry.what == "written"]
    found = [f"{verdicts['quarantined']} arrivals quarantined"] if verdicts["quarantined"] else []
    if verdicts.total() != len(offered):
        found.append(f"{len(offered)} were offered, {verdicts.total()} arrived")
    for entry in {entry.key: entry for entry in offered}.values():
        machine = entry.said.get("automatic") is not None
        if stored[entry.key] > 1 or (not stored[entry.key] and not machine):
            found.append(f"{entry.key} is there {stored[entry.key]} times")
    return found


def _sent(unit: Unit, network: Network) -> list[str]:
    """Nothing was taken twice unless somebody decided that it may be, and what we call sent was taken."""
    taken, rows = Counter(entry.key for entry in network.accepted), list(unit.execute(t.delivery.select()))
    repeated = {row.key for row in rows if row.repeated}
    found = [f"{key} was taken {times} times" for key, times in taken.items() if times > 1 and key not in repeated]
    found += [f"{row.key} is sent, and nobody took it" for row in rows if row.state == "sent" and not taken[row.key]]
    known = {row.key for row in rows}
    return found + [f"{key} was taken, and is no delivery" for key in taken if key not in known]


def _acted(unit: Unit, acts: Sequence[Act]) -> list[str]:
    """What an agent was told is done is done once; what was refused is not."""
    said, found = [row.text for row in unit.execute(t.message.select())], []
    for one in acts:
        if one.action not in ("reply", "note"):
            continue
        times = sum(one.mark in text for text in said)
        expected = {"done": (1,), "": (0, 1)}.get(one.outcome, (0,))
        if times not in expected:
            found.append(f"{one.once} ({one.outcome or 'never answered'}) is there {times} times")
    return found


def _order(unit: Unit, network: Network) -> list[str]:
    """The parts of one message come in their order."""
    first: dict[str, int] = {}
    for entry in network.accepted:
        first.setdefault(entry.key, entry.number)
    parts: dict[int, list[tuple[int, int]]] = {}
    for row in unit.execute(t.delivery.select().order_by("id")):
        if row.message_id is not None and row.key in first:
            parts.setdefault(row.message_id, []).append((row.part, first[row.key]))
    return [
        f"the parts of message {message} came out of order"
        for message, found in parts.items()
        if [at for _, at in sorted(found)] != sorted(at for _, at in found)
    ]
