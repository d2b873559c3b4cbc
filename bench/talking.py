"""All talks of the workload through a bot and the web chat of a real daemon, and what has come of them beside what must have.

The Bot-API server and the visitors' browsers are ours, on loopback. Nobody waits for an answer before they say the next thing.
"""

import json
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.figures import Figure, Result, exactly, machine
from bench.harness import running
from bench.outcome import unsettled
from bench.site import WEBCHAT, bot, make_site
from bench.talks import ExpectedTalks, Network, Part, Said, build
from bench.workload import SEED
from tests.rig.bot_api import TOKEN, BotApi, message
from tests.rig.loopback import HOST, free_port
from tests.rig.wait import NeverHappened, until

PATIENCE = 120.0  # seconds until a measurement is given up
PICTURE = "picture"
SIZE = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """What the store tells: inbound words by conversation in their order, verdicts, acknowledgements sent, pictures fetched."""

    words: Mapping[int, Sequence[str]]
    verdicts: Counter[str]
    acknowledged: Counter[str]
    """By channel."""
    pictures: int


def measure(count: int = 200, seed: int = SEED) -> Result:
    """`count` talks, said as fast as they are taken."""
    words = list(build(count, seed))
    expected = ExpectedTalks.of(words)
    with ExitStack() as ending:
        scratch = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="inbox-bench-")))
        network = ending.enter_context(closing(BotApi(scratch / "network").start()))
        network.world.files[PICTURE] = bytes(SIZE)
        port = free_port()
        site = make_site(scratch / "talks", bot(network.base, network.file_base, port) + "\n" + WEBCHAT, port)
        token = site.folder / "bot-token"
        token.write_text(TOKEN, encoding="utf-8")
        token.chmod(0o600)
        ending.enter_context(running(site))
        browser = _Browser(port)
        for one in words:
            browser.says(one) if one.network is Network.PAGE else _to_bot(network, one)
        with suppress(NeverHappened):
            until(lambda: _over(site.store, expected), within=PATIENCE, every=0.2, what="all is received and said")
        found, sent = _found(site.store), len(network.calls("sendMessage"))
    facts = {**machine(), "talks": str(count), "messages": str(len(words)), "seed": str(seed)}
    return Result("talks", datetime.now(UTC), tuple(compare(words, expected, found, sent)), facts)


def compare(words: Sequence[Said], expected: ExpectedTalks, found: Found, sent: int) -> list[Figure]:
    """The counts that must be met exactly; `sent` is what the bot's network was given."""
    on_bot = [one for one in words if one.network is Network.BOT]
    stored = sum(map(len, found.words.values()))
    talks: dict[int, list[str]] = defaultdict(list)
    for one in words:
        if one.part is not Part.AGAIN:
            talks[one.talk].append(one.text)
    together = Counter(map(tuple, talks.values())) & Counter(map(tuple, found.words.values()))
    return [
        exactly("conversations", len(found.words), expected.conversations),
        exactly("joins", stored - len(found.words), expected.joins),
        exactly("talks whole and in their order", together.total(), expected.conversations),
        exactly("brought again to the bot and stopped", found.verdicts["duplicate"], _count(on_bot, Part.AGAIN)),
        exactly("acknowledgements on the bot's network", sent, _count(on_bot, Part.FIRST)),
        exactly("acknowledgements sent", found.acknowledged.total(), expected.acknowledgements),
        exactly("pictures fetched", found.pictures, expected.pictures),
        exactly("quarantined", found.verdicts["quarantined"], 0),
    ]


def _count(words: Sequence[Said], part: Part) -> int:
    return sum(one.part is part for one in words)


def _to_bot(network: BotApi, one: Said) -> None:
    """One that is brought again has the number of the message and another of the update."""
    file = {"file_id": PICTURE, "file_unique_id": PICTURE, "file_name": "receipt.png", "file_size": SIZE}
    said: dict[str, Any] = {"caption": one.text, "document": file} if one.picture else {"text": one.text}
    network.push({"message": message(one.number, one.person, **said)})


class _Browser:
    """The visitors' browsers, on one connection."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=30)
        self._tokens: dict[int, str] = {}

    def says(self, one: Said) -> None:
        """A visitor who is new comes in first. Raises RuntimeError where it is not taken."""
        if one.person not in self._tokens:
            greeted = self._post("hello", {"language": "en", "page": "https://shop.example/"})
            self._tokens[one.person] = str(greeted["token"])
        said = {"id": f"{one.talk}-{one.number}", "text": one.text, "page": ""}
        self._post("messages", said, self._tokens[one.person])

    def _post(self, path: str, said: Mapping[str, object], token: str = "") -> dict[str, Any]:
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        self._connection.request("POST", f"/channels/web/{path}", json.dumps(said).encode(), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status // 100 != 2:
            raise RuntimeError(f"{path} answered {answer.status}: {body!r}")
        return dict(json.loads(body))


def _over(store: Path, expected: ExpectedTalks) -> bool:
    found = _found(store)
    messages = sum(map(len, found.words.values()))
    return (
        messages >= expected.conversations + expected.joins
        and found.pictures >= expected.pictures
        and found.acknowledged.total() >= expected.acknowledgements
        and not unsettled(store)
    )


def _found(store: Path) -> Found:
    words: dict[int, list[str]] = defaultdict(list)
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=30)) as asked:
        inbound = "SELECT conversation_id, text FROM message WHERE direction = 'inbound' ORDER BY id"
        for conversation, text in asked.execute(inbound):
            words[conversation].append(text)
        verdicts = asked.execute("SELECT verdict, count(*) FROM arrival WHERE verdict IS NOT NULL GROUP BY verdict")
        acknowledged = asked.execute(
            "SELECT channel, count(*) FROM delivery WHERE purpose = 'acknowledgement' AND state = 'sent' GROUP BY channel"
        )
        (pictures,) = asked.execute("SELECT count(*) FROM attachment WHERE state = 'here'").fetchone()
        return Found(words, Counter(dict(verdicts)), Counter(dict(acknowledged)), int(pictures))
