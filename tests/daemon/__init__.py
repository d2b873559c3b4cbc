"""The installed command as a process, against real servers."""
