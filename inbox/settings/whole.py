"""What the whole config comes to: every table as options, every channel with its adapter."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbox.domain.ids import ChannelName
from inbox.ports.channel import Adapter, Place
from inbox.settings.asked import FieldOptions, KnownOptions, MenuOptions
from inbox.settings.options import (
    ApiOptions,
    AssetOptions,
    AutomaticOptions,
    BlobOptions,
    BrandOptions,
    ChannelKeys,
    ContractOptions,
    DeskOptions,
    FollowUpOptions,
    LogOptions,
    MetricsOptions,
    OidcOptions,
    OutboxOptions,
    OutsideOptions,
    PagingOptions,
    ParsersOptions,
    PromiseOptions,
    ReplyOptions,
    RetentionOptions,
    SiteOptions,
    StoreOptions,
    SuggestionOptions,
    SurveyOptions,
    WebhooksOptions,
    WebOptions,
)


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One channel: the house's keys, and the options that its adapter made of all others."""

    name: ChannelName
    keys: ChannelKeys
    adapter: Adapter
    options: Any
    brand: BrandOptions
    """Its name is never empty."""
    url: str = ""
    """Where its face is reached from outside."""
    desks: frozenset[str] = frozenset()
    """The groups in which agents see conversations over it."""

    @property
    def kind(self) -> str:
        """The name under which its adapter is registered."""
        return self.keys.kind

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its own addresses, as the network compares them."""
        return self.adapter.addresses(self.options)

    def place(self, root: Path, data: Path, secret: bytes) -> Place:
        """What its adapter is told about where it lives."""
        return Place(
            name=self.name,
            brand_name=self.brand.name,
            data=data,
            secret=secret,
            site=root,
            url=self.url,
            desks=self.desks,
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that config.toml says."""

    site: SiteOptions
    store: StoreOptions
    blobs: BlobOptions
    web: WebOptions
    metrics: MetricsOptions
    api: ApiOptions
    webhooks: WebhooksOptions
    oidc: OidcOptions
    log: LogOptions
    brands: Mapping[str, BrandOptions]
    promise: PromiseOptions
    automatic: AutomaticOptions
    reply: ReplyOptions
    paging: PagingOptions
    follow_up: FollowUpOptions
    survey: SurveyOptions
    contracts: ContractOptions
    outside: OutsideOptions
    suggestions: SuggestionOptions
    assets: AssetOptions
    outbox: OutboxOptions
    retention: RetentionOptions
    parsers: ParsersOptions
    menus: Mapping[str, MenuOptions]
    fields: Mapping[str, FieldOptions]
    contact_fields: Mapping[str, KnownOptions]
    organization_fields: Mapping[str, KnownOptions]
    desk: Mapping[str, DeskOptions]
    channels: Mapping[ChannelName, ChannelSettings]

    @property
    def public_url(self) -> str:
        """The address that links begin with, without a slash at its end."""
        return self.site.public_url or f"http://{self.web.listen}"
