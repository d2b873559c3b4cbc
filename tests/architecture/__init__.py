"""Rules of the house that a tool can see: floors, sizes, words, clocks, the lock and the wheel."""
