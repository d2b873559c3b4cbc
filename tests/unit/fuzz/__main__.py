"""Reads mutated mails, guided by coverage, until so many were read: `python -m tests.unit.fuzz --runs 100000`.

Whatever raises, or takes more than two seconds, ends the run with its traceback and lies in build/fuzz; give that file
to `--again` to see it once more. Atheris (libFuzzer) keeps what reaches new code and mutates it further; three in four
of its mutations are ours, which know what a mail is.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

BUILD = Path("build") / "fuzz"
LONGEST = 32_000  # bytes of a mail: what is big has bombs of its own, and many small mails find more than few big ones


def main() -> None:
    """Run, and tell how it went in one line. Exits with an error where a mail did harm."""
    parser = argparse.ArgumentParser(prog="python -m tests.unit.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=Path, help="read this file and nothing else")
    asked = parser.parse_args()
    if asked.again:
        from tests.unit.fuzz.survival import Reading

        print(f"{Reading().survives(asked.again.read_bytes()):.2f} s")
        return
    guided(asked.runs, asked.seed)


def guided(runs: int, seed: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # only `make fuzz` installs it

    with atheris.instrument_imports(include=["channels.email", "inbox.text"]):
        from tests.unit.fuzz.mutations import mutated
        from tests.unit.fuzz.seeds import seeds
        from tests.unit.fuzz.survival import Reading

    known = seeds()
    reading = Reading()
    took: list[float] = []
    began = time.monotonic()

    def one(data: bytes) -> None:
        took.append(reading.survives(data))
        if len(took) % 10_000 == 0 or len(took) == runs:
            told = f"{len(took):,} mails in {time.monotonic() - began:.0f} s, none raised anything"
            print(f"{told}; CPU of one: {mean(took) * 1000:.1f} ms, at most {max(took):.2f} s", flush=True)
        if len(took) == runs:
            os._exit(0)

    def change(data: bytes, longest: int, chance: int) -> bytes:
        dice = random.Random(chance)
        if dice.random() < 0.25:
            return bytes(atheris.Mutate(data, longest))
        return mutated(data, dice, known)[:longest]

    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="inbox-fuzz-") as folder:
        for number, mail in enumerate(known):
            (Path(folder) / f"{number:04d}").write_bytes(mail)
        words = [
            f"-seed={seed}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={BUILD}/",
            "-timeout=30",
            "-rss_limit_mb=2048",
        ]
        atheris.Setup([sys.argv[0], *words, folder], one, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
