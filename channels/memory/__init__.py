"""The network that tests and the demo play on: a kind of channel that lives in memory."""

from channels.memory.adapter import MemoryAdapter

ADAPTER = MemoryAdapter()
