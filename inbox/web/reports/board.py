"""The lead's board: GET `/board?days=30`, and each of its tables as a file; for leads and the owner."""

from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.pipeline.leading import PERIODS, LeadsBoard, board
from inbox.pipeline.leading_tables import NAMES, groups, tables
from inbox.pipeline.outcome import recall
from inbox.sla.calibration import wilson
from inbox.store.standing import Health, health
from inbox.store.unit import Unit
from inbox.web.frame import Frame, House, frame
from inbox.web.ops.rulebook import closed
from inbox.web.reports.charts import charts, everything


def routes(house: House) -> list[Route]:
    """All of this room."""
    reports = Reports(house)
    return [
        Route("/board", reports.board),
        Route("/board.csv", reports.file),
        Route("/settings/channels", reports.channels),
    ]


class Reports:
    """The routes. Whoever is no lead and not the owner finds nothing here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def board(self, request: Request) -> Response:
        """GET `/board?days=7`: of these days 7, 30 and 90 are offered."""
        made, found = await self._found(request)
        if isinstance(found, Response):
            return found
        low, high = wilson(found.promises.kept, found.promises.n)
        return made.page(
            "board",
            board=found,
            periods=PERIODS,
            names=NAMES,
            interval=(low, high),
            whole=everything(found.flow),
            teams=charts(found.flow, "team", groups(found, "team")),
            channels=charts(found.flow, "channel", groups(found, "channel")),
            titles={queue.name: queue.title for queue in found.queues},
            list_of=list_of,
        )

    async def file(self, request: Request) -> Response:
        """GET `/board.csv?table=queue&days=30`: the same numbers."""
        made, found = await self._found(request)
        if isinstance(found, Response):
            return found
        name = request.query_params.get("table", "")
        if name not in NAMES:
            return made.missing()
        file = f'attachment; filename="board-{name}-{found.now:%Y-%m-%d}.csv"'
        content = tables(found)[name].file
        return Response(content, media_type="text/csv; charset=utf-8", headers={"content-disposition": file})

    async def channels(self, request: Request) -> Response:
        """GET `/settings/channels`: each channel, how it stands, and where it is down, why and what to do."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        found = await self._house.store.read(health)
        return made.page("channels", health=found, problems={one.row.name: _why(made, one) for one in found})

    async def _found(self, request: Request) -> tuple[Frame, LeadsBoard | Response]:
        """The board of the period that was asked for, or why there is none."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return made, shut
        asked = request.query_params.get("days", str(PERIODS[1]))
        days = next((one for one in PERIODS if str(one) == asked), None)
        if days is None:
            return made, made.missing()
        return made, await self._house.store.read(_board, ZoneInfo(self._house.site.zone), days, made)


def _board(unit: Unit, zone: ZoneInfo, days: int, made: Frame) -> LeadsBoard:
    return board(unit, zone, days, made.now)


def list_of(*filters: str) -> str:
    """The address of the list that these filters find, such as `is:open` and `team:orders`."""
    return f"/?q={quote(' '.join(filters))}"


def _why(made: Frame, one: Health) -> str:
    """What is wrong with a channel and what to do about it, in the catalogue's words; empty where nothing is."""
    kept = one.row.problem
    problem = recall(kept) if kept else None
    return (kept or "") if problem is None else made.house.wording.problem(made.language, problem)
