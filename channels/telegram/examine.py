"""What the doctor finds out about a bot: its token, its host, webhook against polling, rights in groups, and the clocks."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from channels.telegram.channel import line, me
from channels.telegram.desk_examine import desk
from channels.telegram.dialect import Dialect
from channels.telegram.hook import Hook, asked
from channels.telegram.line import Line
from channels.telegram.options import BotOptions
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.token import token
from channels.telegram.troubles import of_asking
from inbox.domain.problems import Credentials, Problem
from inbox.ports.channel import Finding, Place
from inbox.ports.secrets import exposed
from inbox.text.cleaning import clean_header

APART = timedelta(minutes=1)
LATELY = timedelta(hours=1)
"""A failure of the webhook that is older, and left nothing waiting, is over."""
WEBHOOK = "bot.check.webhook"


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
        return [*found, *await _asked(calling, options, dialect, place, now)]
    finally:
        await calling.close()


async def _asked(calling: Line, options: BotOptions, dialect: Dialect, place: Place, now: datetime) -> list[Finding]:
    try:
        bot = await me(calling, options.bot, dialect)
    except Problem as problem:
        return [Finding("bot.check.host", "fail", problem)]
    return [
        Finding("bot.check.host", "pass", observed=f"{calling.host} {options.bot}"),
        await _webhook(calling, options, dialect, place, now),
        *_groups(bot, options),
        *[await desk(calling, dialect, bot, chat) for chat in sorted(place.desks)],
        _clock(calling, now),
    ]


async def _webhook(calling: Line, options: BotOptions, dialect: Dialect, place: Place, now: datetime) -> Finding:
    """A bot with a webhook cannot be polled: its updates go elsewhere. One without cannot be brought anything."""
    try:
        found = await calling.ask("getWebhookInfo")
        ours = await asyncio.to_thread(_address, options, dialect, place)
    except Refused as refused:
        return Finding(WEBHOOK, "unknown", of_asking(refused, calling.host))
    except Problem as problem:
        return Finding(WEBHOOK, "fail" if isinstance(problem, Credentials) else "unknown", problem)
    said = Said(found if isinstance(found, dict) else {})
    url = said.text("url")
    if url == ours:
        return _standing(said, now)
    # Only where it leads: the rest of the address may be the secret that keeps strangers out.
    leads = url.split("/")[2:3] or [url[:40]]
    if not ours:
        return Finding(WEBHOOK, "fail", Problem("bot.webhook_set", to=leads[0]))
    return Finding(WEBHOOK, "fail", Problem("bot.webhook_elsewhere", to=leads[0] or "-", ours=ours.split("/")[2]))


def _address(options: BotOptions, dialect: Dialect, place: Place) -> str:
    """Where the bot's updates have to go; empty: nowhere, they are asked for."""
    if options.updates == "poll":
        return ""
    return str(asked(Hook.of(options, dialect, place), dialect, place)["url"])


def _standing(said: Said, now: datetime) -> Finding:
    """How the webhook has fared: a network that cannot bring something keeps it for a day, and says why."""
    waiting, failed = said.number("pending_update_count"), said.instant("last_error_date")
    words = clean_header(said.text("last_error_message"))[:200]
    if words and (failed is None or now - failed < LATELY or waiting):
        return Finding(WEBHOOK, "warn", Problem("bot.webhook_failing", waiting=waiting, words=words))
    return Finding(WEBHOOK, "pass", observed=str(waiting) if said.text("url") else "")


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
