"""The table of config.toml about where large bytes are."""

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from inbox.settings.secret import Readable
from inbox.settings.values import Table, Url


class BlobOptions(Table):
    """`[blobs]`: where large mails and files are."""

    kind: Literal["folder", "bucket"] = "folder"
    """A folder alone, or a bucket of an S3-style store with the folder before it."""
    folder: str = Field(default="data/blobs", min_length=1)
    """The folder; relative paths count from the site's."""
    bucket: str = ""
    """The name of the bucket."""
    endpoint: Url = ""
    """Where the store answers; empty: Amazon's own."""
    region: str = "us-east-1"
    """The region that calls are signed for."""
    prefix: str = ""
    """Stands before every name in the bucket."""
    key: Readable | None = None
    """Where the name of the key is found."""
    secret: Readable | None = None
    """Where the secret of the key is found."""
    keep_days: int = Field(default=7, ge=1, le=3650)
    """Days for which the folder keeps what the bucket has and nobody used."""

    @model_validator(mode="after")
    def _reachable(self) -> "BlobOptions":
        if self.kind == "bucket" and not (self.bucket and self.key and self.secret):
            raise PydanticCustomError("config.bucket_lacks", "bucket, key and secret")
        return self
