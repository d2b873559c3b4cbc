"""The facts of a macro's text: what it can say of a conversation, and what the agent gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroFacts:
    """Plain texts, empty where nothing is known. `field`: the conversation's custom fields; `ask`: the agent's answers. What stands of an asset
    is of one that is the customer's own, or their organization's.

    What is empty cannot be printed: whoever prints it has not said what was meant.
    """

    language: str
    zone: ZoneInfo
    brand: str = ""
    reference: str = ""
    subject: str = ""
    contact_name: str = ""
    agent_name: str = ""
    team: str = ""
    asset_product: str = ""
    asset_model: str = ""
    asset_serial: str = ""
    warranty_until: str = ""
    organization: str = ""
    ask: Mapping[str, str] = field(default_factory=dict)
    field: Mapping[str, str] = field(default_factory=dict)
