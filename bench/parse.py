"""How fast mail is read, with everything on, beside the standard library's parser alone, in the same run.

    python -m bench.parse [--count 5000] [--seed 42]

The standard library's side is `email.message_from_bytes` with its fast policy, compat32, and nothing else: it finds
fields and parts and decodes neither. Our side is all of `inbox parse`: charsets, addresses, ids, the sanitised HTML,
text from HTML, new words, attachments, automatic mail, bounces, fingerprint, language, and the JSON. Each side is a
process of its own that does one mail after the other; the sides take turns, and rates are per second of CPU, which
other work on the machine disturbs least. Then the command itself is timed, start included, with one child and with two.
"""

import argparse
import email
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console

from bench.figures import Figure, Result, at_least, conclude, exactly, machine, ratio_at_least, told
from bench.footprint import watched
from bench.workload import COUNT, SEED, build, write_eml
from channels.email.codec import reader

RATIO_WANTED = 0.5
SPEED_UP_WANTED = 1.5  # of two children over one, where there are two cores
REPEAT = 3


@dataclass(frozen=True, slots=True)
class Side:
    """What one process managed: mails a second of CPU, and its peak memory in MB."""

    mails_per_second: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Command:
    """What the command managed: mails a second by the clock, lines, and the peak memory of the family in MB."""

    mails_per_second: float
    lines: int
    peak_mb: float


def alone(raw: bytes) -> object:
    """The standard library's parser, and nothing else."""
    return email.message_from_bytes(raw)


def decoded(raw: bytes) -> object:
    """The same, and the transfer encoding of each part undone."""
    return [part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk()]


def everything() -> Callable[[bytes], object]:
    """All that `inbox parse` does with a mail."""
    describe = reader().describe
    return lambda raw: json.dumps(describe(raw), ensure_ascii=False).encode()


SIDES: dict[str, Callable[[], Callable[[bytes], object]]] = {
    "alone": lambda: alone,
    "decoded": lambda: decoded,
    "everything": everything,
}


def run(side: str, folder: Path) -> Side:
    """Read every mail of a folder in this process, one after the other."""
    read, files = SIDES[side](), sorted(folder.iterdir())
    began = time.process_time()
    for file in files:
        read(file.read_bytes())
    took = time.process_time() - began
    peak = Path("/proc/self/status").read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]
    return Side(len(files) / took, int(peak) / 1024)


def measure(count: int = COUNT, seed: int = SEED) -> Result:
    """Read the workload on every side, in turns, and by the command. Raises `RuntimeError` where a process fails."""
    with tempfile.TemporaryDirectory(prefix="inbox-parse-") as scratch:
        folder = Path(scratch) / "mails"
        size = sum(len(mail.raw) for mail in write_eml(build(count, seed), folder))
        runs = [{side: _in_a_process_of_its_own(side, folder) for side in SIDES} for _ in range(REPEAT)]
        commands = [_command(folder, jobs) for jobs in (1, 2)]
    figures = (*_sides(runs), *_commands(commands, count), told("size of the workload", size / 2**20, "MB"))
    return Result("parse", datetime.now(UTC), figures, {**machine(), "mails": str(count), "seed": str(seed)})


def _sides(runs: list[dict[str, Side]]) -> tuple[Figure, ...]:
    def of(side: str) -> float:
        return median(run[side].mails_per_second for run in runs)

    alone = of("alone")
    return (
        ratio_at_least("mails a second of CPU", of("everything"), "/s", alone, RATIO_WANTED, binding=True),
        told("mails a second of CPU, parts decoded and nothing else", of("decoded"), "/s", floor=alone),
        told("peak memory", runs[0]["everything"].peak_mb, "MB", floor=runs[0]["alone"].peak_mb),
    )


def _commands(commands: list[Command], count: int) -> tuple[Figure, ...]:
    one, two = commands
    faster = two.mails_per_second / one.mails_per_second
    cores = len(os.sched_getaffinity(0))
    return (
        told("inbox parse --stdin-list --jobs 1, start included", one.mails_per_second, "/s"),
        told("inbox parse --stdin-list --jobs 2, start included", two.mails_per_second, "/s"),
        at_least("two jobs to one", faster, "", SPEED_UP_WANTED, binding=False)
        if cores > 1
        else told("two jobs to one, on one core", faster),
        told("peak memory of the command with two children", two.peak_mb, "MB"),
        exactly("lines for as many paths", min(one.lines, two.lines), count),
    )


def _in_a_process_of_its_own(side: str, folder: Path) -> Side:
    command = [sys.executable, "-m", "bench.parse", "--side", side, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
    if done.returncode:
        raise RuntimeError(f"The side {side} could not be measured on {folder}: {done.stderr}")
    return Side(**json.loads(done.stdout))


def _command(folder: Path, jobs: int) -> Command:
    paths = "".join(f"{file}\n" for file in sorted(folder.iterdir())).encode()
    command = [str(Path(sys.executable).with_name("inbox")), "parse", "--stdin-list", "--jobs", str(jobs)]
    began = time.perf_counter()
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
        watched(process.pid) as peak,
    ):
        lines = process.communicate(paths)[0].count(b"\n")
    took = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"inbox parse ended with {process.returncode} on {folder}")
    return Command(lines / took, lines, peak.mb)


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when the ratio or the count is not met."""
    parser = argparse.ArgumentParser(prog="python -m bench.parse", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--side", choices=list(SIDES), help="one side, in this very process, on the mails of --folder")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps(asdict(run(asked.side, asked.folder))))
    else:
        sys.exit(conclude([measure(asked.count, asked.seed)], Console()))


if __name__ == "__main__":
    main()
