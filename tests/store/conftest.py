"""Lends the databases to every test of the store."""

from tests.store.databases import copied, copy_postgresql, copy_sqlite, empty_postgresql, other, store, url

__all__ = ["copied", "copy_postgresql", "copy_sqlite", "empty_postgresql", "other", "store", "url"]
