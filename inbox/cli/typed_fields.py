"""`--field NAME=VALUE`: fields of contacts and organizations as people type them on the command line."""

from collections.abc import Sequence
from typing import Annotated

import typer

from inbox.domain.problems import Problem

Fields = Annotated[list[str] | None, typer.Option("--field", help="cli.contacts.option.field", metavar="NAME=VALUE")]


def fields(typed: Sequence[str]) -> dict[str, str]:
    """By name; an empty value takes one away. Raises Problem where there is no name."""
    found = dict[str, str]()
    for word in typed:
        name, sign, value = word.partition("=")
        if not sign or not name.strip():
            raise Problem("known_field.unnamed", typed=word[:60])
        found[name.strip()] = value
    return found
