"""The pages for customers: coming in, what is theirs, answering, writing anew, and what is kept of them."""
