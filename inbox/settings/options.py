"""The tables of config.toml with their defaults. The shipped file holds each key with a sentence; a test compares the two."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from inbox.domain.desks import Mode
from inbox.domain.secrets import Secret, SecretReference
from inbox.settings.asked import FieldOptions, KnownOptions, MenuOptions, check_field, check_menu
from inbox.settings.assets import AssetOptions as AssetOptions
from inbox.settings.blobs import BlobOptions as BlobOptions
from inbox.settings.metrics import MetricsOptions as MetricsOptions
from inbox.settings.retention import RetentionOptions as RetentionOptions
from inbox.settings.secret import Readable
from inbox.settings.values import Length, ListenAddress, Network, Table, Url, WorkingDays, Zone


class SiteOptions(Table):
    """`[site]`: who we are."""

    name: str = Field(default="Inbox", min_length=1)
    """Stands on the pages, and in mail where a brand has no name."""
    language: Literal["en", "fa"] = "en"
    """Where nothing tells a person's language."""
    zone: Zone = "Asia/Tehran"
    """In which times are told where no calendar says otherwise."""
    public_url: Url = ""
    """The address under which people reach the pages; empty: `http://` and the address of `[web] listen`."""
    trusted_proxies: tuple[Network, ...] = ()
    """Addresses or networks whose X-Forwarded-* headers are believed."""


