"""An address of a contact in words: whether it is proved, only claimed, or cannot be reached."""

from inbox.cli.context import Context
from inbox.domain.people import Identity


def identity_told(context: Context, identity: Identity) -> str:
    """What is known of it."""
    proved = context.say("identity.verified" if identity.verified_at else "identity.claimed")
    if not identity.unreachable:
        return proved
    return f"{proved} · {context.say('identity.unreachable', why=identity.unreachable)}"
