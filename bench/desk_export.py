"""An export of another help desk of any size, in Zendesk's shape: one ticket a line with its comments, and the users beside."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

BEGAN = datetime(2023, 1, 1, tzinfo=UTC)
STATES = ("closed", "closed", "closed", "solved", "solved", "pending", "open", "hold", "new")
WORDS = {
    "fa": ("سفارش من نرسیده است", "فاکتور اشتباه است", "چگونه رمز را عوض کنم؟", "سپاس، درست شد", "امروز پیگیری می‌کنیم"),
    "en": (
        "My order has not come",
        "The invoice is wrong",
        "How do I change it?",
        "Thanks, that works",
        "We look into it today",
    ),
}
ASKED = 4
"""Users for each of whom one ticket in so many is."""


@dataclass(frozen=True, slots=True)
class Made:
    """What an export holds: tickets, things said of which so many are notes, customers, and tickets that are open."""

    matters: int
    words: int
    notes: int
    persons: int
    open: int


def write(folder: Path, words: int, seed: int = 1) -> Made:
    """An export with at least so many things said."""
    folder.mkdir(parents=True, exist_ok=True)
    random, said, notes, matters, open_ = Random(seed), 0, 0, 0, 0
    with (folder / "tickets.json").open("w", encoding="utf-8") as file:
        while said < words:
            matters += 1
            row = _ticket(matters, random)
            said += len(row["comments"])
            notes += sum(not one["public"] for one in row["comments"])
            open_ += row["status"] in ("open", "hold", "new")
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    persons = matters // ASKED + 1
    with (folder / "users.json").open("w", encoding="utf-8") as file:
        for row in _users(persons):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return Made(matters, said, notes, persons, open_)


def _users(persons: int) -> Iterator[dict[str, object]]:
    yield {"id": 1, "name": "Sara Ahmadi", "email": "sara@shop.example", "role": "agent"}
    for n in range(persons):
        yield {"id": 100 + n, "name": f"Customer {n}", "email": f"c{n}@example.org", "role": "end-user"}


def _ticket(number: int, random: Random) -> dict[str, Any]:
    opened, language = BEGAN + timedelta(minutes=20 * number), random.choice(("fa", "en"))
    requester = 100 + number // ASKED
    comments = [_comment(number, n, opened, requester, language, random) for n in range(random.randint(2, 8))]
    return {
        "id": number,
        "subject": f"{WORDS[language][number % 3]} {number}",
        "status": random.choice(STATES),
        "priority": random.choice((None, "low", "normal", "high", "urgent")),
        "requester_id": requester,
        "assignee_id": 1,
        "created_at": opened.isoformat(),
        "updated_at": (opened + timedelta(hours=9)).isoformat(),
        "tags": random.sample(["delivery", "billing", "vip", "returns"], 2),
        "comments": comments,
    }


def _comment(number: int, n: int, opened: datetime, requester: int, language: str, random: Random) -> dict[str, object]:
    ours = n % 2 == 1
    text = " ".join(random.choices(WORDS[language], k=random.randint(2, 12)))
    return {
        "id": number * 100 + n,
        "author_id": 1 if ours else requester,
        "public": not (ours and random.random() < 0.2),
        "created_at": (opened + timedelta(hours=n)).isoformat(),
        "plain_body": text,
        "html_body": f"<div><p>{text}</p></div>",
        "attachments": [],
    }
