"""Introductions: "On <date>, <somebody> wrote:" in many languages, on one line or broken into several."""

from collections.abc import Sequence

from channels.email import quotepatterns as qp
from channels.email.lines import LINE_CAP, plain

_ENDINGS = (":", "：", "wrote", ">", "-")


def introduction(lines: Sequence[str], at: int, told: str) -> str:
    """ "quote" where this line introduces quoted lines, "cut" where all that follows is quoted, else ""."""
    if ":   " in told and "@" in told:
        told = told[: told.index(":   ") + 1]  # Yahoo's telephone goes on with the quote in the same line
    if not told.endswith(_ENDINGS) or len(told) >= LINE_CAP:
        return ""
    quoted = _quoted_next(lines, at + 1)
    if not quoted and told[-1] not in ":：":
        return ""
    joined = " ".join([*map(plain, opening(lines, at)), told]).strip("- ")
    wrote = qp.WROTE.search(joined) is not None
    if not qp.EVIDENCE.search(joined):
        return "quote" if wrote and quoted else ""
    # Somebody's address and a day before quoted lines are an introduction in any language.
    bare = "@" in joined and (
        told.endswith((">:", "):", "：", "@:")) or (quoted and qp.MACHINE.search(joined) is not None)
    )
    dated = qp.ADDRESS.search(joined) is not None and qp.DATED.search(joined) is not None
    if not wrote and not bare and not dated:
        return ""
    if quoted:
        return "quote"
    opens = dated or qp.OPENS.match(joined) or (wrote and qp.NAMED.match(joined))
    return "cut" if opens and qp.MACHINE.search(joined) else ""


def opening(lines: Sequence[str], at: int) -> list[str]:
    """The one or two lines before `at` that belong to the same introduction, which a mail program broke."""
    here = plain(lines[at])
    if not here[:1].isdigit() and qp.OPENS.match(here) and qp.EVIDENCE.search(here):
        return []
    found = at
    for first in range(at - 1, max(-1, at - 3), -1):
        told = plain(lines[first])
        if not told or told.startswith(">"):
            break
        if _begins(told):
            found = first
            if not told[0].isdigit():
                break  # a date or a time may still have the first words on the line above it
    return list(lines[found:at])


def _begins(told: str) -> bool:
    """Whether an introduction may begin with this line and go on in the next one."""
    if told[-1] in "!?؟:":
        return False
    if qp.NAMED.match(told):
        return True
    opens = qp.OPENS.match(told) is not None and (told[-1] in ",،" or qp.EVIDENCE.search(told) is not None)
    return told[-1] != "." and (opens or qp.DATED.search(told) is not None)


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    for line in lines[at : at + 6]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False
