"""`inbox rules check`: everything that is wrong with the rules and what they stand on, and all that is surely not meant."""

from typing import Annotated

import typer

from inbox.cli.check import row
from inbox.cli.configured import Verdict, problems
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.rulebooks import Laid, With, case_files, laid, tried
from inbox.domain.problems import Problem
from inbox.rulebook.cases import load_cases
from inbox.rulebook.check import check as suspicious

Strict = Annotated[bool, typer.Option("--strict", help="cli.rules.check.option.strict")]


def check(ctx: typer.Context, folder: With = None, strict: Strict = False) -> None:
    """Exit code 1 where something is wrong; with `--strict` a warning counts as well."""
    context = of(ctx)
    tried(context, folder)
    verdict, files = _looked_over(context, folder)
    found = [("error", one) for one in verdict.errors] + [("warning", one) for one in verdict.warnings]
    _print(context, verdict, files, found)
    if verdict.errors or (strict and verdict.warnings):
        raise typer.Exit(FINDINGS)


def _looked_over(context: Context, folder: With) -> tuple[Verdict, int]:
    """What is wrong, and how many files hold rules; where they cannot be loaded, that alone is told."""
    try:
        found = laid(context, folder)
    except ExceptionGroup as error:
        return Verdict(tuple(problems(error))), 0
    rulebook = found.book.rulebook
    warnings = suspicious(rulebook, found.names)
    return Verdict(_in_cases(found), warnings, len(rulebook.rules)), len(rulebook.files)


def _in_cases(found: Laid) -> tuple[Problem, ...]:
    """What is wrong with the test cases: they keep no rule from going live."""
    try:
        load_cases(case_files(found.site), found.names)
    except Problem as error:
        return tuple(problems(error))
    return ()


def _print(context: Context, verdict: Verdict, files: int, found: list[tuple[str, Problem]]) -> None:
    printer, say = context.printer, context.say
    if printer.json:
        counts = {"rules": verdict.rules, "files": files}
        printer.document({**counts, "findings": [row(context, level, problem) for level, problem in found]})
        return
    for level, problem in found:
        printer.line(f"{say(f'cli.level.{level}')}: {context.told(problem)}")
    if not printer.quiet:
        printer.line(_counted(context, verdict, files))


def _counted(context: Context, verdict: Verdict, files: int) -> str:
    """`7 rules in 4 files · 1 error · 1 warning`."""

    def many(what: str, count: int) -> str:
        return context.wording.plural(context.language, f"cli.rules.count_{what}", count)

    errors, warnings = len(verdict.errors), len(verdict.warnings)
    rules = f"{many('rules', verdict.rules)} {many('files', files)}"
    return " · ".join((rules, many("errors", errors), many("warnings", warnings)))
