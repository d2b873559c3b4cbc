"""What a site keeps no longer than it says."""

from datetime import timedelta

from inbox.settings.values import Length, Table


class RetentionOptions(Table):
    """`[retention]`: what goes by itself, and when; what is left out is kept."""

    originals: Length | None = None
    """Mail as it came, with the files in it, of conversations that are over: so long after it arrived."""
    quarantined: Length | None = None
    """What could not be read or received, and nobody took up again: so long after it was put aside."""
    audit: Length | None = None
    """Lines of the audit log: so long after they were written."""

    @property
    def kept(self) -> dict[str, timedelta]:
        """How long each kind is kept that is not kept for ever."""
        named = (("originals", self.originals), ("quarantined", self.quarantined), ("audit", self.audit))
        return {name: length for name, length in named if length is not None}
