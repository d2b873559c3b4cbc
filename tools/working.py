"""The tables of docs/working.md: the filters of a search with their names in both languages, and the keys of the pages."""

import re
from collections.abc import Iterator

from inbox.site import catalogues
from inbox.text.fold import squeeze
from inbox.text.queries_names import NAMES
from inbox.text.wording import Wording, load
from inbox.web.agents import commands

LANGUAGE = "en"
FILTERS = {
    "is": ("وضعیت", "`open` `waiting` `snoozed` `done` `spam` `unread` `late`"),
    "assignee": ("مسئول", "a handle, `me`, `none`"),
    "team": ("تیم", "a team, `none`"),
    "tag": ("برچسب", "a tag"),
    "channel": ("کانال", "a channel, or a kind of channel"),
    "from": ("از", "a name or an address of whoever wrote in it"),
    "priority": ("اولویت", "`low` `normal` `high` `urgent`"),
    "due": ("مهلت", "`<2h` within two hours, `>1d` later than a day"),
    "before": ("پیش‌از", "it began before: a day of either calendar, `yesterday`, `3d`"),
    "after": ("پس‌از", "it began then or later"),
    "has": ("دارد", "`file` `note`"),
    "ref": ("شماره", "how its reference begins"),
    "field": ("فیلد", "`name=value`"),
    "contact": ("مخاطب", "`name=value` of their fields, also as `contact.name:value`"),
    "organization": ("سازمان", "a name, or `name=value` of its fields, also as `organization.name:value`"),
    "contract": ("قرارداد", "the name of the [contract](contracts.md) under which it stands"),
    "counted": (
        "شمارش",
        "what a [report](reports.md) counted, as its numbers link to it: `done@2026-03-01..2026-03-31`",
    ),
    "tone": ("لحن", "`urgent` `angry` `abusive`: how the customer's latest message [sounds](tone.md)"),
}
"""Each with a name that it has in Persian, and with what it takes."""


def with_lists(page: str) -> str:
    """The page with what stands between `<!-- filters -->` or `<!-- keys -->` and `<!-- end -->` as it should be."""
    made = {"filters": "\n".join(filters()), "keys": "\n".join(keys(load(catalogues())))}
    marked = re.compile(r"(<!-- (filters|keys) -->\n).*?(<!-- end -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{made[found[2]]}\n{found[3]}", page)


def filters() -> Iterator[str]:
    """A row a filter. Raises KeyError for one that nobody has told of."""
    yield "| filter | in Persian | value |\n| --- | --- | --- |"
    for name in dict.fromkeys(NAMES.values()):
        persian, value = FILTERS[name]
        assert NAMES[squeeze(persian)] == name, persian
        yield f"| `{name}:` | `{persian}:` | {value} |"


def keys(words: Wording) -> Iterator[str]:
    """A row a key, in the groups of the sheet."""
    yield "| key | does |\n| --- | --- |"
    every = [one for group in commands.GROUPS for one in commands.every() if one.group == group and one.key]
    for one in every:
        key = one.key.replace("Mod", words.say(LANGUAGE, "key.mod"))
        shown = " ".join(f"`{part}`" for part in key.split(" "))
        yield f"| {shown} | {words.say(LANGUAGE, one.label)} |"
