"""The pure half of bots: options, pieces, frozen calls."""
