"""The mail channel against real servers, scripted ones, and a network that is cut."""
