"""A DNS server on loopback that knows a few TXT records, and a resolver that asks it and nobody else."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT

Records = Mapping[str, Sequence[Sequence[bytes]]]
"""Of each name the texts, each in its pieces; a name without texts exists and has none."""


class _Server(asyncio.DatagramProtocol):
    def __init__(self, records: Records) -> None:
        self._records = records

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        question = dns.message.from_wire(data)
        name = question.question[0].name
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        texts = self._records.get(str(name))
        if str(name).startswith("broken"):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        if texts:
            found = [TXT(dns.rdataclass.IN, dns.rdatatype.TXT, tuple(text)) for text in texts]
            answer.answer.append(dns.rrset.from_rdata(name, 60, *found))
        self._transport.sendto(answer.to_wire(), address)


@asynccontextmanager
async def dns_server(records: Records) -> AsyncIterator[dns.asyncresolver.Resolver]:
    """A resolver for these records, while the server runs."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Server(records), ("127.0.0.1", 0))
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], transport.get_extra_info("sockname")[1]
    try:
        yield resolver
    finally:
        transport.close()
