"""Bots against a Bot-API server on a socket."""
