"""What visitors are shown: lines, hours and the honest time, what is known of them; as plain values for JSON and pages."""

import asyncio
from collections.abc import Sequence

from channels.webchat.reading import Limits
from inbox.ports.face import Front, Line, LineFile, Outlook, Standing
from inbox.text.bidi import direction

RTL = frozenset({"fa"})


def line(front: Front, said: Line, language: str) -> dict[str, object]:
    """One line of the transcript."""
    return {
        "id": said.message,
        "at": said.at.isoformat(),
        "when": front.moment(said.at, language),
        "ours": said.ours,
        "name": said.name,
        "text": said.text,
        "direction": direction(said.text),
        "automatic": said.automatic,
        "key": said.key,
        "files": [_file(one) for one in said.files],
        "offers": [{"label": one.label, "data": one.data} for one in said.offers],
    }


def lines(front: Front, said: Sequence[Line], language: str) -> list[dict[str, object]]:
    """Lines in their order."""
    return [line(front, one, language) for one in said]


def standing(known: Standing) -> dict[str, object]:
    """What is known of a visitor, as they may see it."""
    return {"address": known.address, "proved": known.proved, "continues": known.continues}


def limits(most: Limits) -> dict[str, int]:
    """What one message may hold: letters, files, bytes of one file and of all."""
    together = most.files * most.file_bytes
    return {"text": most.text, "files": most.files, "file_bytes": most.file_bytes, "bytes": together}


def side(language: str) -> str:
    """The direction of a language's pages."""
    return "rtl" if language in RTL else "ltr"


def sentence(front: Front, outlook: Outlook, language: str) -> str:
    """Hours and the honest time in words."""
    facts = {"opens": outlook.opens_at, "by": outlook.answer_by}
    if outlook.open_now:
        facts["opens"] = None
    words = {name: front.moment(at, language) for name, at in facts.items() if at is not None}
    key = "_".join(["open" if outlook.open_now else "closed", *words])
    return front.say(language, f"webchat.outlook.{key}", **words)


class Outlooks:
    """The outlook, asked for at most once in `seconds`, however many want to know it."""

    def __init__(self, front: Front, seconds: float) -> None:
        self._front = front
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._found: Outlook | None = None
        self._until = 0.0

    async def now(self) -> Outlook:
        """As it stood at most that long ago."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._found is None or now >= self._until:
                self._found = await self._front.outlook()
                self._until = now + self._seconds
            return self._found


def _file(one: LineFile) -> dict[str, object]:
    return {"id": one.id, "name": one.name, "type": one.content_type, "size": one.size, "state": one.state}
