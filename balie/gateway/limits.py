"""Who counts as one client where it is limited how often somebody may do something."""

from __future__ import annotations

import ipaddress

from balie.kernel.rate_limit import RateLimit

__all__ = ["RateLimit", "client_key"]


def client_key(host: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network that one IPv6 subscriber gets.

    >>> client_key("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False))
