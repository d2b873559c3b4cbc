"""Each adapter against the suite that all channels must pass, then its own quirks."""
