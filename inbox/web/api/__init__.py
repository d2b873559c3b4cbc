"""The API: what programs read and do with a token, described in OpenAPI from the very models that check it."""
