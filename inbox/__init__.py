"""The core of the inbox daemon, which imports no protocol library."""
