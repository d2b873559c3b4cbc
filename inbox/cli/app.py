"""The command `inbox`, built from its groups; and what is accepted before and after every one of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._completion_classes import completion_init
from typer.core import TyperGroup
from typer.main import get_command

from inbox.cli.context import Chosen, Context, Format
from inbox.cli.groups import GROUPS
from inbox.text.wording import Wording

Say = Callable[[str], str]
VALUED = ("--site", "--format", "--lang", "--as")
FLAGS = ("--quiet", "-q")


def build(word: str = "") -> typer.Typer:
    """The command line, its help still in keys: the one group that has the command `word`, or all where none has."""
    app = typer.Typer(
        name="inbox",
        help="cli.help",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    )
    app.callback(help="cli.help")(everywhere)
    for group in [one for one in GROUPS if word in one.words] or GROUPS:
        group.to(app)
    return app


def command(wording: Wording, language: str, word: str = "") -> TyperGroup:
    """The command with its help in a language, ready to be called with words and an `obj=(wording, language)`.

    With a `word` it may know that one command alone; without, or where there is none of that name, it knows them all.
    """
    completion_init()  # typer teaches itself the shells only together with options of its own that install things
    made = get_command(build(word))
    assert isinstance(made, TyperGroup)
    _worded(made, lambda key: wording.say(language, key))
    return made


def everywhere(
    ctx: typer.Context,
    site: Annotated[Path, typer.Option(help="cli.option.site", metavar="DIR")] = Path(),
    format: Annotated[Format, typer.Option(help="cli.option.format")] = Format.TEXT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="cli.option.quiet")] = False,
    lang: Annotated[str | None, typer.Option(help="cli.option.lang", metavar="en|fa")] = None,
    agent: Annotated[str | None, typer.Option("--as", help="cli.option.as", metavar="AGENT")] = None,
) -> None:
    """Makes the context that every command works with; the language was chosen before, since help needs it too."""
    wording, language = ctx.obj
    if lang not in (None, *wording.languages):
        raise typer.BadParameter(wording.say(language, "cli.unknown_language", value=lang))
    tabled = ("report", "contracts", *(("trace",) if format is Format.MD else ()))
    if format in (Format.MD, Format.CSV) and ctx.invoked_subcommand not in (None, *tabled):
        raise typer.BadParameter(wording.say(language, "cli.only_board", value=format.value))
    context = Context(Chosen(site, format, quiet, agent), wording, language)
    ctx.obj = context
    ctx.call_on_close(context.close)


def fronted(words: Sequence[str]) -> list[str]:
    """The words with the options of every command moved to the front, so that they may stand anywhere before `--`."""
    front: list[str] = []
    rest: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in VALUED and left:
            front += [word, left.pop(0)]
        elif word in FLAGS or word.startswith(tuple(f"{name}=" for name in VALUED)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def called(words: Sequence[str]) -> str:
    """The command among the fronted words; empty where there is none."""
    left = list(words)
    while left and left[0].startswith("-"):
        del left[: 2 if left[0] in VALUED else 1]
    return left[0] if left else ""


def option(words: Sequence[str], name: str) -> str | None:
    """The last value of `--name value` or `--name=value` among the fronted words."""
    found = None
    for at, word in enumerate(words):
        if word == name and at + 1 < len(words):
            found = words[at + 1]
        elif word.startswith(f"{name}="):
            found = word.partition("=")[2]
    return found


def _worded(made: Any, say: Say) -> None:
    if made.help:
        made.help = say(made.help)
    for parameter in made.params:
        key = getattr(parameter, "help", None)
        if key and "." in key:
            parameter.help = say(key) if key.startswith("cli.") else key
    for inner in getattr(made, "commands", {}).values():
        _worded(inner, say)
