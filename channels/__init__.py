"""The channel adapters, one package a kind; found by the entry-point group `inbox.channels`, never imported by inbox."""
