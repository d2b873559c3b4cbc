"""`inbox macros` and `inbox macro`: saved replies, found, looked at, and used in a conversation."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.acting import Once, act
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import macros as verbs
from inbox.render.macros import Filled
from inbox.rulebook.macros import Macro, said
from inbox.store import conversations
from inbox.store.macro_uses import Uses
from inbox.store.unit import Unit
from inbox.text.dates import table
from inbox.text.references import normalise

Name = Annotated[str, typer.Argument(help="cli.macro.argument.name", metavar="NAME")]
Language = Annotated[str, typer.Option("--language", help="cli.macro.option.language", metavar="en|fa")]
COLUMNS = ("name", "title", "teams", "month", "total", "last")


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.macros.help")
    group.command("list", help="cli.macros.list.help")(listed)
    group.command("show", help="cli.macros.show.help")(show)
    app.add_typer(group, name="macros")


def add_use(app: typer.Typer) -> None:
    """Add the command that uses one."""
    app.command("macro", help="cli.macro.help")(use)


def listed(
    ctx: typer.Context,
    word: Annotated[str, typer.Argument(help="cli.macros.argument.word", metavar="[WORD]")] = "",
) -> None:
    """All of them, or those in which a word is found; with --as, what that agent may use."""
    context = of(ctx)
    rows = [_row(context, one) for one in _offered(context, word)]
    context.printer.rows(COLUMNS, rows)
    if not rows:
        context.printer.line(context.say("cli.macros.list.empty"))


def show(
    ctx: typer.Context,
    name: Name,
    reference: Annotated[str, typer.Option("--ref", help="cli.macros.option.ref", metavar="REF")] = "",
    language: Language = "",
) -> None:
    """A macro as it was written, or what it says in a conversation, with a mark for what is missing."""
    context = of(ctx)
    book, agent = context.playbook(), _agent(context)
    id = _conversation(context, reference) if reference else None

    def read(unit: Unit) -> tuple[Macro, Filled | None]:
        macro = verbs.chosen(unit, name, agent, book)
        if id is None or not macro.texts:
            return macro, None
        matter = conversations.peek(unit, id)
        return macro, verbs.filled(unit, macro, matter, agent, book, language=_spoken(language))

    macro, text = context.store.read_now(read)
    uses = next((one.uses for one in _offered(context, "") if one.macro.name == name), {})
    if context.printer.json:
        context.printer.document(_document(context, macro, text, uses))
        return
    _head(context, macro)
    _words(context, macro, text, _spoken(language))
    _used(context, uses)


def use(
    ctx: typer.Context,
    reference: Ref,
    name: Name,
    values: Annotated[
        list[str] | None, typer.Argument(help="cli.macro.argument.values", metavar="[KEY=VALUE]...")
    ] = None,
    text: Annotated[str, typer.Option("--text", help="cli.macro.option.text", metavar="TEXT")] = "",
    only: Annotated[str, typer.Option("--only", help="cli.macro.option.only", metavar="text|actions")] = "",
    language: Language = "",
    seen: Annotated[int | None, typer.Option(help="cli.reply.option.seen", metavar="VERSION")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="cli.reply.option.anyway")] = False,
    over: Annotated[str, typer.Option("--over", help="cli.reply.option.over", metavar="ROUTE")] = "",
    once: Once = "",
) -> None:
    """Answer with a macro and do what it does. Where something is missing nothing is done, and the text comes back."""
    context = of(ctx)
    wanted = {"name": name, "values": _values(values or []), "text": text, "only": only, "language": language}
    try:
        act(context, "macro", reference, {**wanted, "seen": seen, "anyway": anyway, "over": over}, once)
    except verbs.Unfilled as unfilled:
        if context.printer.json:
            context.printer.document({"done": None, "text": unfilled.text, "missing": unfilled.facts["missing"]})
        context.printer.line(unfilled.text)
        raise


def _offered(context: Context, word: str) -> list[verbs.Offered]:
    book, now, agent = context.playbook(), context.now(), _agent(context)
    return context.store.read_now(
        lambda unit: verbs.offered(unit, agent, book, now, word=word, language=context.language)
    )


def _agent(context: Context) -> Agent | None:
    """The agent of --as; without one everything is shown."""
    return context.acting() if context.chosen.agent is not None else None


def _conversation(context: Context, reference: str) -> ConversationId:
    id = context.store.read_now(conversations.by_reference, normalise(reference) or reference)
    if id is None:
        raise Problem("cli.no_such_conversation", reference=reference)
    return id


def _spoken(given: str) -> str:
    """A language that texts are written in, or none."""
    if given not in ("", "fa", "en"):
        raise Problem("cli.unknown_language", value=given)
    return given


def _row(context: Context, one: verbs.Offered) -> dict[str, object]:
    macro, used = one.macro, one.used
    return {
        "name": macro.name,
        "title": one.title,
        "teams": macro.teams,
        "month": used.month,
        "total": used.total,
        "last": used.last,
        "languages": sorted(macro.texts),
        "agents": _counts(context, one.uses),
    }


def _by_agent(context: Context, uses: Mapping[AgentId, Uses]) -> dict[str, Uses]:
    roster = context.roster()
    known = {id: roster.agent_by_id(id) for id in uses}
    return {(agent.handle if agent else str(id)): uses[id] for id, agent in known.items()}


def _counts(context: Context, uses: Mapping[AgentId, Uses]) -> dict[str, dict[str, object]]:
    return {who: asdict(one) for who, one in _by_agent(context, uses).items()}


def _document(context: Context, macro: Macro, text: Filled | None, uses: Mapping[AgentId, Uses]) -> dict[str, object]:
    return {
        "name": macro.name,
        "title": said(macro.title, context.language),
        "file": macro.place,
        "teams": macro.teams,
        "asks": {name: said(words, context.language) for name, words in macro.asks.items()},
        "does": [f"{effect.name} = {effect.value}" for effect in macro.effects],
        "texts": {language: one.template for language, one in macro.texts.items()},
        "said": None if text is None else {"language": text.language, "text": text.text, "missing": text.missing},
        "agents": _counts(context, uses),
    }


def _head(context: Context, macro: Macro) -> None:
    say, line = context.say, context.printer.line
    line(f"{said(macro.title, context.language)} ({macro.place})")
    if macro.teams:
        line(say("cli.macros.show.teams", teams=", ".join(macro.teams)))
    for name, words in macro.asks.items():
        line(say("cli.macros.show.asks", name=name, question=said(words, context.language)))
    for effect in macro.effects:
        line(say("cli.macros.show.does", what=f"{effect.name} = {effect.value}"))


def _words(context: Context, macro: Macro, text: Filled | None, language: str) -> None:
    """What it says in the conversation, or the templates of each language."""
    line = context.printer.line
    if text is not None:
        line(f"\n[{text.language}]\n{text.text}")
        if text.missing:
            line("\n" + context.say("cli.macros.show.missing", missing=", ".join(text.missing)))
        return
    for spoken, one in macro.texts.items():
        if language in ("", spoken):
            line(f"\n[{spoken}]\n{one.template.strip()}")


def _used(context: Context, uses: Mapping[AgentId, Uses]) -> None:
    for who, one in _by_agent(context, uses).items():
        last = table(one.last, context.language, context.zone) if one.last else "-"
        told = context.say("cli.macros.show.used", agent=who, month=one.month, total=one.total, last=last)
        context.printer.line(told)


def _values(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    strange = next((name for name, sign, _ in pairs if not sign or not name), None)
    if strange is not None:
        raise Problem("cli.macro.not_a_value", value=strange)
    return {name.removeprefix("ask."): value for name, _, value in pairs}
