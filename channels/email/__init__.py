"""Mail: fetched from a mailbox or handed to us, and sent through a server or into a folder."""

from channels.email.adapter import EmailAdapter

ADAPTER = EmailAdapter()
