"""Tables as files that are no text: spreadsheets, and paper with Persian shaped right."""
