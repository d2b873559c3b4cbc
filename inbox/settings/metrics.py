"""The table of config.toml about who may read how the house does."""

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from inbox.domain.secrets import Secret, SecretReference
from inbox.settings.values import Table


class MetricsOptions(Table):
    """`[metrics]`: numbers for Prometheus at /metrics, read on this machine."""

    token: Secret | None = None
    """Where the token is found with which they are read from elsewhere; None: they are not."""

    @field_validator("token")
    @classmethod
    def _from_where(cls, token: SecretReference | None) -> SecretReference | None:
        if token is not None and token.source == "command":
            raise PydanticCustomError("config.no_command_here", "file, env or credential")
        return token
