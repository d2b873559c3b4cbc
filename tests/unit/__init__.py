"""Single functions and tables, without I/O."""
