"""Addresses of machines: which of them count as one place, where tries are counted."""

import ipaddress


def network(host: str) -> str:
    """What counts as one place: an address, or the /64 that one subscriber has of IPv6."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
