"""What somebody wrote on the portal, checked and handed over: from there on it is an arrival like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile

from inbox.domain.arrivals import Item
from inbox.ports.framing import Enclosed, head
from inbox.text.filenames import safe_filename
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.door import host
from inbox.web.forms import Form
from inbox.web.portal.assets import chosen
from inbox.web.portal.form import Filled, filled
from inbox.web.portal.met import met
from inbox.web.portal.visit import Visit

LONGEST = 20_000
"""Letters of one message."""
FILES, MOST = 5, 20_000_000
"""Files of one message, and the bytes of all together."""
SEEN_WITHIN = 3.0
"""Seconds that somebody waits to see what they wrote; it is stored before that."""
_UNKNOWN = "application/octet-stream"


def most(made: Visit) -> int:
    """Bytes of a form: files are taken of those alone who came in."""
    return session.FORM_CAP if made.customer is None else MOST + session.FORM_CAP


class Unsaid(Exception):
    """What was written cannot be taken as it is. `words`: why, and what to do; `fields`: the same for fields of the form, by name."""

    def __init__(self, words: str, fields: Mapping[str, str]) -> None:
        super().__init__(words)
        self.words, self.fields = words, fields


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the portal's name of their address, and whether they came in by it."""

    address: str
    name: str
    proved: bool


async def say(made: Visit, who: Author, form: Form, thread: str, paces: Paces, *, asks: bool = False) -> None:
    """Store it, and wait a moment until it can be seen; `asks`: the form has the fields of the channel. Raises Unsaid."""
    text = form.get("text").replace("\r\n", "\n").strip()
    files = form.files.get("files", ()) if who.proved else ()
    answers = filled(made, form) if asks else Filled({}, {})
    wrong = await _wrong(made, who, text, files, answers, paces)
    if wrong or answers.wrong:
        raise Unsaid(wrong, answers.wrong)
    id = form.get("once")[:60] or session.fresh()
    said = {
        **met(made, form),
        "kind": "message",
        "customer": who.address,
        "name": who.name,
        "id": id,
        "thread": thread,
        "subject": form.get("subject").strip()[:200],
        "text": text,
        "chosen": form.get("chosen")[:40],
        "filled": dict(answers.values),
        "about": await chosen(made, form) if asks else "",
        "proved": who.proved,
        "language": made.language,
    }
    told = [Enclosed(safe_filename(one.filename or ""), one.content_type or _UNKNOWN, one.size or 0) for one in files]
    raw = head(made.portal.kind, said, told) + b"".join([await one.read() for one in files])
    assert made.house.visits is not None
    await made.house.visits.put(made.portal.name, thread, Item(f"{who.address} {id}", raw), SEEN_WITHIN)


async def _wrong(
    made: Visit, who: Author, text: str, files: Sequence[UploadFile], answers: Filled, paces: Paces
) -> str:
    if not text and not files:
        return made.say("portal.nothing_said")
    if len(text) > LONGEST:
        return made.say("portal.too_long", limit=LONGEST)
    if len(files) > FILES or sum(one.size or 0 for one in files) > MOST:
        return made.say("portal.too_many_files", limit=FILES, size=MOST // 1_000_000)
    if answers.wrong:
        return made.say("form.wrong")
    if made.house.visits is None:
        return made.say("web.ending")
    wait = await paces.tries(f"write {who.address}", host(made.request), made.now)
    return made.say("portal.too_often", minutes=wait) if wait else ""
