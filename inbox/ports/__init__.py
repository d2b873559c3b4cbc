"""Contracts: codec, channel, face, clock, wake and probe, each with two implementations or more."""
