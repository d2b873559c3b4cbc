"""How many messages a second rules decide, with 10, 100 and 1,000 of them, and what each of ten times as many costs.

    python -m bench.rules [--seconds 1] [--seed 42]

The rules are a mix as sites have it: of ten, seven look for words of their own in either language, one each for an address,
a header and a pattern of priority and tag as set so far; the last one takes everything. A message mentions the words of a
few rules. One process decides one message after the other; rates are per second of CPU. `walked` looks at every rule.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock

from rich.console import Console

from bench.figures import Figure, Result, at_least, at_most, conclude, machine, told
from inbox.rulebook.decision import Decision
from inbox.rulebook.facts import Facts, Moment
from inbox.rulebook.load import load
from inbox.rulebook.match import evaluate, walk
from inbox.rulebook.names import Names
from inbox.rulebook.rulebook import Rulebook

SIZES = (10, 100, 1_000)
WANTED = 1_000.0  # messages a second with a thousand rules: one in a millisecond
DEARER = 5.0  # times the cost of ten times fewer rules
MESSAGES = 200
WORDS = 120
_ENGLISH = [
    "parcel",
    "invoice",
    "account",
    "the",
    "router",
    "is",
    "not",
    "here",
    "since",
    "monday",
    "please",
    "call",
    "me",
    "about",
    "this",
    "order",
    "thank",
    "you",
]
_PERSIAN = [
    "سلام",
    "لطفاً",
    "سفارش",
    "من",
    "هنوز",
    "نرسیده",
    "فاکتور",
    "اشتباه",
    "است",
    "حساب",
    "کاربری",
    "مودم",
    "قطع",
    "شده",
    "با",
    "تشکر",
]


@dataclass(frozen=True, slots=True)
class Workload:
    """Rules and messages of one size."""

    rulebook: Rulebook
    messages: tuple[Facts, ...]


def workload(size: int, seed: int) -> Workload:
    """So many rules, and messages that a few of them are for."""
    dice = random.Random(seed)  # a workload, not a secret
    rules = [_rule(place) for place in range(size - 1)]
    rules.append(
        '[[rule]]\nname = "default"\non = ["conversation-opened", "message-received"]\nthen.priority = "normal"\n'
    )
    messages = tuple(_message(dice, size) for _ in range(MESSAGES))
    return Workload(load({"10-bench.toml": "".join(rules)}, Names()), messages)


def _rule(place: int) -> str:
    when = {
        7: f'when.from = "*@firm{place}.example"',
        8: f'when.header.x_project = "p{place}"',
        9: f'when.priority_above = "high"\nwhen.tag = "t{place}"',
    }.get(place % 10, f'when.text.mentions = ["topic{place} name", "موضوع{place} نام", "code-{place}"]')
    return f'[[rule]]\nname = "rule {place}"\non = "message-received"\n{when}\nthen.tag = ["t{place}"]\n'


def _message(dice: random.Random, size: int) -> Facts:
    words = dice.choices(_PERSIAN if dice.random() < 0.5 else _ENGLISH, k=WORDS)
    for _ in range(2):
        words.insert(dice.randrange(WORDS), f"موضوع{dice.randrange(size)} نام")
    return Facts(
        events=("conversation-opened", "message-received"),
        at=datetime(2026, 1, 6, 9, tzinfo=UTC),
        moment=Moment(date(2026, 1, 6), clock(12, 30)),
        channel="support",
        sender=f"someone@firm{dice.randrange(size)}.example",
        subject=" ".join(words[:6]),
        text=" ".join(words),
        headers=(("x-project", f"p{dice.randrange(size)}"),),
    )


def rate(decide: Callable[[Rulebook, Facts], Decision], work: Workload, seconds: float) -> float:
    """Messages a second of CPU."""
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        for message in work.messages[done % MESSAGES :][:20]:
            decide(work.rulebook, message)
        done += 20
    return done / spent


def measure(seconds: float = 1.0, seed: int = 42) -> Result:
    """All sizes, with the index and without."""
    figures: list[Figure] = []
    quick: dict[int, float] = {}
    for size in SIZES:
        work = workload(size, seed)
        quick[size] = rate(evaluate, work, seconds)
        walked = rate(walk, work, seconds)
        figures += [
            told(f"{size} rules", quick[size], "messages/s"),
            told(f"{size} rules, a message", 1_000 / quick[size], "ms"),
            told(f"{size} rules, walked", walked, "messages/s"),
        ]
    figures += [
        at_least("1,000 rules, a second", quick[1_000], "messages/s", WANTED, binding=False),
        at_most("ten times the rules cost", quick[100] / quick[1_000], "times", DEARER, binding=True),
    ]
    return Result("rules", datetime.now(UTC), tuple(figures), {**machine(), "seed": str(seed)})


def main() -> None:
    """Measure, print the table, write JSON; exits 1 when the cost grows as fast as the rules."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=42)
    asked = parser.parse_args()
    sys.exit(conclude([measure(asked.seconds, asked.seed)], Console()))


if __name__ == "__main__":
    main()
