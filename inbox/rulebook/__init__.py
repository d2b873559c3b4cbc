"""The rule language: load, check, match and explain rules, without files, clock or store."""
