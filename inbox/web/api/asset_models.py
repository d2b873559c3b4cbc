"""What customers own, as the API tells it."""

from datetime import date, datetime
from typing import Literal

from inbox.web.api.models import Answer, Number


class AssetLine(Answer):
    """An asset in a list. Days are the last on which something holds; `contact` owns it, or `organization` does."""

    id: Number
    serial: str
    product: str
    model: str
    contact: int | None
    contact_name: str
    organization: str
    bought_on: date | None
    warranty_until: date | None
    service_until: date | None
    retired_at: datetime | None


class Assets(Answer):
    """One page of assets, in the order in which they were added."""

    items: list[AssetLine]
    next: str | None


class AssetDocument(Answer):
    """A file that belongs to an asset; `size` in bytes."""

    id: Number
    name: str
    size: int
    at: datetime


class Asset(AssetLine):
    """An asset whole. `warranty`, `service`: whether they hold today; `conversations`: the references of those about it."""

    warranty: Literal["in", "out", "unknown"]
    warranty_terms: str
    service: Literal["in", "out", "unknown"]
    service_terms: str
    notes: str
    documents: list[AssetDocument]
    conversations: list[str]


class ImportedAsset(Answer):
    """What became of one row of a table, or would; `key` and `detail`: why it was refused."""

    row: int
    what: Literal["new", "changed", "same", "refused"]
    serial: str
    asset: int | None
    key: str
    detail: str


class ImportedAssets(Answer):
    """What became of a table. `dry_run`: nothing was stored."""

    dry_run: bool
    counts: dict[str, int]
    items: list[ImportedAsset]
