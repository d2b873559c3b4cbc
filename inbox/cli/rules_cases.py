"""`inbox rules test`: the test cases tried, what came out otherwise and why, and which rules no case exercises."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.rulebooks import Laid, With, case_files, laid
from inbox.rulebook.cases import Trial, load_cases, never_matched, trial
from inbox.rulebook.decision import Traced
from inbox.rulebook.explain import explain
from inbox.rulebook.failures import Why, reasons
from inbox.text.excerpts import excerpt

SHOWN = 60
"""Characters of the text of a case that are shown."""

Files = Annotated[list[Path] | None, typer.Argument(help="cli.rules.test.argument.files", metavar="[FILE]...")]
Strict = Annotated[bool, typer.Option("--strict", help="cli.rules.test.option.strict")]


def try_cases(ctx: typer.Context, files: Files = None, folder: With = None, strict: Strict = False) -> None:
    """Exit code 1 where a case fails; with `--strict` also where no case exercises a rule."""
    context = of(ctx)
    found = laid(context, folder)
    cases = load_cases(case_files(found.site, tuple(files or ())), found.names)
    trials = [trial(found.book.rulebook, case) for case in cases]
    never = never_matched(found.book.rulebook, trials)
    if context.printer.json:
        context.printer.document(_document(found, trials, never))
    else:
        _print(context, found, trials, never)
    if any(not one.passed for one in trials) or (strict and never):
        raise typer.Exit(FINDINGS)


def _document(found: Laid, trials: list[Trial], never: tuple[str, ...]) -> dict[str, object]:
    return {
        "revision": found.book.rulebook.revision,
        "cases": len(trials),
        "passed": sum(one.passed for one in trials),
        "rules": len(found.book.rulebook.rules),
        "never": never,
        "trials": [_row(found, one) for one in trials],
    }


def _row(found: Laid, one: Trial) -> dict[str, object]:
    return {
        "case": one.case.name,
        "where": one.case.place,
        "passed": one.passed,
        "rules": one.decision.matched,
        "differences": [_plain(why) for why in reasons(found.book.rulebook, one)],
    }


def _plain(why: Why) -> dict[str, object]:
    missed = tuple(one.rule for one in why.missed)
    return {**asdict(why.difference), "author": why.author, "missed": missed, "unseen": why.unseen}


def _print(context: Context, found: Laid, trials: list[Trial], never: tuple[str, ...]) -> None:
    line, say, many = context.printer.line, context.say, context.wording.plural
    for one in trials:
        if not one.passed:
            _failed(context, found, one)
        elif not context.printer.quiet:
            line(f"✓ {one.case.name}")
    if context.printer.quiet and all(one.passed for one in trials):
        return
    passed, rules = sum(one.passed for one in trials), len(found.book.rulebook.rules)
    counts = (
        many(context.language, "cli.rules.test.cases", len(trials)),
        say("cli.rules.test.passed", n=passed),
        say("cli.rules.test.failed", n=len(trials) - passed),
        say("cli.rules.test.exercised", seen=rules - len(never), rules=rules),
    )
    line(" · ".join(counts))
    if never:
        line(say("cli.rules.test.never", rules=", ".join(never)))


def _failed(context: Context, found: Laid, one: Trial) -> None:
    line, say = context.printer.line, context.say
    line(f"✗ {one.case.name} ({one.case.place})")
    for why in reasons(found.book.rulebook, one):
        wanted, got = (", ".join(each) or "-" for each in (why.difference.wanted, why.difference.got))
        key = "cli.rules.test.forbidden" if why.difference.never else "cli.rules.test.differs"
        told = say(key, key=why.difference.key, wanted=wanted, got=got)
        line(f"    {told}{say('cli.rules.test.author', rule=why.author) if why.author else ''}")
        for missed in why.missed:
            line(f"    {say('cli.rules.test.missed', rule=missed.rule, why=_unmet(context, one, missed))}")
        for name in why.unseen:
            line(f"    {say('cli.rules.test.unseen', rule=name)}")


def _unmet(context: Context, one: Trial, missed: Traced) -> str:
    """The condition that did not hold, and the words in which it was looked for."""
    alone = replace(one.decision, trace=(missed,))
    because = explain(alone, context.wording, context.language, everything=True).lines[0].because
    unmet = missed.conditions[-1].key
    facts = one.case.facts
    words = {"text": f"{facts.subject} {facts.text}", "subject": facts.subject, "body": facts.text}
    looked = words.get(unmet.split(".")[0], "").strip()
    said = f" ({context.say('cli.rules.test.said', text=excerpt(looked, SHOWN))})" if looked else ""
    return f"{because[len(missed.conditions) - 1]}{said}"
