"""The demo: a site that fills itself through the real path, on networks in memory, and a page to play its customers."""
