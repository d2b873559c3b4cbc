"""`inbox parse`: what stands in mails, as JSON; for files, without a site."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.problems import Problem, Unreadable
from inbox.runtime.lines import Lines
from inbox.runtime.readers import Readers
from inbox.runtime.reading import Limits, Question

KIND = "email"


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("parse", help="cli.parse.help")(parse)


def parse(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="cli.parse.file")] = None,
    stdin_list: Annotated[bool, typer.Option("--stdin-list", help="cli.parse.stdin_list")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, max=256, metavar="N", help="cli.parse.jobs")] = None,
) -> None:
    """One object for a file, or one line for each path on standard input: a bad file gives a line with `error`."""
    context = of(ctx)
    if (file is None) is not stdin_list:
        raise Problem("cli.parse.what")
    if file is not None:
        _one(file)
    else:
        _each(context, Lines(sys.stdin.fileno()), jobs or len(os.sched_getaffinity(0)))


def _one(file: Path) -> None:
    with Readers.of(KIND, 1, Limits()) as readers:
        [[question]] = readers.read(Lines.of([os.fsencode(file)]))
    if isinstance(question.answer, Unreadable):
        raise question.answer
    print(json.dumps(json.loads(question.answer or b"null"), ensure_ascii=False, indent=2))


def _each(context: Context, paths: Lines, jobs: int) -> None:
    out = sys.stdout.buffer
    with Readers.of(KIND, jobs, Limits()) as readers:
        for answered in readers.read(paths):
            out.write(_lines(context, answered))
            out.flush()


def _lines(context: Context, answered: Sequence[Question]) -> bytes:
    return b"".join(_line(context, question) + b"\n" for question in answered)


def _line(context: Context, question: Question) -> bytes:
    if not isinstance(question.answer, Unreadable):
        return question.answer or b"null"
    told = {"error": question.answer.key, "sentence": context.told(question.answer), "path": question.shown}
    return json.dumps(told, ensure_ascii=False).encode()
