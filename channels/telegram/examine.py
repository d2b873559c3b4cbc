"""What the doctor finds out about a bot: its token, its host, webhook against polling, rights in groups, and the clocks."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from channels.telegram.channel import line, me
from channels.telegram.dialect import Dialect
from channels.telegram.line import Line
from channels.telegram.options import BotOptions
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.token import exposed, token
from channels.telegram.troubles import of_asking
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding, Place

APART = timedelta(minutes=1)


async def examined(place: Place, options: BotOptions, dialect: Dialect, now: datetime, online: bool) -> list[Finding]:
    """Findings in the order of looking; the first `fail` ends it. Sends nothing and changes nothing."""
    try:
        token(options.token, place.site)
    except Problem as problem:
        return [Finding("bot.check.token", "fail", problem)]
    open_to_all = exposed(options.token, place.site)
    found = [Finding("bot.check.token", "warn" if open_to_all else "pass", open_to_all, observed=str(options.token))]
    if not online:
        return found
    calling = line(place, options, dialect)
    try:
        return [*found, *await _asked(calling, options, dialect, now)]
    finally:
        await calling.close()


async def _asked(calling: Line, options: BotOptions, dialect: Dialect, now: datetime) -> list[Finding]:
    try:
        bot = await me(calling, options.bot, dialect)
    except Problem as problem:
        return [Finding("bot.check.host", "fail", problem)]
    return [
        Finding("bot.check.host", "pass", observed=f"{calling.host} {options.bot}"),
        await _webhook(calling),
        *_groups(bot, options),
        _clock(calling, now),
    ]


async def _webhook(calling: Line) -> Finding:
    """A bot with a webhook cannot be polled: its updates go elsewhere."""
    try:
        said = await calling.ask("getWebhookInfo")
    except Refused as refused:
        return Finding("bot.check.webhook", "unknown", of_asking(refused, calling.host))
    except Problem as problem:
        return Finding("bot.check.webhook", "unknown", problem)
    url = Said(said if isinstance(said, dict) else {}).text("url")
    if url:
        # Only where it leads: the rest of the address may be the secret that keeps strangers out.
        return Finding("bot.check.webhook", "fail", Problem("bot.webhook_set", to=url.split("/")[2:3][0] or url[:40]))
    return Finding("bot.check.webhook", "pass")


def _groups(bot: Said, options: BotOptions) -> list[Finding]:
    """In a group a bot sees commands only, unless its privacy mode is off."""
    if not options.groups:
        return []
    if bot.true("can_read_all_group_messages"):
        return [Finding("bot.check.groups", "pass", observed=str(len(options.groups)))]
    return [Finding("bot.check.groups", "warn", Problem("bot.privacy_mode", bot=options.bot))]


def _clock(calling: Line, now: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(calling.told_time).astimezone(UTC)
    except ValueError:
        return Finding("bot.check.clock", "unknown")
    if abs(there - now) > APART:
        seconds = round((now - there).total_seconds())
        return Finding("bot.check.clock", "warn", Problem("bot.clock_apart", host=calling.host, seconds=seconds))
    return Finding("bot.check.clock", "pass", observed=there.isoformat())
