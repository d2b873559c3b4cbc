"""config.toml read into frozen options; whoever needs some of them is handed those."""

from inbox.settings.database import database
from inbox.settings.options import (
    AutomaticOptions,
    BrandOptions,
    ChannelKeys,
    FollowUpOptions,
    LogOptions,
    OutboxOptions,
    PagingOptions,
    ParsersOptions,
    PromiseOptions,
    ReplyOptions,
    SiteOptions,
    StoreOptions,
    WebOptions,
)
from inbox.settings.reading import load, parse
from inbox.settings.whole import ChannelSettings, Settings

__all__ = [
    "AutomaticOptions",
    "BrandOptions",
    "ChannelKeys",
    "ChannelSettings",
    "FollowUpOptions",
    "LogOptions",
    "OutboxOptions",
    "PagingOptions",
    "ParsersOptions",
    "PromiseOptions",
    "ReplyOptions",
    "Settings",
    "SiteOptions",
    "StoreOptions",
    "WebOptions",
    "database",
    "load",
    "parse",
]
