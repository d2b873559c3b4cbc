"""What a child that reads strangers' bytes may use: memory and CPU time, held by the kernel."""

import resource


def memory(megabytes: int) -> None:
    """At most this much address space; whoever asks for more gets a MemoryError."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def processor(seconds: float) -> None:
    """From now on this many more seconds of CPU, rounded up; beyond them the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
