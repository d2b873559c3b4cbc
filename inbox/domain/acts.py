"""What the audit log keeps: who came in or was refused, and who changed whom. Append-only, and never a secret in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from inbox.domain.ids import AgentId

Who = Literal["agent", "owner", "nobody"]
"""Who did it: an agent, the owner of the site's files, or somebody who was not let in."""
Via = Literal["web", "command", "api"]


class Act(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_SET = "password_set"
    CODES_ON = "codes_on"
    CODES_OFF = "codes_off"
    RECOVERY_USED = "recovery_used"
    INVITED = "invited"
    RESET = "reset"
    AGENT_ADDED = "agent_added"
    AGENT_CHANGED = "agent_changed"
    ROLE_CHANGED = "role_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    TEAM_ADDED = "team_added"
    TEAM_CHANGED = "team_changed"
    SHIFT_ADDED = "shift_added"
    SHIFTS_CLEARED = "shifts_cleared"
    ABSENCE_ADDED = "absence_added"
    KEY_ROTATED = "key_rotated"
    CHAT_CODE = "chat_code"
    CHAT_LINKED = "chat_linked"
    CHAT_UNLINKED = "chat_unlinked"
    TOKEN_ADDED = "token_added"
    TOKEN_REVOKED = "token_revoked"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_REMOVED = "webhook_removed"
    CONTACTS_READ = "contacts_read"
    CONTACTS_WRITTEN = "contacts_written"
    ASSETS_READ = "assets_read"
    ASSETS_WRITTEN = "assets_written"
    SIGHT_GIVEN = "sight_given"
    SIGHT_TAKEN = "sight_taken"
    BROADCAST_MADE = "broadcast_made"
    BROADCAST_STARTED = "broadcast_started"
    BROADCAST_PAUSED = "broadcast_paused"
    BROADCAST_STOPPED = "broadcast_stopped"
    CONTACT_CHANGED = "contact_changed"
    CONTACTS_MERGED = "contacts_merged"
    CONTACTS_UNMERGED = "contacts_unmerged"
    CONTACTS_APART = "contacts_apart"
    CONTACT_FORGOTTEN = "contact_forgotten"
    RETAINED = "retained"
    ORGANIZATION_ADDED = "organization_added"
    ORGANIZATION_CHANGED = "organization_changed"
    ORGANIZATIONS_MERGED = "organizations_merged"
    ARTICLE_ADDED = "article_added"
    ARTICLE_CHANGED = "article_changed"
    ARTICLE_PUBLISHED = "article_published"
    ARTICLE_ROLLED_BACK = "article_rolled_back"
    ARTICLE_WITHDRAWN = "article_withdrawn"
    ARTICLE_REMOVED = "article_removed"
    ARTICLE_FILE_PUT = "article_file_put"
    ARTICLE_FILE_REMOVED = "article_file_removed"
    FOLDER_CHANGED = "folder_changed"
    ARTICLES_WRITTEN = "articles_written"
    CONTRACT_ADDED = "contract_added"
    CONTRACT_ENDED = "contract_ended"


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and from where: `address` is the one that a browser came from."""

    who: Who
    agent: AgentId | None = None
    via: Via = "web"
    address: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `about` is the handle of the agent whom it is about, `name` that of a team or a way in, `detail`
    what changed, in words of the house."""

    id: int
    at: datetime
    act: str
    who: str
    by: str
    about: str
    name: str
    detail: tuple[str, ...]
    via: str
    address: str
