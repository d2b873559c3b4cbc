"""The page of the audit log: who came in or was refused, and who changed whom."""

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.acts import Act, Entry
from inbox.pipeline.week import NAMES as DAYS
from inbox.store import audit
from inbox.text.fold import persian_digits
from inbox.web.accounts.settings import opened
from inbox.web.frame import Frame, House

PAGE = 100
MOST = 2**62
_ROLES = ("agent", "lead", "admin")
_FIELDS = ("name", "address", "language", "languages", "skills", "capacity")
_KNOWN = frozenset(act.value for act in Act)


class Log:
    """The route `/settings/audit`. Admins and the owner of the site."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listing(self, request: Request) -> Response:
        """GET `/settings/audit?before=`: the latest first."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        typed = request.query_params.get("before", "")
        before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
        if typed and before is None:
            return made.missing()
        found = await self._house.store.read(audit.page, PAGE + 1, before)
        more = found[PAGE - 1].id if len(found) > PAGE else None
        lines = [(one, sentence(made, one), _who(made, one)) for one in found[:PAGE]]
        return made.page("audit", lines=lines, more=more, before=before, here="audit")


def sentence(made: Frame, one: Entry) -> str:
    """What was done, in words; an act of a later version by its name."""
    if one.act not in _KNOWN:
        return one.act
    detail = made.say("web.audit.joint").join(_word(made, word) for word in one.detail)
    facts = {"about": one.about or "-", "name": one.name, "detail": detail or "-", "way": _way(made, one.name)}
    if one.act == Act.ROLE_CHANGED and len(one.detail) == 2:
        facts |= {"old": _word(made, one.detail[0]), "new": _word(made, one.detail[1])}
    known = one.act == Act.REFUSED and not one.about
    return made.say(f"web.audit.act.{one.act}{'_unknown' if known else ''}", **facts)


def _way(made: Frame, name: str) -> str:
    return made.say(f"web.audit.way.{name}") if name in ("link", "password", "oidc", "code") else name


def _word(made: Frame, word: str) -> str:
    if word in _ROLES:
        return made.say(f"web.role.{word}")
    if word in _FIELDS:
        return made.say(f"web.people.field.{word}")
    day, blank, span = word.partition(" ")
    if not blank or day not in DAYS:
        return word
    return f"{made.say(f'cli.day.{day}')} {persian_digits(span) if made.language == 'fa' else span}"


def _who(made: Frame, one: Entry) -> str:
    if one.who == "agent":
        return one.by
    return made.say("web.owner") if one.who == "owner" else made.say("web.audit.nobody")
