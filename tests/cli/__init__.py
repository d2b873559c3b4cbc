"""The command line: what it says, in which language, and with which exit code."""