class StoreOptions(Table):
    """`[store]`: where everything is kept."""

    url: str = "sqlite:///data/inbox.db"
    """`sqlite:///path` (relative paths count from the site folder) or `postgresql://user@host/database`."""
    password: Secret | None = None
    """Where the password of a PostgreSQL user is: `{ file = "..." }`, `{ env = "..." }` or `{ credential = "..." }`."""

    @field_validator("url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        scheme, _, rest = url.partition("://")
        if scheme not in ("sqlite", "postgresql", "postgresql+psycopg") or not rest:
            raise PydanticCustomError("config.database_unknown", "an address of a database", {"value": scheme})
        if ":" in rest.partition("/")[0].rpartition("@")[0]:
            raise PydanticCustomError("config.password_in_url", "a secret stands in the config itself")
        return url

    @field_validator("password")
    @classmethod
    def _somebodys(cls, password: SecretReference | None, info: ValidationInfo) -> SecretReference | None:
        if password is not None and password.source == "command":
            raise PydanticCustomError("config.no_command_here", "file, env or credential")
        if password is not None and "@" not in info.data.get("url", "@"):
            raise PydanticCustomError("config.password_of_nobody", "no user in the address")
        return password


class WebOptions(Table):
    """`[web]`: the agents' pages."""

    listen: ListenAddress = "127.0.0.1:8025"
    """Where they are served."""

    @property
    def host(self) -> str:
        """The host without brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port; 0: the system chooses."""
        return int(self.listen.rpartition(":")[2])


class ApiOptions(Table):
    """`[api]`: what programs may do."""

    calls_per_minute: int = Field(default=600, ge=1)
    """Calls of one token in a minute."""


class WebhooksOptions(Table):
    """`[webhooks]`: telling other programs what happens; the endpoints are rows (`inbox webhooks add`)."""

    allow: tuple[str, ...] = ()
    """Hosts that may be called although they lie inside, or without TLS."""
    seconds: float = Field(default=15.0, gt=0, le=60)
    """What one call may take in all."""


class OidcOptions(Table):
    """`[oidc]`: signing in through an identity provider of your own (OpenID Connect)."""

    issuer: Url = ""
    """The provider, as it writes itself; empty: nobody signs in this way."""
    client_id: str = ""
    """The name under which the provider knows this site."""
    client_secret: Readable | None = None
    """Where the secret that belongs to it is found; None: the provider asks for none."""
    claim: str = Field(default="email", min_length=1)
    """What of a person names the agent: "email" (verified by the provider) their address, any other claim their handle."""
    label: str = Field(default="", max_length=60)
    """What stands on the button; empty: the provider's host."""

    @field_validator("issuer")
    @classmethod
    def _private(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise PydanticCustomError("config.issuer_in_the_open", "an https address", {"value": issuer})
        return issuer

    @model_validator(mode="after")
    def _known_there(self) -> "OidcOptions":
        if self.issuer and not self.client_id:
            raise PydanticCustomError("config.oidc_no_client", "no client_id")
        return self


class LogOptions(Table):
    """`[log]`: one line an event, on standard error."""

    format: Literal["auto", "human", "json"] = "auto"
    """`auto`: human on a terminal, JSON elsewhere."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""


class BrandOptions(Table):
    """`[brands.<name>]`: a name that channels speak under."""

    name: str = ""
    """Stands before our address in mail; empty: the site's name."""
    signature: str = ""
    """Stands under every answer, after the agent's name."""
    accent: str = Field(default="#0f6f68", pattern="^#[0-9a-fA-F]{6}$")
    """The colour of buttons and links on the portal, as #rrggbb."""


class PromiseOptions(Table):
    """`[promise]`: how the time that a customer is told comes about."""

    percentile: float = Field(default=0.85, ge=0.5, le=0.99)
    """The share of comparable first replies that were given within the time that we tell."""
    samples: int = Field(default=20, ge=1)
    """With fewer comparable replies and no policy, no answer is promised by a time but news of how things stand."""
    horizon: WorkingDays = "2 working days"
    """An estimate beyond it is not promised as an answer either."""
    hours: str = "support"
    """The calendar of rules/hours.toml that counts where no policy names one."""
    notices: int = Field(default=2, ge=0, le=2)
    """How often we tell a customer a new time, before the one they were told passes; then a person must act."""

    @property
    def horizon_days(self) -> int:
        """The working days of `horizon`."""
        return int(self.horizon.partition(" ")[0])


class AutomaticOptions(Table):
    """`[automatic]`: the brakes on everything that no person wrote."""

    acknowledgements_per_address: int = Field(default=20, ge=0)
    """To one address within 24 hours."""
    per_conversation_and_hour: int = Field(default=10, ge=0)
    """In one conversation within an hour."""
    automatic_per_minute: int = Field(default=60, ge=0)
    """All channels together; what is over it waits."""
    first_sync_acknowledgements: int = Field(default=50, ge=0)
    """When more than these come due from the first opening of a mailbox, they stop and a person is asked."""


class ReplyOptions(Table):
    """`[reply]`: what an agent's answer brings about."""

    takes: bool = True
    """Whoever answers a conversation that nobody has takes it."""


class PagingOptions(Table):
    """`[paging]`: how agents are called whom a rule pages."""

    again: Length = timedelta(minutes=10)
    """How long it is waited for somebody to say that they have it, before the next step."""
    steps: int = Field(default=2, ge=1, le=10)
    """How often those on call are paged, before the leads of their team are, and then every lead."""


class FollowUpOptions(Table):
    """`[follow_up]`: calls that customers wish for, and what we tell many who did not ask."""

    country: str = Field(default="IR", pattern=r"^[A-Z]{2}$")
    """Of which country (ISO 3166) a telephone number is that names none."""
    call_tries: int = Field(default=3, ge=1, le=10)
    """How often somebody is called who does not answer, before it is given up."""
    call_again: Length = timedelta(hours=2)
    """How long it is waited before they are called again."""
    broadcast_per_minute: int = Field(default=30, ge=1, le=1000)
    """How many contacts of a broadcast are told in a minute, where it does not say itself."""
    broadcast_rest: Length = timedelta(days=1)
    """How long whoever was told one is left out of the next ones."""


class SurveyOptions(Table):
    """`[survey]`: what customers are asked when a matter is over, and now and then."""

    csat: bool = False
    """Whether they are asked how a matter went, once it is done."""
    after: Length = timedelta(hours=1)
    """How long after that."""
    share: float = Field(default=1.0, ge=0.0, le=1.0)
    """Of how many conversations that is asked; which ones is chance."""
    rest: Length = timedelta(days=30)
    """How long one customer is not asked again."""
    expires: Length = timedelta(days=14)
    """How long an answer is taken, and can be changed."""
    teams: tuple[str, ...] = ()
    """The teams for which it is asked; empty: all, and where no team has it."""
    channels: tuple[str, ...] = ()
    """The channels on whose conversations it is asked; empty: all."""
    nps: bool = False
    """Whether customers are asked now and then how likely they are to recommend us (0 to 10)."""
    nps_every: Length = timedelta(days=90)
    """How often, as long as a matter of theirs was done meanwhile."""
    nps_quiet: Length = timedelta(days=14)
    """How long after another survey, and after their matter was done, they are left alone before."""
    nps_share: float = Field(default=1.0, ge=0.0, le=1.0)
    """Of how many customers that is asked."""


class ContractOptions(Table):
    """`[contracts]`: what is told of contracts, and when."""

    warn_before: tuple[Length, ...] = (timedelta(days=60), timedelta(days=14))
    """How long before its last day it is told that a contract ends; empty: never."""
    quota_at: tuple[Annotated[float, Field(gt=0.0, le=10.0)], ...] = (0.8, 1.0)
    """At which shares of an agreed number of requests rules are told; 1.0 is all of it."""
    statement_after: Length = timedelta(days=2)
    """How long after a period its statement is issued; what is excused until then is in it."""
    statements_to: Literal["leads", "contact"] = "leads"
    """Who gets statements of contracts that do not say so: those of us who lead, or the contract's contact."""


class OutsideOptions(Table):
    """`[outside]`: agents who work for an outside company."""

    hides: tuple[Annotated[str, Field(pattern=r"^(addresses|organization|fields(\.[a-z][a-z0-9_]*)?)$")], ...] = (
        "addresses",
    )
    """What of a conversation they are not shown: `addresses`, `organization`, `fields`, or one field as `fields.<name>`."""


class SuggestionOptions(Table):
    """`[suggestions]`: articles that may be the answer."""

    acknowledgement: bool = True
    """Whether our first answer offers them."""
    above: float = Field(default=0.55, ge=0.0, le=1.0)
    """How sure one has to be for that, and for a form to be shown once more with it before it is sent."""
    most: int = Field(default=2, ge=1, le=5)
    """How many it offers."""


class OutboxOptions(Table):
    """`[outbox]`: how often a hand-over is tried."""

    unknown_wait: Length = timedelta(minutes=15)
    """How long evidence is waited for after a hand-over that got no answer."""
    retry_first: Length = timedelta(minutes=1)
    """The wait after the first temporary failure; it doubles from try to try."""
    retry_last: Length = timedelta(hours=2)
    """The longest wait between two tries."""
    give_up_after: Length = timedelta(days=5)
    """When temporary failures count as a failure (RFC 5321 4.5.4.1: after at least 4-5 days)."""


class ParsersOptions(Table):
    """`[parsers]`: the bounded children in which what strangers sent is read."""

    processes: int = Field(default=1, ge=1, le=64)
    """How many of them."""
    seconds: float = Field(default=20.0, gt=0)
    """CPU time for one arrival; one that needs more goes to quarantine."""
    memory_mb: int = Field(default=512, ge=128)
    """Address space of a child, in megabytes."""


class ChannelKeys(Table):
    """The keys of `[channel.<name>]` that the house reads itself; all others are the adapter's."""

    kind: str
    """The kind of network: the name under which an adapter is registered."""
    brand: str = "default"
    """The name that it speaks under."""
    reopen_within: Length | None = None
    """How long after its end a conversation opens again by a new message; None: as is usual for the kind."""
    team: str = ""
    """The team that its conversations begin with."""
    hours: str = ""
    """The calendar of rules/hours.toml that says whether someone is there; empty: that of `[promise]`."""
    policy: str = ""
    """The policy of rules/policies.toml that holds where no rule chooses one."""
    automatic_per_hour: int = Field(default=2000, ge=0)
    """The most automatic messages on this channel within an hour, beyond which it is silent; 0: no such limit."""
    continues_on: str = ""
    """The channel on which a conversation goes on with those who prove an address there: mail, for a chat; empty: none."""
    leaves_after: Length = timedelta(minutes=2)
    """Where we have pages of our own: how long an answer lies there unseen before it is sent by `continues_on` as well."""
    send_after: Length | None = None
    """How long an answer written on the pages waits, so that it can be taken back; None: 10 seconds for mail, 3 for a chat."""
    menu: str = ""
    """The menu of `[menus]` that customers are shown when a conversation opens, where the network has buttons."""
    self_service: bool = True
    """Whether a bot has a menu of its own, with articles and the customer's requests; false: what is written there is a message."""
    fields: tuple[str, ...] = Field(default=(), max_length=30)
    """The fields of `[fields]` that the form of a portal asks besides, in this order."""


class DeskOptions(Table):
    """`[desk.<name>]`: where agents see the conversations of a team and answer them, in a chat of their own."""

    channel: str
    """The channel whose bot is there."""
    chat: int = 0
    """The number of the group; 0: each linked agent's private chat with the bot, for the conversations that are theirs."""
    team: str = ""
    """The team whose conversations it shows; empty: all."""
    mode: Mode = Mode.REPLY_ONLY
    """What goes to the customer of what agents write there."""


class Document(Table):
    """The whole file, with the channels' tables as they are."""

    site: SiteOptions = SiteOptions()
    store: StoreOptions = StoreOptions()
    blobs: BlobOptions = BlobOptions()
    web: WebOptions = WebOptions()
    metrics: MetricsOptions = MetricsOptions()
    api: ApiOptions = ApiOptions()
    webhooks: WebhooksOptions = WebhooksOptions()
    oidc: OidcOptions = OidcOptions()
    log: LogOptions = LogOptions()
    brands: dict[str, BrandOptions] = Field(default_factory=dict)
    promise: PromiseOptions = PromiseOptions()
    automatic: AutomaticOptions = AutomaticOptions()
    reply: ReplyOptions = ReplyOptions()
    paging: PagingOptions = PagingOptions()
    follow_up: FollowUpOptions = FollowUpOptions()
    survey: SurveyOptions = SurveyOptions()
    contracts: ContractOptions = ContractOptions()
    outside: OutsideOptions = OutsideOptions()
    suggestions: SuggestionOptions = SuggestionOptions()
    assets: AssetOptions = AssetOptions()
    outbox: OutboxOptions = OutboxOptions()
    retention: RetentionOptions = RetentionOptions()
    parsers: ParsersOptions = ParsersOptions()
    menus: dict[str, MenuOptions] = Field(default_factory=dict)
    fields: dict[str, FieldOptions] = Field(default_factory=dict)
    contact_fields: dict[str, KnownOptions] = Field(default_factory=dict)
    organization_fields: dict[str, KnownOptions] = Field(default_factory=dict)
    desk: dict[str, DeskOptions] = Field(default_factory=dict)
    channel: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @field_validator("menus")
    @classmethod
    def _can_be_chosen_from(cls, menus: dict[str, MenuOptions]) -> dict[str, MenuOptions]:
        for name, menu in menus.items():
            check_menu(name, menu)
        return menus

    @field_validator("fields")
    @classmethod
    def _can_be_filled_in(cls, fields: dict[str, FieldOptions], info: ValidationInfo) -> dict[str, FieldOptions]:
        for name, field in fields.items():
            check_field(name, field, info.data.get("menus", {}))
        return fields

    @field_validator("contact_fields", "organization_fields")
    @classmethod
    def _can_be_written_down(cls, fields: dict[str, KnownOptions]) -> dict[str, KnownOptions]:
        for name, field in fields.items():
            check_field(name, field, ())
        return fields
