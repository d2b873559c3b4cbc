"""Chaos: the daemon is ended, hurt or cancelled at every point at which it could be, and at random instants; then a checker reads the
store and the ledgers of those around it."""
