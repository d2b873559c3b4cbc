"""The command line: one file a group of commands, all built from one list."""
