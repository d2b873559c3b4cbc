"""Contracts, and what adapters share."""
