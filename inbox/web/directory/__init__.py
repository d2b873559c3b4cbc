"""The pages of contacts and organizations: listed, found, read with all that happened, changed, merged and forgotten."""
