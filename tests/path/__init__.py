"""The whole house in process: a memory network, a clock that stands still, a real store."""
