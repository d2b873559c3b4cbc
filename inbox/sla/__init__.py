"""Hours, clocks, promises: how soon we owe an answer and what time we may honestly tell, as pure functions."""
