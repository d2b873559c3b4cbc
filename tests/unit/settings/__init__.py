"""Settings, site and the shipped config.toml."""
