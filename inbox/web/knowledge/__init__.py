"""The knowledge base as agents see it: articles listed, read, written beside their preview, compared and published."""
