"""The memory network keeps the contract, and the house can be tried on it."""
