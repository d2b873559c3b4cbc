"""Words and writing."""
