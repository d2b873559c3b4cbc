"""Words and writing: folding, direction, dates in both calendars, references, subjects and the catalogues of wording."""
