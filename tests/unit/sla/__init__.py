"""Hours, durations, policies, clocks and promises against slow, obvious answers."""
