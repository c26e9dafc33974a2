"""Which addresses may be called.

Whoever enters an address makes this machine call it: without these rules he could reach what stands behind the
firewall, on this machine, or at the cloud's metadata service (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from django.conf import settings

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST = 500
SCHEMES = {"https": 443, "http": 80}

# Besides what is_global says, which differs between versions of Python: special networks (RFC 6890 and the IANA
# registries), and the metadata service of one cloud that stands on a public address.
_SPECIAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20",
    )
)  # fmt: skip
# The only IPv6 addresses that are public today; ULA, link-local, mapped and translated ones lie outside.
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
# Never to be called, not even where the administrator has named their network.
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/127", "fe80::/10", "fd00:ec2::/32", "224.0.0.0/4",
                 "ff00::/8", "100.100.100.200/32", "168.63.129.16/32")
)  # fmt: skip

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_INNER_NAMES = ("localhost", "metadata.google.internal", "localhost.localdomain")


@dataclass(frozen=True, slots=True)
class Target:
    """An address as it is called: ``path`` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == SCHEMES[self.scheme] else f"{host}:{self.port}"


def parsed(address: str, *, hosts: Collection[str] = (), ports: Collection[int] = ()) -> Target:
    """The parts of an address that may be called; :class:`Refused` for every other one.

    ``hosts`` are the only hosts that are accepted, all unless some are named. ``ports``: those of the setting
    BATON_WEBHOOK_PORTS unless some are named. Whether the name leads to a public address is looked at when it is
    called.
    """
    if not address or len(address) > LONGEST or re.search(r"[^\x21-\x7e]", address) or "\\" in address:
        _refuse(
            gettext_noop("It has white space, a backslash, control or non-ASCII characters, or more than 500 of them.")
        )
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError:
        _refuse(gettext_noop("It cannot be read."))
    if parts.scheme not in SCHEMES:
        _refuse(gettext_noop("Its scheme is not https."))
    if "@" in parts.netloc:
        _refuse(gettext_noop("It carries a user name or password."))
    if "#" in address:
        _refuse(gettext_noop("It has a fragment (#)."))
    _demand_host(host, parts.netloc)
    if hosts and host not in hosts:
        _refuse(gettext_noop("Its host is not one of: {hosts}."), hosts=", ".join(sorted(hosts)))
    port = SCHEMES[parts.scheme] if port is None else port
    allowed = set(ports or settings.WEBHOOK_PORTS)
    if port not in allowed or (parts.scheme == "http" and port != 80):
        _refuse(
            gettext_noop("Its port is {port}; allowed are: {allowed}."),
            port=port, allowed=", ".join(str(one) for one in sorted(allowed)),
        )  # fmt: skip
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def is_allowed(text: str) -> bool:
    """Whether a network address may be called: public, or in a network of BATON_OUTGOING_NETWORKS."""
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address.ipv4_mapped):
        return False
    if any(address in network for network in _NEVER):
        return False
    if any(address in ipaddress.ip_network(named) for named in settings.OUTGOING_NETWORKS):
        return True
    if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_V6:
        return False
    return address.is_global and not any(address in network for network in _SPECIAL)


def _demand_host(host: str, netloc: str) -> None:
    if "[" in netloc or _is_v4(host):
        if not is_allowed(host):
            _refuse(gettext_noop("It leads to this machine, a private network or another special address."))
        return
    labels = host.split(".")
    if host.endswith("."):
        _refuse(gettext_noop("Its host ends in a dot."))
    if _NUMBER.fullmatch(labels[-1]):
        _refuse(gettext_noop("Its host is a number that is no plain IP address."))
    if any(label.startswith("xn--") for label in labels):
        _refuse(gettext_noop("Its host is an internationalised name, which others can be mistaken for."))
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        _refuse(gettext_noop("Its host is no full name on the internet."))
    if host in _INNER_NAMES or labels[-1] == "localhost":
        _refuse(gettext_noop("It leads to this machine, a private network or another special address."))


def _is_v4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _refuse(found: str, **values: object) -> NoReturn:
    raise Refused(
        field="address",
        expected=gettext_noop("Expected an address such as https://receiver.example.org/baton."),
        found=found,
        remedy=gettext_noop("Enter another one, or ask whoever runs the receiver for it."),
        **values,
    )
