"""`inbox check`: everything that is wrong with config, rules, hours, policies and templates, with file and line."""

import typer

from inbox.cli.configured import Verdict, examined, problems
from inbox.cli.context import FINDINGS, Context, of
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statements import all_lost
from inbox.store.examine import lacking
from inbox.store.people import roster


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help="cli.check.help")(check)


def check(ctx: typer.Context) -> None:
    """Read everything, change nothing; exit code 1 where something is wrong."""
    context = of(ctx)
    verdict = verdict_on(context)
    found = [("error", one) for one in verdict.errors] + [("warning", one) for one in verdict.warnings]
    if context.printer.json:
        context.printer.document([row(context, level, problem) for level, problem in found])
    for level, problem in found:
        context.printer.line(f"{context.say(f'cli.level.{level}')}: {context.told(problem)}")
    if not found and not context.printer.json:
        context.printer.done("cli.check.well", rules=verdict.rules, channels=len(context.settings.channels))
    if verdict.errors:
        raise typer.Exit(FINDINGS)


def verdict_on(context: Context, *, suspicions: bool = True) -> Verdict:
    """What is wrong with the site, and with `suspicions` what is surely not meant; where its config cannot be read, that alone."""
    try:
        settings = context.settings
    except ExceptionGroup as error:
        return Verdict(tuple(problems(error)))
    everyone, trouble = known_people(context)
    verdict = examined(context.site, settings, everyone, suspicions=suspicions)
    if not suspicions:
        return verdict
    gone = contracts_lost(context, verdict.book) if verdict.book and not trouble else ()
    return Verdict(verdict.errors, (*trouble, *verdict.warnings, *gone), verdict.rules, verdict.book)


def contracts_lost(context: Context, book: Playbook) -> tuple[Problem, ...]:
    """Contracts that name what the site has not any more."""
    if not store_exists(context):
        return ()
    store = context.open_store()
    try:
        found = () if lacking(store) else store.read_now(all_lost, book, context.now())
    finally:
        store.close()
    return tuple(lost(context, one.name, kind, name) for one, kind, name in found)


def lost(context: Context, contract: str, kind: str, name: str) -> Problem:
    """A contract that names what is gone."""
    return Problem("contracts.lost", name=contract, kind=context.say(f"contracts.lost_kind.{kind}"), lost=name)


def known_people(context: Context) -> tuple[Roster, tuple[Problem, ...]]:
    """Who is in the store, if there is one: looking makes none. Trouble with it is told, and hinders nothing else."""
    if not store_exists(context):
        return Roster(), ()
    try:
        store = context.open_store()
    except Problem as problem:
        return Roster(), (problem,)
    try:
        return (Roster(), (Problem("store.not_migrated"),)) if lacking(store) else (store.read_now(roster), ())
    except Problem as problem:
        return Roster(), (problem,)
    finally:
        store.close()


def store_exists(context: Context) -> bool:
    """Whether there is a database: opening a SQLite file that is not there would make it."""
    url = context.settings.store.url
    return not url.startswith("sqlite:") or (context.site.root / url.removeprefix("sqlite:///")).exists()


def row(context: Context, level: str, problem: Problem) -> dict[str, object]:
    """One finding for programs."""
    where = str(problem.facts.get("where", ""))
    return {"level": level, "where": where, "problem": problem.key, "told": context.told(problem)}
