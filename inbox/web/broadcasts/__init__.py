"""The pages of broadcasts: what leads tell many who did not ask, and the page on which those say that they want no more."""
