"""A backtest in the browser: what other rules would have made of the real history. It runs elsewhere, and changes nothing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inbox.domain.problems import Problem
from inbox.pipeline.backtested import Asked
from inbox.store import decisions, live
from inbox.store.decisions import Revision
from inbox.store.unit import Unit
from inbox.text import dates
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.ops import backtest_form as the_form
from inbox.web.ops import backtested
from inbox.web.ops.backtests import KEPT, LASTS, Backtests, Run
from inbox.web.ops.rulebook import closed

HOME = "/rules/backtest"
REVISIONS = 20
"""Earlier rules that can be chosen."""
AGAIN = 2
"""Seconds after which the page of one that runs asks again by itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """The live rules with hours and policies by file, and the rules that were live before them."""

    live: Mapping[str, str]
    earlier: tuple[Revision, ...]


class Backtest:
    """The routes. Whoever is no lead and not the owner finds nothing here."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def form(self, request: Request) -> Response:
        """GET `/rules/backtest?again=NAME`: what to compare with what, as it was asked before or as usual."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        if (backtests := self._house.backtests) is None:
            return made.missing()
        before = backtests.find(request.query_params.get("again", ""))
        return await self._form(made, backtests, before.form if before is not None else the_form.USUAL)

    async def begin(self, request: Request) -> Response:
        """POST: start it, and go to its page; the form again with what is wrong in it."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        sent = (await posted(made, the_form.MOST)).first
        if (backtests := self._house.backtests) is None:
            return made.missing()
        try:
            asked = the_form.asked(sent, self._channels(), made.now, _zone(made))
        except Problem as problem:
            return await self._form(made, backtests, sent, self._house.wording.problem(made.language, problem))
        assert made.visitor is not None
        form = {name: sent.get(name, usual) for name, usual in the_form.USUAL.items()}
        run = backtests.begin(asked, form, made.visitor.name)
        if run is None:
            return await self._form(made, backtests, sent)
        return RedirectResponse(f"{HOME}/{run.name}", 303)

    async def result(self, request: Request) -> Response:
        """GET `/rules/backtest/NAME?change=&page=`: how far it is, and then what it came to."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        run = self._run(request)
        if run is None:
            return made.missing()
        about: dict[str, Any] = {"run": run, **_about(made, run.asked)}
        if run.figures is not None:
            return await self._figures(made, run, about)
        wrong = [self._house.wording.problem(made.language, one) for one in run.wrong]
        still = "still" in request.query_params
        response = made.page("backtest_running", **about, wrong=wrong, still=still)
        if run.ended is None and not still:
            response.headers["refresh"] = str(AGAIN)  # works without scripts; the page has a way to switch it off
        return response

    async def stop(self, request: Request) -> Response:
        """POST `/rules/backtest/NAME/stop`: end it."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        await posted(made)
        run, backtests = self._run(request), self._house.backtests
        if run is None or backtests is None:
            return made.missing()
        await backtests.stop(run)
        return RedirectResponse(f"{HOME}/{run.name}", 303)

    def _run(self, request: Request) -> Run | None:
        backtests = self._house.backtests
        return backtests.find(request.path_params["name"]) if backtests is not None else None

    def _channels(self) -> list[str]:
        return [str(name) for name in self._house.playbook().channels] if self._house.playbook is not None else []

    async def _form(self, made: Frame, backtests: Backtests, typed: Mapping[str, str], problem: str = "") -> Response:
        known = await self._house.store.read(_known)
        files = await asyncio.to_thread(backtests.written)
        differ = sorted(name for name in {*files, *known.live} if files.get(name) != known.live.get(name))
        busy = backtests.running if made.request.method == "POST" and not problem else None
        facts = {"known": known, "differ": differ, "channels": self._channels(), "periods": the_form.PERIODS}
        limits = {
            "draft": the_form.DRAFT,
            "name": the_form.NAME,
            "kept": KEPT,
            "hours": int(LASTS / timedelta(hours=1)),
        }
        runs = [(run, _about(made, run.asked), _outcome(made, run)) for run in backtests.kept()]
        status = 400 if problem else 409 if busy else 200
        today = dates.table(made.now, made.language, _zone(made)).split(" ")[0]
        said = {"typed": {**the_form.USUAL, **typed}, "problem": problem, "busy": busy, "runs": runs, "today": today}
        return made.page("backtest", status, **facts, **said, limits=limits)

    async def _figures(self, made: Frame, run: Run, about: Mapping[str, Any]) -> Response:
        assert run.figures is not None
        store, figures, query = self._house.store, run.figures, made.request.query_params
        shown = await backtested.part(store, made.scope, run, made.say, query.get("change", ""), query.get("page", ""))
        return made.page(
            "backtested",
            **about,
            part=shown,
            figures=figures,
            sentence=backtested.sentence(figures, made.say),
            changes=backtested.changes(figures, made.say),
            stands=backtested.stands(figures, made.say),
            hits=backtested.rows(figures.hits),
            clocks=await backtested.clocks(store, made.scope, figures.clocks, made.say),
            assumed=backtested.ASSUMED,
            limit=backtested.FIELDS,
        )


def _zone(made: Frame) -> ZoneInfo:
    return ZoneInfo(made.house.site.zone)


def _about(made: Frame, asked: Asked) -> dict[str, str]:
    """Which rules on which history, in words."""
    say: Callable[..., str] = made.say
    day = partial(dates.day, language=made.language, zone=_zone(made))
    window = asked.window
    period = say("web.backtest.period", since=day(window.since), until=day(window.until - timedelta(microseconds=1)))
    where = say("web.backtest.on_channel", name=window.channel) if window.channel else say("web.backtest.all_channels")
    rules = say(f"web.backtest.which.{asked.which}", revision=asked.revision[:7], name=asked.name)
    return {"rules_told": rules, "period": period, "where": where}


def _outcome(made: Frame, run: Run) -> str:
    """In a few words."""
    if run.figures is not None:
        return backtested.sentence(run.figures, made.say)
    if run.ended is None:
        return made.say("web.backtest.so_far", n=run.done)
    return made.say("web.backtest.stopped" if run.stopped else "web.backtest.wrong")


def _known(unit: Unit) -> Known:
    now, found = live.state(unit).live, decisions.revisions(unit, REVISIONS + 1)
    if now is None:
        return Known({}, tuple(found[:REVISIONS]))
    files = next((one.files for one in found if one.digest == now.revision), {})
    earlier = tuple(one for one in found if one.digest != now.revision)
    return Known({**files, **now.others}, earlier[:REVISIONS])
