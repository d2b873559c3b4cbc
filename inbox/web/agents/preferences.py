"""Preferences: how an agent likes to work, for themselves alone: language, light, keys, and where they are told of what."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.acts import By
from inbox.domain.attention import ALWAYS, UNWRITTEN, Kind, Likes, Place, Quiet
from inbox.domain.digest import Digest
from inbox.domain.ids import AgentId
from inbox.domain.problems import Problem
from inbox.pipeline import daily, staff
from inbox.store import people, preferences
from inbox.store.unit import Unit
from inbox.web import language
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import NAMES, House, frame

PATH = "/preferences"
WEEK: Mapping[str, tuple[int, ...]] = {"fa": (5, 6, 0, 1, 2, 3, 4)}
"""The weekdays in the order of a language, where it is not from Monday on."""


def routes(house: House) -> list[Route]:
    """The page and what it sends."""
    page = Preferences(house)
    return [Route(PATH, page.show), Route(PATH, page.save, methods=["POST"])]


class Preferences:
    """The routes. The owner of the site is no agent, and has none."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/preferences`."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        if made.visitor.agent is None:
            return made.missing()
        roster = await self._house.store.read(people.roster)
        agent = roster.agent_by_id(made.visitor.agent)
        return made.page(
            "preferences",
            kinds=[kind for kind in Kind if kind not in ALWAYS],
            unwritten={(kind, Place.MAIL) for kind in UNWRITTEN},
            places=[place for place in Place if place is not Place.BOT or self._bots()],
            themes=preferences.THEMES,
            languages=[(code, NAMES.get(code, code)) for code in self._house.wording.languages],
            week=WEEK.get(made.language, tuple(range(7))),
            address=agent.address if agent else "",
            own=agent.language if agent else made.language,
            usual=Digest(zone=self._house.site.zone),
        )

    def _bots(self) -> bool:
        """Whether there is a bot that could tell anybody."""
        return self._house.playbook is not None and bool(self._house.playbook().desks)

    async def save(self, request: Request) -> Response:
        """POST `/preferences`: everything that the page shows."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made)
        if made.visitor.agent is None:
            return made.missing()
        try:
            likes = _likes(form, self._house.site.zone)
        except Problem as wrong:
            return made.back(PATH, made.say(wrong.key, **wrong.facts), wrong=True)
        chosen = form.get("language")
        spoken = chosen if chosen in self._house.wording.languages else made.language
        await self._house.store.write(_put, made.visitor.agent, likes, spoken, by(made), made.now)
        response = made.back(PATH, self._house.wording.say(spoken, "web.preferences.saved"))
        self._house.cookies.keep(response, language.COOKIE, spoken)
        return response


def _put(unit: Unit, agent: AgentId, likes: Likes, spoken: str, who: By, now: datetime) -> None:
    daily.like(unit, agent, likes, now)
    staff.reads(unit, agent, spoken, who, now)


def _likes(form: Form, zone: str) -> Likes:
    """Raises Problem where a time is none, or a zone."""
    theme = form.get("theme")
    notices = {kind: frozenset(p for p in Place if p.value in form.values.get(f"notice.{kind}", ())) for kind in Kind}
    theme = theme if theme in preferences.THEMES else "system"
    return Likes(theme, "keys" in form, notices, _quiet(form, zone), _digest(form, zone))


def _quiet(form: Form, zone: str) -> Quiet | None:
    if "quiet" not in form:
        return None
    days = frozenset(int(day) for day in form.values.get("weekday", ()) if day in set("0123456"))
    return Quiet(_time(form.get("start")), _time(form.get("end")), days, zone)


def _digest(form: Form, usual: str) -> Digest | None:
    if form.get("mail") != "daily":
        return None
    zone = form.get("zone").strip() or usual
    if zone not in available_timezones():
        raise Problem("web.preferences.no_zone", zone=zone)
    return Digest(_time(form.get("at")), zone)


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Problem("web.preferences.no_time") from None
