"""The only room that knows SQLAlchemy: tables, one file an aggregate, the event log, the change feed and the views."""
