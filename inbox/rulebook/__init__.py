"""The rule language: load, check, match, explain. Pure: no files, no clock, no store."""
