"""Reports by mail on pages: POST `/reports/NAME/schedule`, GET `/reports/scheduled`, POST `/reports/scheduled/ID/end`."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.ids import AgentId, ReportLetterId
from inbox.domain.problems import Problem
from inbox.domain.report_letters import Every, ReportLetter, Subject
from inbox.pipeline import report_letters as verbs
from inbox.pipeline.outcome import recall
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reports import NAMES
from inbox.pipeline.reports_printed import title
from inbox.store import people, report_letters
from inbox.store.unit import Unit
from inbox.text.dates import moment
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number, of_path
from inbox.web.ops.rulebook import closed

PLACE = "/reports/scheduled"
_LATEST = 23
_OFTEN = frozenset(every.value for every in Every)


def routes(house: House) -> list[Route]:
    """All of them; before those of single reports, whose names they would be."""
    letters = Letters(house)
    return [
        Route(PLACE, letters.listed),
        Route(f"{PLACE}/{{id}}/end", letters.end, methods=["POST"]),
        Route("/reports/{name}/schedule", letters.schedule, methods=["POST"]),
    ]


class Letters:
    """The routes. Each lead sees and ends their own; the owner sees and ends all."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def listed(self, request: Request) -> Response:
        """GET: when each is due, and what became of the last."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        found = await self._house.store.read(report_letters.every, _whose(made))
        names = await self._house.store.read(_names)
        shown = [(one, names.get(one.agent, ""), self._why(made, one)) for one in found]
        return made.page("reports_scheduled", letters=shown, names=NAMES)

    async def schedule(self, request: Request) -> Response:
        """POST: this report, to whoever asks."""
        made, name = await frame(self._house, request), request.path_params["name"]
        if (shut := closed(made)) is not None:
            return shut
        form = await posted(made)
        playbook, visitor = self._playbook(), made.visitor
        if name not in NAMES or playbook is None or visitor is None or visitor.agent is None:
            return made.missing()
        hour = number(form.get("at"))
        if hour is None or hour > _LATEST or form.get("every") not in _OFTEN:
            raise HTTPException(400)
        given = {key: form.get(key).strip()[:200] for key in ("team", "channel", "tag", "organization")}
        subject = Subject(name, **given, hours="working" if form.get("hours") == "working" else "calendar")
        wanted = (subject, Every(form.get("every")), time(hour))
        try:
            letter = await self._house.store.write(_schedule, visitor.agent, *wanted, playbook, made.now)
        except Problem as problem:
            return made.back(f"/reports/{name}", made.house.wording.problem(made.language, problem), wrong=True)
        at = moment(letter.due_at, made.language, ZoneInfo(self._house.site.zone))
        return made.back(PLACE, made.say("web.reports.scheduled_now", report=title(name, made.say), at=at))

    async def end(self, request: Request) -> Response:
        """POST: no more of it."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        await posted(made)
        try:
            gone = await self._house.store.write(verbs.end, ReportLetterId(of_path(request, "id")), _whose(made))
        except Problem:
            return made.missing()
        return made.back(PLACE, made.say("web.reports.unscheduled", report=title(gone.subject.report, made.say)))

    def _playbook(self) -> Playbook | None:
        return self._house.playbook() if self._house.playbook else None

    def _why(self, made: Frame, one: ReportLetter) -> str:
        problem = recall(one.why) if one.why else None
        return "" if problem is None else made.house.wording.problem(made.language, problem)


def _whose(made: Frame) -> AgentId | None:
    """Whose letters they may see: an agent's own; None: all."""
    return made.visitor.agent if made.visitor is not None else AgentId(0)


def _names(unit: Unit) -> dict[AgentId, str]:
    return {one.id: one.called for one in people.roster(unit).agents}


def _schedule(
    unit: Unit, whose: AgentId, subject: Subject, every: Every, at: time, playbook: Playbook, now: datetime
) -> ReportLetter:
    agent = people.roster(unit).agent_by_id(whose)
    id = None if agent is None else verbs.schedule(unit, agent, subject, every, at, playbook, now)
    found = None if id is None else report_letters.one(unit, id)
    if found is None:
        raise Problem("report.letters.not_theirs", agent=str(whose))
    return found
