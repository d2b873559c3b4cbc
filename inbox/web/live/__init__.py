"""Live pages: one look at the store for all agents who have pages open, and one stream to each page."""
