"""Real servers, scripted servers and the daemon itself, started as private instances on loopback for the tests."""
