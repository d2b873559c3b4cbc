"""The pages for those who answer for the rules and the templates: the rulebook, why, trying, backtests, previews."""
