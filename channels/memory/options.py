"""What can be set on a channel of kind `memory`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class MemoryOptions(BaseModel):
    """The keys of `[channel.<name>]`, the house's own taken out; the shape-giving ones let a test try a codec's every side."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str = "support@memory"
    """The channel's own address on its network."""
    first_sync: Literal["new", "import", "answer"] = "answer"
    """What the first opening does with messages that lie there already, as in mail."""
    batch: int = Field(default=50, ge=1)
    """The most items that one batch holds."""
    text_limit: int | None = Field(default=None, ge=1)
    """Characters in one part; a longer text goes out in several."""
    html: bool = False
    """Whether this network shows HTML."""
    edits: bool = True
    """Whether a message can be changed after it was sent."""
    live: bool = False
    """Whether its people look at our own pages."""
    portal: bool = False
    """Whether it plays our own pages for customers."""
    resend_safe: bool = True
    """Whether the same bytes handed over twice are one message to the reader, as in mail."""
    subject: bool = True
    """Whether what is said has a subject, as in mail; without, it is a chat."""
    verdicts: bool = False
    """Whether each message tells if its sender is who it claims, as mail does where a server of ours is trusted."""
    certain_sender: bool = False
    """Whether the network says who wrote, as chats do; else anybody can claim an address."""
