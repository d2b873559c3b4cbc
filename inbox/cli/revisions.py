"""Which stored rulebook somebody means: the live one, one before it, or the one whose digest begins so."""

import re

from inbox.cli.context import Context
from inbox.domain.problems import Problem
from inbox.store import decisions
from inbox.store.decisions import Revision

SHORT = 7
"""Digits of a revision that people are shown."""
BACK = re.compile(r"~(\d{1,3})")
DIGEST = re.compile(r"[0-9a-f]{4,64}")


def meant(context: Context, typed: str) -> Revision:
    """The revision of `9f3c1e2` (four digits or more), of `~1` (the one before the live one), or of an empty word: the live one.

    Raises Problem where there is none, or more than one.
    """
    back = BACK.fullmatch(typed or "~0")
    if back is not None:
        found = context.store.read_now(decisions.revisions, int(back[1]) + 1)[int(back[1]) :]
    else:
        digest = typed.lower()
        found = context.store.read_now(decisions.like, digest) if DIGEST.fullmatch(digest) else []
    if not found:
        raise Problem("cli.rules.no_revision", revision=typed or "~0")
    if len(found) > 1:
        raise Problem("cli.rules.several_revisions", revision=typed, known=", ".join(one.digest for one in found))
    return found[0]
