"""Measurements of the whole house on one fixed stream of mail, beside the best that one hand-written process can do."""
