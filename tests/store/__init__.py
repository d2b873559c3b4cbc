"""Every aggregate, migration and race, on SQLite and on PostgreSQL."""
