"""The chat on web pages: a widget that sites embed and a page that needs no JavaScript; who writes is known by a signed token."""

from channels.webchat.adapter import WebchatAdapter

ADAPTER = WebchatAdapter()
