"""Pages for those who answer for the work of others: the lead's board, and how the channels stand."""
