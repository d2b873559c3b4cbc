"""A Bot-API server on a loopback socket, in Telegram's manner or in Bale's, with a ledger that only grows and faults on demand."""

import asyncio
import json
import shutil
import ssl
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

from tests.rig.bot_faults import HANDSHAKE, Fault, Faults, Way
from tests.rig.bot_group import Group
from tests.rig.bot_hook import AGAIN, Hook
from tests.rig.bot_http import Opened, Request, answer, opened
from tests.rig.bot_manners import TELEGRAM, Manners
from tests.rig.bot_methods import Mistake, Sent, carried_out
from tests.rig.listener import Listener
from tests.rig.wait import AT_ONCE, until
from tests.rig.wire import HungUp, Wire

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
BOT: Mapping[str, Any] = {"id": 123456789, "is_bot": True, "first_name": "Desk", "username": "Example_Desk_Bot"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger: a call that was carried out, whatever was answered."""

    number: int
    at: str  # UTC, ISO 8601
    method: str
    parameters: dict[str, str]
    files: dict[str, tuple[str, str]]
    """The name of each file and its bytes in hexadecimal digits."""


@dataclass(slots=True)
class World:
    """What the network knows. `next` is the number of the next update, `kept` those that nobody has confirmed."""

    manners: Manners
    next: int = 1000
    kept: list[dict[str, Any]] = field(default_factory=list)
    hook: Hook = field(default_factory=Hook)
    files: dict[str, bytes] = field(default_factory=dict)
    """Files by the name that the network has for them, which is their path too unless `paths` says otherwise."""
    paths: dict[str, str] = field(default_factory=dict)
    grown: dict[str, int] = field(default_factory=dict)
    """Bytes that a file has when it is downloaded, whatever was said before."""
    numbers: dict[str, int] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    group: Group = field(default_factory=Group)

    def number(self, chat: str) -> int:
        """The number of the next message in a chat."""
        counted = chat if self.manners.numbers_per_chat else ""
        self.numbers[counted] = self.numbers.get(counted, 0) + 1
        return self.numbers[counted]


class BotApi:
    """One running server with one bot. `tls` makes it speak TLS, `username` is the bot's; the ledger (`ledger.jsonl`) lies in `folder`."""

    def __init__(
        self,
        folder: Path | None = None,
        manners: Manners = TELEGRAM,
        tls: ssl.SSLContext | None = None,
        username: str = "Example_Desk_Bot",
    ) -> None:
        self._bot = {**BOT, "username": username}
        self._temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="inbox-bots-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ledger = self.folder / "ledger.jsonl"
        self.lines: list[Line] = list(read_ledger(self.ledger))
        self.world = World(manners)
        self.faults = Faults()
        self._lock = threading.RLock()
        self._changed: set[asyncio.Event] = set()
        self._bringing: asyncio.Future[None] | None = None
        self._scheme = "https" if tls else "http"
        if tls is not None:
            tls.sni_callback = self._handshake
        self._listener = Listener(self._talk, tls)

    @property
    def base(self) -> str:
        """What a token is appended to."""
        return f"{self._scheme}://localhost:{self._listener.port}/bot"

    @property
    def file_base(self) -> str:
        """The same for files."""
        return f"{self._scheme}://localhost:{self._listener.port}/file/bot"

    @property
    def connections(self) -> int:
        """How many connections there were so far."""
        return self._listener.connections

    def start(self) -> "BotApi":
        """Take connections."""
        self._listener.start()
        return self

    def stop(self) -> None:
        """Be unreachable; `start` comes back on the same port with everything that was there."""
        self._listener.pause()

    def close(self) -> None:
        """End; a temporary folder goes away. Raises what went wrong inside."""
        self.world.hook.url = ""
        try:
            if self._bringing is not None:
                self._listener.run(self._brought())
            self._listener.close()
        finally:
            if self._temporary:
                shutil.rmtree(self.folder, ignore_errors=True)

    def calls(self, *methods: str) -> list[Line]:
        """The calls of these methods that were carried out, in order; without a method, everything that sends."""
        with self._lock:
            return [line for line in self.lines if line.method in methods or (not methods and is_sending(line.method))]

    def wait_for(self, count: int, *methods: str, within: float = AT_ONCE) -> list[Line]:
        """The calls of these methods once there are at least `count`."""
        until(lambda: len(self.calls(*methods)) >= count, within=within, what=f"{count} calls of {methods}")
        return self.calls(*methods)

    def push(self, update: Mapping[str, Any]) -> int:
        """Something happened: whoever polls is told. Returns the number of the update."""
        with self._lock:
            number = self.world.next
            self.world.next += 1
            self.world.kept.append({"update_id": number, **update})
        self._listener.soon(self._wake)
        return number

    def write(self, text: str, chat: int = 7, **more: Any) -> int:
        """A person writes to the bot. `more` is any field of a message."""
        with self._lock:
            number = self.world.number(str(chat))
        return self.push({"message": message(number, chat, text=text, **more)})

    def at_desk(self, text: str, person: int = 70, *, topic: int = 0, chat: int = -500, **more: Any) -> int:
        """A person writes in a group, in a topic of it or among all; the number of their message."""
        with self._lock:
            number = self.world.number(str(chat))
        who = {"id": person, "is_bot": False, "first_name": "Sara", "username": f"person{person}"}
        where = {"id": chat, "type": "supergroup", "title": "Desk", "is_forum": bool(topic)}
        inside = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        said = {"message_id": number, "from": who, "chat": where, "date": int(time()), "text": text, **inside, **more}
        self.push({"message": said})
        return number

    def presses(self, data: str, number: int, person: int = 70, chat: int = -500) -> str:
        """A person presses a button under a message; the network's name of the press."""
        who = {"id": person, "is_bot": False, "first_name": "Sara"}
        where = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        under = {"message_id": number, "chat": where, "date": int(time())}
        with self._lock:
            name = f"press{self.world.next}"
        self.push({"callback_query": {"id": name, "from": who, "message": under, "data": data}})
        return name

    def jumps_to(self, number: int) -> None:
        """Updates are counted from here: after a week of silence networks choose a number by chance."""
        with self._lock:
            self.world.next = number

    @property
    def kept(self) -> list[int]:
        """The numbers of the updates that nobody has confirmed."""
        with self._lock:
            return [int(update["update_id"]) for update in self.world.kept]

    def refuses(
        self, method: str, code: int, text: str, *, chat: str | None = None, times: int | None = 1, **parameters: int
    ) -> Fault:
        """Answer with an error of the Bot API; `parameters` such as `retry_after` stand in it."""
        return self.faults.order(Fault(method, Way.REFUSE, code, text, parameters, chat, times))

    def cuts_handshakes(self, *, skip: int = 0, times: int | None = 1) -> Fault:
        """Break the TLS handshake off, `skip` of them aside; until then every connection ends with its answer."""
        return self.faults.order(Fault(HANDSHAKE, Way.CUT, times=times, skip=skip))

    def drops_after(self, method: str, *, accepted: bool = True, times: int | None = 1) -> Fault:
        """Hang up after the body, instead of an answer."""
        return self.faults.order(Fault(method, Way.CUT, accepted=accepted, times=times))

    def drops_half_way(self, method: str, *, times: int | None = 1) -> Fault:
        """Hang up before the body was read: nothing is accepted, though a client cannot know."""
        return self.faults.order(Fault(method, Way.HALF, times=times))

    def garbage_for(
        self, method: str, text: str = "<html>502 Bad Gateway</html>", code: int = 502, *, times: int | None = 1
    ) -> Fault:
        """Answer with what a proxy says."""
        return self.faults.order(Fault(method, Way.GARBAGE, code, text, times=times))

    def hangs_at(self, method: str, *, accepted: bool = True, times: int | None = 1) -> Fault:
        """Say nothing."""
        return self.faults.order(Fault(method, Way.SILENCE, accepted=accepted, times=times))

    def behaves(self) -> None:
        """Forget all ordered failures."""
        self.faults.forget()

    def _handshake(self, *_: object) -> int | None:
        struck = self.faults.take((Way.CUT,), HANDSHAKE)
        return None if struck is None else ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE

    async def _talk(self, wire: Wire) -> None:
        while True:
            begun = await opened(wire)
            method = begun.path.rpartition("/")[2]
            if self.faults.take((Way.HALF,), method):
                return
            last = self.faults.wants_a_handshake
            await wire.send(answer(*await self._answered(begun, method, wire), last=last))
            if last:
                return

    async def _answered(self, begun: Opened, method: str, wire: Wire) -> tuple[int, bytes, str]:
        request = await begun.read()
        if request.path.startswith("/file/"):
            if self.faults.take((Way.CUT,), method):
                raise HungUp
            return self._file(request.path.removeprefix(f"/file/bot{TOKEN}/"))
        if not request.path.startswith(f"/bot{TOKEN}/"):
            return _refused(Mistake(*self.world.manners.bad_token))
        struck = self.faults.take((Way.REFUSE, Way.CUT, Way.GARBAGE, Way.SILENCE), method, _chat(request))
        if struck is not None:
            if struck.accepted:
                self._carry_out(method, request)
            if struck.way is Way.REFUSE:
                return _refused(Mistake(struck.code, struck.text, dict(struck.parameters)))
            if struck.way is Way.GARBAGE:
                return struck.code, struck.text.encode(), "text/html"
            if struck.way is Way.CUT:
                raise HungUp
            await _released(struck, wire)
        try:
            result = await self._updates(request) if method == "getUpdates" else self._carry_out(method, request)
        except Mistake as mistake:
            return _refused(mistake)
        return 200, json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode(), "application/json"

    def _carry_out(self, method: str, request: Request) -> object:
        with self._lock:
            result = carried_out(Sent(method, request, dict(self._bot)), self.world)
            if method == "setWebhook":
                self._listener.soon(self._wake)
            files = {name: (one.filename, one.content.hex()) for name, one in request.files.items()}
            line = Line(len(self.lines) + 1, datetime.now(UTC).isoformat(), method, request.parameters, files)
            with self.ledger.open("a", encoding="utf-8") as ledger:
                ledger.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
            self.lines.append(line)
        return result

    def _file(self, path: str) -> tuple[int, bytes, str]:
        content = self.world.files.get(path)
        if content is None:
            return _refused(Mistake(404, "Not Found"))
        return 200, content + bytes(max(0, self.world.grown.get(path, 0) - len(content))), "application/octet-stream"

    async def _updates(self, request: Request) -> list[dict[str, Any]]:
        """Waits for updates as long as the caller does. What lies before `offset` is forgotten, whatever its number means."""
        if self.world.hook.url:
            raise Mistake(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(request.parameters.get("offset", "0"))
        if offset:
            with self._lock:
                self.world.kept = [one for one in self.world.kept if one["update_id"] >= offset]
        waiting = asyncio.Event()
        self._changed.add(waiting)
        try:
            async with asyncio.timeout(float(request.parameters.get("timeout", "0"))):
                while not self.world.kept:
                    await waiting.wait()
                    waiting.clear()
        except TimeoutError:
            return []
        finally:
            self._changed.discard(waiting)
        with self._lock:
            return self.world.kept[: int(request.parameters.get("limit", "100"))]

    def _wake(self) -> None:
        for waiting in self._changed:
            waiting.set()
        if self.world.hook.url and self._bringing is None:
            self._bringing = asyncio.ensure_future(self._bring())

    async def _brought(self) -> None:
        """Whatever is being brought is the last."""
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.wait([self._bringing])
            self._bringing = None

    async def _bring(self) -> None:
        """Everything that waits to the webhook, in order; what is not taken is brought again."""
        while self.world.hook.url and self.world.kept:
            first = self.world.kept[0]
            if await self.world.hook.bring(first):
                with self._lock:
                    self.world.kept = [one for one in self.world.kept if one is not first]
            else:
                await asyncio.sleep(AGAIN)
        self._bringing = None


def message(number: int, chat: int, **more: Any) -> dict[str, Any]:
    """A message of a person in their private chat, as the Bot API tells of it."""
    person = {"id": chat, "is_bot": False, "first_name": "Ali", "username": f"person{chat}", "language_code": "fa"}
    where = {"id": chat, "type": "private", "first_name": "Ali"}
    return {"message_id": number, "from": person, "chat": where, "date": 1_795_500_000, **more}


def is_sending(method: str) -> bool:
    """Whether a method gives somebody something to read."""
    return method.startswith("send") and method != "sendChatAction"


def read_ledger(path: Path) -> Iterator[Line]:
    """The lines of a ledger; none where there is no file yet."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            files = {name: (one[0], one[1]) for name, one in said.pop("files").items()}
            yield Line(**said, files=files)


async def _released(fault: Fault, wire: Wire) -> None:
    """Until the test says so; a client that leaves meanwhile is gone."""
    ways = [asyncio.ensure_future(fault.released()), asyncio.ensure_future(wire.peer_leaves())]
    done, rest = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for one in rest:
        one.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    if ways[1] in done:
        raise HungUp


def _chat(request: Request) -> str | None:
    return request.parameters.get("chat_id")


def _refused(mistake: Mistake) -> tuple[int, bytes, str]:
    said: dict[str, object] = {"ok": False, "error_code": mistake.code, "description": mistake.text}
    if mistake.parameters:
        said["parameters"] = mistake.parameters
    return mistake.code, json.dumps(said).encode(), "application/json"
