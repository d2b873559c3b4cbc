"""Contracts: codec, channel, face, clock, wake and probe, each with two implementations or more; and what the kinds share whose people look at our own pages."""
