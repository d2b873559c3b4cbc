"""The only maker of Jinja environments: message templates in a sandbox that holds, pages of the house with escaping on."""

from inbox.render.messages import Rendered, Templates
from inbox.render.pages import Pages

__all__ = ["Pages", "Rendered", "Templates"]
