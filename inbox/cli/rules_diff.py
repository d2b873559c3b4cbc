"""`inbox rules diff`: what differs between a stored rulebook and the files, in words, and what that does to the latest decisions."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.revisions import SHORT, meant
from inbox.cli.rulebooks import Laid, With, laid
from inbox.cli.rules_report import FIELDS
from inbox.pipeline.backtest import Replay, Tally
from inbox.rulebook.differences import Differing, Part, differences
from inbox.rulebook.load import Refused, load
from inbox.rulebook.told import percent, told
from inbox.store import decisions
from inbox.store.decisions import Revision

Rev = Annotated[str, typer.Argument(help="cli.rules.argument.revision", metavar="[REV]")]
Sample = Annotated[int, typer.Option(min=0, max=20_000, help="cli.rules.diff.option.sample")]
Exit = Annotated[bool, typer.Option("--exit-code", help="cli.rules.diff.option.exit")]


def diff(
    ctx: typer.Context, revision: Rev = "", folder: With = None, sample: Sample = 500, exit_code: Exit = False
) -> None:
    """Exit code 1 where the rules differ, when asked for by `--exit-code`."""
    context = of(ctx)
    old, found = meant(context, revision), laid(context, folder)
    differing = differences(old.files, found.book.rulebook.files)
    tally = _sampled(context, old, found, sample) if sample and differing else None
    if context.printer.json:
        context.printer.document(_document(old, found, differing, tally))
    else:
        for line in _lines(context, old, found, differing, tally):
            context.printer.line(line)
        if tally is None and sample and differing:
            context.printer.line(context.say("cli.rules.diff.no_sample"))
    if differing and exit_code:
        raise typer.Exit(FINDINGS)


def _sampled(context: Context, old: Revision, found: Laid, sample: int) -> Tally | None:
    """The latest decisions under both; None where the old rules name what is not there any more."""
    try:
        before = load(old.files, found.names)
    except Refused:
        return None
    replay = Replay(found.book.rulebook, found.book.calendars, before)
    return replay.all(context.store.read_now(decisions.latest, sample))


def _document(old: Revision, found: Laid, differing: tuple[Differing, ...], tally: Tally | None) -> dict[str, object]:
    sampled = tally and {
        "decisions": tally.decisions,
        "conversations": tally.conversations,
        "changed": tally.changed,
        "fields": [{**asdict(change), "conversations": count} for change, count in tally.fields.most_common()],
    }
    revision = found.book.rulebook.revision
    return {
        "before": old.digest,
        "after": revision,
        "differences": [asdict(one) for one in differing],
        "sample": sampled,
    }


def _lines(
    context: Context, old: Revision, found: Laid, differing: tuple[Differing, ...], tally: Tally | None
) -> Iterator[str]:
    say = context.say
    revisions = {"before": old.digest[:SHORT], "after": found.book.rulebook.revision[:SHORT]}
    yield say("cli.rules.diff.head" if differing else "cli.rules.diff.same", **revisions)
    for one in differing:
        yield from spoken(context, one)
    if tally is not None:
        counts = {"decisions": tally.decisions, "changed": tally.changed, "conversations": tally.conversations}
        yield say("cli.rules.diff.sample", **counts, share=percent(tally.share))
        for change, count in tally.fields.most_common(FIELDS):
            yield f"  {count:>6}  {told(context.say, change)}"


def spoken(context: Context, one: Differing) -> Iterator[str]:
    """One difference in words, with what of the rule is another."""
    key = f"cli.rules.diff.{one.kind}"
    if one.kind == "moved":
        where = {"was": _behind(context, one.was), "behind": _behind(context, one.behind)}
        yield context.say(key, rule=one.rule, where=one.place, **where)
    else:
        yield context.say(key, rule=one.rule, where=one.place, was=one.was)
    for part in one.parts:
        yield f"    {_part(context, part)}"


def summary(context: Context, differing: tuple[Differing, ...]) -> str:
    """All differences in a few words: `+ new one · ~ urgent words`."""
    return " · ".join(context.say(f"cli.rules.diff.short.{one.kind}", rule=one.rule) for one in differing)


def _behind(context: Context, name: str) -> str:
    return context.say("cli.rules.diff.behind", rule=name) if name else context.say("cli.rules.diff.first")


def _part(context: Context, part: Part) -> str:
    """`when text.mentions − invoice + فاکتور`, `then priority high → urgent`."""
    what = context.say(f"cli.rules.part.{part.what}", key=part.key)
    several = part.listed and (", " in part.before or ", " in part.after)
    if part.before and part.after and not several:
        return context.say("cli.rules.changed", field=what, before=part.before, after=part.after)
    signs = [context.say("cli.rules.out", value=part.before)] if part.before else []
    signs += [context.say("cli.rules.in", value=part.after)] if part.after else []
    return f"{what} {' '.join(signs)}"
