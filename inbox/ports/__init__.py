"""Contracts: codec, channel, face, clock, wake and probe, each with two implementations or more; what the kinds share whose people look at our own pages, and how all of them read a secret."""
