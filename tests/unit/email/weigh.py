"""What it costs to read each bomb, told by a process that does nothing else: `python -m tests.unit.email.weigh FOLDER`."""

import json
import os
import resource
import sys
import time
from pathlib import Path

from inbox.domain.arrivals import Raw, Spooled
from tests.unit.email.bombs import BOMBS
from tests.unit.email.letters import codec, mail

BIG = "50 MB in one file"


def main() -> None:
    """Print, as JSON, seconds of CPU and megabytes of memory for each bomb by its name."""
    costs = {name: cost(raw) for name, raw in BOMBS.items()}
    costs[BIG] = cost(spooled(Path(sys.argv[1])))
    print(json.dumps(costs))


def spooled(folder: Path) -> Spooled:
    """A mail of 50 MB as it lies in a spool."""
    path = folder / "big.eml"
    head = mail("Content-Type: application/x; name=x\r\nContent-Transfer-Encoding: base64")
    path.write_bytes(head + (b"QUJD" * 19 + b"\r\n") * 640_000)
    return Spooled(path, path.stat().st_size)


def cost(raw: Raw) -> tuple[float, float]:
    """Seconds of CPU and megabytes of memory above what there was before, in a process of its own."""
    listening, saying = os.pipe()
    reader = os.fork()
    if reader == 0:
        before = resident()
        started = time.process_time()
        codec("mx.desk.test").parse(raw)
        seconds = time.process_time() - started
        os.write(saying, json.dumps((seconds, (resident() - before) / 1024)).encode())
        os._exit(0)
    os.close(saying)
    os.waitpid(reader, 0)
    with open(listening, encoding="ascii") as told:
        seconds, megabytes = json.load(told)
    return float(seconds), float(megabytes)


def resident() -> int:
    """The most memory that this process ever had, in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
