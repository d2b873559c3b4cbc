"""A simulated quarter through the whole house, to see whether the times that it announces are kept."""
