"""Proves the rig: each private server and each fault does what the tests that lean on it assume."""
