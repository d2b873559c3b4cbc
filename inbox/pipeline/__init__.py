"""Verbs: plain functions (unit, thing, playbook, now) that carry a message in, and an answer out."""
