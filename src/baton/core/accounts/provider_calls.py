"""Calls to identity providers: over https to where they stand, and nowhere else.

The administrator names a provider, but the provider says where the rest of it is: without these rules its
configuration could make this machine call what stands behind the firewall (server-side request forgery). A provider in
a private network needs that network in BATON_OUTGOING_NETWORKS, as a webhook does.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

from baton.core.outgoing.addresses import is_allowed

SECONDS = 5.0
"""Longest wait for a connection, and between two parts of an answer."""

MOST_BYTES = 1024 * 1024


def may_call(address: object) -> bool:
    """Whether this is an address of a provider: https, or http on this machine where the setting for tests says so."""
    if not isinstance(address, str) or not address.isascii() or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and settings.OIDC_LOOPBACK and _is_loopback(host))


class ProviderSession(requests.Session):
    """A session that follows no redirect, reads at most 1 MiB, and speaks only to addresses that may be called."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        adapter = _CheckedAdapter()
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As in requests; :class:`requests.RequestException` also for an address that may not be called."""
        if not may_call(url):
            raise requests.exceptions.InvalidURL("this address may not be called")
        kwargs.update(timeout=SECONDS, allow_redirects=False, stream=True)
        answer = super().request(method, url, *args, **kwargs)
        try:
            body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        except HTTPError as broken:
            raise requests.exceptions.ConnectionError("the answer broke off") from broken
        finally:
            answer.close()
        if len(body) > MOST_BYTES:
            raise requests.exceptions.ContentDecodingError("the answer is too long")
        answer._content = body
        if 300 <= answer.status_code < 400:
            raise requests.exceptions.TooManyRedirects("a redirect is not followed")
        return answer


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _checked(connection: socket.socket, of: HTTPConnection) -> socket.socket:
    """The connection, if it leads to an address that may be called: looked at after the name was resolved and before
    anything is said, so that a name that changes its mind gains nothing."""
    address = str(connection.getpeername()[0])
    if is_allowed(address) or (settings.OIDC_LOOPBACK and _is_loopback(address)):
        return connection
    connection.close()
    raise NewConnectionError(of, "the name leads to this machine or a private network")


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self)


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


class _CheckedAdapter(HTTPAdapter):
    """Trusts the certificates that the system trusts, so that an organisation's own authority counts."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_trusted(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
