"""The async shell: tasks that wait on networks, time and one another, and hand finished things to the synchronous rooms."""
