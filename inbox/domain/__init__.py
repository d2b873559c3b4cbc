"""Nouns: the frozen values, typed ids and state tables that every room speaks in."""
