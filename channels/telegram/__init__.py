"""Bots on Telegram, Bale and every other host of the Bot API: chats fetched by polling, answered one call at a time."""

from channels.telegram.adapter import BotAdapter

ADAPTER = BotAdapter("telegram")
BALE = BotAdapter("bale")
BOTAPI = BotAdapter("botapi")
