"""Everything that proves the house works, from single functions to killed processes."""
