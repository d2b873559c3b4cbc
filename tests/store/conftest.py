"""Lends the databases to every test of the store."""

from tests.store.databases import copy_postgresql, copy_sqlite, other, store, url

__all__ = ["copy_postgresql", "copy_sqlite", "other", "store", "url"]
