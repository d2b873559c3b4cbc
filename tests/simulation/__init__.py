"""Simulation: the works of one or two nodes run in virtual time, in one thread, on a seed that decides who writes, who answers, what breaks
and who goes first; a checker then reads the store and the ledger of the network. The same seed plays the same week."""
