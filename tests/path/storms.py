"""What storms are made of, and what the process holds while they pass."""

import json
from pathlib import Path

from channels.memory.network import Entry
from tests.path.house import House


def reported(house: House, ours: Entry, number: int) -> None:
    """A delivery report about something that we sent."""
    said = {
        "kind": "report",
        "key": f"dsn-{number}",
        "about": [ours.key],
        "recipient": "sara@x",
        "outcome": "failed",
        "permanent": True,
        "status": "5.1.1",
    }
    house.network.offer("support@acme", json.dumps(said).encode())


def resident() -> float:
    """What this process holds, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
