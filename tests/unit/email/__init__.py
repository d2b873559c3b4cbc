"""The mail codec, piece by piece."""
