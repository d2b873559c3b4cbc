"""Mutated mails without end: how they are made, what must hold of each, and the coverage-guided run of `make fuzz`."""
