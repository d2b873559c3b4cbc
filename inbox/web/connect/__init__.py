"""The settings of what is connected: tokens of programs, webhooks, and contacts as a file."""
