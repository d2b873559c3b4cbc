"""The table of config.toml about who may read how the house does."""

from inbox.settings.secret import Readable
from inbox.settings.values import Table


class MetricsOptions(Table):
    """`[metrics]`: numbers for Prometheus at /metrics, read on this machine."""

    token: Readable | None = None
    """Where the token is found with which they are read from elsewhere; None: they are not."""
