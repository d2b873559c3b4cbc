"""Who one is in chats: a code on the account page, shown once, and the links that it made."""

from inbox.store import agent_links, people
from tests.web.sites import Site

