"""The core of the inbox daemon. No protocol library is imported here."""
