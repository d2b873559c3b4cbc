"""The pages, by request and in a real browser."""
